"""Does any business system, table, document or description fall over, lose or invent a row, whatever is in it?

A normal run makes 2,000 broken records a parser; FIRSTCALL_FUZZ=100000 makes as many as it says.
"""

from __future__ import annotations

import copy
import json
import random
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from firstcall import registry
from firstcall.errors import ImportRefused, UsageError
from firstcall.pipeline.importing import ImportReport
from firstcall.schema import TABLES
from firstcall.schema.table import Column, Table
from firstcall.sources.gateways.nginx import SOURCE as NGINX
from firstcall.sources.mapping.mapping_file import read_mapping
from firstcall.sources.openapi.contract_diff import Pair, load_changes
from firstcall.sources.openapi.endpoints import load_document
from tests.sources.fuzzed import FAULT, INPUTS, Record, documents, held_to_account, lines_of, samples
from tests.sources.gateways.lines_read import rows
from tests.sources.mutations import (
    DEEP_FILES,
    broken_file,
    broken_line,
    broken_record,
    broken_value,
    long_lines,
    longest_list,
)

LONG_BYTES, LONG_SECONDS = 100_000, 10.0
OPTIONS = {"typeform": {"ease": "Q1"}, "surveymonkey": {"ease": "Q1"}}
BUSINESS = sorted(name for name, source in registry.sources().items() if source.maps and name != "mapping")
TABULAR = sorted(set(TABLES) - {"calls"})
PAGE = Path(__file__).parents[2] / "docs" / "mapping.md"
DAY = datetime(2026, 3, 1, tzinfo=UTC)


def taken(file: Path, name: str) -> ImportReport | str:
    """Import a file of a business system into a scratch store."""
    return held_to_account(file, name, OPTIONS.get(name))


