"""Does the program pay? Its cost, what it is worth, and what it costs to bring one partner to production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics.business.economics_relations import PLANNED, STAFFED
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import PARTNER_DIMENSIONS, amount
from firstcall.metrics.metric import Metric, Part, Ratio, Variant
from firstcall.metrics.relations import money

if TYPE_CHECKING:
    from firstcall.metrics.metric import Relation
    from firstcall.periods import Scope

_FINANCE = Audience("Finance", "business", "long")

program_cost = Metric(
    card=Card(
        question="What does the program cost?",
        words=(
            "Costs spread by days over their period, and onboarding hours times their hourly cost, in the reporting "
            "currency."
        ),
        action="Rough figures are a start: mark them estimated and refine the largest.",
        better="lower",
        why_no_bands="Cost is judged against value; see cost_value_ratio.",
        audience=Audience("Finance", "business", "mid"),
        requirement="B5",
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
    dimensions=("partner", "category", "currency", "segment", "country", "channel", "manager"),
    needs=("costs|effort",),
    environment="any",
    additive=True,
)

cost_value_ratio = Metric(
    card=Card(
        question="How much value does each unit of cost bring?",
        words=(
            "Revenue, attributed revenue not already in it, and avoided cost, over program cost; beside it revenue "
            "alone over program cost. Partner transactions count only while there is no revenue."
        ),
        action="Print both ratios and the assumptions; a defensible estimate beats a precise one nobody trusts.",
        better="higher",
        why_no_bands="Above 1 it pays; how much is enough is the company's choice.",
        audience=_FINANCE,
        requirement="B6",
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
    dimensions=PARTNER_DIMENSIONS,
    needs=("costs|effort", "invoice_lines"),
    environment="any",
)


def _onboarding(scope: Scope) -> Relation:
    cohort = scope.variant("method") == "cohort"
    return money.ONBOARDING_COST_OF_COHORT if cohort else money.ONBOARDING_COST


cost_per_partner_onboarded = Metric(
    card=Card(
        question="What does it cost to bring a partner to production?",
        words=(
            "Onboarding hours times hourly cost, and costs of onboarding, over the partners whose first successful "
            "production call lies in the period. With method=cohort, all such costs of those partners, whenever they "
            "arose."
        ),
        action="Take the manual steps out, the most expensive first.",
        better="lower",
        why_no_bands="Compare quarters.",
        audience=Audience("API product", "business", "mid"),
        requirement="A17",
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
    dimensions=PARTNER_DIMENSIONS,
    needs=("effort|costs", "calls", "credentials"),
    default_grain="quarter",
    variants=(
        Variant(
            "method", "Spend of the period, or of the partners who went live.", ("period", "cohort"), "period"
        ),
    ),
)

onboarding_budget = Metric(
    card=Card(
        question="What would it cost to onboard the partners we plan?",
        words=(
            "A scenario: the partners planned (--set planned_partners, at first 50) times the cost per partner "
            "onboarded of the period: onboarding hours times hourly cost and costs of onboarding, over the partners "
            "whose first successful production call lies in it. Never better than estimated."
        ),
        action="Compare with the budget of a cheaper way in before asking for more heads.",
        better="lower",
        why_no_bands="It is a plan.",
        audience=_FINANCE,
        requirement="A19",
    ),
    main=Part(
        of=PLANNED,
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
    dimensions=("segment", "country", "channel", "manager"),
    needs=("effort|costs", "calls", "credentials"),
    default_grain="quarter",
    variants=(Variant("planned_partners", "Partners planned.", (), "50", unit="partners", most=10**9),),
)

onboarding_leverage = Metric(
    card=Card(
        question="How many partners does each of us bring to production?",
        words=(
            "Partners whose first successful production call lies in the period, over the average full-time "
            "equivalents of its months (of those months with a headcount, all teams together); beside it the same "
            "days a year before."
        ),
        action="The same team should bring in more each quarter; if not, look at what it does by hand.",
        better="higher",
        why_no_bands="Compare with the same quarter of last year.",
        audience=Audience("API product", "business", "long"),
        requirement="A18",
    ),
    main=Part(
        of=STAFFED,
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
    dimensions=(),
    needs=("headcount", "calls", "credentials"),
    default_grain="quarter",
)
