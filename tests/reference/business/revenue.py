"""What do partners pay, per partner, per product, and compared with a year ago?

Readings:
- `program_revenue` counts the lines of all but test and duplicate partners. Its cases are the lines with a day
  in the bucket. `credits` is credits and refunds together, zero or negative; the parts add up to `total`.
- `revenue_per_partner`: all revenue of the bucket ÷ partners with revenue above zero in it and a
  production call of use that was not refused in it. A split shows combinations with revenue lines.
- `revenue_per_product`: a line without product is shared among the products in proportion to that
  partner's production calls of use in the bucket, refused ones too; without any it stays unallocated
  (product None). Shared lines are a case of every product they reach. `allocation=none` leaves all of
  them unallocated. Without a split it is split by product; filters apply after the sharing.
- `net_revenue_retention`: a bucket (month, quarter, year) against the whole bucket twelve months before,
  over the partners with revenue above zero then; one-off lines never count; cases are those partners. A
  bucket cut by the scope or by as-of is compared as far as it goes, and partial. A split shows
  combinations with revenue then or now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from tests.reference.business.ledger import Share, money, revenue, rows_of, total
from tests.reference.calendar import bucket_after
from tests.reference.identity import Call, uses
from tests.reference.question import Point, Question, World
from tests.reference.scope import Bucket, Measure, any_inside, buckets, inside, points, wanted

PARTS = {
    "subscription": ("subscription",),
    "usage": ("usage",),
    "overage": ("overage",),
    "credit_pack": ("credit_pack",),
    "one_off": ("one_off",),
    "credits": ("credit", "refund"),
}
YEAR_BEFORE = {"month": -12, "quarter": -4, "year": -1}


def program_revenue(world: World, question: Question) -> list[Point]:
    """Revenue of the bucket, in all and by kind of line."""

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        here = inside(bucket, group)
        parts = {
            name: money(total(share for share in here if share.kind in kinds))
            for name, kinds in PARTS.items()
        }
        value = money(total(here))
        return Measure(value, rows_of(here), {"total": value, **parts})

    return points(world, question, revenue(world, question), measure)


def paying(shares: Sequence[Share], calls: Sequence[Call]) -> set[str | None]:
    """Return the partners with revenue above zero and one of the calls."""
    amounts: dict[str | None, Fraction] = {}
    for share in shares:
        amounts[share.partner] = amounts.get(share.partner, Fraction(0)) + share.amount
    calling = {call.partner for call in calls}
    return {partner for partner, amount in amounts.items() if amount > 0 and partner in calling}


def revenue_per_partner(world: World, question: Question) -> list[Point]:
    """Revenue ÷ active paying partners."""
    production = [call for call in uses(world, question, "production") if not call.refused]

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        here = inside(bucket, group)
        count = len(paying(here, inside(bucket, production)))
        if count == 0:
            return Measure(None, 0, absent="no active paying partners")
        return Measure(money(total(here) / count), count)

    return points(world, question, revenue(world, question), measure)


def shared(bucket: Bucket, share: Share, calls: Sequence[Call]) -> list[Share]:
    """Return what of a share belongs to which product."""
    used = Counter(
        call.dims["product"]
        for call in calls
        if call.partner == share.partner and call.dims["product"] is not None and bucket.holds(call.day)
    )
    if share.dims["product"] is not None or not used:
        return [share]
    return [
        replace(
            share,
            amount=share.amount * count / sum(used.values()),
            dims={**share.dims, "product": product},
        )
        for product, count in used.items()
    ]


def revenue_per_product(world: World, question: Question) -> list[Point]:
    """Revenue of each product; lines without one shared by usage."""
    question = replace(question, by=question.by or ("product",))
    found = revenue(world, question)
    days = [
        share.day for share in found if wanted({**share.dims, "product": None}, without_product(question))
    ]
    facts = found
    if question.set.get("allocation", "usage") == "usage":
        calls = uses(world, question, "production")
        facts = [
            part
            for bucket in buckets(world, question, days)
            for share in inside(bucket, found)
            for part in shared(bucket, share, calls)
        ]

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        here = inside(bucket, group)
        return Measure(money(total(here)), rows_of(here))

    return points(world, question, facts, measure, counted=days)


def without_product(question: Question) -> Question:
    """Return the question without its filter by product, which lines meet only after the sharing."""
    kept = {name: values for name, values in question.where.items() if name != "product"}
    return replace(question, where=kept)


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
