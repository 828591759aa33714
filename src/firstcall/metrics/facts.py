"""What do relations stand on? Calls with their owners, people, money and periods, already narrowed to the scope.

A fact is the text of one common table expression. This is the only place where period, filter, split, environment,
traffic, as-of and knowledge time are applied, and where a rollup is chosen when it offers every column asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from firstcall.errors import ScopeError
from firstcall.metrics.literals import NOBODY, SEPARATOR, day_literal, moment_literal, offset_changes, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from firstcall.metrics.metric import Relation, Traffic
    from firstcall.periods import Scope

_PARTY = {name: f"p.{name}" for name in ("segment", "country", "channel", "manager")}
_OWNER = {"partner": "o.partner", "developer": "o.developer", "app": "o.app"}
_ENDPOINT = {"api_class": "e.api_class", "feature": "e.feature"}
USAGE_DIMENSIONS: Mapping[str, str] = {
    "product": "r.product",
    "endpoint": "r.method || ' ' || r.route",
    "method": "r.method",
    "route": "r.route",
    "version": "r.version",
    "environment": "r.environment",
    "status": "cast(r.status as varchar)",
    "outcome": "r.outcome",
    "traffic_class": ("case when p.status in ('test', 'duplicate') then 'internal' else r.traffic_class end"),
    "source": "r.source",
    "consumer": "r.consumer",
    "sdk": "r.sdk",
    **_OWNER,
    **_PARTY,
    **_ENDPOINT,
}
PEOPLE_DIMENSIONS: Mapping[str, str] = {
    "partner": "p.partner_id",
    "developer": "d.developer_id",
    "app": "d.app",
    **_PARTY,
}
MONEY_DIMENSIONS: Mapping[str, str] = {
    "partner": "m.partner",
    "product": "m.product",
    "plan": "m.plan",
    "kind": "m.kind",
    "category": "m.category",
    "currency": "m.currency",
    **_PARTY,
}
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
    "first_time", "last_time",
}  # fmt: skip
_ROLLUPS = (
    ("calls_by_hour", frozenset(_HOUR | {*_COUNTED})),
    ("calls_by_consumer", frozenset(_CONSUMER | {*_COUNTED})),
    ("latency_by_day", frozenset(_LATENCY | {"calls"})),
    ("callers_by_month", frozenset(_MONTH | {"calls"})),
)
"""In order of preference: the first that offers every column asked for is read."""
_RAW = {
    "calls": "1",
    "denied": "case when r.status in (401, 403) then 1 else 0 end",
    "units": "coalesce(r.units, 1)",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What the facts need besides the scope: the program's money and whether credentials change hands mid-day.

    `straddles` says that some rollup row spans the moment a credential changed hands; those rows are then read
    from the calls. `months_straddle` says the same of the monthly rollup, which is then not read at all. `rolled_up` says that the rollups are in the scope's zone and may be used.
    """

    currency: str = "EUR"
    traffic: Traffic = "all"
    straddles: bool = True
    months_straddle: bool = True
    rolled_up: bool = True
    success: str = "success"


def known(alias: str, scope: Scope, happened: str | None = None) -> str:
    """Return the condition that hides replaced versions, and with as-of what had not happened yet."""
    if scope.known_at is None:
        condition = f"{alias}.known_to is null"
    else:
        moment = moment_literal(scope.known_at)
        condition = (
            f"{alias}.known_from <= {moment} and ({alias}.known_to is null or {alias}.known_to > {moment})"
        )
    if scope.cut and happened is not None:
        condition += f" and {alias}.{happened} < {moment_literal(scope.as_of)}"
    return condition


def local_day(moment: str, scope: Scope) -> str:
    """Return the SQL of a UTC moment's local day: the zone's offset changes, written out."""
    return f"cast({local_time(moment, scope)} as date)"


def local_time(moment: str, scope: Scope) -> str:
    """Return the SQL of a UTC moment's local wall-clock time, from the zone's offsets in the scope's years."""
    zone = scope.calendar.zone
    first = min(scope.earliest or scope.start, scope.start) - timedelta(days=400)
    last = max(scope.end, scope.as_of.date()) + timedelta(days=400)
    changes = offset_changes(zone, first, last)
    offset = str(changes[-1][1])
    if len(changes) > 1:
        cases = " ".join(
            f"when {moment} < {moment_literal(until)} then {seconds}"
            for until, seconds in changes[:-1]
            if until is not None
        )
        offset = f"case {cases} else {offset} end"
    return f"add_seconds({moment}, {offset})"


def period_of(day: str, scope: Scope) -> str:
    """Return the SQL of the first day of the bucket that holds a local day."""
    weeks, months = scope.calendar.week_shift, scope.calendar.month_shift
    if scope.grain == "all":
        first = day_literal(scope.start)
        return f"case when {day} >= {first} and {day} < {day_literal(scope.end)} then {first} end"
    if scope.grain == "day":
        return day
    if scope.grain == "week" and weeks:
        return f"add_days(first_day('week', add_days({day}, {weeks})), -{weeks})"
    if scope.grain in {"quarter", "year"} and months:
        return f"add_months(first_day('{scope.grain}', add_months({day}, -{months})), {months})"
    return f"first_day('{scope.grain}', {day})"


def split_of(expressions: Iterable[str]) -> str:
    """Return the SQL of one text that holds every split value; what belongs to nobody has a mark of its own."""
    parts = [f"coalesce({expression}, {quoted(NOBODY)})" for expression in expressions]
    return f" || {quoted(SEPARATOR)} || ".join(parts) if parts else "''"


