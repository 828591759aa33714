"""What became of the paths: which routes have calls, how was each recognised, and which segments look like ids?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from firstcall.literals import quoted_all
from firstcall.pipeline.conforming import routes
from firstcall.settings.template import toml

if TYPE_CHECKING:
    import duckdb

    from firstcall.settings import Settings

EXAMPLES = 3
MOST_SHAPES = 20_000
"""Routes among which suspicious segments are looked for, those with the most calls first."""
MANY_WORDS = 50
"""So many words in one place of a path are names, not resources."""
FEW_ODD = 5
"""So many odd segments (with digits, dots, many dashes) in one place are ids."""
ODD = re.compile(r"[0-9.@%~+:=,]|.{25}|-.*-.*-")
VERSION = re.compile(r"v[0-9]+(?:[.][0-9]+)*")
PARAMETER = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class RouteFound:
    """A route with calls; `by` is openapi, settings, recogniser, gateway or (other), `paths` how many it stands for."""

    product: str | None
    method: str
    route: str
    by: str
    calls: int
    paths: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """Calls of a product past its limit of routes: `routes` they would have had, the busiest as `examples`."""

    product: str | None
    calls: int
    routes: int
    examples: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Paths that look as if a segment were an id: the template they would share, and the rule that makes it so."""

    product: str | None
    route: str
    calls: int
    values: int
    examples: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class RouteReport:
    """What became of the paths; each list has the busiest first."""

    routes: tuple[RouteFound, ...]
    other: tuple[Folded, ...]
    candidates: tuple[Candidate, ...]


def report(connection: duckdb.DuckDBPyConnection, settings: Settings) -> RouteReport:
    """Return what became of the paths of the calls in force."""
    routes.prepare(connection, settings.routes, {name: name for name in ("path", "method", "host", "source")})
    found = _routes(connection, [rule.route for rule in settings.routes])
    shapes = _shapes(connection)
    connection.execute("DROP TABLE IF EXISTS temp.route_templates")
    literal = [(each.product, each.route, each.calls) for each in found if each.by == "recogniser"]
    left = [*literal, *shapes]
    return RouteReport(found, _folded(shapes, settings.limits.routes_per_product), candidates(left))


def _routes(connection: duckdb.DuckDBPyConnection, ruled: Sequence[str]) -> tuple[RouteFound, ...]:
    listed = quoted_all(ruled) or "NULL"
    rows = connection.execute(
        f"SELECT p.product, p.method, p.route, CASE WHEN p.route = '{routes.OTHER}' THEN '{routes.OTHER}' "
        "WHEN bool_or(p.named) OR count(p.path) = 0 THEN 'gateway' "
        "WHEN bool_or(t.route IS NOT NULL) THEN 'openapi' "
        f"WHEN p.route IN ({listed}) THEN 'settings' ELSE 'recogniser' END, CAST(sum(p.calls) AS BIGINT), "
        f"count(DISTINCT p.path), list_slice(list(p.path "
        f"ORDER BY p.calls DESC, p.path) FILTER (p.path IS NOT NULL), 1, {EXAMPLES}) "
        "FROM (SELECT product, method, route, path, bool_or(given_route = route) AS named, count(*) AS calls "
        "FROM calls WHERE known_to IS NULL GROUP BY ALL) p "
        "LEFT JOIN (SELECT DISTINCT method, route FROM route_templates) t "
        "ON t.method = p.method AND t.route = p.route "
        "GROUP BY p.product, p.method, p.route ORDER BY 5 DESC, 1, 3, 2"
    ).fetchall()
    return tuple(
        RouteFound(product, method, route, by, calls, paths, tuple(examples or ()))
        for product, method, route, by, calls, paths, examples in rows
    )


def _shapes(connection: duckdb.DuckDBPyConnection) -> list[tuple[str | None, str, int]]:
    """Return (product, route without the limit, calls) of what is counted under (other), the busiest first."""
    asked = (
        f"SELECT product, path, given_route FROM calls WHERE known_to IS NULL AND route = '{routes.OTHER}'"
    )
    return connection.execute(
        f"SELECT product, coalesce(given_route, shape, '{routes.MALFORMED}'), count(*) "
        f"FROM ({routes.recognised(asked)}) GROUP BY ALL ORDER BY 3 DESC, 2, 1"
    ).fetchall()


