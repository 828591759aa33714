"""What is promised, what of it is spent, and does it go too fast? Objectives, error budgets and burn rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.bands import above
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.dimensions import USAGE_DIMENSIONS
from firstcall.metrics.metric import Metric, Part, Ratio, Relation, Variant
from firstcall.metrics.reliability.slo_relations import (
    BUDGET,
    BURNING,
    BURNS,
    LONGEST,
    PROMISED,
    ROLLING_BUDGET,
)

if TYPE_CHECKING:
    from firstcall.periods import Scope

_PLATFORM_ENGINEERING = Audience("Platform engineering", "reliability", "short")

_BUDGET = "sum(rows_of.budget) filter (where rows_of.enough)"
_FEW = "too few calls; --set least_calls says how many are enough"
_DAYS = Variant("budget_days", "Days of the window an error budget is for.", (), "30", unit="days", most=366)
_LEAST = Variant("least_calls", "Fewest calls that are judged.", (), "100", unit="calls", most=1_000_000)


def _spent(scope: Scope) -> Part:
    return _budget_of(ROLLING_BUDGET if scope.variant("window") == "rolling" else BUDGET)


def _budget_of(relation: Relation) -> Part:
    return Part(
        of=relation,
        values={
            "remaining": Ratio("sum(rows_of.budget) - sum(rows_of.failed)", _BUDGET, _FEW),
            "consumed": Ratio("sum(rows_of.failed)", _BUDGET, _FEW),
            "burn_rate": Ratio("sum(rows_of.failed)", _BUDGET, _FEW),
            "failed": "sum(rows_of.failed)",
            "allowed": "sum(rows_of.budget)",
        },
        cases="sum(rows_of.calls)",
    )


error_budget = Metric(
    card=Card(
        question="How much failure may we still afford?",
        words=(
            "1 - failures over what the objective allows: server errors and timeouts, over calls x (1 - objective), "
            "each product by its own objective (99.95 % unless set). Over the period; when none is asked for, or "
            "with --set window=rolling, over the 30 days that end with each period or at the as-of moment. Below 0 "
            "the budget is overspent. The burn rate is the error rate over the budget: 1 spends it exactly. Under "
            "100 calls nothing is said."
        ),
        action="When little is left, reliability goes before features until it grows again.",
        better="higher",
        bands=above(good=0.25, needs_work=0.0),
        audience=_PLATFORM_ENGINEERING,
        requirement="R12",
    ),
    main=_budget_of(BUDGET),
    main_for=_spent,
    headline="remaining",
    unit="share",
    unit_of={"burn_rate": "multiple", "failed": "count", "allowed": "number"},
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=("calls",),
    variants=(
        Variant(
            "window",
            "The period, or rolling days; these when no period is asked for.",
            ("period", "rolling"),
            "period",
            unbounded="rolling",
        ),
        _DAYS,
        _LEAST,
    ),
    environment="production",
    traffic="all",
)

burn_rates = Metric(
    card=Card(
        question="Is the error budget going faster than it may?",
        words=(
            "Error rate over the budget (1 - objective) in the hour, 6 hours, day and 3 days that end at the as-of "
            "moment, or with the scope. An alert fires when its long window and one a twelfth as long both burn "
            "faster than would spend 2 %, 5 %, 10 % and 10 % of a 30-day budget in the long window (14.4, 6, 3 and "
            "1), with at least 100 calls and two failures."
        ),
        action="A page is for now, a ticket for the week: split it by endpoint to see what burns.",
        better="lower",
        why_no_bands="Each window has its own line; the flags say which is crossed.",
        audience=_PLATFORM_ENGINEERING,
        requirement="R12",
    ),
    main=Part(
        of=BURNING,
        values={
            **{
                burn.name: Ratio(
                    f"max(rows_of.failed_{burn.long})",
                    f"max(rows_of.budget_{burn.long})",
                    "no calls in the window",
                )
                for burn in BURNS
            },
            **{f"{burn.name}_fires": f"max(rows_of.{burn.name}_fires)" for burn in BURNS},
        },
        cases=f"max(rows_of.calls_{LONGEST})",
    ),
    headline="page_fast",
    unit="multiple",
    unit_of={f"{burn.name}_fires": "count" for burn in BURNS},
    dimensions=tuple(USAGE_DIMENSIONS),
    grains=("all",),
    default_grain="all",
    needs=("calls",),
    variants=(_DAYS, _LEAST),
    environment="production",
    traffic="all",
)

availability_objective = Metric(
    card=Card(
        question="Which availability do we promise, and do we keep it?",
        words=(
            "The objective of each product from the settings ([slo.NAME], else [slo]), beside 1 - (server errors and "
            "timeouts) over all its calls. Met when the calls reach it. Of several products together the strictest "
            "counts."
        ),
        action="Agree with each product's users on what they need, and write it into the settings.",
        better="higher",
        why_no_bands="It is a decision, not a result.",
        audience=_PLATFORM_ENGINEERING,
        requirement="R18",
    ),
    main=Part(
        of=PROMISED,
        values={
            "objective": "max(rows_of.objective)",
            "actual": Ratio("sum(rows_of.calls) - sum(rows_of.failed)", "sum(rows_of.calls)", "no calls"),
            "met": "case when 1 - sum(rows_of.failed) / sum(rows_of.calls) >= max(rows_of.objective) "
            "then 1 else 0 end",
            "calls": "sum(rows_of.calls)",
        },
        cases="sum(rows_of.calls)",
    ),
    headline="objective",
    unit="share",
    unit_of={"met": "count", "calls": "count"},
    dimensions=tuple(USAGE_DIMENSIONS),
    default_by=("product",),
    needs=("calls",),
    environment="production",
    traffic="all",
)
