"""Does every question name columns that exist, use nothing but the subset, and compile on every engine?

No row is needed to find a misspelt column: each metric is asked in a few shapes that together take every split, every
filter, every grain, every entity and every variant.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, takewhile
from typing import Any

import pytest
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from firstcall import registry
from firstcall.engines.clickhouse import ClickHouseEngine
from firstcall.engines.duckdb import DuckDBEngine, column_type
from firstcall.engines.functions import COMMON, SPELLINGS
from firstcall.engines.lowering import functions_of
from firstcall.metrics.metric import Metric
from firstcall.periods import Question
from firstcall.program import Program
from firstcall.query.compile import Query, measured, missing_rates
from firstcall.query.execute import ResolvedQuestion, unseen
from firstcall.schema.tables import KEPT_TABLES, TABLES, stored
from firstcall.settings import Settings
from tests.metrics.offered import NOON, WITHIN, dimensions, rows_of
from tests.reference.worlds.seeds import ANEW

SCHEMA = MappingSchema(
    {name: {column.name: column_type(column) for column in stored(name)} for name in (*TABLES, *KEPT_TABLES)},
    dialect="duckdb",
)
METRICS = tuple(registry.metrics())

SHAPES: tuple[dict[str, Any], ...] = (
    {"grain": "all"},
    {"grain": "month", "by": "every", "entity": "partner", "as_of": NOON, "known_at": NOON},
    {"grain": "week", "by": "every", "where": "every", "entity": "developer", "exact": True},
    {"grain": "quarter", "by": "every", "where": "every", "entity": "app", "environment": "sandbox"},
    {"grain": "day", "environment": "any", "as_of": NOON},
    {"grain": "year", "by": "every"},
)


def variants(metric: Metric) -> Iterator[dict[str, Any]]:
    """Yield every value of every variant, one at a time, and traffic either way."""
    yield {"variants": (("traffic", "all"),)}
    for variant in metric.variants:
        values = variant.values or (
            ("100 successful production calls",) if variant.name == "milestone" else ("30",)
        )
        for value in values:
            yield {"variants": ((variant.name, value),)}


def asked(name: str) -> Iterator[Question]:
    """Yield the questions of a metric in every shape and with every variant."""
    metric: Metric = registry.metrics()[name]
    for shape in chain(SHAPES, variants(metric)):
        more = {**WITHIN, **shape}
        if more.get("grain", metric.default_grain) not in metric.grains:
            more["grain"] = metric.default_grain
        if "money" in rows_of(metric, metric.entity):
            more["entity"] = metric.entity
        every = dimensions(metric, more.get("entity", metric.entity))
        if more.get("by") == "every":
            more["by"] = every
        if more.get("where") == "every":
            more["where"] = tuple((dimension, ("it's \\", "null")) for dimension in every)
        yield Question(name, **more)


def queries(asking: ResolvedQuestion) -> Iterator[Query]:
    """Yield the queries of an answer."""
    for part in asking.parts():
        composition = asking.composition(part)
        yield measured(part, composition)
        if composition.relation.has_money and not asking.scope.by:
            yield missing_rates(composition)


def bound(clickhouse: ClickHouseEngine, sql: str) -> tuple[str, ...]:
    """Return the columns under which ClickHouse binds a query: one pass of forty; the tests of parity run all."""
    _, lines = clickhouse.run(f"EXPLAIN QUERY TREE passes = 1 SELECT * FROM ({sql})")
    columns = takewhile(lambda line: line.startswith("    "), (str(line) for (line,) in lines[2:]))
    return tuple(column.split()[0] for column in columns)


@pytest.fixture(scope="module")
def program(duckdb: DuckDBEngine) -> Program:
    """Return a program over an empty store, with a fiscal year and weeks that are shifted."""
    calendar = {"timezone": "Europe/Berlin", "week_starts": "sunday", "fiscal_year_starts": 4}
    return Program(Settings.model_validate({"program": calendar}), duckdb)


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_names_what_exists_and_compiles_on_every_engine(
    program: Program, clickhouse: ClickHouseEngine, name: str
) -> None:
    """Columns are found, functions are in the table, and both engines return the same columns in the same order.

    To be typed or bound by ClickHouse takes long: that is for the shape that splits by everything, and at night for
    every variant; the tests of parity ask ClickHouse the rest.
    """
    for question in asked(name):
        for query in queries(program.resolve(question)):
            assert sorted(functions_of(query.tree()) - SPELLINGS.keys() - COMMON) == []
            here, _ = program.engine.run(query.sql(program.engine.dialect))
            if question.known_at or (ANEW and question.variants):
                assert bound(clickhouse, query.sql(clickhouse.dialect)) == here
                typed = annotate_types(qualify(query.tree(), schema=SCHEMA, dialect="duckdb"), schema=SCHEMA)
                assert tuple(shown.alias_or_name for shown in typed.args["expressions"]) == here


def test_every_relation_stands_in_some_metric(program: Program) -> None:
    """A relation that no metric reads would be typed by no test."""
    askings = [program.resolve(question) for name in METRICS for question in asked(name)]
    compositions = [asking.composition(part) for asking in askings for part in asking.parts()]
    compositions += [unseen(asking) for asking in askings[:1]]
    read = {name for each in compositions for name in (each.relation.name, *each.expressions)}
    assert sorted(registry.relations().keys() - read) == []


def test_a_misspelt_column_and_a_foreign_function_are_found(program: Program) -> None:
    """What the tests above would say of a metric that is wrong."""
    asking = program.resolve(Question("call_volume", **WITHIN, grain="month"))
    composition = asking.composition(asking.parts()[0])
    wrong = composition.query("select sum(rows_of.unitz) as units from rows_of").tree()
    with pytest.raises(OptimizeError, match="unitz"):
        qualify(wrong, schema=SCHEMA, dialect="duckdb")
    foreign = composition.query("select median(rows_of.units % 2) as units from rows_of").tree()
    assert functions_of(foreign) - SPELLINGS.keys() - COMMON == {"median", "mod"}
