"""Is an exported file whole, exact, and harmless in a spreadsheet?"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from firstcall.cli.export import defuse, export
from firstcall.errors import UsageError

COLUMNS = ("id", "day", "amount", "count")
ROWS = (("=1+1", date(2026, 7, 1), Decimal("-1.50"), -5), ('a "b", c', None, None, 0))


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("-5", "-5"),
        ("+4.5e3", "+4.5e3"),
        (-5, -5),
        ("a=b", "a=b"),
    ],
)
def test_no_cell_is_computed_and_numbers_stay_numbers(cell: object, written: object) -> None:
    """An apostrophe in front makes text of a formula."""
    assert defuse(cell) == written


def test_a_formula_behind_blanks_is_defused_too(tmp_path: Path) -> None:
    """A spreadsheet trims what it opens; the same rule holds for what the dashboard hands out."""
    export(tmp_path / "a.csv", ("name",), [(" =1+1",), (" plain",)])
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "name\n' =1+1\n plain\n"


def test_csv_is_defused_unless_asked_otherwise(tmp_path: Path) -> None:
    """Raw is for machines."""
    file = tmp_path / "rows.csv"
    assert export(file, COLUMNS, ROWS) == 2
    assert list(csv.reader(file.read_text(encoding="utf-8").splitlines()))[1:] == [
        ["'=1+1", "2026-07-01", "-1.50", "-5"],
        ['a "b", c', "", "", "0"],
    ]
    export(file, COLUMNS, ROWS, raw=True)
    assert file.read_text(encoding="utf-8").splitlines()[1].startswith("=1+1,")


def test_json_and_ndjson_hold_exact_values(tmp_path: Path) -> None:
    """Exact amounts as text, missing values as null."""
    expected = [
        {"id": "=1+1", "day": "2026-07-01", "amount": "-1.50", "count": -5},
        {"id": 'a "b", c', "day": None, "amount": None, "count": 0},
    ]
    assert export(tmp_path / "rows.json", COLUMNS, ROWS) == 2
    assert json.loads((tmp_path / "rows.json").read_text(encoding="utf-8")) == expected
    assert export(tmp_path / "rows.ndjson", COLUMNS, ROWS) == 2
    lines = (tmp_path / "rows.ndjson").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == expected


def test_parquet_can_be_read_back(tmp_path: Path) -> None:
    """Names and order stay, also when there is no row."""
    file = tmp_path / "it's.parquet"
    assert export(file, COLUMNS, ROWS) == 2
    with duckdb.connect() as connection:
        assert connection.read_parquet(str(file)).columns == list(COLUMNS)
        assert connection.read_parquet(str(file)).fetchall()[0][0] == "=1+1"
        assert export(file, COLUMNS, ()) == 0
        assert connection.read_parquet(str(file)).fetchall() == []


def test_a_broken_export_leaves_the_earlier_file(tmp_path: Path) -> None:
    """The file is complete or as it was."""
    file = tmp_path / "rows.csv"
    export(file, COLUMNS, ROWS)
    before = file.read_bytes()

    def breaking() -> Iterator[tuple[str, ...]]:
        yield ("a", "b", "c", "d")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        export(file, COLUMNS, breaking())
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_a_suffix_without_a_writer_names_those_that_have_one(tmp_path: Path) -> None:
    """One word is enough to mend it."""
    with pytest.raises(UsageError, match=r"\.csv, \.json, \.ndjson, \.parquet"):
        export(tmp_path / "rows.xls", COLUMNS, ROWS)
