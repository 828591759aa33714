"""Which table is read? The smallest rollup that offers every column asked of the calls, else the calls themselves.

This is the only place where a rollup is chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics.dimensions import OWNER, USAGE_DIMENSIONS
from firstcall.query.bindings import Expression
from firstcall.query.filters import filters, known, split_of
from firstcall.query.template import aliases_of, template

if TYPE_CHECKING:
    from firstcall.periods import Scope
    from firstcall.query.bindings import Bindings
    from firstcall.query.filters import PlanContext

_COUNTED = ("calls", "denied", "units")
_HOUR = {"day", "hour", "source", "product", "method", "route", "version", "environment", "outcome", "status"}
_CONSUMER = {
    "day", "source", "consumer", "product", "environment", "traffic_class", "outcome", "first_time", "last_time",
}  # fmt: skip
_LATENCY = {
    "day", "source", "product", "method", "route", "version", "environment", "outcome", "latency_bucket",
}  # fmt: skip
_MONTH = {
    "day", "source", "consumer", "product", "method", "route", "version", "environment", "traffic_class",
    "first_time", "last_time", "last_success",
}  # fmt: skip
_ROLLUPS = (
    ("calls_by_hour", frozenset(_HOUR | {*_COUNTED})),
    ("calls_by_consumer", frozenset(_CONSUMER | {*_COUNTED})),
    ("latency_by_day", frozenset(_LATENCY | {"calls"})),
    ("callers_by_month", frozenset(_MONTH | {"calls"})),
)
"""In order of preference: the first that offers every column asked for is read."""
_UNDATED = tuple(sorted(_ROLLUPS, key=lambda rollup: rollup[0] == "calls_by_consumer"))
"""The same where nobody reads `day` itself: a caller's months are fewer than its days."""
_RAW = {
    "calls": "1",
    "denied": "case when r.status in (401, 403) then 1 else 0 end",
    "units": "coalesce(r.units, 1)",
    "last_success": "case when r.outcome = 'success' then r.time end",
}


def usage(
    columns: frozenset[str],
    bindings: Bindings,
    context: PlanContext,
    by: tuple[str, ...],
    *,
    bounded: bool,
    raw: bool = False,
    whole: tuple[str, ...] = (),
) -> Expression:
    """Return calls with exactly these columns, from the smallest table that offers what they need.

    `bounded` keeps the days of the scope. `raw` reads single calls whatever the rollups offer. `whole` names
    dimensions whose filter does not narrow these calls.
    """
    scope = bindings.scope
    offered = {**USAGE_DIMENSIONS, "entity": OWNER[scope.entity], "status": "r.status"}
    offers = {name: text for name, text in USAGE_DIMENSIONS.items() if name not in whole}
    kept = filters(scope, offers)
    keep = _narrowed(scope, context, filtered=kept is not None, bounded=bounded)
    wanted = {
        name: split_of(USAGE_DIMENSIONS[dimension] for dimension in by)
        if name == "split"
        else offered.get(name, "")
        for name in sorted(columns)
    }
    wanted["period"] = "period_of(r.day)"
    filtered = [offers[name] for name, _ in scope.where if name in offers]
    read = frozenset().union(*(aliases_of(text) for text in (*wanted.values(), *keep, *filtered) if text))
    table, inner = _table(columns, read, scope, context, raw=raw, bounded=bounded)
    shown = []
    for name in sorted(columns):
        expression = wanted[name] or (_RAW.get(name) if table == "calls" else None) or f"r.{name}"
        shown.append(f"{expression} as {name}")
    condition = f" where {' and '.join(keep)}" if keep else ""
    text = f"select {', '.join(shown)} from {inner}{_joins({alias for alias, _ in read})}{condition}"
    return Expression(template(text), (bindings.also(filters=kept),))


def _narrowed(scope: Scope, context: PlanContext, *, filtered: bool, bounded: bool) -> list[str]:
    """Return the conditions on calls that the scope sets; `$filters` stands for those of its dimensions."""
    keep = ["$filters"] if filtered else []
    if scope.environment != "any":
        keep.append("r.environment = $environment")
    if context.traffic == "external":
        keep.append("r.traffic_class in ('external', 'agent')")
        keep.append("coalesce(o.status, 'approved') not in ('test', 'duplicate')")
    if bounded:
        keep.append("r.day >= $start and r.day < $end")
    return keep


