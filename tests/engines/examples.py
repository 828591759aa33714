"""What does every function of the subset return, worked out by hand?

Each example is an expression and its value. It reads one row of a table without rows of its own: no column, or the
columns that `over` puts there. A value says its type too: 2 is a whole number, 2.0 is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

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
BIG = 170141183460469231731687303715884105727


def _at(text: str) -> datetime:
    """Return a moment in UTC without zone, as the store keeps it."""
    return datetime.fromisoformat(text)


NOON = _at("2025-03-30 12:00:00")
MICRO = _at("2025-03-30 12:00:00.000001")


@dataclass(frozen=True, slots=True)
class Example:
    """An expression of the subset, its value, and the select it reads its columns `x.…` from."""

    text: str
    value: object
    over: str = "select 1 as one"


def _plain(*pairs: tuple[str, object]) -> tuple[Example, ...]:
    return tuple(Example(text, value) for text, value in pairs)


def _over(rows: str, *pairs: tuple[str, object]) -> tuple[Example, ...]:
    return tuple(Example(text, value, rows) for text, value in pairs)


DATES: Mapping[str, tuple[Example, ...]] = {
    "add_days": _plain(
        ("add_days(date '2024-02-28', 1)", date(2024, 2, 29)),
        ("add_days(date '2025-02-28', 1)", date(2025, 3, 1)),
        ("add_days(date '2025-01-01', -1)", date(2024, 12, 31)),
        ("add_days(date '1970-01-01', -1)", date(1969, 12, 31)),
        ("add_days(date '2025-01-01', 0)", date(2025, 1, 1)),
        ("add_days(date '2025-03-29', 2)", date(2025, 3, 31)),
        ("add_days(cast(null as date), 1)", None),
    ),
    "add_months": _plain(
        ("add_months(date '2025-01-31', 1)", date(2025, 2, 28)),
        ("add_months(date '2024-01-31', 1)", date(2024, 2, 29)),
        ("add_months(date '2025-03-31', -1)", date(2025, 2, 28)),
        ("add_months(date '2025-12-01', 1)", date(2026, 1, 1)),
        ("add_months(date '2025-02-28', 12)", date(2026, 2, 28)),
        ("add_months(cast(null as date), 1)", None),
    ),
    "add_seconds": _plain(
        (
            "add_seconds(timestamp '2025-03-30 12:00:00', -0.000001)",
            _at("2025-03-30 11:59:59.999999"),
        ),
        ("add_seconds(timestamp '2025-03-30 12:00:00.000002', -0.000001)", MICRO),
        ("add_seconds(timestamp '2025-03-30 00:30:00', 7200)", _at("2025-03-30 02:30:00")),
        ("add_seconds(timestamp '2025-01-01 00:00:00', -3600)", _at("2024-12-31 23:00:00")),
        ("add_seconds(timestamp '2025-03-30 12:00:00', 4000000000)", _at("2151-12-31 19:06:40")),
        ("add_seconds(timestamp '1900-01-01 00:00:01', -1)", _at("1900-01-01 00:00:00")),
        ("add_seconds(cast(null as timestamp), 1)", None),
    ),
    "first_day": _plain(
        ("first_day('week', date '2025-03-30')", date(2025, 3, 24)),
        ("first_day('week', date '2025-03-31')", date(2025, 3, 31)),
        ("first_day('week', date '2025-01-01')", date(2024, 12, 30)),
        ("first_day('month', date '2024-02-29')", date(2024, 2, 1)),
        ("first_day('quarter', date '2025-12-31')", date(2025, 10, 1)),
        ("first_day('year', date '2025-12-31')", date(2025, 1, 1)),
        ("first_day('month', date '1960-05-17')", date(1960, 5, 1)),
        ("first_day('month', cast(null as date))", None),
    ),
    "days_between": _plain(
        ("days_between(date '2025-02-28', date '2025-03-01')", 1),
        ("days_between(date '2025-03-01', date '2025-02-28')", -1),
        ("days_between(date '2025-03-01', date '2025-03-01')", 0),
        ("days_between(date '1969-12-31', date '2025-03-31')", 20179),
        ("days_between(cast(null as date), date '2025-03-01')", None),
    ),
    "seconds_between": _plain(
        ("seconds_between(timestamp '2025-03-30 12:00:00', timestamp '2025-03-30 12:00:00.000001')", 1e-6),
        ("seconds_between(timestamp '2025-03-30 12:00:00.5', timestamp '2025-03-30 12:00:00')", -0.5),
        ("seconds_between(timestamp '2025-03-30 00:00:00', timestamp '2025-03-31 00:00:00')", 86400.0),
        ("seconds_between(timestamp '1900-01-01 00:00:00', timestamp '2200-01-01 00:00:00')", 9467107200.0),
        ("seconds_between(timestamp '2025-03-30 12:00:00', cast(null as timestamp))", None),
    ),
    "cast as timestampntz": _plain(
        ("timestamp '2025-03-30 12:00:00.000001'", MICRO),
        ("timestamp '2025-03-30 12:00:00'", NOON),
        ("timestamp '2200-01-01'", _at("2200-01-01 00:00:00")),
        ("timestamp '1900-01-01 00:00:00'", _at("1900-01-01 00:00:00")),
        ("cast(null as timestamp)", None),
    ),
    "cast as date": _plain(
        ("cast(timestamp '2025-03-30 23:59:59.999999' as date)", date(2025, 3, 30)),
        ("cast(timestamp '1960-01-01 00:00:00' as date)", date(1960, 1, 1)),
        ("date '2025-03-30'", date(2025, 3, 30)),
        ("cast(cast(null as timestamp) as date)", None),
    ),
}
NUMERIC: Mapping[str, tuple[Example, ...]] = {
    "micros": (
        *_over("select cast(1234.567891 as decimal(24, 6)) as m", ("micros(x.m)", 1234567891)),
        *_over("select cast(-0.000001 as decimal(24, 6)) as m", ("micros(x.m)", -1)),
        *_over(
            "select cast('999999999999999999.123456' as decimal(24, 6)) as m",
            ("micros(x.m)", 999999999999999999123456),
        ),
        *_over("select cast(null as decimal(24, 6)) as m", ("micros(x.m)", None)),
    ),
    "nanos": (
        *_over(
            "select cast('0.1234567894' as decimal(24, 10)) as r",
            ("nanos(x.r)", 123456789),
            ("nanos(-x.r)", -123456789),
        ),
        *_over(
            "select cast('0.1234567895' as decimal(24, 10)) as r",
            ("nanos(x.r)", 123456790),
            ("nanos(-x.r)", -123456790),
        ),
        *_over(
            "select cast('99999999999999.9' as decimal(24, 10)) as r", ("nanos(x.r)", 99999999999999900000000)
        ),
        *_over("select cast(0.29 as double) as h", ("nanos(x.h)", 290000000)),
        *_over("select cast(7.25 as double) as h", ("nanos(x.h)", 7250000000)),
        *_over("select cast(null as double) as h", ("nanos(x.h)", None)),
    ),
    "floor_div": _plain(
        ("floor_div(7, 2)", 3),
        ("floor_div(6, 2)", 3),
        ("floor_div(0, 2)", 0),
        ("floor_div(-7, 2)", -3),
        ("floor_div(7, 0)", None),
        ("floor_div(cast(7 as hugeint), cast(0 as hugeint))", None),
        ("floor_div(cast(null as bigint), 2)", None),
        (f"floor_div(cast('{BIG}' as hugeint), 2)", BIG // 2),
        (f"floor_div(cast('{BIG}' as hugeint), cast('{BIG}' as hugeint))", 1),
        (
            "floor_div(cast('100000000000000000000' as hugeint) * cast(7 as hugeint), 1000000000)",
            700000000000,
        ),
    ),
    "power": _plain(
        ("power(2, 10)", 1024.0),
        ("power(1.5, 2)", 2.25),
        ("power(4, 0.5)", 2.0),
        ("power(2, -1)", 0.5),
        ("power(1.02, 0)", 1.0),
        ("power(1.02, cast(null as bigint))", None),
    ),
    "/": _plain(
        ("7 / 2", 3.5),
        ("(1 + 2) / (3 + 3)", 0.5),
        ("2 * power(2, 3) / (1.5 + 0.5)", 8.0),
        ("7 / 0", None),
        ("0 / cast(0 as hugeint)", None),
        ("cast(null as bigint) / 2", None),
    ),
    "abs": _plain(
        ("abs(-3)", 3),
        ("abs(3)", 3),
        ("-abs(cast(-5 as hugeint))", -5),
        ("abs(cast(-5 as hugeint)) - cast(7 as hugeint)", -2),
        ("abs(1 - 5)", 4),
        ("abs(cast(null as bigint))", None),
    ),
    "sign": _plain(
        ("sign(cast(-5 as hugeint))", -1),
        ("sign(0)", 0),
        ("sign(17)", 1),
        ("sign(cast(-5 as hugeint)) * cast('100000000000000000000' as hugeint)", -(10**20)),
        ("sign(cast(null as bigint))", None),
    ),
    "+": _plain(
        ("cast(2000000000 as bigint) + 2000000000", 4000000000),
        ("1 + cast(null as bigint)", None),
        ("cast('9223372036854775807' as hugeint) + 1", 2**63),
    ),
    "-": _plain(
        ("1 - 2", -1),
        ("-cast('9223372036854775808' as hugeint)", -(2**63)),
        ("1 - cast(null as bigint)", None),
    ),
    "*": _plain(
        ("3 * -4", -12),
        ("cast('10000000000' as hugeint) * cast('10000000000' as hugeint)", 10**20),
        ("0.5 * 3.0 > 1.4", True),
        ("2 * cast(null as bigint)", None),
    ),
    "cast as bigint": _plain(("cast(3 as bigint)", 3), ("cast(null as bigint)", None)),
    "cast as int128": _plain((f"cast('{BIG}' as hugeint)", BIG), ("cast(0 as hugeint)", 0)),
    "cast as double": _plain(("cast(3 as double)", 3.0), ("cast(null as double)", None)),
}
LOGIC: Mapping[str, tuple[Example, ...]] = {
    "and": _plain(
        ("true and cast(null as bigint) > 0", None),
        ("false and cast(null as bigint) > 0", False),
        ("1 = 1 and 2 = 2", True),
    ),
    "or": _plain(
        ("true or cast(null as bigint) > 0", True),
        ("false or cast(null as bigint) > 0", None),
        ("1 = 2 or 2 = 3", False),
    ),
    "not": _plain(("not 1 = 1", False), ("not cast(null as bigint) = 1", None)),
    "in": _plain(
        ("2 in (1, 2)", True),
        ("'x' in ('a', 'b')", False),
        ("'x' not in ('a', 'b')", True),
        ("cast(null as bigint) in (1, 2)", None),
        ("cast(null as bigint) not in (1, 2)", None),
    ),
    "is": _plain(
        ("cast(null as bigint) is null", True),
        ("1 is null", False),
        ("1 is not null", True),
        ("'' is null", False),
    ),
    "between": _plain(
        ("2 between 1 and 2", True),
        ("3 between 1 and 2", False),
        ("cast(null as bigint) between 1 and 2", None),
    ),
    "=": _plain(("1 = 1", True), ("'a' = 'A'", False), ("cast(null as bigint) = cast(null as bigint)", None)),
    "<>": _plain(("1 <> 1", False), ("'a' <> 'a '", True), ("cast(null as bigint) <> 1", None)),
    "<": _plain(
        ("'a' < 'b'", True),
        ("'Z' < 'a'", True),
        ("timestamp '2025-03-30 12:00:00' < timestamp '2025-03-30 12:00:00.000001'", True),
        ("cast(null as bigint) < 1", None),
    ),
    "<=": _plain(("1 <= 1", True), ("'ä' <= 'z'", False)),
    ">": _plain(("2 > 1", True), ("date '2025-01-01' > date '1969-12-31'", True), ("-1 > 0", False)),
    ">=": _plain(("1 >= 1", True), ("1 >= 2", False)),
    "case": _plain(
        ("case when 1 = 2 then 1 end", None),
        ("case when cast(null as bigint) > 0 then 1 else 2 end", 2),
        ("case 'b' when 'a' then 1 when 'b' then 2 else 3 end", 2),
        ("case when 1 = 1 then 1 = 1 else 1 = 2 end", True),
    ),
    "coalesce": _plain(
        ("coalesce(cast(null as bigint), 7)", 7),
        ("coalesce(cast(null as text), '')", ""),
        ("coalesce(cast(null as bigint) > 0, false)", False),
        ("coalesce(cast(null as bigint), cast(null as bigint))", None),
    ),
    "nullif": _plain(("nullif(1, 1)", None), ("nullif(1, 2)", 1)),
    "least": _plain(
        ("least(3, 2, 5)", 2),
        ("least(3, cast(null as bigint))", 3),
        ("least(cast(null as bigint), cast(null as bigint))", None),
        ("least(date '2025-01-01', date '1969-12-31')", date(1969, 12, 31)),
    ),
    "greatest": _plain(
        ("greatest(3, 2, 5)", 5),
        ("greatest(cast(null as bigint), -3)", -3),
        ("greatest(cast(-0.5 as double), 0)", 0.0),
        ("greatest(timestamp '2025-03-30 12:00:00', timestamp '2025-03-30 12:00:00.000001')", MICRO),
    ),
}
TEXT: Mapping[str, tuple[Example, ...]] = {
    "||": _plain(
        ("'a' || 'b' || 'c'", "abc"),
        ("'a' || cast(null as text)", None),
        ("'' || ''", ""),
        ("'\x1e' || '\x1f' || 'ä'", "\x1e\x1fä"),
        ("'it''s' || ' 100 % \\ \\n \\'' or 1=1'", "it's 100 % \\ \\n \\' or 1=1"),
    ),
    "cast as text": _plain(
        ("cast(404 as text)", "404"),
        ("cast(date '2025-03-30' as text)", "2025-03-30"),
        ("cast(null as text)", None),
        ("'EUR' || ' ' || cast(date '2025-03-30' as text)", "EUR 2025-03-30"),
    ),
}
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
        *_over(NUMBERS, ("sum(x.n)", 10), ("sum(case when x.n > 2 then x.n else 0 end)", 7)),
        *_over(NONE, ("sum(x.n)", None)),
        *_over(NULLS, ("sum(x.n)", None)),
        *_over(
            "select cast('9223372036854775807' as hugeint) as n union all select cast(1 as hugeint) as n",
            ("sum(x.n)", 2**63),
        ),
        *_over(MIXED, ("sum(x.n)", 4), ("max(x.n)", 1), ("count(*) - 7", -1)),
        *_over("select cast(-2 as bigint) as n union all select cast(1 as bigint) as n", ("sum(x.n)", -1)),
    ),
    "count": (
        *_over(NUMBERS, ("count(*)", 5), ("count(x.n)", 4)),
        *_over(NONE, ("count(*)", 0), ("count(x.n)", 0)),
    ),
    "min": (
        *_over(NUMBERS, ("min(x.n)", 1)),
        *_over(PAIRS, ("min(x.t)", "a")),
        *_over(NONE, ("min(x.n)", None)),
    ),
    "max": (
        *_over(NUMBERS, ("max(x.n)", 4)),
        *_over(PAIRS, ("max(x.t)", "c")),
        *_over(NULLS, ("max(x.n)", None)),
    ),
    "arg_min": (
        *_over(
            PAIRS,
            ("arg_min(x.t, x.n)", "b"),
            ("arg_min(x.t, x.n) filter (where x.n > 1 and x.t = 'a')", "a"),
            ("arg_min(x.t, x.n) filter (where x.n > 9)", None),
        ),
        *_over(NONE, ("arg_min(x.n, x.n)", None)),
    ),
    "arg_max": (
        *_over(PAIRS, ("arg_max(x.t, x.n) filter (where x.t <> 'b')", "a")),
        *_over(NONE, ("arg_max(x.n, x.n)", None)),
    ),
    "bool_or": (
        *_over(PAIRS, ("bool_or(x.f)", True), ("bool_or(x.t = 'z')", False)),
        *_over(NULLS, ("bool_or(x.n = 1)", None)),
        *_over(NONE, ("bool_or(x.n = 1)", None)),
    ),
    "quantile_cont": (
        *_over(
            NUMBERS,
            ("quantile_cont(x.n, 0.5)", 2.5),
            ("quantile_cont(x.n, 0.25)", 1.75),
            ("quantile_cont(x.n, 0)", 1.0),
            ("quantile_cont(x.n, 1)", 4.0),
            ("quantile_cont(x.n, 0.5) filter (where x.n > 2)", 3.5),
        ),
        *_over(NONE, ("quantile_cont(x.n, 0.5)", None)),
        *_over(NULLS, ("quantile_cont(x.n, 0.5)", None)),
        *_over("select 7 as n", ("quantile_cont(x.n, 0.9)", 7.0)),
    ),
    "distinct": (
        *_over(PAIRS, ("count(distinct x.t)", 3), ("count(distinct x.n)", 2)),
        *_over(PAIRS, ("count(distinct x.t) filter (where x.n > 1)", 2)),
        *_over(NONE, ("count(distinct x.n)", 0)),
    ),
    "filter": (
        *_over(
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
        *_over(
            _windowed("lag(w.n) over (partition by w.t order by w.n)"),
            ("max(x.v) filter (where x.n = 1)", None),
            ("max(x.v) filter (where x.n = 2)", 1),
        ),
        *_over(
            _windowed("lag(w.d) over (order by w.n)", "select 1 as n, date '2025-01-31' as d"),
            ("max(x.v)", None),
        ),
    ),
    "lead": (
        *_over(
            _windowed("lead(w.n) over (partition by w.t order by w.n)"),
            ("max(x.v) filter (where x.n = 1)", 2),
            ("max(x.v) filter (where x.n = 2)", None),
        ),
        *_over(
            _windowed(
                "lead(w.d) over (order by w.d nulls first)",
                "select 1 as n, cast(null as date) as d union all select 2 as n, date '2025-01-31' as d",
            ),
            ("max(x.v) filter (where x.n = 1)", date(2025, 1, 31)),
            ("max(x.v) filter (where x.n = 2)", None),
        ),
    ),
    "row_number": _over(
        _windowed("row_number() over (partition by w.t order by w.n)"),
        ("max(x.v) filter (where x.n = 1)", 1),
        ("max(x.v) filter (where x.n = 2)", 2),
    ),
    "window": (
        *_over(
            _windowed(_RUNNING),
            ("max(x.v) filter (where x.n = 1)", 1),
            ("max(x.v) filter (where x.n = 2)", 3),
        ),
        *_over(
            _windowed("sum(w.n) over (partition by w.t)"),
            ("min(x.v)", 3),
            ("max(x.v)", 3),
        ),
        *_over(
            _windowed(_RUNNING, "select 1 as n, 'a' as t union all select 1 as n, 'a' as t"), ("min(x.v)", 2)
        ),
    ),
}
EXAMPLES: Mapping[str, tuple[Example, ...]] = MappingProxyType(
    {**DATES, **NUMERIC, **LOGIC, **TEXT, **AGGREGATES, **WINDOWS}
)
"""Name of the function, operator or cast → its examples."""