def _folded(shapes: Iterable[tuple[str | None, str, int]], limit: int) -> tuple[Folded, ...]:
    held: dict[str | None, list[tuple[str, int]]] = {}
    for product, route, calls in shapes:
        held.setdefault(product, []).append((route, calls))
    why = (
        f"more than {limit:,} routes of one product (limits.routes_per_product): known endpoints and those with the "
        "most calls kept their own"
    )
    found = [
        Folded(product, sum(calls for _, calls in rows), len(rows), tuple(r for r, _ in rows[:EXAMPLES]), why)
        for product, rows in held.items()
    ]
    return tuple(sorted(found, key=lambda each: -each.calls))


@dataclass(slots=True)
class _Group:
    calls: int = 0
    values: dict[str, None] = field(default_factory=dict)


Item = tuple[tuple[str, ...], int, str]
"""Segments still to be read, calls, and the first segment that was taken for an id."""


def candidates(shapes: Sequence[tuple[str | None, str, int]]) -> tuple[Candidate, ...]:
    """Return the templates under which literal segments would be one route; `shapes` is (product, route, calls)."""
    by_product: dict[str | None, list[Item]] = {}
    for product, route, calls in sorted(shapes, key=lambda shape: -shape[2])[:MOST_SHAPES]:
        if route.startswith("/") and not re.search(r"\s", route):
            by_product.setdefault(product, []).append((tuple(route[1:].split("/")), calls, ""))
    found = []
    for product, items in by_product.items():
        groups: dict[str, _Group] = {}
        _fold((), items, groups)
        found += [
            Candidate(
                product, route, one.calls, len(one.values), tuple(one.values)[:EXAMPLES], rule_for(route)
            )
            for route, one in groups.items()
        ]
    return tuple(sorted(found, key=lambda each: (-each.calls, each.route)))


def rule_for(route: str) -> str:
    """Return the lines for firstcall.toml that count the paths of a template under it."""
    return f"[[routes]]\nmatch.path = {toml(route)}\nroute = {toml(route)}\n"


def _fold(prefix: tuple[str, ...], items: Sequence[Item], groups: dict[str, _Group]) -> None:
    """Follow the segments from left to right; where they look like ids, all of them become one parameter."""
    below: dict[str, list[Item]] = {}
    for rest, calls, value in items:
        if rest:
            below.setdefault(rest[0], []).append((rest[1:], calls, value))
        elif value:
            group = groups.setdefault(f"/{'/'.join(prefix)}", _Group())
            group.calls += calls
            group.values[value] = None
    ids = _ids(below)
    merged = [
        (rest, calls, value or name) for name in below if name in ids for rest, calls, value in below[name]
    ]
    if merged:
        _fold((*prefix, _parameter(prefix)), merged, groups)
    for name, inner in below.items():
        if name not in ids:
            _fold((*prefix, name), inner, groups)


def _ids(below: Mapping[str, object]) -> frozenset[str]:
    """Return the segments of one place that look like ids: all when there are too many, else the odd ones."""
    words = [name for name in below if name and "{" not in name]
    odd = [name for name in words if ODD.search(name) and not VERSION.fullmatch(name)]
    if len(words) >= MANY_WORDS:
        return frozenset(words)
    return frozenset(odd) if len(odd) >= FEW_ODD else frozenset()


def _parameter(prefix: Sequence[str]) -> str:
    """Return a parameter named after the collection it stands in: users → {user}."""
    last = prefix[-1] if prefix else ""
    name = "id"
    if PARAMETER.fullmatch(last) and not VERSION.fullmatch(last):
        one = f"{last[:-3]}y" if last.endswith("ies") else last.removesuffix("s")
        name = one.replace("-", "_") or name
    return f"{{{name}}}"
