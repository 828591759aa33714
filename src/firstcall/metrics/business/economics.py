"""Does the program pay? Its cost, what it is worth, and what it costs to bring one partner to production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics.idioms import OF_PARTNERS, amount
from firstcall.metrics.metric import Metric, Part, Ratio, Variant
from firstcall.metrics.relations import money, success

if TYPE_CHECKING:
    from firstcall.metrics.metric import Relation
    from firstcall.periods import Scope


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
    needs=("costs|effort",),
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
    dimensions=OF_PARTNERS,
    horizon="long",
    category="business",
    owner="Finance",
    row="B6",
    action="Print both ratios and the assumptions; a defensible estimate beats a precise one nobody trusts.",
    needs=("costs|effort", "invoice_lines"),
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
    dimensions=OF_PARTNERS,
    horizon="mid",
    category="business",
    owner="API product",
    row="A17",
    action="Take the manual steps out, the most expensive first.",
    needs=("effort|costs", "calls", "credentials"),
    default_grain="quarter",
    variants=(
        Variant(
            "method", "Spend of the period, or of the partners who went live.", ("period", "cohort"), "period"
        ),
    ),
    why_no_bands="Compare quarters.",
)

onboarding_budget = Metric(
    question="What would it cost to onboard the partners we plan?",
    words=(
        "A scenario: the partners planned (--set planned_partners, at first 50) times the cost per partner onboarded "
        "of the period: onboarding hours times hourly cost and costs of onboarding, over the partners whose first "
        "successful production call lies in it. Never better than estimated."
    ),
    main=Part(
        of=success.PLANNED,
        values={
            "budget": Ratio(
                "sum(rows_of.micros) * max(rows_of.planned)",
                "count(*) filter (where rows_of.went_live)",
                "no partner went live",
            ),
            "per_partner": Ratio(
                amount(), "count(*) filter (where rows_of.went_live)", "no partner went live"
            ),
            "planned": "max(rows_of.planned)",
        },
        cases="count(*) filter (where rows_of.went_live)",
        notes=(
            (
                "count(*) filter (where rows_of.went_live)",
                "a scenario, not a measurement: what {n} partners that went live cost, for those planned",
            ),
        ),
    ),
    headline="budget",
    unit="money",
    unit_of={"planned": "count"},
    better="lower",
    dimensions=("segment", "country", "channel", "manager"),
    horizon="long",
    category="business",
    owner="Finance",
    row="A19",
    action="Compare with the budget of a cheaper way in before asking for more heads.",
    needs=("effort|costs", "calls", "credentials"),
    default_grain="quarter",
    variants=(Variant("planned_partners", "Partners planned.", (), "50", unit="partners", most=10**9),),
    why_no_bands="It is a plan.",
)

onboarding_leverage = Metric(
    question="How many partners does each of us bring to production?",
    words=(
        "Partners whose first successful production call lies in the period, over the average full-time equivalents of "
        "its months (of those months with a headcount, all teams together); beside it the same days a year before."
    ),
    main=Part(
        of=success.STAFFED,
        values={
            "leverage": Ratio("sum(rows_of.onboarded)", "sum(rows_of.fte)", "no headcount"),
            "onboarded": "sum(rows_of.onboarded)",
            "fte": "sum(rows_of.fte)",
            "year_before": Ratio("sum(rows_of.onboarded_before)", "sum(rows_of.fte_before)", "no headcount"),
            "onboarded_year_before": "sum(rows_of.onboarded_before)",
            "fte_year_before": "sum(rows_of.fte_before)",
        },
        cases="sum(rows_of.onboarded)",
    ),
    headline="leverage",
    unit="per_person",
    unit_of={
        "onboarded": "count",
        "fte": "number",
        "onboarded_year_before": "count",
        "fte_year_before": "number",
    },
    better="higher",
    dimensions=(),
    horizon="long",
    category="business",
    owner="API product",
    row="A18",
    action="The same team should bring in more each quarter; if not, look at what it does by hand.",
    needs=("headcount", "calls", "credentials"),
    default_grain="quarter",
    why_no_bands="Compare with the same quarter of last year.",
)
