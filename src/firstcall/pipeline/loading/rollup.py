"""How do the rollups stay equal to the calls they were counted from?"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from firstcall.pipeline.conforming.call_select import outcome
from firstcall.pipeline.loading.upsert import update_watermark
from firstcall.schema.store_facts import SUCCESS, TZDATA, ZONE
from firstcall.schema.tables import TABLES
from firstcall.settings import Settings
from firstcall.sources.parsing.moments import offsets_of_calls
from firstcall.zones import to_local, zones_version

DENIED = "CAST(count(*) FILTER (status IN (401, 403)) AS BIGINT)"
UNITS = "CAST(sum(units) AS BIGINT)"


@dataclass(frozen=True, slots=True)
class Rollup:
    """One rollup: its keys, what it counts (column → count of calls, count of counts), which calls count.

    `apart` keeps rows of the same keys apart: a condition on calls, and the same on rows that count such calls.
    `monthly` rollups hold the first day of the month in `day`.
    """

    keys: str
    counts: tuple[tuple[str, str, str], ...]
    only: str = "true"
    apart: tuple[str, str] = ("true", "true")
    monthly: bool = False

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
        apart=("status IN (401, 403)", "denied > 0"),
    ),
    "callers_by_month": Rollup(
        "day, source, product, method, route, version, environment, consumer, traffic_class",
        (
            CALLS,
            ("first_time", "min(time)", "min"),
            ("last_time", "max(time)", "max"),
            ("last_success", "max(time) FILTER (outcome = 'success')", "max"),
        ),
        monthly=True,
    ),
}
MONTH = "CAST(date_trunc('month', day) AS DATE)"


def _counted(rollup: Rollup, where: str) -> str:
    days = f"{MONTH} AS day" if rollup.monthly else "day"
    keys = rollup.keys.removeprefix("day, ")
    return (
        f"SELECT {days}, {keys}, {rollup.fresh} FROM calls WHERE known_to IS NULL AND {rollup.only} AND {where} "
        f"GROUP BY {MONTH if rollup.monthly else 'day'}, {keys}, {rollup.apart[0]}"
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
                f"GROUP BY {rollup.keys}, {rollup.apart[1]}"
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
        held, counted = days, days
        if rollup.monthly and days != "true":
            months = f"(SELECT {MONTH} FROM calls WHERE {days})"
            held, counted = f"day IN {months}", f"{MONTH} IN {months}"
        connection.execute(f"DELETE FROM {name} WHERE {held}")
        connection.execute(f"INSERT INTO {name} ({rollup.columns}) {_counted(rollup, counted)}")


def rezone(connection: duckdb.DuckDBPyConnection, zone: str) -> int:
    """Give every call its day and hour in `zone`, and count rollups and watermarks again; return how many changed."""
    here = to_local("time", offsets_of_calls(zone))
    changed = connection.execute(
        "UPDATE calls SET day = n.day, hour = n.hour FROM (SELECT place, CAST(here AS DATE) AS day, hour(here) AS hour "
        f"FROM (SELECT rowid AS place, {here} AS here, day, hour FROM calls) "
        "WHERE day <> CAST(here AS DATE) OR hour <> hour(here)) n WHERE calls.rowid = n.place"
    ).fetchone()
    if changed and changed[0]:
        rebuild(connection)
        connection.execute(
            "UPDATE watermarks SET first_day = n.first_day, last_day = n.last_day FROM "
            "(SELECT source, min(day) AS first_day, max(day) AS last_day FROM calls WHERE known_to IS NULL "
            "GROUP BY source) n WHERE watermarks.\"table\" = 'calls' AND watermarks.source = n.source"
        )
    for table in TABLES.values():
        if table.name != "calls":
            update_watermark(connection, table, zone)
    return int(changed[0]) if changed else 0


def keep_definitions(connection: duckdb.DuckDBPyConnection, settings: Settings) -> tuple[str, ...]:
    """See that what calls derive from the settings is theirs: days, hours, outcomes; return what was made again.

    Runs inside the caller's open transaction and never commits.
    """
    return (
        *keep_zone(connection, settings.program.timezone),
        *keep_success(connection, settings),
    )


def keep_success(connection: duckdb.DuckDBPyConnection, settings: Settings) -> tuple[str, ...]:
    """See that outcomes follow the settings' definition of success and write it down."""
    wanted = settings.definitions.success
    held = connection.execute(f"SELECT value FROM store WHERE name = '{SUCCESS}'").fetchone()
    if held and held[0] == wanted:
        return ()
    rule = outcome(settings)
    found = connection.execute(f"SELECT count(*) FROM calls WHERE outcome <> {rule}").fetchone()
    changed = int(found[0]) if found else 0
    if changed:
        connection.execute(f"UPDATE calls SET outcome = {rule} WHERE outcome <> {rule}")
        rebuild(connection)
    connection.execute(f"DELETE FROM store WHERE name = '{SUCCESS}'")
    connection.execute("INSERT INTO store (name, value) VALUES (?, ?)", [SUCCESS, wanted])
    return (f"success now means {wanted}: {changed:,} calls have another outcome",) if changed else ()


def keep_zone(connection: duckdb.DuckDBPyConnection, zone: str) -> tuple[str, ...]:
    """See that days and hours are those of `zone` by its rules of today; return what the user should know.

    Runs inside the caller's open transaction and never commits.
    """
    held = dict(connection.execute("SELECT name, value FROM store").fetchall())
    wanted = {ZONE: zone, TZDATA: zones_version()}
    if all(held.get(name) == value for name, value in wanted.items()):
        return ()
    changed = rezone(connection, zone)
    for name, value in wanted.items():
        connection.execute("DELETE FROM store WHERE name = ?", [name])
        connection.execute("INSERT INTO store (name, value) VALUES (?, ?)", [name, value])
    if not changed:
        return ()
    before = held.get(ZONE)
    why = f"the program's zone is {zone}" + (f" instead of {before}" if before else "")
    if before == zone:
        why = f"the rules of {zone} are those of tzdata {wanted[TZDATA]}"
    return (f"{why}: days, hours and rollups of {changed:,} calls were made again",)
