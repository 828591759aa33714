"""What is one row, where it is asked whether callers get out of an error? A run of errors, and what came after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics.dimensions import USAGE_DIMENSIONS
from firstcall.metrics.metric import Relation

if TYPE_CHECKING:
    from firstcall.periods import Scope

SOON, LATE = 600, 86400
"""Seconds without an error that end an episode and within which a recovery is quick, and within which it is one."""
_SAME = "partition by s.consumer, s.method, s.route"
_FAILED = "s.outcome in ('client_error', 'server_error', 'timeout')"
_ALWAYS = ("consumer", "method", "route", "status", "outcome", "environment", "day")


def _text(others: tuple[str, ...]) -> str:
    """Return the text; `others` are the columns of the first error that the question names besides."""

    def of(alias: str) -> str:
        return "".join(f", {alias}.{name}" for name in others)

    listed = ", ".join(f"m.{name}" for name in _ALWAYS)
    return f"""with seen as (
      select m.first_time as time, {listed}{of("m")} from anything as m
      where m.consumer is not null and m.day >= add_days($start, -1) and m.day <= add_days($end, 1)
        and ($environment = 'any' or m.environment = $environment)),
    followed as (
      select s.time, s.consumer, s.method, s.route, s.status, s.outcome, s.environment, s.day{of("s")},
        {_FAILED} as failed,
        min(case when s.outcome = 'success' then s.time end) over ({_SAME} order by s.time desc) as success_at,
        lead(s.time) over ({_SAME} order by s.time, s.status) as next_at
      from seen as s),
    failures as (
      select s.time, s.consumer, s.method, s.route, s.status, s.outcome, s.environment, s.day{of("s")},
        s.success_at, s.next_at, lag(s.time) over ({_SAME} order by s.time, s.status) as failed_before
      from followed as s where s.failed),
    episodes as (
      select f.time, f.consumer, f.method, f.route, f.status, f.outcome, f.environment, f.day{of("f")}, f.success_at,
        seconds_between(f.time, f.success_at) as needed,
        coalesce(f.next_at <= add_seconds(f.time, {LATE}), false) as tried,
        add_seconds(f.time, {SOON}) <= $as_of as soon_over, add_seconds(f.time, {LATE}) <= $as_of as mature
      from failures as f where f.failed_before is null or f.failed_before <= add_seconds(f.time, -{SOON}))
    select period_of(x.day) as period, $split as split, x.consumer, x.method, x.route, x.status, x.time as began_at,
      x.success_at, case when x.mature and x.needed <= {LATE} then x.needed end as needed,
      coalesce(x.needed <= {SOON}, false) as quickly, coalesce(x.needed <= {LATE}, false) as recovered, x.tried,
      x.soon_over, x.mature
    from episodes as x where x.day >= $start and x.day < $end and $kept"""


def recovery(scope: Scope) -> Relation:
    """Return one row per episode of errors of one caller at one endpoint, with what the question names beside it."""
    asked = {*scope.by, *(name for name, _ in scope.where)}
    plain = {*_ALWAYS, "endpoint"}
    others = tuple(name for name in USAGE_DIMENSIONS if name in asked and name not in plain)
    columns = {name: f"x.{name}" for name in USAGE_DIMENSIONS if name in {*others, *_ALWAYS}}
    return Relation(
        "recoveries",
        "One row per episode of errors, which begins with an error of a caller at an endpoint after ten minutes "
        "without one: the next success of the same caller there, and whether it called there again within a day.",
        _text(others),
        splits_by="own",
        ever=True,
        offers={
            **columns,
            "endpoint": "x.method || ' ' || x.route",
            "status": "cast(x.status as varchar)",
        },
    )
