"""What is one row, where somebody's later periods are held against the first one?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from firstcall.literals import day_literal
from firstcall.metrics.metric import Relation

if TYPE_CHECKING:
    from firstcall.periods import Scope

_STEPS = {"day": ("days", 1), "week": ("days", 7), "month": ("months", 1), "quarter": ("months", 3)}
_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91}
"""The days of 24 hours that stand for a bucket where time runs from somebody's own first call; a year has 365."""
_POOLED = """
    select m.cohort as period, m.split, m.entity, m.back, m.back_1, m.back_4, m.back_12, m.closed, m.closed_1,
      m.closed_4, m.closed_12,
      sum(case when m.closed and m.back then 1 else 0 end) over (partition by m.split) as pooled_back,
      sum(case when m.closed then 1 else 0 end) over (partition by m.split) as pooled
    from members as m join periods as q on q.period = m.cohort"""


@dataclass(frozen=True, slots=True)
class _Later:
    """So many buckets of the scope after somebody's first one, as SQL over that row `f`."""

    scope: Scope

    @property
    def hourly(self) -> bool:
        """Whether time runs from the first call itself, in windows of hours, and not in buckets of the calendar."""
        return self.scope.variant("windows") == "hours"

    @property
    def reaches(self) -> str:
        """How a later bucket is compared: that one, or that one and any after it."""
        return ">=" if self.scope.variant("kind") == "rolling" else "="

    @property
    def length(self) -> int:
        """The seconds of a window."""
        return 86400 * _DAYS.get(self.scope.grain, 365)

    def step(self, buckets: str) -> str:
        """Return the first day of the bucket so many after the cohort's."""
        unit, length = _STEPS.get(self.scope.grain, ("months", 12))
        return f"add_{unit}(f.cohort, {length} * ({buckets}))"

    def closed(self, buckets: str) -> str:
        """Return whether that bucket, or window of hours, is over."""
        if not self.hourly:
            return f"{self.step(f'{buckets} + 2')} <= $as_of_day"
        number = buckets if buckets.isdigit() else self.scope.variant("offset", "1")
        return self._over(int(number) + 1 if number.isdigit() else 1)

    def _over(self, windows: int) -> str:
        """Return whether so many windows after the end of the cohort's bucket are over."""
        length = timedelta(seconds=self.length) * windows
        scope = self.scope
        ends = {period.first: scope.calendar.starts(period.end) for period in scope.periods}
        last = max((first for first, end in ends.items() if scope.as_of - end >= length), default=None)
        return "false" if last is None else f"f.cohort <= {day_literal(last)}"


def _by_buckets(at: _Later) -> str:
    return f"""with active as (
      select u.entity, u.split, u.period from usage as u where u.entity is not null
      group by u.entity, u.split, u.period having $active),
    firsts as (
      select a.entity, a.split, min(a.period) as cohort from active as a group by a.entity, a.split),
    members as (
      select f.cohort, f.split, f.entity, bool_or(a.period {at.reaches} {at.step("$offset")}) as back,
        bool_or(a.period {at.reaches} {at.step("1")}) as back_1,
        bool_or(a.period {at.reaches} {at.step("4")}) as back_4,
        bool_or(a.period {at.reaches} {at.step("12")}) as back_12, {at.closed("$offset")} as closed,
        {at.closed("1")} as closed_1, {at.closed("4")} as closed_4, {at.closed("12")} as closed_12
      from firsts as f join active as a on a.entity = f.entity and a.split = f.split
      group by f.cohort, f.split, f.entity)"""


def _by_hours(at: _Later) -> str:
    return f"""with own as (
      select moment.entity, moment.split, moment.time, moment.calls, moment.denied, moment.outcome
      from moments as moment where moment.entity is not null),
    began as (
      select u.entity, u.split, min(u.time) as at from own as u where $active_call group by u.entity, u.split),
    dated as (select b.entity, b.split, b.at, local_day(b.at) as day from began as b),
    firsts as (select d.entity, d.split, d.at, period_of(d.day) as cohort from dated as d),
    placed as (
      select f.entity, f.split, u.calls, u.denied, u.outcome,
        floor_div(cast(seconds_between(f.at, u.time) * 1000000 as bigint), cast({at.length}000000 as bigint)) as place
      from firsts as f join own as u on u.entity = f.entity and u.split = f.split where u.time >= f.at),
    active as (select u.entity, u.split, u.place from placed as u group by u.entity, u.split, u.place having $active),
    members as (
      select f.cohort, f.split, f.entity, coalesce(bool_or(a.place {at.reaches} $offset), false) as back,
        coalesce(bool_or(a.place {at.reaches} 1), false) as back_1,
        coalesce(bool_or(a.place {at.reaches} 4), false) as back_4,
        coalesce(bool_or(a.place {at.reaches} 12), false) as back_12, {at.closed("$offset")} as closed,
        {at.closed("1")} as closed_1, {at.closed("4")} as closed_4, {at.closed("12")} as closed_12
      from firsts as f left join active as a on a.entity = f.entity and a.split = f.split
      group by f.cohort, f.split, f.entity)"""


def returns(scope: Scope) -> Relation:
    """Return one row per caller, dated by its first active bucket, with whether it was active so many later."""
    at = _Later(scope)
    return Relation(
        "returns",
        "One row per caller, dated by its first active period: whether it came back so many periods later, and "
        "whether that can be known.",
        (_by_hours(at) if at.hourly else _by_buckets(at)) + _POOLED,
        ever=True,
    )


ADOPTED = Relation(
    "adopted_by",
    "One row per period and caller active in it or earlier, with its first active day; beside it the milestones of the "
    "period, and the newcomers of the four periods before it and of it and the three after.",
    """with firsts as (
      select a.entity, a.split, min(a.day) as first_day from (
        select u.entity, u.split, u.day from usage as u where u.entity is not null
        group by u.entity, u.split, u.day having sum(u.calls - u.denied) > 0) as a
      group by a.entity, a.split),
    newcomers_of as (
      select q.number, f.split, count(*) as newcomers from firsts as f join periods as q
        on q.period = period_of(f.first_day) group by q.number, f.split),
    marked as (
      select q.number, count(*) as milestones, min(t.label) as label from periods as q cross join known_milestones as t
      where t.date >= q.first_day and t.date < q.end_day group by q.number),
    around as (
      select k.number, n.split, sum(case when n.number < k.number then n.newcomers else 0 end) as earlier,
        sum(case when n.number >= k.number then n.newcomers else 0 end) as later
      from marked as k cross join newcomers_of as n
      where n.number >= k.number - 4 and n.number < k.number + 4 group by k.number, n.split),
    ends as (select q.number - 3 as number, coalesce(period_of(q.end_day) > q.period and q.end_day <= $as_of_day, false)
      as over from periods as q)
    select q.period, f.split, f.entity, f.first_day, f.first_day >= q.first_day as arrived, k.label,
      coalesce(k.milestones, 0) as milestones,
      case when k.milestones > 0 then coalesce(w.earlier, 0) / 4 end as earlier,
      case when k.milestones > 0 and e.over then coalesce(w.later, 0) / 4 end as later
    from firsts as f cross join periods as q
    left join marked as k on k.number = q.number
    left join around as w on w.number = q.number and w.split = f.split
    left join ends as e on e.number = q.number
    where f.first_day < q.end_day""",
    history=True,
)
