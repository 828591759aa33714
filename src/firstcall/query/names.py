"""What do the values of a filter mean: are they known at all, and whose ids are they; and what are ids called?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from sqlglot import exp

from firstcall.errors import ScopeError, UnknownValue
from firstcall.metrics.onboarding.funnel import PRESETS
from firstcall.periods import DIMENSIONS
from firstcall.query import facts
from firstcall.query.bindings import Bindings, Expression
from firstcall.query.commands import command
from firstcall.query.compile import Query
from firstcall.query.filters import known
from firstcall.query.template import template
from firstcall.schema.identity import JOURNEY_STEPS
from firstcall.schema.tables import TABLES
from firstcall.schema.usage import API_CLASSES, ENVIRONMENTS, OUTCOMES, TRAFFIC_CLASSES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from firstcall.answers import Point
    from firstcall.engines.engine import Engine
    from firstcall.metrics.metric import Metric, Relation
    from firstcall.periods import Scope
    from firstcall.query.store_state import StoreState

NAMED = {
    "partner": ("partners", "partner_id"),
    "developer": ("developers", "developer_id"),
    "product": ("products", "product"),
}
"""Dimensions whose ids have names: the table and the column of the id; the name stands in `name`."""
CLOSED: Mapping[str, Collection[str]] = {
    "environment": ENVIRONMENTS,
    "outcome": OUTCOMES,
    "traffic_class": TRAFFIC_CLASSES,
    "api_class": API_CLASSES,
    "status": tuple(map(str, range(1000))),
    "subscription_kind": next(each.values for each in TABLES["subscriptions"].columns if each.name == "kind"),
    "category": (*next(each.values for each in TABLES["costs"].columns if each.name == "category"), "effort"),
}
"""Dimensions whose values are known without a row: a filter by one that did not happen finds nothing, and says 0."""
WRITTEN = {"kind": ("kind", "type", "stage"), "severity": ("severity",), "tier": (), "step": ()}
"""Dimensions whose values stand in the texts of the metric's relations, or in these columns of the tables it needs."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    **{name: (name,) for name in DIMENSIONS if name not in CLOSED and name not in {"kind", "tier", "sdk"}},
    "partner": ("partner_id",),
    "developer": ("developer_id",),
    "plan": ("plan_id",),
    "product": ("product", "products"),
    "topic": ("topic", "subject"),
}
"""The columns in which the values of any other dimension stand, in whatever table has them."""
OF_CALLS = {
    "consumer": ("calls_by_consumer", "t.consumer"),
    "sdk": ("calls", "t.sdk"),
    "endpoint": ("calls_by_hour", "t.method || ' ' || t.route"),
    **{name: ("calls_by_hour", f"t.{name}") for name in ("product", "method", "route", "version", "source")},
}
"""Where the calls tell values: rollups, which are small; no rollup has the SDK."""
FILLED_BY = {
    **dict.fromkeys(("partner", "segment", "country", "channel", "manager"), "partners"),
    "developer": "developers",
    "app": "credentials",
    "consumer": "credentials",
    "feature": "endpoints",
    "plan": "plans",
    "topic": "tickets",
    "wave": "surveys",
    "region": "probes",
}
"""The table that would bring values of a dimension."""
NOBODY = "null"
FEW = 3
"""Values that the error names anyway."""
MOST_OFFERED = 50_000
"""Values among which near ones are looked for."""


def meant(scope: Scope, metric: Metric, relations: Mapping[str, Relation], state: StoreState) -> Scope:
    """Return the scope with every value of its filters as the id that rows have.

    UnknownValue for a value that no row has, ScopeError for a name that several have. A partner that was merged is the
    one it became.
    """
    where = tuple(
        (name, tuple(dict.fromkeys(_meant(name, value, scope, metric, relations, state) for value in values)))
        for name, values in scope.where
    )
    return replace(scope, where=where)


def labels(points: Iterable[Point], scope: Scope, engine: Engine) -> Mapping[str, Mapping[str, str]]:
    """Return what the ids of an answer's splits and filters are called, by dimension and id."""
    ids: dict[str, set[str]] = {name: set(values) for name, values in scope.where if name in NAMED}
    ids |= {name: ids.get(name, set()) for name in scope.by if name in NAMED}
    if any(name in NAMED for name in scope.by):
        for point in points:
            for name in ids:
                ids[name].add(point.by.get(name) or NOBODY)
    found = {name: _called(name, some - {NOBODY}, scope, engine) for name, some in ids.items()}
    return {name: called for name, called in found.items() if called}


def _called(dimension: str, ids: Collection[str], scope: Scope, engine: Engine) -> dict[str, str]:
    if not ids:
        return {}
    table, key = NAMED[dimension]
    text = f"select t.{key} as id, t.name as name from {table} as t where t.name is not null and {known('t', scope)}"
    if len(ids) <= 1_000:
        rows = _rows(f"{text} and $kept", scope, engine, exp.column(key, table="t"), ids)
    else:
        rows = _rows(text, scope, engine)
    return {str(key): str(name) for key, name in sorted(rows, key=str) if key in ids}


def _meant(
    dimension: str,
    value: str,
    scope: Scope,
    metric: Metric,
    relations: Mapping[str, Relation],
    state: StoreState,
) -> str:
    if value == NOBODY:
        return value
    written = frozenset[str]()
    if dimension in WRITTEN:
        written = _written(dimension, metric, scope, relations)
    kept = state.kept(f"meaning {dimension}", dict[tuple[object, ...], str])
    asked = (value, scope.known_at, written)
    if asked not in kept:
        kept[asked] = _root(dimension, _id(dimension, value, scope, written, state.engine), scope, state)
    return kept[asked]


