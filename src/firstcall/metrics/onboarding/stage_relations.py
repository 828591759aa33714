"""What is one row, where everybody stands at one step of onboarding at a time?"""

from __future__ import annotations

from firstcall.metrics.metric import Relation
from firstcall.metrics.relations.funnel import ACCOUNTS, CALL_STEPS, PRODUCTION, Funnel, event, named

_BY_CALL = """select u.entity, min(u.first_time) as at from usage as u
      where {} and u.entity is not null group by u.entity"""
_BY_VOLUME = f"""select v.entity, min(v.at) as at from (
        select d.entity, d.at, sum(d.calls) over (partition by d.entity order by d.day) as total from (
          select u.entity, u.day, sum(u.calls) as calls, max(u.last_time) as at from usage as u
          where {PRODUCTION.rolled} and u.entity is not null group by u.entity, u.day) as d) as v
      where v.total >= $scaling_calls group by v.entity"""


def _first(step: str, *, own_milestone: bool) -> str:
    """Return the select of when each first came to a step, whatever it did before."""
    if step in ACCOUNTS:
        return "select h.entity, h.began_at as at from people as h"
    if step == "activation" and own_milestone:
        return "select n.entity, n.reached_at as at from reached_nth as n"
    if step == "scaling":
        return _BY_VOLUME
    if step in CALL_STEPS:
        return _BY_CALL.format(CALL_STEPS[step].rolled)
    table, condition = event(step)
    return (
        f"select walker_of(w) as entity, min(w.time) as at from {table} as w "
        f"where {condition} and walker_of(w) is not null group by walker_of(w)"
    )


def standing(name: str, funnel: Funnel) -> Relation:
    """Return one row per period and account registered by its end, at the furthest step it had come to by then."""
    named(funnel.steps)
    numbered = range(1, len(funnel.steps) + 1)
    firsts = ", ".join(
        f"came_{number} as ({_first(step, own_milestone=funnel.own_milestone)})"
        for number, step in enumerate(funnel.steps, 1)
    )
    joins = " ".join(f"left join came_{number} on came_{number}.entity = who.entity" for number in numbered)
    furthest = " ".join(f"when came_{number}.at < q.ends then {{{number}}}" for number in reversed(numbered))
    place = furthest.format(*range(len(funnel.steps) + 1))
    since = furthest.format("", *(f"came_{number}.at" for number in numbered))
    steps = " ".join(f"when x.place = {number} then '{step}'" for number, step in enumerate(funnel.steps, 1))
    return Relation(
        f"standing_{name}",
        "One row per period and account registered by its end, with the furthest of these steps it had come to by "
        f"then, in whatever order: {' > '.join(funnel.steps)}; `lasted` runs from when it first came to it.",
        f"""with {firsts},
    placed as (
      select q.period, q.ends, who.split, who.entity, case {place} end as place, case {since} end as since
      from people as who cross join periods as q {joins}
      where who.began_at < q.ends and who.status in ('pending', 'approved', 'suspended')),
    stood as (
      select x.period, x.split, x.entity, x.place, case {steps} end as step, x.since,
        greatest(seconds_between(x.since, least(x.ends, $as_of)), 0) as lasted
      from placed as x where x.place is not null)
    select s.period, joined_split(s.split, s.step) as split, s.entity, p.name, p.manager, s.step, s.place, s.since,
      s.lasted
    from stood as s left join parties as p on p.partner_id = s.entity where $kept""",
        splits_by="both",
        ever=True,
        offers={"step": "s.step"},
    )
