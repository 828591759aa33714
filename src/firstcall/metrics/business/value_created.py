"""What is made through the APIs beside revenue, and what of it is earned?"""

from __future__ import annotations

from dataclasses import replace

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import PARTNER_DIMENSIONS
from firstcall.metrics.metric import Metric, Part, Ratio
from firstcall.metrics.relations import revenue_movements as movements

_API_PRODUCT = Audience("API product", "business", "long")
_DIMENSIONS = (*PARTNER_DIMENSIONS, "currency")


def _only(condition: str) -> str:
    return f"sum(case when {condition} then rows_of.micros end)"


_EARNED = _only("rows_of.book = 'revenue'")
_IS_MADE = "rows_of.book = 'value' and rows_of.kind = 'transaction'"

value_captured = Metric(
    card=Card(
        question="How much of the value the APIs generate for partners do we earn?",
        words="Program revenue over the value of partners' transactions that flowed through the APIs.",
        action="Next to nothing: there is room for a price. Much: partners may look elsewhere.",
        better="neither",
        why_no_bands="The right share depends on what else partners could use.",
        audience=_API_PRODUCT,
        requirement="B21",
    ),
    main=Part(
        of=movements.GENERATED,
        values={
            "captured": Ratio(
                f"coalesce({_EARNED}, 0)",
                _only(_IS_MADE),
                "no partner transactions recorded",
            ),
            "revenue": _EARNED,
            "transactions": _only(_IS_MADE),
        },
        cases=f"count(case when {_IS_MADE} then rows_of.micros end)",
    ),
    headline="captured",
    unit="share",
    unit_of={"revenue": "money", "transactions": "money"},
    dimensions=_DIMENSIONS,
    needs=("value",),
)


def _worth_of(kind: str, condition: str) -> Part:
    mine = f"rows_of.kind = '{kind}' and rows_of.book = 'value'{condition}"
    return Part(
        of=movements.GENERATED,
        values={"total": _only(mine)},
        cases=f"count(case when {mine} then rows_of.micros end)",
    )


partner_transaction_value = Metric(
    card=Card(
        question="What are the transactions worth that partners make through the APIs?",
        words=(
            "Value of partners' transactions, spread by days over the period of each row, in the reporting currency."
        ),
        action="Before there is a price, this is what the program is worth; mark it estimated and say how.",
        better="higher",
        why_no_bands="It has no level of its own.",
        audience=_API_PRODUCT,
        requirement="B12",
    ),
    main=_worth_of("transaction", ""),
    headline="total",
    unit="money",
    dimensions=_DIMENSIONS,
    needs=("value",),
    additive=True,
)

attributed_revenue = replace(
    partner_transaction_value,
    card=replace(
        partner_transaction_value.card,
        question="What revenue elsewhere do partners bring through their integrations?",
        words=(
            "Value of kind attributed_revenue, spread by days, without rows marked as already in revenue. The model "
            "of attribution is the note of each row."
        ),
        action="Write the rule of attribution into the note; without one nobody will trust the sum.",
        audience=replace(partner_transaction_value.card.audience, owner="Partner management"),
        requirement="B13",
    ),
    main=_worth_of("attributed_revenue", " and not rows_of.already"),
)

cost_avoidance = replace(
    partner_transaction_value,
    card=replace(
        partner_transaction_value.card,
        question="What would the team's manual work have cost that the APIs did instead?",
        words=(
            "Value of kind cost_avoidance, spread by days: units × minutes saved × hourly cost, as the rows state it."
        ),
        action="Automate what still costs the most hours.",
        audience=replace(partner_transaction_value.card.audience, owner="Operations"),
        requirement="B14",
    ),
    main=_worth_of("cost_avoidance", " and not rows_of.already"),
)