def _id(dimension: str, value: str, scope: Scope, written: Collection[str], engine: Engine) -> str:
    """Return the id that a value is or names; UnknownValue says which are near."""
    closed = CLOSED.get(dimension, written)
    if value in closed or value in _values(dimension, scope, engine, [value]):
        return value
    values = {*closed} | _values(dimension, scope, engine)
    names = _names(dimension, scope, engine)
    spelled = [(name, id_) for name, id_ in (*names, *zip(values, values, strict=True)) if dimension in NAMED]
    found = sorted({id_ for name, id_ in spelled if _plain(name) == _plain(value)})
    if len(found) > 1:
        raise ScopeError(
            f"{value!r} may be {len(found)} {dimension}s: {', '.join(found)}. Name one by its id."
        )
    if not found:
        hint = "" if closed or len(values) <= FEW else f"A split by {dimension} lists all {len(values):,}."
        hint = hint if values else _filled(dimension)
        near = sorted({*values, *(name for name, _ in names)})[:MOST_OFFERED]
        raise UnknownValue(dimension, value, near, hint=hint)
    return found[0]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _filled(dimension: str) -> str:
    table = FILLED_BY.get(dimension)
    said = f"No row has a {dimension.replace('_', ' ')} yet"
    return f"{said}: {command(table)}" if table else f"{said}."


def _written(
    dimension: str, metric: Metric, scope: Scope, relations: Mapping[str, Relation]
) -> frozenset[str]:
    """Return the values that the texts of a metric and the tables it needs allow themselves."""
    found = {*JOURNEY_STEPS, *scope.steps, *chain(*PRESETS.values())} if dimension == "step" else set[str]()
    for tables in metric.needs:
        for table in tables.split("|"):
            for name in WRITTEN[dimension]:
                column = TABLES[table].column(name)
                found |= set(column.values) if column else set()
    seen = set[str]()
    texts = [part.relation(scope) for part in metric.parts]
    while texts:
        relation = texts.pop()
        if relation.name not in seen:
            seen.add(relation.name)
            tree = template(relation.sql).tree
            found |= {str(each.this) for each in tree.find_all(exp.Literal) if each.is_string}
            texts += [relations[name] for name in template(relation.sql).tables if name in relations]
            offered = relation.offers.get(dimension)
            if offered:
                found |= {str(each.this) for each in template(offered).tree.find_all(exp.Literal)}
    return frozenset(found)


def _values(dimension: str, scope: Scope, engine: Engine, among: Collection[str] = ()) -> set[str]:
    """Return the values that rows have; with `among` only those of them."""
    texts = [
        f'select {text} as value from "{table.name}" as t where {known("t", scope)}'
        for table in TABLES.values()
        if table.name != "calls"
        for text in _told(dimension, table.names)
    ]
    if dimension in OF_CALLS:
        table, text = OF_CALLS[dimension]
        texts.append(f"select {text} as value from {table} as t")
    if not texts:
        return set()
    text = (
        f"select distinct x.value as value from ({' union all '.join(texts)}) as x where x.value is not null"
    )
    if among and not {"products"} & {*COLUMNS.get(dimension, ())}:
        rows = _rows(f"{text} and $kept", scope, engine, exp.column("value", table="x"), among)
    else:
        rows = _rows(text, scope, engine)
    found = {str(value) for (value,) in rows}
    if dimension == "product":  # an incident lists them with commas
        found = {part.strip() for value in found for part in value.split(",")}
    return found & {*among} if among else found


def _told(dimension: str, columns: Collection[str]) -> list[str]:
    if dimension == "endpoint":
        return ["t.method || ' ' || t.route"] if {"method", "route"} <= {*columns} else []
    return [f"t.{name}" for name in COLUMNS.get(dimension, ()) if name in columns]


def _names(dimension: str, scope: Scope, engine: Engine) -> list[tuple[str, str]]:
    """Return (name, id) of every id that has a name."""
    if dimension not in NAMED:
        return []
    table, key = NAMED[dimension]
    text = f"select t.name as name, t.{key} as id from {table} as t where t.name is not null and {known('t', scope)}"
    return [(str(name), str(key)) for name, key in _rows(text, scope, engine)]


def _root(dimension: str, value: str, scope: Scope, state: StoreState) -> str:
    """Return the partner that a merged one became, and any other value as it is."""
    if dimension != "partner":
        return value
    kept = state.kept("roots", dict[object, dict[str, str]])
    if scope.known_at not in kept:
        merged = "select p.partner_id as id, p.root as root from parties as p where p.root <> p.partner_id"
        rows = _rows(merged, scope, state.engine, parties=facts.parties(scope))
        kept[scope.known_at] = {str(id_): str(root) for id_, root in rows}
    return kept[scope.known_at].get(value, value)


def _rows(
    text: str,
    scope: Scope,
    engine: Engine,
    column: exp.Expr | None = None,
    among: Collection[str] = (),
    **named: str,
) -> Sequence[Sequence[object]]:
    """Return the rows of a text; `$kept` in it says that `column` is among these values."""
    bindings = Bindings(scope, {"known_at": scope.known_at} if scope.known_at else {})
    if column is not None:
        values = [exp.Literal.string(each) for each in sorted(among)]
        bindings = bindings.also(kept=exp.In(this=column, expressions=values))
    stands_on = {name: Expression(template(each), (bindings,)) for name, each in named.items()}
    query = Query(stands_on, Expression(template(text), (bindings,)))
    return engine.run(query.sql(engine.dialect))[1]
