"""What is one row, where an objective is spent? Calls and failures of a product beside what it may fail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from firstcall.metrics.metric import Relation

if TYPE_CHECKING:
    from collections.abc import Callable

BAD = "('server_error', 'timeout')"
_FAILED = f"sum(case when u.outcome in {BAD} then u.calls else 0 end) as failed"
_SPENT = """select x.period, x.split, x.product, x.calls, x.failed, x.calls * (1 - $objective) as budget,
      sum(x.calls) over (partition by x.period, x.split) >= $least_calls as enough from sums as x"""

BUDGET = Relation(
    "budget",
    "One row per period, split and product: calls, failures, and how many of them the objective allows.",
    f"""with sums as (
      select u.period, u.split, u.product, sum(u.calls) as calls, {_FAILED}
      from usage as u group by u.period, u.split, u.product)
    {_SPENT}""",
)

ROLLING_BUDGET = Relation(
    "rolling_budget",
    "As budget, over the days that end with each period, or with the as-of moment when that is earlier.",
    f"""with days as (
      select u.day, u.split, u.product, sum(u.calls) as calls, {_FAILED}
      from usage as u group by u.day, u.split, u.product),
    sums as (
      select q.period, d.split, d.product, sum(d.calls) as calls, sum(d.failed) as failed
      from days as d cross join periods as q
      where d.day >= add_days(least(q.end_day, add_days($as_of_day, 1)), -$budget_days)
        and d.day < q.end_day and q.starts <= $as_of group by q.period, d.split, d.product)
    {_SPENT}""",
    ever=True,
)

PROMISED = Relation(
    "promised",
    "One row per period, split and product: its calls, its failures and its objective.",
    f"""with sums as (
      select u.period, u.split, u.product, sum(u.calls) as calls, {_FAILED}
      from usage as u group by u.period, u.split, u.product)
    select x.period, x.split, x.product, x.calls, x.failed, $objective as objective from sums as x""",
)


@dataclass(frozen=True, slots=True)
class Burn:
    """An alert on the pace: fires when `spent` of the budget goes in `long` seconds and `short` says it still does."""

    name: str
    spent: float
    long: int
    short: int


BURNS = (
    Burn("page_fast", 0.02, 3_600, 300),
    Burn("page_slow", 0.05, 21_600, 1_800),
    Burn("ticket_fast", 0.1, 86_400, 7_200),
    Burn("ticket_slow", 0.1, 259_200, 21_600),
)
WINDOWS = tuple(sorted({seconds for burn in BURNS for seconds in (burn.long, burn.short)}))
LONGEST = WINDOWS[-1]


_NOW = "least(q.ends, $as_of)"


def _each(shown: Callable[[int], str]) -> str:
    return ", ".join(shown(window) for window in WINDOWS)


def _fires(burn: Burn) -> str:
    """Return whether both windows burn faster than spends the share, on enough calls and two failures or more."""
    pace = f"{burn.spent!r} * $budget_days * 86400 / {burn.long}"
    faster = [f"b.failed_{window} > b.budget_{window} * ({pace})" for window in (burn.long, burn.short)]
    floor = f"b.calls_{burn.long} >= $least_calls and b.failed_{burn.long} >= 2"
    return f"case when {' and '.join(faster)} and {floor} then 1 else 0 end as {burn.name}_fires"


BURNING = Relation(
    "burning",
    "One row per split: calls, failures and what the objective allows in each window that ends at the as-of moment "
    "or with the scope, and which alerts fire.",
    f"""with recent as (
      select m.split, m.product, m.outcome in {BAD} as failed, seconds_between(m.time, {_NOW}) as ago
      from moments as m cross join periods as q
      where m.day >= add_days(least($end, $as_of_day), -{LONGEST // 86_400 + 2}) and m.time <= $as_of
        and m.time < q.ends and m.time > add_seconds({_NOW}, -{LONGEST})),
    sums as (
      select r.split, r.product, {_each(lambda w: f"count(*) filter (where r.ago < {w}) as calls_{w}")},
        {_each(lambda w: f"count(*) filter (where r.ago < {w} and r.failed) as failed_{w}")}
      from recent as r group by r.split, r.product),
    budgets as (
      select x.split, {_each(lambda w: f"sum(x.calls_{w}) as calls_{w}, sum(x.failed_{w}) as failed_{w}")},
        {_each(lambda w: f"sum(x.calls_{w} * (1 - $objective)) as budget_{w}")}
      from sums as x group by x.split)
    select $start as period, b.split, {_each(lambda w: f"b.calls_{w}, b.failed_{w}, b.budget_{w}")},
      {", ".join(map(_fires, BURNS))}
    from budgets as b where $as_of_day >= $start""",
    ever=True,
)