def _files(dice: random.Random, path: Path, count: int) -> Iterator[bytes]:
    """Yield files of broken records: lines of a sheet under its header; documents one a line and many in one."""
    values, lines = documents(path), lines_of(path)
    if not values:
        made = (broken_line(dice, dice.choice(lines[1:] * 9 + lines)) for _ in range(count))
        yield b"\n".join((lines[0], *made))
        return
    inside = [(value, items) for value in values if (items := longest_list(value))]
    many = count // 3 if inside else 0
    texts = [broken_line(dice, dice.choice(lines)) for _ in range(count // 6)]
    broken = [broken_record(dice, dice.choice(values)) for _ in range(count - many - len(texts))]
    yield b"\n".join((lines[0], *texts, *broken))
    if inside:
        value = copy.deepcopy(dice.choice(inside)[0])
        items = longest_list(value) or []
        good = list(items)
        items += [broken_value(dice, broken_value(dice, dice.choice(good))) for _ in range(many)]
        yield json.dumps(value).encode()


@pytest.mark.parametrize("name", BUSINESS)
def test_broken_records_are_accounted_for(name: str, tmp_path: Path, record_property: Record) -> None:
    """Whatever stands in a field: rows land or are refused, and nothing is lost or invented."""
    dice = random.Random(name)
    refused = read = 0
    count = -(-INPUTS // len(samples(name)))
    for number, path in enumerate(samples(name)):
        for part, content in enumerate(_files(dice, path, count)):
            file = tmp_path / f"{number}-{part}{path.suffix}"
            file.write_bytes(content)
            report = taken(file, name)
            assert isinstance(report, ImportReport), f"{path.name}: {report}"
            read += report.total.read
            refused += sum(report.total.refused.values())
    assert read >= INPUTS // 4
    record_property("inputs", INPUTS)
    record_property("refused", refused / read * INPUTS)


@pytest.mark.parametrize("name", [*BUSINESS, "spreadsheet", "openapi"])
def test_a_broken_file_is_refused_in_words(name: str, tmp_path: Path, record_property: Record) -> None:
    """Cut off, of another encoding, without its head, empty, or an endless nesting."""
    dice = random.Random(f"{name} whole")
    count = max(6, INPUTS // 1000)
    for number in range(count):
        path = dice.choice(samples(name))
        file = tmp_path / f"{number}{path.suffix}"
        deep = dice.choice(DEEP_FILES)
        file.write_bytes(deep if dice.random() < 0.1 else broken_file(dice, path.read_bytes()))
        report = taken(file, "partners" if name == "spreadsheet" else name)
        assert FAULT not in str(report), f"{file.read_bytes()[:200]!r}: {report}"
    record_property("inputs", count)


@pytest.mark.parametrize("name", BUSINESS)
def test_a_long_record_takes_no_longer_than_its_length(
    name: str, tmp_path: Path, record_property: Record
) -> None:
    """Whatever its field is made of; refused records are kept with their addresses hashed."""
    dice = random.Random(f"{name} long")
    count = 0
    for number, path in enumerate(samples(name)):
        lines = lines_of(path)
        long = long_lines(dice, lines, LONG_BYTES)
        file = tmp_path / f"{number}{path.suffix}"
        file.write_bytes(b"\n".join((lines[0], *long)))
        began = time.process_time()
        taken(file, name)
        assert time.process_time() - began < LONG_SECONDS, path.name
        count += len(long)
    record_property("inputs", count)


GOOD: dict[str, str] = {
    "text": "acme", "integer": "7", "number": "1.5", "money": "12.50", "rate": "1.1", "boolean": "true",
    "time": "2026-03-01T09:30:00Z", "date": "2026-03-01", "json": "{}",
}  # fmt: skip
TIERS = '[{"up_to": 1000, "unit_price": "0.002"}, {"up_to": null, "unit_price": "0.001"}]'


def _good(column: Column) -> str:
    if column.values:
        return column.values[0]
    named = {"currency": "EUR", "tiers": TIERS, "method": "GET"}
    return named.get(column.name, GOOD[column.kind])


def _sheets(dice: random.Random, table: Table, count: int) -> Iterator[tuple[str, bytes]]:
    """Yield broken files of a table's own shape: CSV with and without quotes, objects a line, and an array."""
    row = {column.name: _good(column) for column in table.columns}
    signature = dice.choice((",", ";", "\t", "|"))
    head = signature.join(row).encode()
    quoted = signature.join('"' + value.replace('"', '""') + '"' for value in row.values()).encode()
    bare = signature.join(value.replace(signature, "") for value in row.values()).replace('"', "").encode()
    plain = [broken_line(dice, bare).replace(b'"', b"'") for _ in range(count // 4)]
    yield "csv", b"\n".join((head, bare, *plain))
    yield (
        "ndjson",
        b"\n".join((json.dumps(row).encode(), *(broken_record(dice, row) for _ in range(count // 4)))),
    )
    for _ in range(max(1, count // 100)):
        # a quote that stays open, or an array that is none, refuses the file: small ones leave room for others
        yield "csv", b"\n".join((head, quoted, *(broken_line(dice, quoted) for _ in range(25))))
        items = [json.dumps(broken_value(dice, row)).encode() for _ in range(25)]
        yield "json", b"[" + b",".join(items) + b"]"


@pytest.mark.parametrize("table", [*TABULAR, "calls"])
def test_broken_rows_of_a_table_are_accounted_for(
    table: str, tmp_path: Path, record_property: Record
) -> None:
    """In every shape that a table's own file may have."""
    dice = random.Random(table)
    count = -(-INPUTS // (len(TABULAR) + 1))
    refused = read = 0
    for number, (kind, content) in enumerate(_sheets(dice, TABLES[table], count)):
        file = tmp_path / f"{number}.{kind}"
        file.write_bytes(content)
        report = held_to_account(file, table)
        assert FAULT not in str(report)
        if isinstance(report, ImportReport):
            read += report.total.read
            refused += sum(report.total.refused.values())
    assert read >= count // 2
    record_property("inputs", count)
    record_property("refused", refused)


def _document(dice: random.Random, values: tuple[Any, ...]) -> tuple[bytes, bytes]:
    """Return two broken OpenAPI documents of one product."""
    value = dice.choice(values)
    return broken_record(dice, value), broken_record(dice, value)


def test_broken_openapi_documents_are_read_or_refused_in_words(
    tmp_path: Path, record_property: Record
) -> None:
    """Documents, and what changed from one to the other."""
    dice = random.Random("openapi")

    values = tuple(yaml.safe_load(path.read_text(encoding="utf-8")) for path in samples("openapi"))
    values = json.loads(json.dumps(values, default=str))
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    refused = 0
    with duckdb.connect() as connection:
        for _ in range(INPUTS // 2):
            for path, text in zip((old, new), _document(dice, values), strict=True):
                path.write_bytes(text)
                try:
                    load_document(connection, path, path.name, {})
                except ImportRefused:
                    refused += 1
            with suppress(ImportRefused):
                load_changes(connection, Pair(old, new, ("old", "new")), {"product": "x"}, DAY)
    record_property("inputs", INPUTS)
    record_property("refused", refused)


def test_a_broken_mapping_file_is_a_mapping_or_refused_in_words(
    tmp_path: Path, record_property: Record
) -> None:
    """What is wrong with a user's TOML is said; whatever is none the less a mapping takes records without a fall."""
    dice = random.Random("mapping")
    page = PAGE.read_text(encoding="utf-8")
    texts = [said.encode() for said in re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)]
    values = (documents(samples("spreadsheet")[0]) + documents(samples("stripe")[0]))[:20]
    file, records = tmp_path / "m.toml", tmp_path / "records.ndjson"
    records.write_bytes(b"\n".join(broken_record(dice, dice.choice(values)) for _ in range(50)))
    taken_in = 0
    for _ in range(INPUTS):
        file.write_bytes(broken_file(dice, dice.choice(texts)))
        try:
            read_mapping(file)
        except UsageError:
            continue
        if taken_in < INPUTS // 100:
            taken_in += 1
            assert FAULT not in str(held_to_account(records, "mapping", {"mapping": str(file)}))
    assert taken_in
    record_property("inputs", INPUTS)


def test_a_broken_log_format_is_read_or_refused_in_words(record_property: Record) -> None:
    """Of nginx and Apache, as a user may give them: no pattern falls over or is too slow for a line of them."""
    dice = random.Random("log_format")
    known = [
        b'$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent $request_time',
        b'%h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i" %D',
        b'$host:$server_port "$http_x_forwarded_for" [$time_iso8601] $request_method $uri $status "$upstream_addr"',
    ]
    line = '10.0.0.1 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 1 0.1'
    read = 0
    for _ in range(INPUTS // 10):
        said = broken_line(dice, dice.choice(known)).decode("utf-8", "replace")
        with suppress(UsageError):
            assert NGINX.conform is not None
            way = NGINX.conform([line] * 3, {"log_format": said})
            read += 1
            if read % 20 == 0:
                rows(way.select, [line, line[::-1], ""])
    assert read
    record_property("inputs", INPUTS // 10)
