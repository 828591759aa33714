"""Do all mappings fit our tables, and does none fall over, lose or invent a row, whatever becomes of its records?"""

from __future__ import annotations

import json
import os
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from firstcall import registry
from firstcall.errors import FirstcallError, ImportRefused
from firstcall.schema import TABLES
from firstcall.sources.mapping.mapping import (
    Node,
    RecordMapping,
    Skip,
    constant,
    holds,
    take,
    taken,
    unwrapped,
)
from firstcall.sources.source import Source
from tests.pipeline.import_desk import desk

SAMPLES = Path(__file__).parents[2] / "samples"
BROKEN = int(os.environ.get("FIRSTCALL_FUZZ", "300"))
"""Broken records a sample."""
SURVEYS = ("typeform", "surveymonkey")
ODD: tuple[Any, ...] = (
    None, "", "-", 0, -1, 10**30, 1e999, True, [], {}, [None], [[]], {"id": {}}, "\x00", "\ud800", "9" * 400,
    "2026-99-99", "'); DROP TABLE partners; --", "NaN", "ann@acme.example",
)  # fmt: skip


def mapped(source: Source) -> RecordMapping:
    """Return a source's mapping, with what it cannot do without."""
    assert source.maps is not None
    return source.maps({"ease": "Q"} if source.name in SURVEYS else {})


SOURCES = [each for each in registry.sources().values() if each.maps is not None and each.name != "mapping"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_mapping_fills_every_required_column_of_its_tables(source: Source) -> None:
    """And only columns that are there, or, where a table has no key, what is kept beside them."""
    found = mapped(source)
    assert found.rows[0].table == source.fills
    assert {rows.table for rows in found.rows} <= {source.fills, *source.also}
    for rows in found.rows:
        table = TABLES[rows.table]
        required = {column.name for column in table.columns if column.required} - {"source"}
        assert required <= {*rows.columns}, (source.name, rows.table)
        if table.key or table.name == "calls":
            assert {*rows.columns} <= {*table.names}, (source.name, rows.table)
        assert not rows.identity or (not table.key and rows.identity in rows.columns)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_mapping_declares_each_option_that_it_asks_for(source: Source) -> None:
    """An option that nobody can set would be a dead end."""
    known = {option.name for option in source.options}
    asked = {how.option for rows in mapped(source).rows for how in rows.columns.values() if how.option}
    assert asked <= known


def broken(dice: random.Random, value: Any) -> Any:  # noqa: ANN401 - a JSON value of any kind
    """Return a value with one thing in it replaced, removed or doubled."""
    if isinstance(value, dict) and value and dice.random() < 0.9:
        name = dice.choice(list(value))
        if dice.random() < 0.2:
            return {key: held for key, held in value.items() if key != name}
        return value | {name: broken(dice, value[name])}
    if isinstance(value, list) and value and dice.random() < 0.9:
        place = dice.randrange(len(value))
        return [*value[:place], broken(dice, value[place]), *value[place + (dice.random() < 0.8) :]]
    return dice.choice(ODD)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_broken_records_are_accounted_for(tmp_path: Path, source: Source) -> None:
    """Whatever stands in a field: rows land or are refused, and nothing is lost or invented."""
    dice = random.Random(source.name)
    options = {"ease": "Q1"} if source.name in SURVEYS else {}
    with desk(tmp_path) as at:
        for sample in sorted((SAMPLES / source.name).iterdir()):
            text = sample.read_text(encoding="utf-8")
            if sample.suffix == ".csv":
                lines = [("".join(dice.sample(text, len(text))))[: dice.randrange(400)] for _ in range(20)]
                with suppress(ImportRefused):
                    report = at.take(source.name, text + "\n".join(lines), sample.name, options=options)
                    assert report.total.adds_up
                continue
            good = (
                [json.loads(line) for line in text.splitlines()]
                if sample.suffix == ".ndjson"
                else [json.loads(text)]
            )
            bad = [json.dumps(broken(dice, broken(dice, dice.choice(good)))) for _ in range(BROKEN)]
            report = at.take(source.name, "\n".join(bad), "broken.ndjson", options=options)
            assert report.total.adds_up
            assert report.total.read >= BROKEN // 2


def test_no_file_makes_a_fault(tmp_path: Path) -> None:
    """Binary, half a document, an endless nesting: refused as a whole or row by row."""
    files = (
        b"\x00\x01",
        b"{",
        b"[" * 100000,
        b'{"a":' * 5000,
        b"[1,2",
        b"\xff\xfe",
        b"a\n",
        b'"',
        b"[]",
        b"{}",
        b"\n\n",
    )
    with desk(tmp_path) as at:
        for source in ("stripe", "segment", "jira"):
            for content in files:
                with suppress(FirstcallError):
                    assert at.take(source, content, "f").total.adds_up


def test_paths_find_fields_items_lists_and_what_is_around() -> None:
    """As the page of mapping files says."""
    around = Node({"currency": "EUR", "lines": [{"id": 1}]})
    value = {
        "a": {"b": [{"k": {"id": "x"}, "v": 1}, {"k": {"id": "y"}, "v": 2}]},
        "Date (UTC)": "d",
        "e.f": "dotted",
    }
    node = Node(value, around)
    assert [node.find(path) for path in ("a.b.1.v", "a.b.*.v", "a.b[k.id=y].v", "^.currency", "^.lines.0.id")] == [
        2, [1, 2], 2, "EUR", 1,
    ]  # fmt: skip
    assert [node.find(path) for path in ("date (utc)", "e.f", "a.b.7.v", "a.x.y", "^.^.z", "a.b[k.id=z].v")] == [
        "d", "dotted", None, None, None, None,
    ]  # fmt: skip


def test_a_column_is_the_first_that_holds_something_translated_or_else() -> None:
    """Numbers stay as written; what does not translate stays unless something stands otherwise."""
    node = Node({"empty": "", "n": 0, "state": "Open", "list": ["a", None, "b"]})
    assert taken(node, take("empty", "n"), {}) == "0"
    assert taken(node, take("list"), {}) == "a, b"
    assert taken(node, take("state", values={"open": "approved"}), {}) == "approved"
    assert taken(node, take("state", values={"closed": "x"}), {}) == "Open"
    assert taken(node, take("state", values={"closed": "x"}, otherwise="y"), {}) == "y"
    assert taken(node, take("empty", option="where"), {"where": "n"}) == "0"
    assert taken(node, constant("fixed"), {}) == "fixed"


def test_conditions_compare_in_small_letters_and_ask_for_presence() -> None:
    """All of them have to hold."""
    node = Node({"state": "Open", "none": None})
    assert holds(node, {"state": ("open",), "none": False, "other": False})
    assert not holds(node, {"state": ("open",), "none": True})
    assert not holds(node, {"other": ("x",)})
    assert Skip(lambda found: found is node, "it is meant").why == "it is meant"


def test_envelopes_are_taken_off_but_not_from_what_is_a_record_itself() -> None:
    """An invoice that holds its customer stays an invoice."""
    stripe, lago = (mapped(registry.sources()[name]) for name in ("stripe", "lago"))
    event = {"object": "event", "data": {"object": {"object": "customer", "id": "c"}}}
    assert [
        node.value["id"] for node in unwrapped([event, {"object": "list", "data": [{"id": "x"}]}], stripe)
    ] == ["c", "x"]
    invoice = {"issuing_date": "d", "invoice_type": "one_off", "customer": {"external_id": "a"}}
    assert [node.value for node in unwrapped({"invoice": invoice}, lago)] == [invoice]
