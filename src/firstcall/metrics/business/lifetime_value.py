"""What is a developer or partner worth, and what of the value made is earned? Per head, lifetime, value captured."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from firstcall.metrics.business.revenue import BASIS
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import PARTNER_DIMENSIONS, how_many
from firstcall.metrics.metric import Metric, Part, Ratio, Variant
from firstcall.metrics.relations import revenue_movements as movements

if TYPE_CHECKING:
    from firstcall.periods import Scope

_FINANCE = Audience("Finance", "business", "mid")
_API_PRODUCT = Audience("API product", "business", "long")
_VALUE_DIMENSIONS = (*PARTNER_DIMENSIONS, "currency")
_CAP = 60
"""Months after which a simple lifetime ends, so that no churn does not mean for ever."""

revenue_per_developer = Metric(
    card=Card(
        question="Does revenue keep up with the number of developers?",
        words=(
            "Program revenue of the period over the developers active in production in it; beside it, over active "
            "partners. (revenue_per_partner divides by those that pay.)"
        ),
        action="Flat: pricing does not scale. Falling: free developers come faster than paying ones.",
        better="higher",
        why_no_bands="It depends on the price list.",
        audience=_FINANCE,
        requirement="B2",
    ),
    main=Part(
        of=movements.PER_HEAD,
        values={
            "per_developer": Ratio("sum(rows_of.micros)", "sum(rows_of.developers)", "no active developers"),
            "revenue": "sum(rows_of.micros)",
            "developers": "sum(rows_of.developers)",
            "per_active_partner": Ratio(
                "sum(rows_of.micros)", how_many("rows_of.active"), "no active partners"
            ),
            "active_partners": how_many("rows_of.active"),
        },
        cases="sum(rows_of.developers)",
    ),
    headline="per_developer",
    unit="money",
    unit_of={"developers": "count", "active_partners": "count"},
    dimensions=PARTNER_DIMENSIONS,
    needs=("invoice_lines", "calls", "credentials"),
    variants=(BASIS,),
)

_SHARES = "2 * sum(rows_of.developers) * sum(rows_of.before_developers)"
_PAYING = "sum(rows_of.paying_developers)"
_PAID = "sum(rows_of.before_paying_developers)"
_NOW, _THEN = "sum(rows_of.micros)", "sum(rows_of.before_micros)"
_OVER = f"{_SHARES} * {_PAYING} * {_PAID}"
_LEFT = f"{_PAYING} * sum(rows_of.before_developers)"
_RIGHT = f"{_PAID} * sum(rows_of.developers)"
_MIX = f"({_LEFT} - {_RIGHT}) * ({_THEN} * {_PAYING} + {_NOW} * {_PAID})"
_PRICE = f"({_NOW} * {_PAID} - {_THEN} * {_PAYING}) * ({_LEFT} + {_RIGHT})"
_NO_PAIR = "no paying developers in both periods"

revenue_per_developer_change = Metric(
    card=Card(
        question="Why did revenue per developer change: more free developers, or lower prices?",
        words=(
            "Change of revenue per active developer against the period before, in two parts that add up to it. Mix: "
            "the change in the share of developers whose partner pays, at the mean revenue per such developer. "
            "Price: the change in revenue per such developer, at the mean share."
        ),
        action="Mix: help free developers to pay. Price: look at plans and discounts.",
        better="higher",
        why_no_bands="Both parts are read side by side.",
        audience=_FINANCE,
        requirement="B20",
    ),
    main=Part(
        of=movements.PER_HEAD_THEN_AND_NOW,
        values={
            "change": Ratio(f"{_MIX} + {_PRICE}", _OVER, _NO_PAIR),
            "mix_effect": Ratio(_MIX, _OVER, _NO_PAIR),
            "price_effect": Ratio(_PRICE, _OVER, _NO_PAIR),
            "paid_share": Ratio(
                f"case when {_PAID} > 0 and {_PAYING} > 0 then {_PAYING} end",
                "sum(rows_of.developers)",
                _NO_PAIR,
            ),
        },
        cases="sum(rows_of.developers)",
    ),
    headline="change",
    unit="money",
    unit_of={"paid_share": "share"},
    dimensions=PARTNER_DIMENSIONS,
    needs=("invoice_lines", "calls", "credentials"),
    variants=(BASIS,),
    grains=("day", "week", "month", "quarter", "year"),
)

_LOST = "(sum(rows_of.base_micros) - sum(rows_of.kept_micros))"
_CAPPED = f"{_CAP} * {_LOST} <= sum(rows_of.base_micros)"
_PARTNERS = how_many("rows_of.micros > 0")
_NONE_BEFORE = "no revenue in the period before"
_LIFETIMES = {
    "simple": Ratio(
        f"sum(rows_of.micros) * max(rows_of.margin) * case when {_CAPPED} then {_CAP} "
        "else sum(rows_of.base_micros) end",
        f"case when sum(rows_of.base_micros) > 0 then {_PARTNERS} else 0 end * 100 "
        f"* case when {_CAPPED} then 1 else {_LOST} end",
        _NONE_BEFORE,
    ),
    "discounted": Ratio(
        "sum(rows_of.micros) * max(rows_of.margin) * sum(rows_of.kept_micros)",
        f"case when sum(rows_of.base_micros) > 0 then {_PARTNERS} else 0 end "
        "* (sum(rows_of.base_micros) * (100 + max(rows_of.discount)) - 100 * sum(rows_of.kept_micros))",
        _NONE_BEFORE,
    ),
}
_COHORT = Part(
    of=movements.ACQUIRED,
    values={
        "value": Ratio(
            "sum(rows_of.micros) * max(rows_of.margin)",
            "count(*) * 100",
            "no partner paid for the first time",
        ),
        "partners": "count(*)",
        "observed_days": "max(rows_of.observed_days)",
    },
    cases="count(*)",
)


def _lifetime(scope: Scope) -> Part:
    method = scope.variant("method", "cohort")
    if method == "cohort":
        return _COHORT
    values: dict[str, str | Ratio] = {"value": _LIFETIMES[method], "partners": _PARTNERS}
    return Part(of=movements.LASTING, values=values, cases=_PARTNERS)


lifetime_value = Metric(
    card=Card(
        question="What does a customer bring over its lifetime?",
        words=(
            "Of the partners that paid for the first time in the period: their recurring revenue up to the end of the "
            "scope times the gross margin, over their number; observed, not extrapolated. method=simple: revenue per "
            f"paying partner × margin over the share of revenue lost since the period before, at most {_CAP} periods. "
            "method=discounted: revenue per paying partner × margin × kept share ÷ (1 + discount − kept share)."
        ),
        action="Spend less on winning a partner than it brings; find what long-lived partners share.",
        better="higher",
        why_no_bands="It is judged against cost_per_partner_onboarded.",
        audience=Audience("Finance", "business", "long"),
        requirement="B15",
    ),
    main=_COHORT,
    main_for=_lifetime,
    headline="value",
    unit="money",
    unit_of={"partners": "count", "observed_days": "days"},
    dimensions=("partner", "product", "plan", "segment", "country", "channel", "manager"),
    needs=("invoice_lines",),
    grains=("month", "quarter", "year"),
    variants=(
        Variant(
            "method",
            "Observed by cohort, or extrapolated: simple or discounted.",
            ("cohort", "simple", "discounted"),
            "cohort",
        ),
        Variant("margin", "Gross margin in percent.", (), "100", unit="percent", most=100),
        Variant("discount", "Discount per period in percent.", (), "1", unit="percent", most=100),
        BASIS,
    ),
)


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
    dimensions=_VALUE_DIMENSIONS,
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
    dimensions=_VALUE_DIMENSIONS,
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
