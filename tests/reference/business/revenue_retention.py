"""How much of the revenue of a year ago is there, and what became more?

Readings:
- `net_revenue_retention`: a bucket (month, quarter, year) against the whole bucket twelve months before,
  over the partners with recurring value above zero then (see `recurring`); cases are those partners. A
  bucket cut by the scope or by as-of is compared as far as it goes, and partial. A split shows
  combinations with revenue then or now.
- `gross_revenue_retention`, `expansion_rate`: of partners with revenue above zero twelve months before.
- `method=ttm`: twelve months' sums against the twelve before them; only when the first of the twenty-four is not
  before the bucket of the first line in sight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial

from tests.reference.asks import Ask
from tests.reference.business.ledger import Share
from tests.reference.business.recurring import closing, counted_days, recurring
from tests.reference.business.revenue_movements import MOVES, RECURRING_BASIS, ZERO, Amounts, Closing, between
from tests.reference.calendar import bucket_after
from tests.reference.question import Point, Question, World
from tests.reference.scope import Bucket, Measure, points

YEAR = {"month": 12, "quarter": 4, "year": 1}


def year_before(
    bucket: Bucket, group: Sequence[Share], question: Question, since: Closing
) -> tuple[Amounts, Amounts]:
    """Return what partners above zero twelve months before paid then, and what every partner pays now."""
    first = bucket_after(bucket.first, question, -YEAR[question.grain])
    after = bucket_after(first, question)
    then = between(group, since(first, after), after)
    now = between(group, since(bucket.start, bucket.end), bucket.end)
    return {name: amount for name, amount in then.items() if amount > 0}, now


def of_the_same(
    world: World, question: Question, kept: Callable[[Fraction, Fraction], Fraction]
) -> list[Point]:
    """Return a share of the revenue twelve months before: `kept` of then and now, partner by partner."""
    since = partial(closing, question=question, world=world)

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        then, now = year_before(bucket, group, question, since)
        if not then:
            return Measure(None, 0, absent="no revenue in the base period")
        part = sum((kept(amount, now.get(name, ZERO)) for name, amount in then.items()), ZERO)
        return Measure(float(part / sum(then.values())), len(then))

    def present(bucket: Bucket, group: Sequence[Share]) -> bool:
        return any(year_before(bucket, group, question, since))

    days = counted_days(world, question)
    return points(world, question, recurring(world, question), measure, present=present, counted=days)


def gross_revenue_retention(world: World, question: Question) -> list[Point]:
    """What is left of last year's revenue, gains not counted."""
    return of_the_same(world, question, min)


def expansion_rate(world: World, question: Question) -> list[Point]:
    """What last year's partners pay more, of what they paid."""
    return of_the_same(world, question, lambda then, now: max(ZERO, now - then))


def net_revenue_retention(world: World, question: Question) -> list[Point]:
    """What last year's partners pay now, of what they paid."""
    return of_the_same(world, question, lambda _then, now: now)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (gross_revenue_retention, expansion_rate, net_revenue_retention)
}
ASKS: Mapping[str, Ask] = {
    "gross_revenue_retention": replace(MOVES, variants=RECURRING_BASIS),
    "expansion_rate": MOVES,
}
