"""What does each developer bring, and what changed it?

Readings:
- `revenue_per_developer`: revenue of the bucket ÷ developers with use in production (not only refused calls).
- `revenue_per_developer_change`: with w the share of developers whose partner paid in the bucket and a the revenue
  per such developer, w·a is revenue per developer. Mix is the change of w times the mean of a; price the change of a
  times the mean of w. Absent unless both buckets have developers of paying partners.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.reference.asks import PARTNER, Ask
from tests.reference.business.ledger import Share, money, revenue
from tests.reference.business.revenue_movements import PARTIES, ZERO, between
from tests.reference.calendar import bucket_after
from tests.reference.identity import Call, uses
from tests.reference.question import Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, inside, points


@dataclass(frozen=True, slots=True)
class Heads:
    """Revenue of a bucket, its active developers, and those of them whose partner paid."""

    revenue: Fraction
    developers: int
    paying: int


def heads(shares: Sequence[Share], calls: Sequence[Call], start: date, end: date) -> Heads:
    """Return revenue and developers of the days from `start` to `end` (half-open)."""
    amounts = between(shares, start, end)
    active = {
        (call.partner, call.developer)
        for call in calls
        if start <= call.day < end and not call.refused and call.developer is not None
    }
    paying = {pair for pair in active if amounts.get(pair[0], ZERO) > 0}
    return Heads(sum(amounts.values(), ZERO), len(active), len(paying))


def per_head(
    world: World, question: Question, measure: Callable[[Bucket, list[Share], list[Call]], Measure]
) -> list[Point]:
    """Return a point per bucket and combination of revenue or of active callers."""
    calls = [call for call in uses(world, question, "production") if call.partner is not None]
    facts: list[Share | Call] = [*revenue(world, question), *(call for call in calls if not call.refused)]

    def apart(bucket: Bucket, group: Sequence[Share | Call]) -> Measure:
        shares = [fact for fact in group if isinstance(fact, Share)]
        return measure(bucket, shares, [fact for fact in group if isinstance(fact, Call)])

    return points(world, question, facts, apart)


def revenue_per_developer(world: World, question: Question) -> list[Point]:
    """Revenue ÷ active developers, and ÷ active partners."""

    def measure(bucket: Bucket, shares: list[Share], calls: list[Call]) -> Measure:
        found = heads(shares, calls, bucket.start, bucket.end)
        partners = len({call.partner for call in inside(bucket, calls)})
        values: dict[str, Number | None] = {
            "revenue": money(found.revenue),
            "developers": found.developers,
            "active_partners": partners,
            "per_active_partner": money(found.revenue / partners) if partners else None,
        }
        if not found.developers:
            return Measure(None, 0, values, "no active developers")
        return Measure(money(found.revenue / found.developers), found.developers, values)

    return per_head(world, question, measure)


def revenue_per_developer_change(world: World, question: Question) -> list[Point]:
    """Change of revenue per developer: how much is mix, how much is price."""

    def measure(bucket: Bucket, shares: list[Share], calls: list[Call]) -> Measure:
        now = heads(shares, calls, bucket.start, bucket.end)
        then = heads(shares, calls, bucket_after(bucket.first, question, -1), bucket.first)
        if not (now.paying and then.paying):
            return Measure(None, now.developers, absent="no paying developers in both periods")
        w0, w1 = (Fraction(each.paying, each.developers) for each in (then, now))
        a0, a1 = (each.revenue / each.paying for each in (then, now))
        mix, price = (w1 - w0) * (a0 + a1) / 2, (a1 - a0) * (w0 + w1) / 2
        values: dict[str, Number | None] = {
            "mix_effect": money(mix),
            "price_effect": money(price),
            "paid_share": float(w1),
        }
        return Measure(money(mix + price), now.developers, values)

    return per_head(world, question, measure)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (revenue_per_developer, revenue_per_developer_change)
}
ASKS: Mapping[str, Ask] = {
    "revenue_per_developer": PARTIES,
    "revenue_per_developer_change": Ask(
        PARTNER, PARTNER, ("month", "week", "quarter"), whole=True, loose=True
    ),
}
