"""Are the APIs there when they are called, and what is left of what they may fail?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.bands import above
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.dimensions import USAGE_DIMENSIONS
from firstcall.metrics.metric import Metric, Part, Ratio, Relation, Variant
from firstcall.metrics.reliability.availability_relations import AVAILABLE, AVAILABLE_BY_MINUTE
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
_CHECKS = "sum(rows_of.up) + sum(rows_of.down)"
_METHODS = {
    "probes": ("sum(rows_of.up)", _CHECKS, "no probe that knows"),
    "calls": ("sum(rows_of.calls) - sum(rows_of.failed)", "sum(rows_of.calls)", "no calls"),
    "minutes": (
        "sum(rows_of.minutes) - sum(rows_of.bad_minutes)",
        "sum(rows_of.minutes)",
        "no minute with enough calls",
    ),
    "incidents": (
        "max(rows_of.lasted) - max(rows_of.downtime)",
        "max(rows_of.lasted)",
        "no incidents recorded",
    ),
}
_AUTO = tuple(
    f"case when {_CHECKS} > 0 then {by_probes} else {by_calls} end"
    for by_probes, by_calls in zip(_METHODS["probes"][:2], _METHODS["calls"][:2], strict=True)
)


def _by(method: str) -> Part:
    """Return uptime by the method, with that of every method beside it."""
    if method == "auto":
        part, over, reason = _AUTO[0], _AUTO[1], "no probes and no calls"
    else:
        part, over, reason = _METHODS[method]
    probed, called = f"({_CHECKS}) > 0", f"({_CHECKS}) = 0 and sum(rows_of.calls) > 0"
    notes = (
        (probed, "uptime by probes in {n} points; probes whose checker failed are left out"),
        (called, "uptime by calls in {n} points: 1 - (5xx and timeouts) / all calls"),
    )
    asked = ((f"({over}) > 0", f"uptime by {method} in {{n}} points"),)
    return Part(
        of=AVAILABLE_BY_MINUTE if method == "minutes" else AVAILABLE,
        values={
            "uptime": Ratio(part, over, reason),
            **{name: Ratio(*parts) for name, parts in _METHODS.items()},
            "unknown": Ratio("sum(rows_of.unsure)", f"{_CHECKS} + sum(rows_of.unsure)", "no probes"),
            "allowed_downtime": "min(rows_of.allowed)",
        },
        cases=over,
        notes=tuple(
            (f"case when {condition} then 1 else 0 end", words)
            for condition, words in (notes if method == "auto" else asked)
        ),
    )


def _in_force(scope: Scope) -> Part:
    return _by(scope.variant("method", "auto"))


uptime = Metric(
    card=Card(
        question="Which share of the time are the APIs there?",
        words=(
            "By probes when the period has any: up over up and down; what the checker could not know is left out and "
            "its share shown. Else by calls: 1 - (5xx and timeouts) over all calls. `--set method` chooses: by "
            "minutes, those in which more than 5 % of at least 10 calls failed are down (--set bad_percent, "
            "minute_calls; worked out only when asked for); by incidents, 1 - their time over the time that has "
            "passed, overlaps merged, critical and major count in full, partial 0.3, degraded nothing, maintenance "
            "is none. Allowed downtime is (1 - objective) x period, by the strictest objective of what is counted. A "
            "probe's target is its product."
        ),
        action="Publish it with its method; under the target, the error budget says what to stop.",
        better="higher",
        bands=above(good=0.9995),
        audience=_PLATFORM_ENGINEERING,
        requirement="R9",
    ),
    main=_by("auto"),
    main_for=_in_force,
    headline="uptime",
    unit="share",
    unit_of={"allowed_downtime": "seconds"},
    dimensions=("product", "target", "region"),
    needs=("calls|probes|incidents",),
    variants=(
        Variant("method", "How uptime is told.", ("auto", *_METHODS), "auto"),
        Variant(
            "minute_calls", "Fewest calls of a minute that is judged.", (), "10", unit="calls", most=1_000_000
        ),
        Variant(
            "bad_percent",
            "Share of failures above which a minute is down.",
            (),
            "5",
            unit="percent",
            most=100,
        ),
    ),
    environment="production",
    traffic="all",
)

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
