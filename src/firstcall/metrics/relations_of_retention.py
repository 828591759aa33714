"""What is one row, where somebody's later periods are held against the first one?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics.metric import Relation

if TYPE_CHECKING:
    from firstcall.periods import Scope

_STEPS = {"day": ("days", 1), "week": ("days", 7), "month": ("months", 1), "quarter": ("months", 3)}
_RETURNS = """with active as (
      select u.entity, u.split, u.period from usage as u where u.entity is not null
      group by u.entity, u.split, u.period having {active}),
    firsts as (
      select a.entity, a.split, min(a.period) as cohort from active as a group by a.entity, a.split),
    members as (
      select f.cohort, f.split, f.entity, bool_or(a.period {reaches} {step[{offset}]}) as back,
        bool_or(a.period {reaches} {step[1]}) as back_1, bool_or(a.period {reaches} {step[4]}) as back_4,
        bool_or(a.period {reaches} {step[12]}) as back_12, {closed[{offset}]} as closed, {closed[1]} as closed_1,
        {closed[4]} as closed_4, {closed[12]} as closed_12
      from firsts as f join active as a on a.entity = f.entity and a.split = f.split
      group by f.cohort, f.split, f.entity)
    select m.cohort as period, m.split, m.entity, m.back, m.back_1, m.back_4, m.back_12, m.closed, m.closed_1,
      m.closed_4, m.closed_12,
      sum(case when m.closed and m.back then 1 else 0 end) over (partition by m.split) as pooled_back,
      sum(case when m.closed then 1 else 0 end) over (partition by m.split) as pooled
    from members as m join periods as q on q.period = m.cohort"""


def _later(grain: str, buckets: str) -> str:
    """Return the SQL of the first day of the bucket so many after the cohort's."""
    unit, length = _STEPS.get(grain, ("months", 12))
    return f"add_{unit}(f.cohort, {length} * ({buckets}))"


def returns(scope: Scope) -> Relation:
    """Return one row per caller, dated by its first active bucket, with whether it was active so many later."""
    text = _RETURNS.replace("{reaches}", ">=" if scope.variant("kind") == "rolling" else "=")
    for offset in ("{offset}", "1", "4", "12"):
        text = text.replace(f"{{step[{offset}]}}", _later(scope.grain, offset))
        text = text.replace(
            f"{{closed[{offset}]}}", f"{_later(scope.grain, f'{offset} + 2')} <= {{as_of_day}}"
        )
    return Relation(
        "returns",
        "One row per caller, dated by its first active period: whether it came back so many periods later, and "
        "whether that can be known.",
        text,
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
        on q.period = {period[f.first_day]} group by q.number, f.split),
    marked as (
      select q.number, count(*) as milestones, min(t.label) as label from periods as q cross join known_milestones as t
      where t.date >= q.first_day and t.date < q.end_day group by q.number),
    around as (
      select k.number, n.split, sum(case when n.number < k.number then n.newcomers else 0 end) as earlier,
        sum(case when n.number >= k.number then n.newcomers else 0 end) as later
      from marked as k cross join newcomers_of as n
      where n.number >= k.number - 4 and n.number < k.number + 4 group by k.number, n.split),
    ends as (select q.number - 3 as number, coalesce({period[q.end_day]} > q.period and q.end_day <= {as_of_day}, false)
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
