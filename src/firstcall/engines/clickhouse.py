"""How does ClickHouse answer? Its tables, the settings under which it means what we mean, and its rows as Python."""

from __future__ import annotations

import json
import re
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from firstcall.engines.lowering import CLICKHOUSE, Dialect
from firstcall.errors import StoreError
from firstcall.literals import identifier
from firstcall.schema.tables import KEPT_TABLES, TABLES, stored

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from firstcall.engines.engine import Row
    from firstcall.schema.table import Column

TYPES: Mapping[str, str] = MappingProxyType(
    {
        "text": "String",
        "time": "DateTime64(6, 'UTC')",
        "date": "Date32",
        "integer": "Int64",
        "number": "Float64",
        "money": "Decimal(24, 6)",
        "rate": "Decimal(24, 10)",
        "boolean": "Bool",
        "json": "String",
        "key": "Int128",
    }
)
SORTED_BY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "calls": ("day", "hour", "product", "method", "route", "consumer"),
        "calls_by_hour": ("day", "hour", "product", "method", "route"),
        "calls_by_consumer": ("day", "consumer", "product"),
        "latency_by_day": ("day", "product", "method", "route", "latency_bucket"),
        "journey": ("time",),
        "credentials": ("consumer", "valid_from"),
    }
)
"""What questions narrow first; tables not named are sorted by their key."""
LEFT_OUT = (
    "or_like_chain", "aggregators_of_group_by_keys", "rewrite_array_exists_to_has", "group_by_function_keys",
    "injective_functions_inside_uniq", "injective_functions_in_group_by", "truncate_order_by_after_group_by_keys",
    "arithmetic_operations_in_aggregate_functions", "normalize_count_variants", "multiif_to_if",
    "syntax_fuse_functions", "rewrite_sum_if_to_count_if", "rewrite_aggregate_function_with_if", "uniq_to_count",
    "redundant_functions_in_order_by", "extract_common_expressions", "and_compare_chain",
    "time_filter_with_preimage", "functions_to_subcolumns",
)  # fmt: skip
"""Rewrites that no query of ours has need of. Each walks the whole tree of a query, in which an expression stands as
often as it is read: without them the largest queries are planned in half the time."""
SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        **{f"optimize_{name}": "0" for name in LEFT_OUT},
        "join_use_nulls": "1",  # an outer join without a match gives nulls, not zeros
        "aggregate_functions_null_for_empty": "1",  # a sum over nothing is null
        "prefer_column_name_to_alias": "1",  # sum(u.calls) as calls means the column
        "enable_materialized_cte": "1",  # an expression read twice is computed once
        "enable_extended_results_for_datetime_functions": "1",  # the first of a month before 1970 is one
        "query_plan_convert_outer_join_to_inner_join": "0",  # it loses the key of a second join that hangs on a first
        "session_timezone": "'UTC'",
        "output_format_json_quote_decimals": "1",  # money arrives as written, not as a float
        "output_format_json_quote_64bit_integers": "0",
        "output_format_json_quote_denormals": "1",  # infinities arrive at all
        "date_time_output_format": "'simple'",
    }
)
"""Sent with every query, so that no server's profile can change an answer."""
_FORMAT = "JSONCompactEachRowWithNamesAndTypes"
_WRAPPED = re.compile(r"(?:Nullable|LowCardinality)\((.*)\)")
_READ: tuple[tuple[str, Callable[[object], object]], ...] = (
    ("DateTime", lambda value: datetime.fromisoformat(str(value))),
    ("Date", lambda value: date.fromisoformat(str(value))),
    ("Decimal", lambda value: Decimal(str(value))),
    ("Int", lambda value: int(str(value))),
    ("UInt", lambda value: int(str(value))),
    ("Float", lambda value: float(str(value))),
    ("Bool", bool),
    ("String", str),
    ("Variant(Int64, UInt64)", lambda value: int(str(value))),  # stored and counted numbers in one column
    ("Nothing", lambda _: None),
)
"""How values of each type are read, the first prefix that fits."""


def column_type(column: Column) -> str:
    """Return the engine's type of a column; what need not be there may be null."""
    own = TYPES[column.kind]
    return own if column.required else f"Nullable({own})"


def create(name: str, storage: str = "MergeTree") -> str:
    """Return the statement that makes the physical table called `name`, sorted by what questions narrow first."""
    columns = ", ".join(f"{identifier(column.name)} {column_type(column)}" for column in stored(name))
    made = f"CREATE TABLE {identifier(name)} ({columns}) ENGINE = {storage}"
    if storage == "Memory":
        return made
    table = TABLES.get(name) or KEPT_TABLES[name]
    order = ", ".join(map(identifier, SORTED_BY.get(name, table.key)))
    months = ' PARTITION BY toYYYYMM("day")' if name == "calls" else ""
    return f"{made}{months} ORDER BY ({order}) SETTINGS allow_nullable_key = 1"


@dataclass(frozen=True, slots=True)
class ClickHouseEngine:
    """A ClickHouse to ask. `query` sends one statement and returns what came back, byte for byte.

    It may be a server's HTTP interface or the engine in process; errors are the client's own.
    """

    query: Callable[[str], bytes]
    dialect: Dialect = CLICKHOUSE

    def run(self, sql: str) -> tuple[tuple[str, ...], Sequence[Row]]:
        """Run a query under our settings; return column names and rows. Raises StoreError on a type not ours."""
        settings = ", ".join(f"{name} = {value}" for name, value in SETTINGS.items())
        lines = self.query(f"{sql}\nFORMAT {_FORMAT}\nSETTINGS {settings}").decode().split("\n")
        if len(lines) < 2:
            raise StoreError(
                f"ClickHouse sent no header for a query in {_FORMAT}. Ask it something that returns rows."
            )
        names = tuple(str(name) for name in json.loads(lines[0]))
        readers = [_reader(str(kind)) for kind in json.loads(lines[1])]
        return names, [_row(line, readers) for line in lines[2:] if line]

    def snapshot(self) -> AbstractContextManager[ClickHouseEngine]:
        """Give the engine itself: ClickHouse has no transaction over several queries.

        Each query reads the parts there are when it begins, so that one answer may mix states around an insert.
        """
        return nullcontext(self)

    def create_tables(self, storage: str = "MergeTree") -> None:
        """Make every table of the schema in the current database."""
        for name in (*TABLES, *KEPT_TABLES):
            self.query(create(name, storage))


def _row(line: str, readers: Sequence[Callable[[object], object]]) -> Row:
    return tuple(
        None if value is None else read(value) for value, read in zip(json.loads(line), readers, strict=True)
    )


def _reader(kind: str) -> Callable[[object], object]:
    """Return how a value of the engine's type becomes a plain Python value."""
    inner = kind
    while wrapped := _WRAPPED.fullmatch(inner):
        inner = wrapped.group(1)
    for prefix, read in _READ:
        if inner.startswith(prefix):
            return read
    raise StoreError(
        f"A query returned ClickHouse's type {kind}, which is none of the store's. Cast it in the query."
    )
