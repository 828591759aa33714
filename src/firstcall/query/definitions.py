"""What do the program's definitions, overruled by the question's variants, put into the texts of relations?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from firstcall.errors import ScopeError
from firstcall.query.nodes import node
from firstcall.query.template import template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firstcall.metrics.metric import Metric
    from firstcall.periods import Scope
    from firstcall.query.nodes import Operand
    from firstcall.settings import Settings
    from firstcall.settings.milestone import Milestone

SCALING_CALLS = 1000
"""Successful production calls within the funnel's window that mean a newcomer is scaling."""
_WHOLE = re.compile("[0-9]{1,15}")
_BACK = {"month": 12, "quarter": 4, "year": 1}
_ACTIVE = {
    True: "sum(case when u.outcome = 'success' then u.calls else 0 end) >= $min_calls",
    False: "sum(u.calls) >= $min_calls and sum(u.calls - u.denied) > 0",
}
_ACTIVE_CALL = {True: "u.outcome = 'success'", False: "u.calls > u.denied"}
"""What makes a caller active in a period, and a call use: only successes, or whatever was not turned away."""


_EXTERNAL = "coalesce(p.status, 'approved') not in ('test', 'duplicate')"
_RAW_TRAFFIC = "m.traffic_class in ('external', 'agent')"
"""Whose rows count where only traffic from outside does, of partners `p` and of single calls `m`."""


def of_program(settings: Settings, milestone: Milestone, window_days: int | None) -> dict[str, Operand]:
    """Return the settings' definitions by their names in texts; `window_days` is that of a funnel of the settings."""
    definitions = settings.definitions
    return {
        "churn_days": definitions.churn_days,
        "window_days": window_days or definitions.activation_window_days,
        "min_calls": definitions.min_calls,
        "scaling_calls": SCALING_CALLS,
        "grace_seconds": definitions.grace_seconds,
        "active_calls": definitions.active_calls,
        "docs_window_hours": definitions.docs_window_hours,
        **{f"weight_{name}": weight for name, weight in definitions.depth_weights},
        "tier_low": float(definitions.tiers[0]),
        "tier_high": float(definitions.tiers[1]),
        "objective": _objective(settings),
        "milestone_call": _milestone_call(milestone),
        "milestone_count": milestone.count,
        "currency": settings.program.currency,
    }


def of_question(
    metric: Metric, scope: Scope, program: Mapping[str, Operand], *, external: bool
) -> dict[str, Operand]:
    """Return the definitions of a program as the variants of a question overrule them, and what follows from both.

    `external` says that only traffic from outside counts. Raises ScopeError for a variant that is no number it may be.
    """
    numbers = {variant.name: variant for variant in metric.variants if variant.most}
    said: dict[str, Operand] = {
        **{name: int(variant.default) for name, variant in numbers.items()},
        **program,
    }
    for name, value in scope.variants:
        if name in numbers:
            said[name] = _whole(name, value, numbers[name].unit, numbers[name].most)
    by_success = scope.variant("active", str(said["active_calls"])) == "success"
    only = scope.variant("outcome") == "success"
    return {
        **said,
        "window_seconds": int(str(said["window_days"])) * 86400,
        "back": 1 if scope.variant("method") == "period" else _BACK.get(scope.grain, 1),
        "active": template(_ACTIVE[by_success]).tree,
        "active_call": template(_ACTIVE_CALL[by_success]).tree,
        "external": template(_EXTERNAL if external else "true").tree,
        "raw_traffic": template(_RAW_TRAFFIC if external else "true").tree,
        **{f"outcome_of_{alias}": template(_success_of(alias) if only else "true").tree for alias in "um"},
    }


def _success_of(alias: str) -> str:
    return f"{alias}.outcome = 'success'"


def _objective(settings: Settings) -> Operand:
    """Return the availability promised for the product of a row called `x`."""
    slo = settings.slo
    if not slo.by_product:
        return slo.availability
    product = exp.column("product", table="x")
    cases = [
        exp.If(this=exp.EQ(this=product.copy(), expression=node(name)), true=node(own.availability))
        for name, own in slo.by_product.items()
    ]
    return exp.Case(ifs=cases, default=node(slo.availability))


def _milestone_call(milestone: Milestone) -> exp.Expr:
    """Return whether a single call `m` is one that the milestone counts."""
    conditions = [template(_success_of("m") if milestone.success else "true").tree.copy()]
    if milestone.environment != "any":
        conditions.append(
            exp.EQ(this=exp.column("environment", table="m"), expression=node(milestone.environment))
        )
    if milestone.endpoint is not None:
        conditions.append(exp.EQ(this=exp.column("endpoint", table="m"), expression=node(milestone.endpoint)))
    return exp.and_(*conditions, copy=False)


def _whole(name: str, value: str, unit: str, most: int) -> int:
    if not _WHOLE.fullmatch(value) or not 0 < int(value) <= most:
        raise ScopeError(f"{name}={value}: expected a whole number of {unit} between 1 and {most}.")
    return int(value)
