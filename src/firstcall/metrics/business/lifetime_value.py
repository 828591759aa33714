"""What does a customer bring over its lifetime, by cohort or extrapolated?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics.business.revenue import RECURRING_BASIS
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import how_many
from firstcall.metrics.metric import Metric, Part, Ratio, Variant
from firstcall.metrics.relations import revenue_movements as movements

if TYPE_CHECKING:
    from firstcall.periods import Scope

_CAP = 60
"""Months after which a simple lifetime ends, so that no churn does not mean for ever."""

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
            "Of the partners that paid for the first time in the period: their recurring value (see "
            "revenue_movements), month by month, up to the end of the scope times the gross margin, over their "
            "number; observed, not extrapolated. method=simple: revenue per paying partner × margin over the share of "
            f"revenue lost since the period before, at most {_CAP} periods. method=discounted: revenue per paying "
            "partner × margin × kept share ÷ (1 + discount − kept share)."
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
        RECURRING_BASIS,
    ),
)
