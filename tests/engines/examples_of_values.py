"""What does every function of one row return, worked out by hand?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from tests.engines.example import Example, over_rows, plain

BIG = 170141183460469231731687303715884105727


def _at(text: str) -> datetime:
    """Return a moment in UTC without zone, as the store keeps it."""
    return datetime.fromisoformat(text)


NOON = _at("2025-03-30 12:00:00")
MICRO = _at("2025-03-30 12:00:00.000001")
DATES: Mapping[str, tuple[Example, ...]] = {
    "add_days": plain(
        ("add_days(date '2024-02-28', 1)", date(2024, 2, 29)),
        ("add_days(date '2025-02-28', 1)", date(2025, 3, 1)),
        ("add_days(date '2025-01-01', -1)", date(2024, 12, 31)),
        ("add_days(date '1970-01-01', -1)", date(1969, 12, 31)),
        ("add_days(date '2025-01-01', 0)", date(2025, 1, 1)),
        ("add_days(date '2025-03-29', 2)", date(2025, 3, 31)),
        ("add_days(cast(null as date), 1)", None),
    ),
    "add_months": plain(
        ("add_months(date '2025-01-31', 1)", date(2025, 2, 28)),
        ("add_months(date '2024-01-31', 1)", date(2024, 2, 29)),
        ("add_months(date '2025-03-31', -1)", date(2025, 2, 28)),
        ("add_months(date '2025-12-01', 1)", date(2026, 1, 1)),
        ("add_months(date '2025-02-28', 12)", date(2026, 2, 28)),
        ("add_months(cast(null as date), 1)", None),
    ),
    "add_seconds": plain(
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
    "first_day": plain(
        ("first_day('week', date '2025-03-30')", date(2025, 3, 24)),
        ("first_day('week', date '2025-03-31')", date(2025, 3, 31)),
        ("first_day('week', date '2025-01-01')", date(2024, 12, 30)),
        ("first_day('month', date '2024-02-29')", date(2024, 2, 1)),
        ("first_day('quarter', date '2025-12-31')", date(2025, 10, 1)),
        ("first_day('year', date '2025-12-31')", date(2025, 1, 1)),
        ("first_day('month', date '1960-05-17')", date(1960, 5, 1)),
        ("first_day('month', cast(null as date))", None),
    ),
    "days_between": plain(
        ("days_between(date '2025-02-28', date '2025-03-01')", 1),
        ("days_between(date '2025-03-01', date '2025-02-28')", -1),
        ("days_between(date '2025-03-01', date '2025-03-01')", 0),
        ("days_between(date '1969-12-31', date '2025-03-31')", 20179),
        ("days_between(cast(null as date), date '2025-03-01')", None),
    ),
    "seconds_between": plain(
        ("seconds_between(timestamp '2025-03-30 12:00:00', timestamp '2025-03-30 12:00:00.000001')", 1e-6),
        ("seconds_between(timestamp '2025-03-30 12:00:00.5', timestamp '2025-03-30 12:00:00')", -0.5),
        ("seconds_between(timestamp '2025-03-30 00:00:00', timestamp '2025-03-31 00:00:00')", 86400.0),
        ("seconds_between(timestamp '1900-01-01 00:00:00', timestamp '2200-01-01 00:00:00')", 9467107200.0),
        ("seconds_between(timestamp '2025-03-30 12:00:00', cast(null as timestamp))", None),
    ),
    "cast as timestampntz": plain(
        ("timestamp '2025-03-30 12:00:00.000001'", MICRO),
        ("timestamp '2025-03-30 12:00:00'", NOON),
        ("timestamp '2200-01-01'", _at("2200-01-01 00:00:00")),
        ("timestamp '1900-01-01 00:00:00'", _at("1900-01-01 00:00:00")),
        ("cast(null as timestamp)", None),
    ),
    "cast as date": plain(
        ("cast(timestamp '2025-03-30 23:59:59.999999' as date)", date(2025, 3, 30)),
        ("cast(timestamp '1960-01-01 00:00:00' as date)", date(1960, 1, 1)),
        ("date '2025-03-30'", date(2025, 3, 30)),
        ("cast(cast(null as timestamp) as date)", None),
    ),
}
NUMERIC: Mapping[str, tuple[Example, ...]] = {
    "micros": (
        *over_rows("select cast(1234.567891 as decimal(24, 6)) as m", ("micros(x.m)", 1234567891)),
        *over_rows("select cast(-0.000001 as decimal(24, 6)) as m", ("micros(x.m)", -1)),
        *over_rows("select cast(0.0000016 as decimal(24, 10)) as m", ("micros(x.m)", 2)),
        *over_rows(
            "select cast('999999999999999999.123456' as decimal(24, 6)) as m",
            ("micros(x.m)", 999999999999999999123456),
        ),
        *over_rows("select cast(null as decimal(24, 6)) as m", ("micros(x.m)", None)),
    ),
    "nanos": (
        *over_rows(
            "select cast('0.1234567894' as decimal(24, 10)) as r",
            ("nanos(x.r)", 123456789),
            ("nanos(-x.r)", -123456789),
        ),
        *over_rows(
            "select cast('0.1234567895' as decimal(24, 10)) as r",
            ("nanos(x.r)", 123456790),
            ("nanos(-x.r)", -123456790),
        ),
        *over_rows(
            "select cast('99999999999999.9' as decimal(24, 10)) as r", ("nanos(x.r)", 99999999999999900000000)
        ),
        *over_rows("select cast(0.29 as double) as h", ("nanos(x.h)", 290000000)),
        *over_rows("select cast(7.25 as double) as h", ("nanos(x.h)", 7250000000)),
        *over_rows("select cast(null as double) as h", ("nanos(x.h)", None)),
    ),
    "tenbillionths": plain(
        ("tenbillionths('0.002')", 20000000),
        ("tenbillionths('0.0000000001')", 1),
        ("tenbillionths('123456789012.3456789012')", 1234567890123456789012),
        ("tenbillionths('0')", 0),
        ("tenbillionths(cast(null as text))", None),
    ),
    "floor_div": plain(
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
    "power": plain(
        ("power(2, 10)", 1024.0),
        ("power(1.5, 2)", 2.25),
        ("power(4, 0.5)", 2.0),
        ("power(2, -1)", 0.5),
        ("power(1.02, 0)", 1.0),
        ("power(1.02, cast(null as bigint))", None),
    ),
    "ln": plain(
        ("ln(1)", 0.0),
        ("ln(cast(8 as double)) / ln(2)", 3.0),
        ("ln(cast(1000001 as bigint))", 13.815511557963774),
        ("ln(cast(null as double))", None),
    ),
    "/": plain(
        ("7 / 2", 3.5),
        ("(1 + 2) / (3 + 3)", 0.5),
        ("2 * power(2, 3) / (1.5 + 0.5)", 8.0),
        ("7 / 0", None),
        ("0 / cast(0 as hugeint)", None),
        ("cast(null as bigint) / 2", None),
    ),
    "abs": plain(
        ("abs(-3)", 3),
        ("abs(3)", 3),
        ("-abs(cast(-5 as hugeint))", -5),
        ("abs(cast(-5 as hugeint)) - cast(7 as hugeint)", -2),
        ("abs(1 - 5)", 4),
        ("abs(cast(null as bigint))", None),
    ),
    "sign": plain(
        ("sign(cast(-5 as hugeint))", -1),
        ("sign(0)", 0),
        ("sign(17)", 1),
        ("sign(cast(-5 as hugeint)) * cast('100000000000000000000' as hugeint)", -(10**20)),
        ("sign(cast(null as bigint))", None),
    ),
    "+": plain(
        ("cast(2000000000 as bigint) + 2000000000", 4000000000),
        ("1 + cast(null as bigint)", None),
        ("cast('9223372036854775807' as hugeint) + 1", 2**63),
    ),
    "-": plain(
        ("1 - 2", -1),
        ("-cast('9223372036854775808' as hugeint)", -(2**63)),
        ("1 - cast(null as bigint)", None),
    ),
    "*": plain(
        ("3 * -4", -12),
        ("cast('10000000000' as hugeint) * cast('10000000000' as hugeint)", 10**20),
        ("0.5 * 3.0 > 1.4", True),
        ("2 * cast(null as bigint)", None),
    ),
    "cast as bigint": plain(("cast(3 as bigint)", 3), ("cast(null as bigint)", None)),
    "cast as int128": plain((f"cast('{BIG}' as hugeint)", BIG), ("cast(0 as hugeint)", 0)),
    "cast as double": plain(("cast(3 as double)", 3.0), ("cast(null as double)", None)),
}
LOGIC: Mapping[str, tuple[Example, ...]] = {
    "and": plain(
        ("true and cast(null as bigint) > 0", None),
        ("false and cast(null as bigint) > 0", False),
        ("1 = 1 and 2 = 2", True),
    ),
    "or": plain(
        ("true or cast(null as bigint) > 0", True),
        ("false or cast(null as bigint) > 0", None),
        ("1 = 2 or 2 = 3", False),
    ),
    "not": plain(("not 1 = 1", False), ("not cast(null as bigint) = 1", None)),
    "in": plain(
        ("2 in (1, 2)", True),
        ("'x' in ('a', 'b')", False),
        ("'x' not in ('a', 'b')", True),
        ("cast(null as bigint) in (1, 2)", None),
        ("cast(null as bigint) not in (1, 2)", None),
    ),
    "is": plain(
        ("cast(null as bigint) is null", True),
        ("1 is null", False),
        ("1 is not null", True),
        ("'' is null", False),
    ),
    "between": plain(
        ("2 between 1 and 2", True),
        ("3 between 1 and 2", False),
        ("cast(null as bigint) between 1 and 2", None),
    ),
    "=": plain(("1 = 1", True), ("'a' = 'A'", False), ("cast(null as bigint) = cast(null as bigint)", None)),
    "<>": plain(("1 <> 1", False), ("'a' <> 'a '", True), ("cast(null as bigint) <> 1", None)),
    "<": plain(
        ("'a' < 'b'", True),
        ("'Z' < 'a'", True),
        ("timestamp '2025-03-30 12:00:00' < timestamp '2025-03-30 12:00:00.000001'", True),
        ("cast(null as bigint) < 1", None),
    ),
    "<=": plain(("1 <= 1", True), ("'ä' <= 'z'", False)),
    ">": plain(("2 > 1", True), ("date '2025-01-01' > date '1969-12-31'", True), ("-1 > 0", False)),
    ">=": plain(("1 >= 1", True), ("1 >= 2", False)),
    "case": plain(
        ("case when 1 = 2 then 1 end", None),
        ("case when cast(null as bigint) > 0 then 1 else 2 end", 2),
        ("case 'b' when 'a' then 1 when 'b' then 2 else 3 end", 2),
        ("case when 1 = 1 then 1 = 1 else 1 = 2 end", True),
    ),
    "coalesce": plain(
        ("coalesce(cast(null as bigint), 7)", 7),
        ("coalesce(cast(null as text), '')", ""),
        ("coalesce(cast(null as bigint) > 0, false)", False),
        ("coalesce(cast(null as bigint), cast(null as bigint))", None),
    ),
    "nullif": plain(("nullif(1, 1)", None), ("nullif(1, 2)", 1)),
    "least": plain(
        ("least(3, 2, 5)", 2),
        ("least(3, cast(null as bigint))", 3),
        ("least(cast(null as bigint), cast(null as bigint))", None),
        ("least(date '2025-01-01', date '1969-12-31')", date(1969, 12, 31)),
    ),
    "greatest": plain(
        ("greatest(3, 2, 5)", 5),
        ("greatest(cast(null as bigint), -3)", -3),
        ("greatest(cast(-0.5 as double), 0)", 0.0),
        ("greatest(timestamp '2025-03-30 12:00:00', timestamp '2025-03-30 12:00:00.000001')", MICRO),
    ),
}
TEXT: Mapping[str, tuple[Example, ...]] = {
    "||": plain(
        ("'a' || 'b' || 'c'", "abc"),
        ("'a' || cast(null as text)", None),
        ("'' || ''", ""),
        ("'\x1e' || '\x1f' || 'ä'", "\x1e\x1fä"),
        ("'it''s' || ' 100 % \\ \\n \\'' or 1=1'", "it's 100 % \\ \\n \\' or 1=1"),
    ),
    "number_of": (
        *over_rows(
            """select '{"up_to":5,"price":"0.002","none":null}' as t""",
            ("number_of(x.t, 'up_to')", "5"),
            ("number_of(x.t, 'price')", "0.002"),
            ("number_of(x.t, 'none')", None),
            ("number_of(x.t, 'other')", None),
            ("cast(number_of(x.t, 'up_to') as bigint) + 1", 6),
        ),
        *over_rows("select cast(null as text) as t", ("number_of(x.t, 'price')", None)),
    ),
    "each_of": (
        *over_rows(
            """select each_of('[{"a":1},{"a":12}]') as t""",
            ("count(*)", 2),
            ("max(number_of(x.t, 'a'))", "12"),
        ),
        *over_rows("select each_of(cast(null as text)) as t", ("count(*)", 0)),
        *over_rows("select each_of('[]') as t", ("count(*)", 0)),
    ),
    "cast as text": plain(
        ("cast(404 as text)", "404"),
        ("cast(date '2025-03-30' as text)", "2025-03-30"),
        ("cast(null as text)", None),
        ("'EUR' || ' ' || cast(date '2025-03-30' as text)", "EUR 2025-03-30"),
    ),
}
