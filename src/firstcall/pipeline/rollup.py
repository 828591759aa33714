"""How do the rollups stay equal to the calls they were counted from?"""

from __future__ import annotations

import duckdb

DENIED = "CAST(count(*) FILTER (status IN (401, 403)) AS BIGINT)"

SELECTS = {
    "calls_by_hour": (
        "day, source, product, method, route, version, environment, hour, outcome, status",
        f"count(*) AS calls, {DENIED} AS denied, CAST(sum(units) AS BIGINT) AS units",
        "sum(calls), sum(denied), sum(units)",
        "",
    ),
    "latency_by_day": (
        "day, source, product, method, route, version, environment, outcome, latency_bucket",
        "count(*) AS calls",
        "sum(calls)",
        " AND latency_bucket IS NOT NULL",
    ),
    "calls_by_consumer": (
        "day, source, consumer, product, environment, traffic_class, outcome",
        f"count(*) AS calls, {DENIED} AS denied, CAST(sum(units) AS BIGINT) AS units, "
        "min(time) AS first_time, max(time) AS last_time",
        "sum(calls), sum(denied), sum(units), min(first_time), max(last_time)",
        "",
    ),
}
"""Rollup → (keys, what is counted, how two counts become one, which calls count)."""


def _counted(name: str, where: str) -> str:
    keys, counts, _merge, only = SELECTS[name]
    return f"SELECT {keys}, {counts} FROM calls WHERE known_to IS NULL{only} AND {where} GROUP BY {keys}"


def add(connection: duckdb.DuckDBPyConnection, import_id: int) -> None:
    """Add the calls of one import, which landed in this transaction, to all rollups; days it touches stay merged."""
    for name, (keys, _counts, merge, _only) in SELECTS.items():
        fresh = f"fresh_{name}"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {fresh} AS {_counted(name, f'import_id = {import_id}')}")
        days = f"day IN (SELECT DISTINCT day FROM {fresh})"
        held = connection.execute(f"SELECT count(*) FROM {name} WHERE {days}").fetchone()
        if held and held[0]:
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE merged AS SELECT {keys}, {merge} FROM "
                f"(FROM {fresh} UNION ALL BY NAME FROM {name} WHERE {days}) GROUP BY {keys}"
            )
            connection.execute(f"DELETE FROM {name} WHERE {days}")
            connection.execute(f"INSERT INTO {name} ({_columns(name)}) FROM merged")
            connection.execute("DROP TABLE merged")
        else:
            connection.execute(f"INSERT INTO {name} ({_columns(name)}) FROM {fresh}")
        connection.execute(f"DROP TABLE {fresh}")


def _columns(name: str) -> str:
    keys, counts, _merge, _only = SELECTS[name]
    return f"{keys}, {', '.join(part.split(' AS ')[-1] for part in counts.split(', ') if ' AS ' in part)}"


def rebuild(connection: duckdb.DuckDBPyConnection, days: str = "true") -> None:
    """Count the rollups again from the calls; `days` is a condition on `day`, by default all of them."""
    for name in SELECTS:
        connection.execute(f"DELETE FROM {name} WHERE {days}")
        connection.execute(f"INSERT INTO {name} ({_columns(name)}) {_counted(name, days)}")
