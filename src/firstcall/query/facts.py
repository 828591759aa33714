"""What do relations stand on beside calls? Periods, partners and their owners, people, and endpoints of the scope.

A fact is the text of one common table expression, in the notation of `template.py`, with what fills it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from firstcall.metrics.dimensions import PARTY, PEOPLE_DIMENSIONS
from firstcall.query.bindings import Bindings, Expression
from firstcall.query.filters import filters, known, people_offers, split_of
from firstcall.query.template import template

if TYPE_CHECKING:
    from firstcall.periods import Scope
    from firstcall.query.nodes import Operand

_PERIOD = template(
    "select $number as number, $period as period, $first_day as first_day, $end_day as end_day, $anchor as anchor, "
    "$starts as starts, $ends as ends"
)


_MONTH = template(
    "select $number as number, $period as period, $first_day as first_day, $last_day as last_day, $closing as closing "
    "where $seen"
)


def months(bindings: Bindings, *, history: bool) -> Expression:
    """Return the months of the buckets up to as-of: the days of each inside the scope, and whether it is the last one.

    `last_day` is the day at whose end the month is looked at: its own last one, or that of as-of in a month not over.
    """
    scope = bindings.scope
    seen_end = scope.calendar.day(scope.as_of - timedelta(microseconds=1)) + timedelta(days=1)
    rows = []
    for number, bucket in enumerate(scope.history() if history else scope.periods):
        end = min(bucket.end, scope.end, seen_end)
        inside = scope.calendar.periods(bucket.first, end, "month") if bucket.first < end else ()
        for month in inside:
            row: dict[str, Operand] = {
                "number": number,
                "period": bucket.first,
                "first_day": max(month.first, bucket.first),
                "last_day": min(month.end, end) - timedelta(days=1),
                "closing": month is inside[-1],
                "seen": True,
            }
            rows.append(Bindings(scope, row))
    if not rows:  # the scope begins after as-of
        day = scope.start
        nothing: dict[str, Operand] = {
            "number": 0,
            "period": day,
            "first_day": day,
            "last_day": day,
            "closing": True,
            "seen": False,
        }
        rows.append(Bindings(scope, nothing))
    return Expression(_MONTH, tuple(rows))


def periods(bindings: Bindings, *, history: bool) -> Expression:
    """Return the buckets: number, period, the days inside the scope, and the moments they span."""
    scope = bindings.scope
    last_seen = scope.calendar.day(scope.as_of - timedelta(microseconds=1))
    rows = []
    for number, bucket in enumerate(scope.history() if history else scope.periods):
        first = bucket.first if history else max(bucket.first, scope.start)
        end = min(bucket.end, scope.end)
        ends = scope.calendar.starts(end)
        if scope.cut and ends > scope.as_of:
            ends, end = scope.as_of, min(end, last_seen + timedelta(days=1))
        anchor = max(first, scope.calendar.period(bucket.end - timedelta(days=1), "month").first)
        row: dict[str, Operand] = {
            "number": number,
            "period": bucket.first,
            "first_day": first,
            "end_day": end,
            "anchor": anchor if scope.grain == "quarter" else first,
            "starts": scope.calendar.starts(first),
            "ends": ends,
        }
        rows.append(Bindings(scope, row))
    return Expression(_PERIOD, tuple(rows))


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


def people(bindings: Bindings, by: tuple[str, ...]) -> Expression:
    """Return one row per partner, developer or app of the program: entity, began_at, day, status, split."""
    scope = bindings.scope
    keep = ["coalesce(p.status, 'approved') not in ('rejected', 'test', 'duplicate')"]
    kept = filters(scope, {name: PEOPLE_DIMENSIONS[name] for name in people_offers(scope)})
    if kept is not None:
        keep.append("$filters")
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
        keep.append(f"{began} < $as_of")
    text = (
        f"select {entity} as entity, {began} as began_at, local_day({began}) as day, "
        f"coalesce(p.status, 'approved') as status, {split_of(PEOPLE_DIMENSIONS[name] for name in by)} as split "
        f"from {source} where {' and '.join(keep)}"
    )
    return Expression(template(text), (bindings.also(filters=kept),))


def entrants() -> str:
    """Return the people who came once calls were known, so that their clocks started in our sight."""
    return (
        "select who.entity, who.began_at, who.day, who.status, who.split from people as who "
        "where who.day >= $calls_since"
    )


def catalogued(scope: Scope) -> str:
    """Return one row per endpoint with its class and feature; versions of one endpoint are one endpoint."""
    return (
        "select e.product, e.method, e.route, min(e.api_class) as api_class, min(e.feature) as feature "
        f"from endpoints as e where {known('e', scope)} group by e.product, e.method, e.route"
    )