def split_parts(relation: Relation, scope: Scope) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which split dimensions people supply and which the other facts of the relation do."""
    if relation.splits_by == "both":
        mine = tuple(name for name in scope.by if name in people_offers(scope))
        return mine, tuple(name for name in scope.by if name not in mine)
    if relation.splits_by == "people":
        return scope.by, ()
    return (), scope.by


def people_offers(scope: Scope) -> tuple[str, ...]:
    """Return the dimensions people have for the scope's entity."""
    own = {
        "partner": ("partner",),
        "developer": ("developer", "partner"),
        "app": ("app", "developer", "partner"),
    }
    return (*own[scope.entity], *_PARTY)


def conditions(scope: Scope, offers: Mapping[str, str]) -> list[str]:
    """Return the filters of the scope that a fact offering these dimensions can apply."""
    found = []
    for name, values in scope.where:
        if name not in offers:
            continue
        named = [quoted(value) for value in values if value != "null"]
        choices = [f"{offers[name]} in ({', '.join(named)})"] if named else []
        if "null" in values:
            choices.append(f"{offers[name]} is null")
        found.append(f"({' or '.join(choices)})")
    return found


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
    """Return who owned a credential from when until when; where rows overlap, the later one takes over."""
    return (
        "select c.consumer, coalesce(p.root, c.partner_id) as partner, c.developer_id as developer, "
        "c.app, coalesce(c.valid_from, timestamp '1900-01-01') as since, "
        "least(coalesce(c.valid_to, timestamp '2200-01-01'), coalesce(lead(c.valid_from) over "
        "(partition by c.consumer order by c.valid_from nulls first), timestamp '2200-01-01')) as until "
        f"from credentials as c left join parties as p on p.partner_id = c.partner_id where {known('c', scope)}"
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
    setting: Setting,
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
    offered = {**USAGE_DIMENSIONS, "entity": _OWNER[scope.entity], "status": "r.status"}
    filters = conditions(scope, {name: text for name, text in USAGE_DIMENSIONS.items() if name not in whole})
    if scope.environment != "any":
        filters.append(f"r.environment = {quoted(scope.environment)}")
    if setting.traffic == "external":
        filters.append("r.traffic_class in ('external', 'agent')")
        filters.append("coalesce(p.status, 'approved') not in ('test', 'duplicate')")
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
    table, inner = _table(columns, text, scope, setting, raw=raw)
    shown = []
    for name in sorted(columns):
        expression = wanted[name] or (_RAW.get(name) if table == "calls" else None) or f"r.{name}"
        shown.append(f"{expression} as {name}")
    condition = f" where {' and '.join(filters)}" if filters else ""
    return f"select {', '.join(shown)} from {inner}{_joins(text)}{condition}"


def _table(
    columns: frozenset[str], text: str, scope: Scope, setting: Setting, *, raw: bool
) -> tuple[str, str]:
    """Return the table read and the FROM item that reads it."""
    base = {name for name in columns if name not in {*USAGE_DIMENSIONS, "entity", "split", "period"}}
    aliases = _aliases(text)
    base |= {name for alias, name in aliases if alias == "r"}
    joined = {alias for alias, _ in aliases}
    if joined & {"o", "p"}:
        base |= {"consumer", "first_time", "last_time"}
    if "e" in joined:
        base |= {"product", "method", "route", "version"}
    if not raw and setting.rolled_up and scope.known_at is None and not (scope.cut and _inside_a_day(scope)):
        for name, offers in _ROLLUPS:
            if name == "callers_by_month" and not _by_whole_months(base, scope, setting):
                continue
            if base <= offers and not (scope.exact and name == "latency_by_day"):
                cut = f"r.day < {day_literal(scope.calendar.day(scope.as_of))}" if scope.cut else ""
                if joined & {"o", "p"} and setting.straddles and name == "calls_by_consumer":
                    return name, _mended(sorted(base), cut)
                return name, f"(select * from {name} as r where {cut}) as r" if cut else f"{name} as r"
    single = "select r.*, r.time as first_time, r.time as last_time from calls as r"
    return "calls", f"({single} where {known('r', scope, 'time')}) as r"


def _by_whole_months(base: set[str], scope: Scope, setting: Setting) -> bool:
    """Whether the monthly rollup's rows fall wholly inside or outside the scope and every bucket of it."""
    if scope.grain in {"day", "week"} or scope.cut or (setting.months_straddle and "consumer" in base):
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
    if joined & {"o", "p"}:
        joins += (
            " left join owners as o on o.consumer = r.consumer and r.first_time >= o.since "
            "and r.first_time < o.until"
        )
    if "p" in joined:
        joins += " left join parties as p on p.partner_id = o.partner"
    if "e" in joined:
        joins += " left join catalogued as e on e.product = r.product and e.method = r.method and e.route = r.route"
    return joins


def catalogued(scope: Scope) -> str:
    """Return one row per endpoint with its class and feature; versions of one endpoint are one endpoint."""
    return (
        "select e.product, e.method, e.route, min(e.api_class) as api_class, min(e.feature) as feature "
        f"from endpoints as e where {known('e', scope)} group by e.product, e.method, e.route"
    )


def unknown_filters(scope: Scope, allowed: Iterable[str], metric: str) -> None:
    """Refuse a split or filter that the metric cannot apply, naming those it can."""
    offered = tuple(allowed)
    for name in (*scope.by, *(key for key, _ in scope.where)):
        if name not in offered:
            raise ScopeError(
                f"{metric} cannot be split or filtered by {name}: its rows do not have it. "
                f"It can by {', '.join(offered)}."
            )
