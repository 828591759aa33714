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
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from tests.reference.asks import Ask
from tests.reference.business.ledger import Share, money, revenue, rows_of, total
from tests.reference.business.revenue_movements import PARTIES
from tests.reference.identity import Call, uses
from tests.reference.question import Point, Question, World
from tests.reference.scope import Bucket, Measure, buckets, inside, points, wanted

PARTS = {
    "subscription": ("subscription",),
    "usage": ("usage",),
    "overage": ("overage",),
    "credit_pack": ("credit_pack",),
    "one_off": ("one_off",),
    "credits": ("credit", "refund"),
}


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


def highest_value_accounts(world: World, question: Question) -> list[Point]:
    """Revenue of each partner, and its share of all."""
    question = replace(question, by=question.by or ("partner",))
    facts = revenue(world, question)
    everyone = [share for share in facts if wanted(share.dims, question)]

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        here, all_of_it = inside(bucket, group), total(inside(bucket, everyone))
        share = float(total(here) / all_of_it) if all_of_it > 0 else None
        return Measure(money(total(here)), rows_of(here), {"share": share})

    return points(world, question, facts, measure)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric
    for metric in (program_revenue, revenue_per_partner, revenue_per_product, highest_value_accounts)
}
ASKS: Mapping[str, Ask] = {
    "highest_value_accounts": replace(PARTIES, always_by=("partner",)),
}