def _table(
    columns: frozenset[str],
    read: frozenset[tuple[str, str]],
    scope: Scope,
    context: PlanContext,
    *,
    raw: bool,
    bounded: bool,
) -> tuple[str, str]:
    """Return the table read and the FROM item that reads it; what knows neither days nor bounds reads all alike."""
    dated = bounded or bool(columns & {"day", "period"})
    base = {name for name in columns if name not in {*USAGE_DIMENSIONS, "entity", "split", "period"}}
    base |= {name for alias, name in read if alias == "r"}
    joined = {alias for alias, _ in read}
    if "o" in joined:
        base |= {"consumer", "first_time", "last_time"}
    if "e" in joined:
        base |= {"product", "method", "route", "version"}
    if "f" in joined:
        base |= {"product"}
    if not raw and context.rolled_up and scope.known_at is None and not (scope.cut and _inside_a_day(scope)):
        for name, offers in _ROLLUPS if "day" in columns else _UNDATED:
            if name == "callers_by_month" and not _by_whole_months(base, scope, context, dated=dated):
                continue
            if base <= offers and not (scope.exact and name == "latency_by_day"):
                cut = "r.day < $as_of_day" if scope.cut else ""
                if "o" in joined and context.straddles and name == "calls_by_consumer":
                    return name, _mended(sorted(base), cut)
                return name, f"(select * from {name} as r where {cut}) as r" if cut else f"{name} as r"
    single = "select r.*, r.time as first_time, r.time as last_time from calls as r"
    return "calls", f"({single} where {known('r', scope, 'time')}) as r"


def _by_whole_months(base: set[str], scope: Scope, context: PlanContext, *, dated: bool) -> bool:
    """Whether the monthly rollup's rows fall wholly inside or outside the scope and every bucket of it."""
    if scope.cut or (context.months_straddle and "consumer" in base):
        return False
    if not dated:
        return True
    if scope.grain in {"day", "week"}:
        return False
    beyond = scope.end > scope.calendar.day(scope.as_of)
    return scope.start.day == 1 and (scope.end.day == 1 or beyond)


def _inside_a_day(scope: Scope) -> bool:
    """Whether the as-of moment is no local midnight, so that daily rollups cannot be cut there."""
    return scope.calendar.starts(scope.calendar.day(scope.as_of)) != scope.as_of


def _mended(base: list[str], cut: str) -> str:
    """Return the consumer rollup with the rows a credential's change of hands runs through read call by call."""
    rolled = ", ".join(f"r.{name}" for name in base)
    moments = {"first_time": "r.time", "last_time": "r.time"}
    single = ", ".join(f"{(_RAW | moments).get(name, f'r.{name}')} as {name}" for name in base)
    kept = f" and {cut}" if cut else ""
    pair = "x.consumer = r.consumer and x.day = r.day"
    return (
        f"(select {rolled} from calls_by_consumer as r left join straddled as x on {pair} "
        f"where x.day is null{kept} union all select {single} from calls as r join straddled as x on {pair} "
        f"where r.known_to is null{kept}) as r"
    )


def straddled(rollup: str = "calls_by_consumer") -> str:
    """Return the consumers and days (or months) of the rollup during which a credential changed hands."""
    return (
        f"select distinct r.consumer, r.day from {rollup} as r join owners as o on o.consumer = r.consumer "
        "where (r.first_time < o.since and o.since <= r.last_time) "
        "or (r.first_time < o.until and o.until <= r.last_time)"
    )


def _joins(joined: set[str]) -> str:
    """Return the joins that the aliases that are read need."""
    joins = ""
    if "o" in joined:
        joins += (
            " left join owners as o on o.consumer = r.consumer and r.first_time >= o.since "
            "and r.first_time < o.until"
        )
    if "e" in joined:
        joins += " left join catalogued as e on e.product = r.product and e.method = r.method and e.route = r.route"
    if "f" in joined:
        joins += " left join known_products as f on f.product = r.product"
    return joins
