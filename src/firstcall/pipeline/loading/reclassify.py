"""What do the calls of the past become when a rule changes, or a known endpoint comes or goes?

Environment, traffic class, product, version and route are judged again from what the store kept of each call. What the
source itself said stays; so does what a rule once told from something that is not stored as it came (a hashed
credential, a shortened address). All of it runs inside the caller's open transaction and never commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from firstcall.literals import moment_literal, quoted
from firstcall.pipeline.conforming import call_rules, routes
from firstcall.pipeline.conforming.call_select import routed
from firstcall.pipeline.loading import rollup
from firstcall.schema.store_facts import ENDPOINTS, RULES
from firstcall.sources.openapi.endpoints import OPENAPI

if TYPE_CHECKING:
    import duckdb

    from firstcall.pipeline.loading.load_job import LoadJob
    from firstcall.settings import Settings

ASKED = ("path", "method", "source", "host", "stage", "consumer", "user_agent", "client_ip")
"""Columns of calls that rules look at."""
JUDGED = ("environment", "traffic_class", "product", "route", "version")
"""Columns of calls that rules decide."""
KNOWN_ENDPOINTS = (
    "SELECT coalesce(md5(string_agg(line, chr(10) ORDER BY line)), 'none') FROM (SELECT DISTINCT "
    "product || ' ' || upper(method) || ' ' || route AS line FROM endpoints WHERE known_to IS NULL)"
)


@dataclass(frozen=True, slots=True)
class Move:
    """So many calls whose `column` was `before` and is `after`; routes are named with their method."""

    column: str
    product: str | None
    before: str | None
    after: str | None
    calls: int


def keep_rules(connection: duckdb.DuckDBPyConnection, settings: Settings) -> tuple[str, ...]:
    """See that calls follow the rules and endpoints of today and write them down; return what was made again."""
    facts = dict(connection.execute("SELECT name, value FROM store").fetchall())
    found = connection.execute(KNOWN_ENDPOINTS).fetchone()
    wanted = {RULES: call_rules.fingerprint(settings), ENDPOINTS: str(found[0]) if found else "none"}
    if all(facts.get(name) == value for name, value in wanted.items()):
        return ()
    notes = reclassify(connection, settings)
    for name, value in wanted.items():
        connection.execute("DELETE FROM store WHERE name = ?", [name])
        connection.execute("INSERT INTO store (name, value) VALUES (?, ?)", [name, value])
    return notes


def end_dropped(connection: duckdb.DuckDBPyConnection, job: LoadJob) -> tuple[str, ...]:
    """End the operations that a replacing OpenAPI document no longer has, of the products and versions it tells of.

    Reads the temporary table `conformed`, the document's operations.
    """
    if job.source != OPENAPI.name or not job.replace:
        return ()
    ended = _count(
        connection,
        f"UPDATE endpoints AS old SET known_to = {moment_literal(job.now)} WHERE old.known_to IS NULL "
        "AND EXISTS (FROM conformed AS c WHERE c.refusal IS NULL AND c.product = old.product "
        "AND c.version IS NOT DISTINCT FROM old.version) "
        "AND NOT EXISTS (FROM conformed AS c WHERE c.refusal IS NULL AND c.product = old.product "
        "AND c.version IS NOT DISTINCT FROM old.version AND c.method = old.method AND c.route = old.route)",
    )
    return (f"{ended:,} operations that the document no longer has were ended",) if ended else ()


def reclassify(connection: duckdb.DuckDBPyConnection, settings: Settings) -> tuple[str, ...]:
    """Judge every call again and count the rollups of what changed; return what the user should know."""
    stage(connection, settings)
    doubts = _doubts(connection, settings)
    changed = _count(connection, "SELECT count(*) FROM rejudged")
    if changed:
        values = ", ".join(f"{name} = j.{name}" for name in JUDGED)
        connection.execute(f"UPDATE calls SET {values} FROM rejudged j WHERE calls.rowid = j.place")
        rollup.rebuild(connection)
    for name in ("rejudged", "fresh_routes", "renamed", "crowded", "route_templates"):
        connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
    if not changed:
        return ()
    said = f"rules or known endpoints have changed: {changed:,} calls were judged again, their rollups counted again"
    return (said, *doubts)


def moves(connection: duckdb.DuckDBPyConnection) -> tuple[Move, ...]:
    """Return what `stage` found, by column and value, most calls first."""
    parts = []
    for name in JUDGED:
        method = "c.method || ' ' || " if name == "route" else ""
        parts.append(
            f"SELECT {quoted(name)} AS judged, j.product, {method}c.{name} AS before, {method}j.{name} AS after, "
            f"count(*) AS calls FROM rejudged j JOIN calls c ON c.rowid = j.place "
            f"WHERE c.{name} IS DISTINCT FROM j.{name} GROUP BY ALL"
        )
    rows = connection.execute(
        f"SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY calls DESC, judged, before, after, product"
    ).fetchall()
    return tuple(Move(*row) for row in rows)


def stage(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Gather the calls that today's rules judge otherwise into the temporary table `rejudged`."""
    columns = {name: name for name in ASKED}
    routing = routes.prepare(connection, settings.routes, columns)
    held = ", ".join(f"{name} IS DISTINCT FROM held_{name}" for name in JUDGED).replace(", ", " OR ")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE rejudged AS SELECT place, method, {', '.join(JUDGED)} "
        f"FROM ({routed(_ruled(settings, routing), routing)}) WHERE {held}"
    )
    routes.count_fresh(connection, _both("product, method, route"))
    if routes.name_words(connection):
        _take(connection, "renamed", routes.same_route("c", "m"))
        connection.execute(
            "UPDATE rejudged SET route = m.template, product = coalesce(rejudged.product, m.owner) FROM renamed m "
            f"WHERE {routes.same_route('rejudged', 'm')}"
        )
        routes.count_fresh(connection, _both("product, method, route"))
    if routes.crowd(connection, settings.limits.routes_per_product):
        same = "{0}.route = m.route AND {0}.product IS NOT DISTINCT FROM m.product"
        _take(connection, "crowded", same.format("c"))
        connection.execute(
            f"UPDATE rejudged SET route = '{routes.OTHER}' FROM crowded m WHERE {same.format('rejudged')}"
        )
    same_as_held = " AND ".join(f"c.{name} IS NOT DISTINCT FROM rejudged.{name}" for name in JUDGED)
    connection.execute(
        f"DELETE FROM rejudged USING calls c WHERE c.rowid = rejudged.place AND {same_as_held}"
    )


