"""How do both engines come to hold the same world, and how is the same question put to each?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from firstcall.engines.clickhouse import ClickHouseEngine
from firstcall.engines.duckdb import DuckDBEngine
from firstcall.engines.engine import Engine
from firstcall.query.compile import Query
from firstcall.query.execute import Found, ResolvedQuestion, find
from firstcall.schema.tables import KEPT_TABLES, TABLES, stored
from tests.metrics.filling import fill


def filled(
    world: Mapping[str, Sequence[Mapping[str, Any]]], zone: str, engine: ClickHouseEngine
) -> DuckDBEngine:
    """Return the embedded store with the world, and make ClickHouse hold exactly the same, rollups included."""
    store = fill(world, zone, store="both engines")
    for name in (*TABLES, *KEPT_TABLES):
        engine.query(f'TRUNCATE TABLE "{name}"')
        columns = ", ".join(
            f'CAST("{column.name}" AS VARCHAR) AS "{column.name}"'
            if column.kind == "key"
            else f'"{column.name}"'
            for column in stored(name)
        )
        incoming = store.connection.sql(f'SELECT {columns} FROM "{name}"').to_arrow_table()
        if (
            incoming.num_rows
        ):  # the engine in process finds `incoming` by its name in the frames of its callers
            engine.query(f'INSERT INTO "{name}" SELECT * FROM Python(incoming)')
    return store


def found(asking: ResolvedQuestion, engine: Engine, *, trim: bool) -> Found:
    """Return what the engine finds through the very queries that every engine is asked."""

    def run(query: Query) -> tuple[str, Sequence[dict[str, object]]]:
        sql = query.sql(engine.dialect)
        names, rows = engine.run(sql)
        return sql, [dict(zip(names, row, strict=True)) for row in rows]

    return find(asking, run, trim=trim)


def told_apart(here: Found, there: Found) -> Iterator[tuple[object, ...]]:
    """Yield every difference: counts and money are to be equal, floats within nine digits."""
    if (here.notes, here.ranks) != (there.notes, there.ranks):
        yield "notes", here.notes, here.ranks, there.notes, there.ranks
    if len(here.points) != len(there.points):
        yield "points", len(here.points), len(there.points)
    for one, other in zip(here.points, there.points, strict=False):
        for name in ("period", "by", "cases", "partial", "absent"):
            if getattr(one, name) != getattr(other, name):
                yield one.period, one.by, name, getattr(one, name), getattr(other, name)
        for name in one.values.keys() | other.values.keys():
            if not alike(one.values.get(name), other.values.get(name)):
                yield one.period, one.by, name, one.values.get(name), other.values.get(name)


def alike(found: object, expected: object) -> bool:
    """Whether two values are equal and of the same Python type, floats within nine digits."""
    if isinstance(expected, float):
        return isinstance(found, float) and found == pytest.approx(expected, rel=1e-9)
    return type(found) is type(expected) and found == expected
