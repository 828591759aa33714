"""Which route template does a call's path belong to?

In this order: the endpoints the program knows (a static one wins over one with parameters), the rules of the
settings, recognisers of ids. While calls stream in, ids are masked and the masked path is looked up; parameters that
look like words (/users/alice) are settled afterwards on the few routes left over. Past the limit of distinct routes
per product the rest are `(other)`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from firstcall.literals import quoted
from firstcall.pipeline.conforming import call_rules
from firstcall.settings.rules import RouteRule

OTHER = "(other)"
MALFORMED = "(malformed)"
MANY_ROUTES = 200
"""From here on some of an import's routes are likely to be ids."""
HEX = "[0-9a-fA-F]"
IDS = rf"[0-9]+|{HEX}{{8,}}|[0-7][0-9A-HJKMNP-TV-Z]{{25}}|[a-z]{{2,12}}_(?:[0-9]{{3,}}|[0-9A-Za-z]{{14,}})"
"""Whole numbers, hexadecimal ids, ULIDs, ids with a prefix such as cus_9s6XKzkNRiz8i3."""
UUID = f"{HEX}{{8}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{12}}"
DATE = "[12][0-9]{3}-[01][0-9]-[0-3][0-9]"
LONG = "[0-9A-Za-z_=-]{16,}"
PREFIXED = f"[a-z]{{2,12}}[_](?:{HEX}{{6,}}|[0-9A-Za-z]{{8,}})"
SLUG = "[a-z][a-z0-9]*(?:-[a-z0-9]+)*-[0-9]{5,}|[0-9]{5,}(?:-[a-z0-9]+)+"
ENCODED = "[0-9A-Za-z_.-]*(?:%(?:3[ADad]|2[BFbf])[0-9A-Za-z_.-]*)+"
"""What only a closer look tells: order_00a4f1, blue-shoes-48213, 48213-blue-shoes, urn%3Aorder%3A17, aGVsbG8%3D."""


def _whole(pattern: str) -> str:
    """Return the pattern of a whole segment in a path whose slashes are doubled, so that neighbours match too."""
    return f"'/(?:{pattern})/'"


def recognised(relation: str) -> str:
    """Return the SELECT that adds `shape` to a relation with `path`: the path with ids masked, / for the root.

    /users/42/files/2026-01-31/ → /users/{id}/files/{date}. Patterns cost most, so a path without an id pays for one
    look, and what is seldom met (dates, addresses, base64url ids) costs only the paths that may hold it.
    """
    bare = "CASE WHEN ends_with(path, '/') THEN rtrim(path, '/') ELSE path END"
    found = f"regexp_matches(bare, '/(?:{IDS}|{UUID})(?:/|$)')"
    doubled = "replace(bare, '/', '//') || '/'"

    def masked(text: str) -> str:
        ids = f"regexp_replace({text}, {_whole(IDS)}, '/{{id}}/', 'g')"
        return f"left(replace({ids}, '//', '/'), -1)"

    uuids = f"regexp_replace({doubled}, {_whole(UUID)}, '/{{uuid}}/', 'g')"
    ids = f"CASE WHEN NOT {found} THEN bare WHEN length(bare) > 36 THEN {masked(uuids)} ELSE {masked(doubled)} END"
    encoded = "%(?:40|3[ADad]|2[BFbf])"
    signs = f"-[01][0-9]-|@|{encoded}|[{{]email|[0-9a-zA-Z][.][a-z]|[0-9]{{5}}|_[0-9A-Za-z]*[0-9]|{LONG}"
    rare = f"regexp_matches(ids, '{signs}')"
    return (
        f"SELECT * EXCLUDE (ids), CASE WHEN {rare} THEN {_by_segment('ids')} WHEN ids = '' THEN '/' ELSE ids END "
        f"AS shape FROM (SELECT * EXCLUDE (bare), {ids} AS ids FROM (SELECT *, {bare} AS bare FROM ({relation})))"
    )


def _by_segment(path: str) -> str:
    """Return the path with each segment looked at alone (SQL): exact, and slow."""
    random = (
        f"length(part) >= 16 AND regexp_full_match(part, '{LONG}') AND regexp_matches(part, '[0-9]') "
        "AND regexp_matches(part, '[A-Z]') AND regexp_matches(part, '[a-z]')"
    )
    kinds = (
        f"CASE WHEN regexp_full_match(part, '{DATE}') THEN '{{date}}' "
        "WHEN contains(part, '{email}') OR regexp_matches(part, '(@|%40).*[.]') THEN '{email}' "
        f"WHEN regexp_full_match(part, '(?:{IDS})[.][a-z]{{2,5}}') THEN '{{id}}.' || split_part(part, '.', -1) "
        f"WHEN {random} OR {_told('part')} THEN '{{id}}' ELSE part END"
    )
    return f"array_to_string(list_transform(string_split({path}, '/'), lambda part: {kinds}), '/')"


