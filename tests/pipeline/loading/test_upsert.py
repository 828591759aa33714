"""Does every table take a full row from every shape of file, and give it back unchanged?"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from firstcall.engines.duckdb import column_type
from firstcall.schema.table import Column, Table
from firstcall.schema.tables import TABLES
from tests.pipeline.import_desk import ImportDesk, desk, outcome

SHAPES = ("csv", "ndjson", "json", "parquet")
OWN = sorted(TABLES.keys() - {"calls"})
TIERS = '[{"up_to":null,"unit_price":"0.002"}]'


@pytest.fixture
def at(tmp_path: Path) -> Iterator[ImportDesk]:
    """A desk in UTC."""
    with desk(tmp_path) as made:
        yield made


def sample(column: Column) -> tuple[str, object]:
    """Return a value as a file spells it, and as the store keeps it."""
    if column.name == "currency":
        return "EUR", "EUR"
    if column.values:
        return column.values[-1], column.values[-1]
    if column.kind == "text":
        return ("GET", "GET") if column.name == "method" else (f"{column.name} é, 1", f"{column.name} é, 1")
    return {
        "time": ("2026-03-01T09:30:00.123456Z", datetime(2026, 3, 1, 9, 30, 0, 123456)),  # noqa: DTZ001 - stored so
        "date": ("2026-03-01", date(2026, 3, 1)),
        "integer": ("3", 3),
        "number": ("4.5", 4.5),
        "money": ("12.345678", Decimal("12.345678")),
        "rate": ("0.0123456789", Decimal("0.0123456789")),
        "boolean": ("true", True),
        "json": (TIERS, TIERS),
    }[column.kind]


def written(at: ImportDesk, table: Table, shape: str) -> str:
    """Write one row of the table in a shape and return the file's name."""
    spelt = {column.name: sample(column)[0] for column in table.columns}
    if shape == "csv":
        text = io.StringIO()
        writer = csv.DictWriter(text, spelt, lineterminator="\n")
        writer.writeheader()
        writer.writerow(spelt)
        return at.put("row.csv", text.getvalue())
    if shape == "ndjson":
        return at.put("row.ndjson", json.dumps(spelt) + "\n")
    if shape == "json":
        return at.put("row.json", json.dumps([spelt], indent=1))
    typed = ", ".join(f"CAST('{spelt[c.name]}' AS {parquet_type(c)}) AS \"{c.name}\"" for c in table.columns)
    path = at.folder / "row.parquet"
    at.store.connection.execute(f"COPY (SELECT {typed}) TO '{path}' (FORMAT parquet)")
    return str(path)


def parquet_type(column: Column) -> str:
    """Return the type a data frame would have written."""
    return "TIMESTAMPTZ" if column.kind == "time" else column_type(column)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", OWN)
def test_a_full_row_comes_back_as_it_was_written(at: ImportDesk, name: str, shape: str) -> None:
    """Every column of every table, from every shape."""
    table = TABLES[name]
    content = Path(written(at, table, shape)).read_bytes()
    report = at.take(name, content, f"row.{shape}")
    assert outcome(report.total) == (1, 1, 0, 0, 0)
    notes = [note for note in report.notes if "merged into one that is not there" not in note]
    assert notes == []  # the one partner of the file was merged into another that no file brought
    columns = ", ".join(f'"{column}"' for column in table.names)
    kept = at.rows(f'SELECT {columns}, attributes, import_id, known_to FROM "{name}"')
    assert kept == [(*(sample(column)[1] for column in table.columns), None, 1, None)]


@pytest.mark.parametrize("name", OWN)
def test_the_same_row_from_every_shape_is_one_row(at: ImportDesk, name: str) -> None:
    """What lands from CSV is a duplicate from the others."""
    landed = []
    for shape in SHAPES:
        content = Path(written(at, TABLES[name], shape)).read_bytes()
        landed.append(at.take(name, content, f"row.{shape}").total.landed)
    assert landed == [1, 0, 0, 0]


def test_watermarks_of_days_are_local_midnights(tmp_path: Path) -> None:
    """A day of work in Berlin begins at 22:00 or 23:00 UTC of the day before."""
    with desk(tmp_path, "Europe/Berlin") as at:
        at.take("milestones", "date,label\n2026-01-01,a\n2026-07-01,b\n")
        kept = "first_time::VARCHAR, last_time::VARCHAR, first_day::VARCHAR, last_day::VARCHAR, rows"
        assert at.rows(f"SELECT {kept} FROM watermarks") == [
            ("2025-12-31 23:00:00", "2026-06-30 22:00:00", "2026-01-01", "2026-07-01", 2)
        ]
