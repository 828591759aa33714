"""What does a partner bring over its lifetime?

Readings:
- `lifetime_value`: the partners whose first bucket with recurring revenue above zero is this one, and all their
  recurring revenue up to the end of the scope, ÷ those partners. `simple`: revenue per paying partner × the least of
  60 and 1 ÷ lost share of the bucket before's revenue. `discounted`: revenue per paying partner × r ÷ (1 + d − r)
  with r the kept share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial

from tests.reference.asks import Ask
from tests.reference.business.ledger import Share, money, total
from tests.reference.business.recurring import closing, counted_days, recurring
from tests.reference.business.revenue_movements import (
    MOVES,
    RECURRING_BASIS,
    ZERO,
    between,
    both,
    paid_before,
    present_in_both,
)
from tests.reference.calendar import bucket_after
from tests.reference.question import Point, Question, World
from tests.reference.scope import Bucket, Measure, buckets, points

CAP = 60


def acquired(bucket: Bucket, group: Sequence[Share], question: Question) -> set[str | None]:
    """Return the partners whose first bucket above zero is this one."""
    now = between(group, bucket.start, bucket.end)
    then = between(group, bucket_after(bucket.first, question, -1), bucket.first)
    known = paid_before(bucket, group, question) | {name for name, amount in then.items() if amount > 0}
    return {name for name, amount in now.items() if amount > 0} - known


def lifetime_value(world: World, question: Question) -> list[Point]:
    """What a partner brings: so far by cohort, or extrapolated."""
    facts = recurring(world, question)
    days = counted_days(world, question)
    since = partial(closing, question=question, world=world)
    margin = Fraction(int(question.set.get("margin", "100")), 100)
    method = question.set.get("method", "cohort")

    def cohort(bucket: Bucket, group: Sequence[Share]) -> Measure:
        names = acquired(bucket, group, question)
        if not names:
            return Measure(None, 0, {"partners": 0}, "no partner paid for the first time")
        end = max((each.end for each in buckets(world, question, days)), default=bucket.end)
        amount = total(share for share in group if share.partner in names and share.day < end)
        return Measure(money(amount * margin / len(names)), len(names), {"partners": len(names)})

    def extrapolated(bucket: Bucket, group: Sequence[Share]) -> Measure:
        then, now = both(bucket, group, question, since)
        paying = sum(1 for amount in now.values() if amount > 0)
        base = sum((amount for amount in then.values() if amount > 0), ZERO)
        kept_part = sum((max(ZERO, min(v, now.get(k, ZERO))) for k, v in then.items() if v > 0), ZERO)
        if not base or not paying:
            return Measure(None, paying, {"partners": paying}, "no revenue in the period before")
        each = sum(now.values(), ZERO) / paying * margin
        r = kept_part / base
        if method == "simple":
            value = each * (CAP if (1 - r) * CAP <= 1 else 1 / (1 - r))
        else:
            value = each * r / (1 + Fraction(int(question.set.get("discount", "1")), 100) - r)
        return Measure(money(value), paying, {"partners": paying})

    if method == "cohort":
        here = partial(_acquires, question=question)
        return points(world, question, facts, cohort, present=here, counted=days)
    present = present_in_both(question, since)
    return points(world, question, facts, extrapolated, present=present, counted=days)


def _acquires(bucket: Bucket, group: Sequence[Share], question: Question) -> bool:
    return bool(acquired(bucket, group, question))


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (lifetime_value,)
}
ASKS: Mapping[str, Ask] = {
    "lifetime_value": replace(
        MOVES, variants=(*RECURRING_BASIS, ("method", "simple"), ("method", "discounted"), ("margin", "70"))
    ),
}
