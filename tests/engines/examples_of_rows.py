"""What does every function over many rows return, worked out by hand?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tests.engines.example import Example, over_rows

NONE = "select 1 as n where 1 = 0"
NUMBERS = " union all ".join(f"select {n} as n" for n in ("1", "2", "3", "4", "cast(null as bigint)"))
NULLS = "select cast(null as bigint) as n union all select cast(null as bigint) as n"
PAIRS = " union all ".join(
    f"select {number} as n, {text} as t, {flag} as f"
    for number, text, flag in (
        ("1", "'b'", "true"),
        ("2", "'a'", "false"),
        ("2", "'b'", "cast(null as bigint) > 0"),
        ("cast(null as bigint)", "'c'", "false"),
    )
)
ONE = "(select 1 as o) as y"
MIXED = " union all ".join(
    (
        "select cast(-1 as bigint) as n",
        "select 1 as n",
        "select abs(-1) as n",
        f"select count(*) as n from {ONE}",
        f"select sum(case when y.o = 1 then 1 else 0 end) as n from {ONE}",
        f"select row_number() over (order by y.o) as n from {ONE}",
    )
)
"""Whole numbers of every origin, which have to have a type in common."""
AGGREGATES: Mapping[str, tuple[Example, ...]] = {
    "sum": (
        *over_rows(NUMBERS, ("sum(x.n)", 10), ("sum(case when x.n > 2 then x.n else 0 end)", 7)),
        *over_rows(NONE, ("sum(x.n)", None)),
        *over_rows(NULLS, ("sum(x.n)", None)),
        *over_rows(
            "select cast('9223372036854775807' as hugeint) as n union all select cast(1 as hugeint) as n",
            ("sum(x.n)", 2**63),
        ),
        *over_rows(MIXED, ("sum(x.n)", 4), ("max(x.n)", 1), ("count(*) - 7", -1)),
        *over_rows(
            "select cast(-2 as bigint) as n union all select cast(1 as bigint) as n", ("sum(x.n)", -1)
        ),
    ),
    "each_named": (
        *over_rows("select each_named('b, a ,') as t", ("count(*)", 3), ("min(x.t)", "a"), ("count(x.t)", 2)),
        *over_rows("select each_named(cast(null as text)) as t", ("count(*)", 1), ("max(x.t)", None)),
        *over_rows("select 1 as n, each_named('a') as t where 1 = 0", ("count(*)", 0)),
    ),
    "count": (
        *over_rows(NUMBERS, ("count(*)", 5), ("count(x.n)", 4)),
        *over_rows(NONE, ("count(*)", 0), ("count(x.n)", 0)),
    ),
    "min": (
        *over_rows(NUMBERS, ("min(x.n)", 1)),
        *over_rows(PAIRS, ("min(x.t)", "a")),
        *over_rows(NONE, ("min(x.n)", None)),
    ),
    "max": (
        *over_rows(NUMBERS, ("max(x.n)", 4)),
        *over_rows(PAIRS, ("max(x.t)", "c")),
        *over_rows(NULLS, ("max(x.n)", None)),
    ),
    "arg_min": (
        *over_rows(
            PAIRS,
            ("arg_min(x.t, x.n)", "b"),
            ("arg_min(x.t, x.n) filter (where x.n > 1 and x.t = 'a')", "a"),
            ("arg_min(x.t, x.n) filter (where x.n > 9)", None),
        ),
        *over_rows(NONE, ("arg_min(x.n, x.n)", None)),
    ),
    "arg_max": (
        *over_rows(PAIRS, ("arg_max(x.t, x.n) filter (where x.t <> 'b')", "a")),
        *over_rows(NONE, ("arg_max(x.n, x.n)", None)),
    ),
    "bool_or": (
        *over_rows(PAIRS, ("bool_or(x.f)", True), ("bool_or(x.t = 'z')", False)),
        *over_rows(NULLS, ("bool_or(x.n = 1)", None)),
        *over_rows(NONE, ("bool_or(x.n = 1)", None)),
    ),
    "quantile_cont": (
        *over_rows(
            NUMBERS,
            ("quantile_cont(x.n, 0.5)", 2.5),
            ("quantile_cont(x.n, 0.25)", 1.75),
            ("quantile_cont(x.n, 0)", 1.0),
            ("quantile_cont(x.n, 1)", 4.0),
            ("quantile_cont(x.n, 0.5) filter (where x.n > 2)", 3.5),
        ),
        *over_rows(NONE, ("quantile_cont(x.n, 0.5)", None)),
        *over_rows(NULLS, ("quantile_cont(x.n, 0.5)", None)),
        *over_rows("select 7 as n", ("quantile_cont(x.n, 0.9)", 7.0)),
    ),
    "distinct": (
        *over_rows(PAIRS, ("count(distinct x.t)", 3), ("count(distinct x.n)", 2)),
        *over_rows(PAIRS, ("count(distinct x.t) filter (where x.n > 1)", 2)),
        *over_rows(NONE, ("count(distinct x.n)", 0)),
    ),
    "filter": (
        *over_rows(
            PAIRS,
            ("count(*) filter (where x.f)", 1),
            ("count(*) filter (where not x.f)", 2),
            ("sum(x.n) filter (where x.n > 9)", None),
            ("count(*) filter (where x.n > 9)", 0),
            ("count(*) filter (where (true) and (x.n = 2))", 2),
        ),
    ),
}
_RUNNING = "sum(w.n) over (partition by w.t order by w.n)"


def _windowed(
    expression: str, rows: str = "select 1 as n, 'a' as t union all select 2 as n, 'a' as t"
) -> str:
    """Return a select of a window expression over two rows, named by the row's own number."""
    return f"select w.n, {expression} as v from ({rows}) as w"


WINDOWS: Mapping[str, tuple[Example, ...]] = {
    "lag": (
        *over_rows(
            _windowed("lag(w.n) over (partition by w.t order by w.n)"),
            ("max(x.v) filter (where x.n = 1)", None),
            ("max(x.v) filter (where x.n = 2)", 1),
        ),
        *over_rows(
            _windowed("lag(w.d) over (order by w.n)", "select 1 as n, date '2025-01-31' as d"),
            ("max(x.v)", None),
        ),
    ),
    "lead": (
        *over_rows(
            _windowed("lead(w.n) over (partition by w.t order by w.n)"),
            ("max(x.v) filter (where x.n = 1)", 2),
            ("max(x.v) filter (where x.n = 2)", None),
        ),
        *over_rows(
            _windowed(
                "lead(w.d) over (order by w.d nulls first)",
                "select 1 as n, cast(null as date) as d union all select 2 as n, date '2025-01-31' as d",
            ),
            ("max(x.v) filter (where x.n = 1)", date(2025, 1, 31)),
            ("max(x.v) filter (where x.n = 2)", None),
        ),
    ),
    "row_number": over_rows(
        _windowed("row_number() over (partition by w.t order by w.n)"),
        ("max(x.v) filter (where x.n = 1)", 1),
        ("max(x.v) filter (where x.n = 2)", 2),
    ),
    "window": (
        *over_rows(
            _windowed(_RUNNING),
            ("max(x.v) filter (where x.n = 1)", 1),
            ("max(x.v) filter (where x.n = 2)", 3),
        ),
        *over_rows(
            _windowed("sum(w.n) over (partition by w.t)"),
            ("min(x.v)", 3),
            ("max(x.v)", 3),
        ),
        *over_rows(
            _windowed(_RUNNING, "select 1 as n, 'a' as t union all select 1 as n, 'a' as t"), ("min(x.v)", 2)
        ),
    ),
}
