"""Which functions may a metric use, and how does each engine spell them?

Anything else fails a test. `{0}`, `{1}` … are the arguments; None means that the name is the same everywhere.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SPELLINGS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "add_days": {"duckdb": "CAST(({0} + CAST({1} AS INTEGER)) AS DATE)", "clickhouse": "addDays({0}, {1})"},
        "add_months": {
            "duckdb": "CAST(({0} + to_months(CAST({1} AS INTEGER))) AS DATE)",
            "clickhouse": "addMonths({0}, {1})",
        },
        "add_seconds": {
            "duckdb": "({0} + to_microseconds(CAST(({1}) * 1000000 AS BIGINT)))",
            "clickhouse": "addMicroseconds({0}, toInt64(({1}) * 1000000))",
        },
        "first_day": {
            "duckdb": "CAST(date_trunc({0}, {1}) AS DATE)",
            "clickhouse": "toDate(date_trunc({0}, {1}))",
        },
        "days_between": {
            "duckdb": "date_diff('day', {0}, {1})",
            "clickhouse": "dateDiff('day', {0}, {1})",
        },
        "seconds_between": {
            "duckdb": "(CAST(epoch_us({1}) - epoch_us({0}) AS DOUBLE) / 1000000)",
            "clickhouse": "(toFloat64(toUnixTimestamp64Micro({1}) - toUnixTimestamp64Micro({0})) / 1000000)",
        },
        "micros": {
            "duckdb": "CAST(({0}) * 1000000 AS HUGEINT)",
            "clickhouse": "toInt128(toDecimal128({0}, 6) * 1000000)",
        },
        "nanos": {
            "duckdb": "CAST(({0}) * 1000000000 AS HUGEINT)",
            "clickhouse": "toInt128(toDecimal128({0}, 10) * 1000000000)",
        },
        "floor_div": {"duckdb": "(({0}) // ({1}))", "clickhouse": "intDiv({0}, {1})"},
        "quantile_cont": {
            "duckdb": "quantile_cont({0}, {1})",
            "clickhouse": "quantileExactInclusive({1})({0})",
        },
        "power": {"duckdb": "power({0}, {1})", "clickhouse": "pow({0}, {1})"},
        "bool_or": {"duckdb": "bool_or({0})", "clickhouse": "max({0})"},
    }
)
"""Functions whose spelling differs; the arguments are already in the engine's SQL."""

COMMON = frozenset(
    {
        "sum", "count", "min", "max", "avg", "abs", "sign", "coalesce", "nullif", "least", "greatest", "case", "if",
        "cast", "and", "or", "not", "in", "between", "lag", "lead", "row_number", "arg_min", "arg_max", "lower", "ln",
        "exp", "ceil", "floor", "sqrt", "filter", "distinct", "window", "like",
    }
)  # fmt: skip
"""Functions and operators that sqlglot writes rightly for every engine."""
