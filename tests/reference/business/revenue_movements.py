"""How does recurring revenue move, and what does each developer bring?

Readings:
- All of these are on recurring value (see `recurring`), except `revenue_growth`, `revenue_per_developer`, its
  change and `highest_value_accounts`, which are on revenue and count every line as `program_revenue` does.
- `revenue_movements`: a bucket against the bucket before, per partner (per combination of the split). Above zero
  after nothing above zero: new, or reactivation when any bucket before that was above zero. Above zero before and not
  now: churn. Every other change is expansion or contraction by its sign. Cases are the partners with a line in either
  bucket. `start` and `end` are the sums of both. The quick ratio needs at least 0.01 lost:
  amounts spread over days differ by millionths. By use: of the partners that expanded (contracted), the change of
  their lines of kind usage and overage; the rest is plans, packs and credits, and may have another sign.
- `revenue_growth`: end less start over start, absent unless start is above zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import partial

from tests.reference.asks import PARTNER, Ask
from tests.reference.business.ledger import Share, money, revenue
from tests.reference.business.recurring import USED, closing, counted_days, recurring
from tests.reference.calendar import bucket_after
from tests.reference.question import Grain, Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, points

ZERO = Fraction(0)
CENT = Fraction(1, 100)
Amounts = Mapping[str | None, Fraction]


def between(shares: Sequence[Share], start: date, end: date) -> dict[str | None, Fraction]:
    """Return each partner's revenue of the days from `start` to `end` (half-open)."""
    found: dict[str | None, Fraction] = {}
    for share in shares:
        if start <= share.day < end:
            found[share.partner] = found.get(share.partner, ZERO) + share.amount
    return found


Closing = Callable[[date, date], date]
"""(the days of a bucket, half-open) → the day from which it counts: its first, or that of its last month."""


def all_of_it(first: date, _end: date) -> date:
    """Let a bucket count from its first day."""
    return first


def both(
    bucket: Bucket, group: Sequence[Share], question: Question, since: Closing = all_of_it
) -> tuple[Amounts, Amounts]:
    """Return each partner's revenue of the bucket before, whole, and of the bucket."""
    before = bucket_after(bucket.first, question, -1)
    then = between(group, since(before, bucket.first), bucket.first)
    return then, between(group, since(bucket.start, bucket.end), bucket.end)


def paid_before(
    bucket: Bucket, group: Sequence[Share], question: Question, since: Closing = all_of_it
) -> set[str | None]:
    """Return the partners above zero in some bucket that ends before the bucket before begins."""
    found: set[str | None] = set()
    if not group:
        return found
    earliest = min(share.day for share in group)
    first = bucket_after(bucket.first, question, -1)
    while first > earliest:
        earlier = bucket_after(first, question, -1)
        found |= {name for name, amount in between(group, since(earlier, first), first).items() if amount > 0}
        first = earlier
    return found


def moved(bucket: Bucket, group: Sequence[Share], question: Question, since: Closing) -> dict[str, Fraction]:
    """Return what came and went, by kind of movement; losses are negative."""
    then, now = both(bucket, group, question, since)
    known = paid_before(bucket, group, question, since)
    found = dict.fromkeys(("new", "expansion", "contraction", "churn", "reactivation"), ZERO)
    for name in {*then, *now}:
        was, amount = then.get(name, ZERO), now.get(name, ZERO)
        if was <= 0 < amount:
            kind = "reactivation" if name in known else "new"
        elif amount <= 0 < was:
            kind = "churn"
        else:
            kind = "expansion" if amount > was else "contraction"
        found[kind] += amount - was
    return found


def swung(bucket: Bucket, group: Sequence[Share], question: Question, since: Closing) -> dict[str, Fraction]:
    """Return how much of expansion and of contraction the lines of use and overage made."""
    then, now = both(bucket, group, question, since)
    used_then, used_now = both(bucket, [share for share in group if share.kind in USED], question, since)
    found = {"expansion_by_use": ZERO, "contraction_by_use": ZERO}
    for name in {*then, *now}:
        was, amount = then.get(name, ZERO), now.get(name, ZERO)
        if amount != was and (was > 0) == (amount > 0):
            kind = "expansion_by_use" if amount > was else "contraction_by_use"
            found[kind] += used_now.get(name, ZERO) - used_then.get(name, ZERO)
    return found


def present_in_both(
    question: Question, since: Closing = all_of_it
) -> Callable[[Bucket, Sequence[Share]], bool]:
    """Return whether a combination has a line in the bucket or the one before."""
    return lambda bucket, group: any(both(bucket, group, question, since))


def revenue_movements(world: World, question: Question) -> list[Point]:
    """New, expansion, contraction, churn and reactivation, what they come to, and what of them use made."""
    since = partial(closing, question=question, world=world)

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        then, now = both(bucket, group, question, since)
        kinds = moved(bucket, group, question, since)
        net = sum(kinds.values(), ZERO)
        kinds |= swung(bucket, group, question, since)
        gained = kinds["new"] + kinds["expansion"] + kinds["reactivation"]
        lost = -kinds["churn"] - kinds["contraction"]
        values: dict[str, Number | None] = {name: money(amount) for name, amount in kinds.items()}
        values |= {"start": money(sum(then.values(), ZERO)), "end": money(sum(now.values(), ZERO))}
        values |= {"quick_ratio": float(gained / lost) if lost >= CENT else None}
        return Measure(money(net), len({*then, *now}), {"net": money(net), **values})

    present, days = present_in_both(question, since), counted_days(world, question)
    return points(world, question, recurring(world, question), measure, present=present, counted=days)


def revenue_growth(world: World, question: Question) -> list[Point]:
    """Change of program revenue against the bucket before."""

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        then, now = both(bucket, group, question)
        start, end = sum(then.values(), ZERO), sum(now.values(), ZERO)
        cases = len({*then, *now})
        values = {"revenue": money(end)}
        if start <= 0:
            return Measure(None, cases, values, "no revenue in the period before")
        return Measure(float((end - start) / start), cases, values)

    return points(world, question, revenue(world, question), measure, present=present_in_both(question))


RECURRING_BASIS = tuple(("basis", name) for name in ("recognised", "invoiced", "paid"))
BACK: tuple[Grain, ...] = ("month", "month", "quarter", "year")
MOVES = Ask((*PARTNER, "product", "plan"), PARTNER, BACK, whole=True, loose=True)
PARTIES = Ask(PARTNER, PARTNER, loose=True)

METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (revenue_movements, revenue_growth)
}
ASKS: Mapping[str, Ask] = {
    "revenue_movements": replace(MOVES, variants=RECURRING_BASIS),
    "revenue_growth": MOVES,
}