def _told(part: str) -> str:
    """Return whether a segment is an id with a prefix, beside a slug, or encoded (SQL)."""
    digit = f"regexp_matches({part}, '[0-9]')"
    return (
        f"(regexp_full_match({part}, '{PREFIXED}') AND {digit}) OR regexp_full_match({part}, '{SLUG}') "
        f"OR (length({part}) >= 12 AND {digit} AND regexp_full_match({part}, '{ENCODED}'))"
    )


def generic(route: str) -> str:
    """Return a route with its parameters' names left out (SQL): /users/{id} → /users/{}."""
    return f"regexp_replace({route}, '[{{][^}}/]*[}}]', '{{}}', 'g')"


@dataclass(frozen=True, slots=True)
class Routing:
    """How routes are found in one import: SQL over a relation with `product`, `method`, `path`, `shape`."""

    known: bool
    exact: str
    by_rule: str


def prepare(
    connection: duckdb.DuckDBPyConnection, rules: Sequence[RouteRule], columns: Mapping[str, str]
) -> Routing:
    """Gather the known endpoints into the temporary table `route_templates` and compile the rules."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE route_templates AS "
        "WITH known AS (SELECT DISTINCT product, upper(method) AS method, route FROM endpoints "
        "WHERE known_to IS NULL), "
        f"shaped AS (SELECT *, {generic('route')} AS shape FROM known) "
        "SELECT product AS asked, method, shape, product, min(route) AS route FROM shaped GROUP BY ALL UNION ALL "
        "SELECT '', method, shape, CASE WHEN count(DISTINCT product) = 1 THEN min(product) END, min(route) "
        "FROM shaped GROUP BY method, shape"
    )
    own = "SELECT DISTINCT method, route, shape AS path FROM route_templates WHERE asked = ''"
    odd = connection.execute(
        f"SELECT method, route FROM ({recognised(own)}) "
        f"WHERE {generic('shape')} <> coalesce(nullif(rtrim(path, '/'), ''), '/') ORDER BY ALL"
    ).fetchall()
    found = connection.execute("SELECT count(*) FROM route_templates").fetchone()
    return Routing(bool(found and found[0]), _odd(odd), call_rules.route(rules, columns))


def _odd(rows: Sequence[tuple[str, str]]) -> str:
    """Return the routes whose own words look like ids, such as /api/2024-04/orders: matched by pattern, by path."""
    static_first = sorted(rows, key=lambda row: (row[1].count("{"), row[1]))
    if not static_first:
        return "CAST(NULL AS VARCHAR)"
    cases = (
        f"WHEN method = {quoted(method)} AND starts_with(path, {quoted(re.split('[{]', route)[0])}) "
        f"AND {call_rules.template('path', route)} THEN {quoted(route)}"
        for method, route in static_first
    )
    return "CASE " + " ".join(cases) + " END"


def settle(connection: duckdb.DuckDBPyConnection, import_id: int, limit: int) -> tuple[str, ...]:
    """Match leftover routes of the calls that landed against known templates, then keep to `limit` per product."""
    landed = f"FROM calls WHERE import_id = {import_id}"
    count_fresh(connection, landed)
    if name_words(connection):
        connection.execute(
            f"UPDATE calls SET route = r.template, product = coalesce(calls.product, r.owner) FROM renamed r "
            f"WHERE calls.import_id = {import_id} AND {same_route('calls', 'r')}"
        )
        count_fresh(connection, landed)
    notes = _many(connection)
    if not crowd(connection, limit, "SELECT DISTINCT product, route FROM calls_by_hour"):
        return notes
    moved = connection.execute(
        f"UPDATE calls SET route = '{OTHER}' FROM crowded c WHERE calls.import_id = {import_id} "
        "AND calls.route = c.route AND calls.product IS NOT DISTINCT FROM c.product"
    ).fetchone()
    if not moved or not moved[0]:
        return notes
    return (
        *notes,
        f"{moved[0]} calls are counted under the route {OTHER}: more than {limit} routes of one product",
    )


def _many(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Say that an import made more routes than an API has, and which command looks for ids among them."""
    found = connection.execute(
        "SELECT count(DISTINCT (product, route)) FROM fresh_routes f "
        "WHERE NOT EXISTS (FROM route_templates t WHERE t.method = f.method AND t.route = f.route)"
    ).fetchone()
    if not found or found[0] <= MANY_ROUTES:
        return ()
    said = (
        f"{found[0]:,} routes that no document names: `firstcall routes` shows which of their segments look like ids, "
        "`firstcall routes --apply` counts them as one"
    )
    return (said,)


