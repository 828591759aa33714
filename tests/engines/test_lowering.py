"""What does a portable query look like in each engine's SQL?"""

from __future__ import annotations

import pytest

from firstcall.engines.lowering import CLICKHOUSE, DUCKDB, Dialect, functions_of
from firstcall.literals import quoted
from firstcall.query.template import parsed


def flat(text: str, dialect: str) -> str:
    """Return a portable query in the dialect, on one line."""
    return " ".join(Dialect(dialect).lower(parsed(text)).split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "select timestamp '2025-03-30 12:00:00.000001' as t",
            "SELECT toDateTime64('2025-03-30 12:00:00.000001', 6, 'UTC') AS t",
        ),
        ("select date '1969-12-31' as d", "SELECT toDate32('1969-12-31') AS d"),
        (
            "select a.x, b.y as z from a join b on a.i = b.i",
            "SELECT a.x AS x, b.y AS z FROM a JOIN b ON a.i = b.i",
        ),
        ("select a.* from a", "SELECT a.* FROM a"),
        ("select 1 as n, count(*) as c from a", "SELECT toInt64(1) AS n, toInt64(COUNT(*)) AS c FROM a"),
        (
            "select count(*) filter (where a.x > 1) as c from a",
            "SELECT toInt64(COUNT(*) FILTER(WHERE a.x > 1)) AS c FROM a",
        ),
        ("select a.x > 1 as big, true as yes from a", "SELECT toBool(a.x > 1) AS big, TRUE AS yes FROM a"),
        (
            "select lag(a.x) over (order by a.x) as b from a",
            "SELECT lag(toNullable(a.x)) OVER (ORDER BY a.x) AS b FROM a",
        ),
    ],
)
def test_clickhouse_is_told_what_it_would_take_otherwise(text: str, expected: str) -> None:
    """Microseconds, days before 1970, names, signs, truth, and the first row's neighbour."""
    assert flat(text, "clickhouse") == expected


def test_an_expression_read_twice_is_kept_and_one_read_once_is_not() -> None:
    """ClickHouse would compute it anew for each reader, and what it reads as often again."""
    told = flat(
        "with a as (select 1 as n), b as (select a.n from a) select x.n from b as x join b as y on x.n = y.n",
        "clickhouse",
    )
    assert "WITH a AS (" in told
    assert ", b AS MATERIALIZED (" in told


def test_functions_inside_functions_are_spelled_from_the_inside_out() -> None:
    """The argument is already the engine's own when the function around it is spelled."""
    text = "select floor_div(micros(m.x), 3) as v from m"
    assert flat(text, "duckdb") == "SELECT ((CAST((m.x) * 1000000 AS HUGEINT)) // nullif(3, 0)) AS v FROM m"
    assert (
        flat(text, "clickhouse")
        == "SELECT intDiv(toInt128(round((m.x) * 1000000)), nullIf(3, 0)) AS v FROM m"
    )


def test_lowering_uses_a_tree_up_and_leaves_the_parsed_one_as_it_was() -> None:
    """Whoever parses a text gets a tree of its own, so that one engine never sees the spelling of another."""
    text = "select add_days(a.d, 1) as d, a.x > 1 as big from a"
    before = parsed(text).sql(dialect="duckdb")
    CLICKHOUSE.lower(parsed(text))
    assert parsed(text).sql(dialect="duckdb") == before


def test_named_expressions_are_kept_where_they_are_read_twice() -> None:
    """The embedded engine decides by itself; ClickHouse is told."""
    named = [("a", "SELECT 1 AS n", 2), ("b", "SELECT a.n FROM a", 1)]
    assert CLICKHOUSE.joined(named, "SELECT b.n FROM b").startswith(
        "WITH a AS MATERIALIZED (SELECT 1 AS n),\nb AS ("
    )
    assert DUCKDB.joined(named, "SELECT b.n FROM b").startswith("WITH a AS (SELECT 1 AS n),\nb AS (")
    assert DUCKDB.joined([], "SELECT 1") == "SELECT 1"


def test_text_stays_text_whatever_it_holds() -> None:
    """A backslash escapes in one engine and not in the other; a user's text means itself in both."""
    said = "\\' or 1=1 --"
    text = f"select {quoted(said)} as t"
    assert flat(text, "duckdb") == r"SELECT '\'' or 1=1 --' AS t"
    assert flat(text, "clickhouse") == r"SELECT '\\'' or 1=1 --' AS t"


def test_what_a_query_uses_is_named_as_in_the_table() -> None:
    """Operators and casts are listed beside functions; columns, tables and literals are not."""
    used = functions_of(
        parsed("select cast(sum(a.x) as double) / 2 as v from a where a.y <> 'sum' and not a.z is null")
    )
    assert used == {"cast as double", "sum", "/", "<>", "and", "not", "is"}
