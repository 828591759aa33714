"""What is the program worth besides its revenue?

Readings:
- Value already in revenue counts for partners' transactions, not for what partners brought elsewhere or saved.
- `value_captured`: revenue, one-off lines included, over partners' transactions of the bucket.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from tests.reference.asks import PARTNER, Ask
from tests.reference.business.ledger import Share, money, revenue, rows_of, spread, total
from tests.reference.question import Point, Question, World
from tests.reference.scope import Bucket, Measure, inside, points


def worth(world: World, question: Question, kinds: Sequence[str], *, already: bool) -> list[Share]:
    """Return the shares of value rows of these kinds."""
    rows = [
        (str(row["kind"]), row)
        for row in world.get("value", ())
        if row["kind"] in kinds and (already or not row.get("already_in_revenue"))
    ]
    return [
        replace(share, dims={**share.dims, "kind": share.kind})
        for share in spread(world, question, "value", rows)
    ]


def amount_of(world: World, question: Question, kinds: Sequence[str], *, already: bool) -> list[Point]:
    """Return the amount of value of these kinds."""

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        here = inside(bucket, group)
        return Measure(money(total(here)), rows_of(here))

    return points(world, question, worth(world, question, kinds, already=already), measure)


def partner_transaction_value(world: World, question: Question) -> list[Point]:
    """What partners' transactions were worth."""
    return amount_of(world, question, ("transaction",), already=True)


def attributed_revenue(world: World, question: Question) -> list[Point]:
    """What partners brought elsewhere, revenue of the program left out."""
    return amount_of(world, question, ("attributed_revenue",), already=False)


def cost_avoidance(world: World, question: Question) -> list[Point]:
    """What the team did not have to do."""
    return amount_of(world, question, ("cost_avoidance",), already=False)


def value_captured(world: World, question: Question) -> list[Point]:
    """Revenue ÷ value of partners' transactions."""
    facts = [*revenue(world, question), *worth(world, question, ("transaction",), already=True)]

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        here = inside(bucket, group)
        made = total(share for share in here if share.kind == "transaction")
        earned = total(share for share in here if share.kind != "transaction")
        values = {"revenue": money(earned), "transactions": money(made)}
        cases = rows_of(share for share in here if share.kind == "transaction")
        if not made:
            return Measure(None, cases, values, "no partner transactions recorded")
        return Measure(float(earned / made), cases, values)

    return points(world, question, facts, measure)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    each.__name__: each
    for each in (partner_transaction_value, attributed_revenue, cost_avoidance, value_captured)
}
_VALUE = Ask((*PARTNER, "currency"), PARTNER)
ASKS: Mapping[str, Ask] = {
    "partner_transaction_value": _VALUE,
    "attributed_revenue": _VALUE,
    "cost_avoidance": _VALUE,
    "value_captured": Ask(PARTNER, PARTNER, loose=True),
}
