"""How do the rollups stay equal to the calls they were counted from?"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

DENIED = "CAST(count(*) FILTER (status IN (401, 403)) AS BIGINT)"
UNITS = "CAST(sum(units) AS BIGINT)"


@dataclass(frozen=True, slots=True)
class Rollup:
    """One rollup: its keys, what it counts (column → count of calls, count of counts), which calls count."""

    keys: str
    counts: tuple[tuple[str, str, str], ...]
    only: str = "true"

    @property
    def columns(self) -> str:
        """Keys and counts by name, in the order in which both selects give them."""
        return f"{self.keys}, {', '.join(name for name, _fresh, _merged in self.counts)}"

    @property
    def fresh(self) -> str:
        """What is counted of calls."""
        return ", ".join(f"{sql} AS {name}" for name, sql, _merged in self.counts)

    @property
    def merged(self) -> str:
        """How counts of the same keys become one."""
        return ", ".join(f"{sql}({name}) AS {name}" for name, _fresh, sql in self.counts)


CALLS = ("calls", "count(*)", "sum")
MORE = (("denied", DENIED, "sum"), ("units", UNITS, "sum"))
ROLLUPS = {
    "calls_by_hour": Rollup(
        "day, source, product, method, route, version, environment, hour, outcome, status", (CALLS, *MORE)
    ),
    "latency_by_day": Rollup(
        "day, source, product, method, route, version, environment, outcome, latency_bucket",
        (CALLS,),
        "latency_bucket IS NOT NULL",
    ),
    "calls_by_consumer": Rollup(
        "day, source, consumer, product, environment, traffic_class, outcome",
        (CALLS, *MORE, ("first_time", "min(time)", "min"), ("last_time", "max(time)", "max")),
    ),
}


def _counted(rollup: Rollup, where: str) -> str:
    return (
        f"SELECT {rollup.keys}, {rollup.fresh} FROM calls WHERE known_to IS NULL AND {rollup.only} AND {where} "
        f"GROUP BY {rollup.keys}"
    )


def add(connection: duckdb.DuckDBPyConnection, import_id: int) -> None:
    """Add the calls of one import, which landed in this transaction, to all rollups; days it touches stay merged."""
    for name, rollup in ROLLUPS.items():
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE fresh AS {_counted(rollup, f'import_id = {import_id}')}"
        )
        days = "day IN (SELECT DISTINCT day FROM fresh)"
        held = connection.execute(f"SELECT count(*) FROM {name} WHERE {days}").fetchone()
        if held and held[0]:
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE merged AS SELECT {rollup.keys}, {rollup.merged} FROM "
                f"(FROM fresh UNION ALL BY NAME SELECT {rollup.columns} FROM {name} WHERE {days}) "
                f"GROUP BY {rollup.keys}"
            )
            connection.execute(f"DELETE FROM {name} WHERE {days}")
            connection.execute(f"INSERT INTO {name} ({rollup.columns}) FROM merged")
            connection.execute("DROP TABLE merged")
        else:
            connection.execute(f"INSERT INTO {name} ({rollup.columns}) FROM fresh")
        connection.execute("DROP TABLE fresh")


def rebuild(connection: duckdb.DuckDBPyConnection, days: str = "true") -> None:
    """Count the rollups again from the calls; `days` is a condition on `day`, by default all of them."""
    for name, rollup in ROLLUPS.items():
        connection.execute(f"DELETE FROM {name} WHERE {days}")
        connection.execute(f"INSERT INTO {name} ({rollup.columns}) {_counted(rollup, days)}")
