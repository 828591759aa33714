"""Which functions may a metric use, and how does each engine spell them?

Anything else fails a test, and every entry is tested on every engine with values worked out by hand. `{0}`, `{1}` …
are the arguments, already in the engine's SQL. A division is one of doubles and null over zero. Rounding is left out on
purpose: numbers are rounded where they are shown.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SPELLINGS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "add_days": {
            "duckdb": "CAST(({0} + CAST({1} AS INTEGER)) AS DATE)",
            "clickhouse": "addDays({0}, {1})",
        },
        "add_months": {
            "duckdb": "CAST(({0} + to_months(CAST({1} AS INTEGER))) AS DATE)",
            "clickhouse": "addMonths({0}, {1})",
        },
        "add_seconds": {
            "duckdb": "({0} + to_microseconds(CAST(({1}) * CAST(1000000 AS BIGINT) AS BIGINT)))",
            "clickhouse": "addMicroseconds({0}, toInt64(round(({1}) * 1000000)))",
        },
        "first_day": {
            "duckdb": "CAST(date_trunc({0}, {1}) AS DATE)",
            "clickhouse": "toDate32(date_trunc({0}, {1}))",
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
            "clickhouse": "toInt128(round(({0}) * 1000000))",
        },
        "nanos": {
            "duckdb": "CAST(({0}) * 1000000000 AS HUGEINT)",
            "clickhouse": "toInt128(round(({0}) * 1000000000))",
        },
        "floor_div": {
            "duckdb": "(({0}) // nullif({1}, 0))",
            "clickhouse": "intDiv({0}, nullIf({1}, 0))",
        },
        "tenbillionths": {
            "duckdb": "CAST(CAST({0} AS DECIMAL(28, 10)) * 10000000000 AS HUGEINT)",
            "clickhouse": "toInt128(toDecimal128({0}, 10) * 10000000000)",
        },
        "each_of": {
            "duckdb": "unnest(from_json({0}, '[\"JSON\"]'))",
            "clickhouse": "arrayJoin(JSONExtractArrayRaw(ifNull({0}, '')))",
        },
        "number_of": {
            "duckdb": "(CAST({0} AS JSON) ->> {1})",
            "clickhouse": "nullIf(nullIf(replaceAll(JSONExtractRaw({0}, {1}), '\"', ''), 'null'), '')",
        },
        "quantile_cont": {
            "duckdb": "quantile_cont({0}, {1})",
            "clickhouse": "quantileExactInclusive({1})({0})",
        },
        "abs": {"duckdb": "abs({0})", "clickhouse": "if({0} < 0, -({0}), {0})"},
        "/": {
            "duckdb": "(CAST({0} AS DOUBLE) / nullif({1}, 0))",
            "clickhouse": "(toFloat64({0}) / nullIf(toFloat64({1}), 0))",
        },
        "power": {"duckdb": "power({0}, {1})", "clickhouse": "pow({0}, {1})"},
        "each_named": {
            "duckdb": "nullif(unnest(list_transform(string_split(coalesce({0}, ''), ','), "
            "lambda item: trim(item))), '')",
            "clickhouse": "nullIf(arrayJoin(arrayMap(item -> trimBoth(item), "
            "splitByChar(',', coalesce({0}, '')))), '')",
        },
        "bool_or": {"duckdb": "bool_or({0})", "clickhouse": "max(toBool({0}))"},
    }
)
"""Functions whose spelling differs; what each means stands in docs/engines.md."""

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "addmonths": "add_months", "argmin": "arg_min", "argmax": "arg_max", "logicalor": "bool_or", "pow": "power",
        "quantile": "quantile_cont", "percentilecont": "quantile_cont", "rownumber": "row_number", "if": "case",
        "windowspec": "frame",
        "eq": "=", "neq": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">=",
        "add": "+", "sub": "-", "neg": "-", "mul": "*", "div": "/", "dpipe": "||",
    }
)  # fmt: skip
"""What the parser's nodes are called in the subset, where the two differ."""

COMMON = frozenset(
    {
        "sum", "count", "min", "max", "sign", "ln", "coalesce", "nullif", "least", "greatest", "case", "and", "or",
        "not", "in", "is", "between", "lag", "lead", "row_number", "arg_min", "arg_max", "filter", "distinct", "window",
        "=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "||",
        "cast as text", "cast as date", "cast as timestampntz", "cast as bigint", "cast as int128", "cast as double",
    }
)  # fmt: skip
"""Functions, operators and casts that are the same everywhere, some of them after a rewrite in `lowering.py`."""
