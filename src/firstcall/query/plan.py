"""What do relations stand on? Calls with their owners, people and periods, already narrowed to the scope.

A fact is the text of one common table expression. This is the only place where a rollup is chosen: the smallest that
offers every column asked for, else the calls themselves.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from firstcall.literals import day_literal, moment_literal, quoted
from firstcall.metrics.dimensions import OWNER, PARTY, PEOPLE_DIMENSIONS, USAGE_DIMENSIONS
from firstcall.query.filters import (
    PlanContext,
    conditions,
    known,
    local_day,
    people_offers,
    period_of,
    split_of,
)

if TYPE_CHECKING:
    from firstcall.periods import Scope

_TEXT = re.compile(r"'(?:[^']|'')*'")
_COLUMN = re.compile(r"\b([a-z])\.(\w+)")
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


def periods(scope: Scope, *, history: bool) -> str:
    """Return the buckets: number, period, the days inside the scope, and the moments they span."""
    last_seen = scope.calendar.day(scope.as_of - timedelta(microseconds=1))
    rows = []
    for number, bucket in enumerate(scope.history() if history else scope.periods):
        first = bucket.first if history else max(bucket.first, scope.start)
        end = min(bucket.end, scope.end)
        ends = scope.calendar.starts(end)
        if scope.cut and ends > scope.as_of:
            ends, end = scope.as_of, min(end, last_seen + timedelta(days=1))
        anchor = max(first, scope.calendar.period(bucket.end - timedelta(days=1), "month").first)
        if scope.grain != "quarter":
            anchor = first
        row = (
            f"select {number} as number, {day_literal(bucket.first)} as period, {day_literal(first)} as first_day, "
            f"{day_literal(end)} as end_day, {day_literal(anchor)} as anchor, "
            f"{moment_literal(scope.calendar.starts(first))} as starts, {moment_literal(ends)} as ends"
        )
        rows.append(row)
    return " union all ".join(rows)


def parties(scope: Scope) -> str:
    """Return partners with `root`, the partner each one was merged into at last (up to three merges deep)."""
    now = {alias: known(alias, scope) for alias in "abcd"}
    return (
        "select a.partner_id, a.name, a.registered_at, a.status, a.segment, a.country, a.channel, a.manager, "
        "coalesce(d.partner_id, c.partner_id, b.partner_id, a.partner_id) as root from partners as a "
        f"left join partners as b on b.partner_id = a.merged_into and {now['b']} "
        f"left join partners as c on c.partner_id = b.merged_into and {now['c']} "
        f"left join partners as d on d.partner_id = c.merged_into and {now['d']} where {now['a']}"
    )


def owners(scope: Scope) -> str:
    """Return who owned a credential from when until when; where rows overlap, the later one takes over.

    What is known of the partner stands beside it, so that calls, of which there are many, are joined once.
    """
    party = ", ".join(f"h.{name}" for name in ("status", *PARTY))
    return (
        "select c.consumer, coalesce(p.root, c.partner_id) as partner, c.developer_id as developer, "
        f"c.app, {party}, coalesce(c.valid_from, timestamp '1900-01-01') as since, "
        "least(coalesce(c.valid_to, timestamp '2200-01-01'), coalesce(lead(c.valid_from) over "
        "(partition by c.consumer order by c.valid_from nulls first), timestamp '2200-01-01')) as until "
        "from credentials as c left join parties as p on p.partner_id = c.partner_id "
        f"left join parties as h on h.partner_id = coalesce(p.root, c.partner_id) where {known('c', scope)}"
    )


def people(scope: Scope, by: tuple[str, ...]) -> str:
    """Return one row per partner, developer or app of the program: entity, began_at, day, status, split."""
    keep = [
        "coalesce(p.status, 'approved') not in ('rejected', 'test', 'duplicate')",
        *conditions(scope, {name: PEOPLE_DIMENSIONS[name] for name in people_offers(scope)}),
    ]
    if scope.entity == "partner":
        source, entity, began = "parties as p", "p.partner_id", "p.registered_at"
        keep.append("p.root = p.partner_id")
    elif scope.entity == "developer":
        source = (
            "developers as d left join parties as q on q.partner_id = d.partner_id "
            "left join parties as p on p.partner_id = q.root"
        )
        entity, began = "d.developer_id", "d.signed_up_at"
        keep.append(known("d", scope))
    else:
        source = (
            "(select o.app, min(o.developer) as developer_id, min(o.partner) as partner, min(o.since) as since "
            "from owners as o where o.app is not null group by o.app) as d "
            "left join parties as p on p.partner_id = d.partner"
        )
        entity, began = "d.app", "d.since"
    if scope.cut:
        keep.append(f"{began} < {moment_literal(scope.as_of)}")
    return (
        f"select {entity} as entity, {began} as began_at, {local_day(began, scope)} as day, "
        f"coalesce(p.status, 'approved') as status, {split_of(PEOPLE_DIMENSIONS[name] for name in by)} as split "
        f"from {source} where {' and '.join(keep)}"
    )


def usage(
    columns: frozenset[str],
    scope: Scope,
    context: PlanContext,
    by: tuple[str, ...],
    *,
    bounded: bool,
    raw: bool = False,
    whole: tuple[str, ...] = (),
) -> str:
    """Return calls with exactly these columns, from the smallest table that offers what they need.

    `bounded` keeps the days of the scope. `raw` reads single calls whatever the rollups offer. `whole` names
    dimensions whose filter does not narrow these calls.
    """
    offered = {**USAGE_DIMENSIONS, "entity": OWNER[scope.entity], "status": "r.status"}
    filters = conditions(scope, {name: text for name, text in USAGE_DIMENSIONS.items() if name not in whole})
    if scope.environment != "any":
        filters.append(f"r.environment = {quoted(scope.environment)}")
    if context.traffic == "external":
        filters.append("r.traffic_class in ('external', 'agent')")
        filters.append("coalesce(o.status, 'approved') not in ('test', 'duplicate')")
    if bounded:
        filters.append(f"r.day >= {day_literal(scope.start)} and r.day < {day_literal(scope.end)}")
    wanted = {
        name: split_of(USAGE_DIMENSIONS[dimension] for dimension in by)
        if name == "split"
        else offered.get(name, "")
        for name in sorted(columns)
    }
    wanted["period"] = period_of("r.day", scope)
    text = " ".join((*wanted.values(), *filters))
    table, inner = _table(columns, text, scope, context, raw=raw, bounded=bounded)
    shown = []
    for name in sorted(columns):
        expression = wanted[name] or (_RAW.get(name) if table == "calls" else None) or f"r.{name}"
        shown.append(f"{expression} as {name}")
    condition = f" where {' and '.join(filters)}" if filters else ""
    return f"select {', '.join(shown)} from {inner}{_joins(text)}{condition}"


def _table(
    columns: frozenset[str], text: str, scope: Scope, context: PlanContext, *, raw: bool, bounded: bool
) -> tuple[str, str]:
    """Return the table read and the FROM item that reads it; what knows neither days nor bounds reads all alike."""
    dated = bounded or bool(columns & {"day", "period"})
    base = {name for name in columns if name not in {*USAGE_DIMENSIONS, "entity", "split", "period"}}
    aliases = _aliases(text)
    base |= {name for alias, name in aliases if alias == "r"}
    joined = {alias for alias, _ in aliases}
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
                cut = f"r.day < {day_literal(scope.calendar.day(scope.as_of))}" if scope.cut else ""
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


def _aliases(text: str) -> set[tuple[str, str]]:
    """Return the (alias, column) pairs in `text`, leaving out what stands inside text literals."""
    return set(_COLUMN.findall(_TEXT.sub("''", text)))


def _joins(text: str) -> str:
    """Return the joins that the expressions in `text` need."""
    joins = ""
    joined = {alias for alias, _ in _aliases(text)}
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


def catalogued(scope: Scope) -> str:
    """Return one row per endpoint with its class and feature; versions of one endpoint are one endpoint."""
    return (
        "select e.product, e.method, e.route, min(e.api_class) as api_class, min(e.feature) as feature "
        f"from endpoints as e where {known('e', scope)} group by e.product, e.method, e.route"
    )