def _ruled(settings: Settings, routing: routes.Routing) -> str:
    """Return the SELECT of stored calls with what the rules say of them."""
    columns = {name: name for name in ASKED}
    environments = [(rule.match, str(rule.environment)) for rule in settings.environments]
    traffic = [(rule.match, str(rule.traffic_class)) for rule in settings.traffic]
    environment = call_rules.again(environments, columns, "held_environment")
    traffic_class = call_rules.again(traffic, columns, "held_traffic_class")
    product = call_rules.product(settings.products, settings.routes, columns)
    version = call_rules.version(settings.versions, columns)
    held = ", ".join(f"{name} AS held_{name}" for name in JUDGED)
    stored = f"SELECT rowid AS place, {', '.join(ASKED)}, given, given_route, {held} FROM calls WHERE given IS NOT NULL"
    return (
        f"SELECT *, CASE WHEN given % 2 = 1 THEN held_environment ELSE coalesce({environment}, 'unknown') END "
        "AS environment, CASE WHEN given // 2 % 2 = 1 THEN held_traffic_class "
        f"ELSE coalesce({traffic_class}, 'external') END AS traffic_class, "
        f"CASE WHEN given // 4 % 2 = 1 THEN held_product ELSE {product} END AS product, given_route AS route, "
        f"CASE WHEN given // 8 % 2 = 1 THEN held_version ELSE coalesce({version}, "
        "CASE WHEN given // 16 % 2 = 1 THEN held_version END) END AS version, "
        f"{routing.exact} AS exact_route, {routing.by_rule} AS ruled_route FROM ({stored})"
    )


def _both(columns: str) -> str:
    """Return the FROM clause of all calls as they would be: the ones judged otherwise, and the others."""
    return (
        f"FROM (SELECT {columns} FROM rejudged UNION ALL SELECT {columns} FROM calls "
        "WHERE rowid NOT IN (SELECT place FROM rejudged))"
    )


def _take(connection: duckdb.DuckDBPyConnection, mapping: str, same: str) -> None:
    """Add the calls that `mapping` is about and that are not in `rejudged` yet, as they are."""
    judged = ", ".join(f"c.{name}" for name in JUDGED)
    connection.execute(
        f"INSERT INTO rejudged SELECT c.rowid, c.method, {judged} FROM calls c SEMI JOIN {mapping} m ON {same} "
        "WHERE c.given IS NOT NULL AND c.rowid NOT IN (SELECT place FROM rejudged)"
    )


def _doubts(connection: duckdb.DuckDBPyConnection, settings: Settings) -> tuple[str, ...]:
    """Say how many calls keep what they had because a rule asks for what is not stored."""
    columns = {name: name for name in ASKED}
    asked = [
        f"given // {bit} % 2 = 0 AND {doubt}"
        for bit, rules in ((1, settings.environments), (2, settings.traffic))
        for rule in rules
        if (doubt := call_rules.doubtful(rule.match, columns))
    ]
    notes = []
    if asked:
        count = _count(
            connection, f"SELECT count(*) FROM calls WHERE {' OR '.join(f'({one})' for one in asked)}"
        )
        if count:
            notes.append(
                f"{count:,} calls keep the environment or class they had: a rule asks for a credential or an address "
                "that is not stored as it came; import their files into a new store to judge them again"
            )
    if older := _count(connection, "SELECT count(*) FROM calls WHERE given IS NULL"):
        notes.append(
            f"{older:,} calls were imported by an earlier version, which did not keep what rules ask for; they stay"
        )
    return tuple(notes)


def _count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    found = connection.execute(sql).fetchone()
    return int(found[0]) if found else 0
