"""May a user say anything? Whatever the text, it is a value to every engine and never a part of the query."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from firstcall import registry
from firstcall.engines.clickhouse import ClickHouseEngine
from firstcall.engines.duckdb import DuckDBEngine
from firstcall.errors import UnknownValue
from firstcall.metrics.metric import Part, Relation
from firstcall.periods import DIMENSIONS, Question
from firstcall.program import Program
from firstcall.settings import Settings
from tests.engines.worlds import filled, found, told_apart
from tests.metrics.small import program, said

PRINTABLE = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=40)
HARD = (
    "x from ledger",
    "join ledger",
    "usage as u",
    "'; drop table calls; --",
    "it's \\'",
    "$start",
    "{period[u.day]}",
    "period_of(u.day)",
    "/* u.calls */ union all select 1",
    "%s %(name)s \\x01",
    'a"b`c',
)
"""Texts that hold what a compiler might look for."""
WITHIN: dict[str, Any] = {"start": date(2025, 3, 1), "end": date(2025, 4, 1)}
NOON = datetime(2025, 3, 5, 12, tzinfo=UTC)


def asked_of(dimension: str) -> str:
    """Return the metric with the shortest relations of those that can be filtered by a dimension."""
    able = {name: metric for name, metric in registry.metrics().items() if dimension in metric.dimensions}
    return min(able, key=lambda name: sum(map(length, able[name].parts)))


def length(part: Part) -> int:
    """Return how long the text of a part's relation is; very, where variants choose it."""
    return len(part.of.sql) if isinstance(part.of, Relation) else 10_000


def call(consumer: str) -> dict[str, object]:
    """Return one call of a consumer."""
    return {
        "time": NOON, "source": "kong", "environment": "production", "consumer": consumer,
        "method": "GET", "route": "/", "status": 200,
    }  # fmt: skip


@pytest.fixture(scope="module")
def empty(duckdb: DuckDBEngine) -> Program:
    """A program over an empty store."""
    return Program(Settings(), duckdb)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_filter_may_hold_any_text(empty: Program, clickhouse: ClickHouseEngine, dimension: str) -> None:
    """Every dimension, on both engines: an answer, whatever the value."""
    name = asked_of(dimension)

    @settings(max_examples=10, derandomize=True, deadline=None, database=None)
    @given(PRINTABLE)
    @example("x from ledger")
    @example("'; drop table calls; --")
    def ask(text: str) -> None:
        question = Question(name, **WITHIN, where=((dimension, (text, "null")),))
        assert found(empty.resolve(question), empty.engine, trim=False).queries

    ask()
    for text in HARD:
        resolved = empty.resolve(Question(name, **WITHIN, where=((dimension, (text,)),)))
        assert not list(
            told_apart(found(resolved, empty.engine, trim=False), found(resolved, clickhouse, trim=False))
        )


@settings(max_examples=25, derandomize=True, deadline=None, database=None)
@given(PRINTABLE.filter(lambda text: text != "null"), PRINTABLE)
@example("it's \\'", "it's")
def test_a_text_finds_the_rows_that_hold_it_and_no_others(text: str, other: str) -> None:
    """One call of a consumer with that very name; another name is nobody's."""
    answered = program({"calls": [call(text)]})
    here, there = (
        Question("call_volume", **WITHIN, where=(("consumer", (asked,)),))
        for asked in (text, f"{text}{other}")
    )
    assert said(answered.ask(here)) == [("2025-03-01", 1)]
    if other:
        with pytest.raises(UnknownValue):
            answered.ask(there)


def test_hard_texts_are_found_alike_by_both_engines(clickhouse: ClickHouseEngine) -> None:
    """Rows that hold them, split by them."""
    store = filled({"calls": [call(text) for text in HARD]}, "UTC", clickhouse)
    resolved = Program(Settings(), store).resolve(Question("call_volume", **WITHIN, by=("consumer",)))
    here, there = found(resolved, store, trim=False), found(resolved, clickhouse, trim=False)
    assert sorted(str(point.by["consumer"]) for point in here.points) == sorted(HARD)
    assert list(told_apart(here, there)) == []


@pytest.mark.parametrize("text", HARD)
def test_settings_may_hold_any_text(text: str) -> None:
    """A product with an objective of its own and the endpoint of a milestone are values, too."""
    slo = {text: {"availability": 0.9}}
    definitions = {"milestone": f"3 successful calls to GET /{''.join(text.split())}"}
    answered = program({"calls": [call("k")]}, slo=slo, definitions=definitions)
    assert answered.ask(Question("error_budget", **WITHIN)).points
    assert answered.ask(Question("activation_rate", **WITHIN)).points
