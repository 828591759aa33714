"""Does every function a metric may use mean the same on every engine, and does no metric use another?"""

from __future__ import annotations

import pytest

from firstcall.engines.clickhouse import ClickHouseEngine
from firstcall.engines.duckdb import DuckDBEngine
from firstcall.engines.functions import COMMON, SPELLINGS
from firstcall.query.template import parsed
from tests.engines.example import Example
from tests.engines.examples_of_rows import AGGREGATES, WINDOWS
from tests.engines.examples_of_values import DATES, LOGIC, NUMERIC, TEXT
from tests.engines.worlds import alike

EXAMPLES = {**DATES, **NUMERIC, **LOGIC, **TEXT, **AGGREGATES, **WINDOWS}
"""Name of the function, operator or cast → its examples."""
CASES = [pytest.param(example, id=example.text[:90]) for each in EXAMPLES.values() for example in each]


def returned(engine: DuckDBEngine | ClickHouseEngine, example: Example) -> object:
    """Return what the engine makes of an example."""
    query = parsed(f"select {example.text} as v from ({example.over}) as x")
    _, rows = engine.run(engine.dialect.lower(query))
    return rows[0][0]


@pytest.mark.parametrize("example", CASES)
def test_every_example_has_its_value_on_the_embedded_engine(duckdb: DuckDBEngine, example: Example) -> None:
    """The value and its Python type, worked out by hand."""
    found = returned(duckdb, example)
    assert alike(found, example.value), found


@pytest.mark.parametrize("example", CASES)
def test_every_example_has_its_value_on_clickhouse(clickhouse: ClickHouseEngine, example: Example) -> None:
    """The value and its Python type, worked out by hand."""
    found = returned(clickhouse, example)
    assert alike(found, example.value), found


def test_every_name_of_the_subset_has_examples() -> None:
    """A function enters the subset with its values, and its values leave with it."""
    assert sorted(EXAMPLES) == sorted({*SPELLINGS, *COMMON})


def test_every_function_is_spelled_on_every_engine() -> None:
    """An engine without a spelling would fail where it is asked, not here."""
    assert {frozenset(spelled) for spelled in SPELLINGS.values()} == {frozenset({"duckdb", "clickhouse"})}
