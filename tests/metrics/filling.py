"""How does a world of plain rows become a store, without the import under test elsewhere?"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from firstcall.engines.duckdb import DuckDBEngine, open_store
from firstcall.pipeline.loading.rollup import rebuild
from firstcall.schema.tables import TABLES, stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KNOWN = datetime(2020, 1, 1)  # noqa: DTZ001  UTC without zone, as the store keeps it
TIMEOUTS = {408, 460, 499, 504, 0}
_ARROW = {
    "text": pa.string(),
    "json": pa.string(),
    "time": pa.timestamp("us"),
    "date": pa.date32(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "money": pa.decimal128(24, 6),
    "rate": pa.decimal128(24, 10),
    "boolean": pa.bool_(),
    "key": pa.string(),
}


def outcome(row: Mapping[str, Any]) -> str:
    """Return the exclusive outcome of a call, from the data model's words."""
    status = int(row["status"])
    if status in TIMEOUTS or row.get("timed_out"):
        return "timeout"
    if 200 <= status < 300:
        return "success"
    if status < 400:
        return "redirect"
    return "client_error" if status < 500 else "server_error"


def plain(value: object) -> object:
    """Return a value as the store keeps it: moments in UTC without zone."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value


def call_row(row: Mapping[str, Any], number: int, zone: str) -> dict[str, Any]:
    """Return a call with its derived columns."""
    local = row["time"].astimezone(ZoneInfo(zone))
    latency = row.get("latency_ms")
    bucket = None if latency is None else math.ceil(math.log(max(latency, 1)) / math.log(1.02))
    return {
        "units": 1,
        "traffic_class": "external",
        "environment": "unknown",
        **row,
        "call_key": str(number),
        "day": local.date(),
        "hour": local.hour,
        "outcome": outcome(row),
        "latency_bucket": bucket,
    }


@cache
def empty_store(name: str) -> DuckDBEngine:
    """Return the store of a name in memory, emptied and filled again for each world."""
    del name
    engine = open_store(None, threads=1)
    engine.connection.execute("CREATE TABLE filled (name VARCHAR)")
    return engine


def fill(
    world: Mapping[str, Sequence[Mapping[str, Any]]], zone: str, *, rolled_up: bool = True, store: str = ""
) -> DuckDBEngine:
    """Return the store of a name, which now holds exactly the world's rows, rollups included.

    Rows may say `known_from` and `known_to`; without, they have always been known. With `rolled_up` false the store
    says that its rollups were made in another zone, so that every question reads the calls.
    """
    engine = empty_store(store)
    connection = engine.connection
    connection.execute("BEGIN")
    for (name,) in connection.execute("SELECT name FROM filled").fetchall():
        connection.execute(f'DELETE FROM "{name}"')
    connection.execute("DELETE FROM filled")
    for name in TABLES:
        rows = list(world.get(name, ()))
        if name == "calls":
            rows = [call_row(row, number, zone) for number, row in enumerate(rows)]
        if rows:
            _insert(connection, name, rows)
            connection.execute("INSERT INTO filled VALUES (?)", [name])
    rebuild(connection)
    engine.set_fact("rollup_zone", zone if rolled_up else "elsewhere")
    connection.execute("COMMIT")
    return engine


def arrow(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return the rows as an Arrow table with the columns of the stored table."""
    defaults = {column.name: column.default for column in stored(name)}
    columns = {}
    for column in stored(name):
        values = [plain(row.get(column.name, defaults[column.name])) for row in rows]
        if column.name == "known_from":
            values = [plain(row.get("known_from", KNOWN)) for row in rows]
        if column.name == "import_id":
            values = [1] * len(rows)
        if column.kind in {"money", "rate"}:
            values = [None if value is None else Decimal(str(value)) for value in values]
        columns[column.name] = pa.array(values, type=_ARROW[column.kind])
    return pa.table(columns)


def _insert(connection: Any, name: str, rows: Sequence[Mapping[str, Any]]) -> None:  # noqa: ANN401
    connection.register("incoming", arrow(name, rows))
    connection.execute(f'INSERT INTO "{name}" SELECT * FROM incoming')
    connection.unregister("incoming")