def same_route(left: str, right: str) -> str:
    """Return whether two rows have the same product, method and route (SQL)."""
    return (
        f"{left}.method = {right}.method AND {left}.route = {right}.route "
        f"AND {left}.product IS NOT DISTINCT FROM {right}.product"
    )


def count_fresh(connection: duckdb.DuckDBPyConnection, rows: str) -> None:
    """Gather the routes of `rows` (a FROM clause) with their calls into the temporary table `fresh_routes`."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE fresh_routes AS SELECT product, method, route, count(*) AS calls "
        f"{rows} GROUP BY ALL"
    )


def name_words(connection: duckdb.DuckDBPyConnection) -> int:
    """Find the template /users/{name} for routes such as /users/alice; returns how many are in `renamed`."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE renamed AS "
        "WITH left_over AS (SELECT f.product, f.method, f.route, string_split(f.route, '/') AS parts "
        "FROM fresh_routes f WHERE NOT EXISTS "
        "(FROM route_templates t WHERE t.method = f.method AND t.route = f.route)), "
        "wild AS (SELECT *, "
        "string_split(rtrim(shape, '/'), '/') AS parts FROM route_templates "
        "WHERE contains(shape, '{}')) "
        "SELECT l.product, l.method, l.route, arg_min(w.route, replace(w.shape, '{}', '~')) AS template, "
        "arg_min(w.product, replace(w.shape, '{}', '~')) AS owner FROM left_over l JOIN wild w "
        "ON w.method = l.method AND len(w.parts) = len(l.parts) AND w.asked = coalesce(l.product, '') "
        "WHERE list_bool_and(list_transform(list_zip(l.parts, w.parts), "
        "lambda pair: pair[1] <> '' AND contains(pair[2], '{}') OR pair[1] = pair[2])) "
        "AND NOT list_bool_or(list_transform(w.parts, lambda part: contains(part, '{}') AND part <> '{}')) GROUP BY ALL"
    )
    count = connection.execute("SELECT count(*) FROM renamed").fetchone()
    return int(count[0]) if count else 0


def crowd(connection: duckdb.DuckDBPyConnection, limit: int, before: str | None = None) -> bool:
    """Gather the fresh routes past the limit into `crowded`: known ones stay, then those with the most calls.

    `before` is a SELECT of (product, route) that had their place already. Returns whether there are any.
    """
    before = before or "SELECT NULL::VARCHAR AS product, NULL::VARCHAR AS route WHERE false"
    most = connection.execute(
        "SELECT max(n) FROM (SELECT count(DISTINCT route) AS n FROM fresh_routes GROUP BY product)"
    ).fetchone()
    kept = connection.execute(f"SELECT count(DISTINCT route) FROM ({before})").fetchone()
    if most is None or most[0] is None or most[0] + (kept or (0,))[0] <= limit:
        return False
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE crowded AS "
        f"WITH before AS ({before}), "
        "fresh AS (SELECT product, route, sum(calls) AS calls FROM fresh_routes GROUP BY ALL), "
        "every AS (SELECT coalesce(f.product, b.product) AS product, coalesce(f.route, b.route) AS route, "
        "b.route IS NOT NULL OR f.route IN (SELECT route FROM route_templates) AS kept, f.calls "
        "FROM fresh f FULL JOIN before b ON f.route = b.route AND f.product IS NOT DISTINCT FROM b.product), "
        "ranked AS (SELECT *, row_number() OVER (PARTITION BY product ORDER BY kept DESC, calls DESC, route) AS place "
        f"FROM every WHERE route <> '{OTHER}') "
        f"SELECT product, route FROM ranked WHERE place > {limit} AND NOT kept"
    )
    found = connection.execute("SELECT count(*) FROM crowded").fetchone()
    return bool(found and found[0])
