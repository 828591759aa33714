"""How much of the revenue of a year ago is there, and what became more?

Readings:
- `net_revenue_retention`: a bucket (month, quarter, year) against the whole bucket twelve months before,
  over the partners with revenue above zero then; one-off lines never count; cases are those partners. A
  bucket cut by the scope or by as-of is compared as far as it goes, and partial. A split shows
  combinations with revenue then or now.
- `gross_revenue_retention`, `expansion_rate`: of partners with revenue above zero twelve months before.
- `method=ttm`: twelve months' sums against the twelve before them; only when the first of the twenty-four is not
  before the bucket of the first line in sight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from tests.reference.asks import Ask
from tests.reference.business.ledger import Share, revenue
from tests.reference.business.revenue_movements import MOVES, ZERO, Amounts, between, recurring
from tests.reference.calendar import bucket_after
from tests.reference.question import Point, Question, World
from tests.reference.scope import Bucket, Measure, any_inside, points

YEAR = {"month": 12, "quarter": 4, "year": 1}


def year_before(bucket: Bucket, group: Sequence[Share], question: Question) -> tuple[Amounts, Amounts]:
    """Return what partners above zero twelve months before paid then, and what every partner pays now."""
    first = bucket_after(bucket.first, question, -YEAR[question.grain])
    then = between(group, first, bucket_after(first, question))
    return {name: amount for name, amount in then.items() if amount > 0}, between(
        group, bucket.start, bucket.end
    )


def of_the_same(
    world: World, question: Question, kept: Callable[[Fraction, Fraction], Fraction]
) -> list[Point]:
    """Return a share of the revenue twelve months before: `kept` of then and now, partner by partner."""

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        then, now = year_before(bucket, group, question)
        if not then:
            return Measure(None, 0, absent="no revenue in the base period")
        part = sum((kept(amount, now.get(name, ZERO)) for name, amount in then.items()), ZERO)
        return Measure(float(part / sum(then.values())), len(then))

    def present(bucket: Bucket, group: Sequence[Share]) -> bool:
        return any(year_before(bucket, group, question))

    return points(world, question, recurring(world, question), measure, present=present)


def gross_revenue_retention(world: World, question: Question) -> list[Point]:
    """What is left of last year's revenue, gains not counted."""
    return of_the_same(world, question, min)


def expansion_rate(world: World, question: Question) -> list[Point]:
    """What last year's partners pay more, of what they paid."""
    return of_the_same(world, question, lambda then, now: max(ZERO, now - then))


YEAR_BEFORE = {"month": -12, "quarter": -4, "year": -1}


def by_partner(shares: Sequence[Share], start: date, end: date) -> dict[str | None, Fraction]:
    """Return the revenue of each partner on the days from `start` to `end` (half-open)."""
    found: dict[str | None, Fraction] = {}
    for share in shares:
        if start <= share.day < end:
            found[share.partner] = found.get(share.partner, Fraction(0)) + share.amount
    return found


def net_revenue_retention(world: World, question: Question) -> list[Point]:
    """Revenue now ÷ revenue twelve months before, of the partners that paid then."""
    steps = YEAR_BEFORE[question.grain]
    facts = [share for share in revenue(world, question) if share.kind != "one_off"]

    def base(bucket: Bucket) -> tuple[date, date]:
        first = bucket_after(bucket.first, question, steps)
        return first, bucket_after(first, question)

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        then = {name: amount for name, amount in by_partner(group, *base(bucket)).items() if amount > 0}
        if not then:
            return Measure(None, 0, absent="no revenue twelve months before")
        now = by_partner(group, bucket.start, bucket.end)
        kept = sum((now.get(name, Fraction(0)) for name in then), Fraction(0))
        return Measure(float(kept / sum(then.values())), len(then))

    def present(bucket: Bucket, group: Sequence[Share]) -> bool:
        start, end = base(bucket)
        return any_inside(bucket, group) or any(start <= share.day < end for share in group)

    return points(world, question, facts, measure, present=present)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (gross_revenue_retention, expansion_rate, net_revenue_retention)
}
ASKS: Mapping[str, Ask] = {
    "gross_revenue_retention": MOVES,
    "expansion_rate": MOVES,
}
