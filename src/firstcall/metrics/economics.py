"""Does the program pay? Its cost, what it is worth, and what it costs to bring one partner to production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics import relations_of_money as money
from firstcall.metrics.idioms import amount
from firstcall.metrics.metric import Metric, Part, Ratio, Variant

if TYPE_CHECKING:
    from firstcall.metrics.metric import Relation
    from firstcall.periods import Scope

_COSTS = ("costs|effort", "firstcall import costs costs.csv")
_LINES = ("invoice_lines", "firstcall import invoice_lines invoices.csv")

program_cost = Metric(
    question="What does the program cost?",
    words=(
        "Costs spread by days over their period, and onboarding hours times their hourly cost, in the reporting "
        "currency."
    ),
    main=Part(
        of=money.COSTS,
        values={
            "total": amount(),
            "run": amount("rows_of.activity = 'run'"),
            "onboarding": amount("rows_of.activity = 'onboarding'"),
        },
        cases="count(rows_of.micros)",
    ),
    headline="total",
    unit="money",
    better="lower",
    dimensions=("partner", "category", "currency", "segment", "country", "channel", "manager"),
    horizon="mid",
    category="business",
    owner="Finance",
    row="B5",
    action="Rough figures are a start: mark them estimated and refine the largest.",
    needs=(_COSTS,),
    environment="any",
    additive=True,
    why_no_bands="Cost is judged against value; see cost_value_ratio.",
)

cost_value_ratio = Metric(
    question="How much value does each unit of cost bring?",
    words=(
        "Revenue, attributed revenue not already in it, and avoided cost, over program cost; beside it revenue alone "
        "over program cost. Partner transactions count only while there is no revenue."
    ),
    main=Part(
        of=money.WORTH,
        values={
            "with_attributed": Ratio(
                amount("rows_of.is_revenue or rows_of.is_value"),
                amount("rows_of.is_cost"),
                "no costs recorded",
            ),
            "direct_only": Ratio(
                amount("rows_of.is_revenue"), amount("rows_of.is_cost"), "no costs recorded"
            ),
            "value": amount("rows_of.is_revenue or rows_of.is_value"),
            "revenue": amount("rows_of.is_revenue"),
            "cost": amount("rows_of.is_cost"),
        },
        cases="count(rows_of.micros) filter (where rows_of.is_cost)",
    ),
    headline="with_attributed",
    unit="ratio",
    unit_of={"value": "money", "revenue": "money", "cost": "money"},
    better="higher",
    dimensions=("partner", "segment", "country", "channel", "manager"),
    horizon="long",
    category="business",
    owner="Finance",
    row="B6",
    action="Print both ratios and the assumptions; a defensible estimate beats a precise one nobody trusts.",
    needs=(_COSTS, _LINES),
    environment="any",
    why_no_bands="Above 1 it pays; how much is enough is the company's choice.",
)


def _onboarding(scope: Scope) -> Relation:
    cohort = scope.variant("method") == "cohort"
    return money.ONBOARDING_COST_OF_COHORT if cohort else money.ONBOARDING_COST


cost_per_partner_onboarded = Metric(
    question="What does it cost to bring a partner to production?",
    words=(
        "Onboarding hours times hourly cost, and costs of onboarding, over the partners whose first successful "
        "production call lies in the period. With method=cohort, all such costs of those partners, whenever they arose."
    ),
    main=Part(
        of=_onboarding,
        values={
            "per_partner": Ratio(
                amount(), "count(*) filter (where rows_of.went_live)", "no partner went live"
            ),
            "spend": amount(),
            "onboarded": "count(*) filter (where rows_of.went_live)",
        },
        cases="count(*) filter (where rows_of.went_live)",
    ),
    headline="per_partner",
    unit="money",
    unit_of={"onboarded": "count"},
    better="lower",
    dimensions=("partner", "segment", "country", "channel", "manager"),
    horizon="mid",
    category="business",
    owner="API product",
    row="A17",
    action="Take the manual steps out, the most expensive first.",
    needs=(
        ("effort|costs", "firstcall import effort hours.csv"),
        ("calls", "firstcall import nginx access.log"),
        ("credentials", "firstcall import credentials keys.csv"),
    ),
    default_grain="quarter",
    variants=(
        Variant(
            "method", "Spend of the period, or of the partners who went live.", ("period", "cohort"), "period"
        ),
    ),
    why_no_bands="Compare quarters.",
)
