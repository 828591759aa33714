"""What is one row, where onboarding is held against its cost and its people?"""

from __future__ import annotations

from firstcall.metrics.metric import Relation
from firstcall.metrics.relations.onboarding import WENT_LIVE

_HEADS = "case h.confidence when 'assumed' then 2 when 'estimated' then 1 else 0 end as confidence"
_ONBOARDED = "cast(null as double) as fte, cast(null as double) as fte_before, 0 as confidence"

STAFFED = Relation(
    "staffed",
    "One row per partner gone live in the period or in the same days a year before, and per team and month of either.",
    f"""with {WENT_LIVE},
    arrived as (
      select l.partner, l.day from live as l left join parties as p on p.partner_id = l.partner
      where coalesce(local_day(p.registered_at) >= $calls_since, true)),
    spans as (
      select q.period, q.first_day, q.end_day, add_months(q.first_day, -12) as first_before,
        add_months(q.end_day, -12) as end_before from periods as q),
    heads as (
      select h.team, first_day('month', h.month) as month, h.fte, {_HEADS} from known_headcount as h),
    now_staffed as (
      select s.period, h.team, h.month, h.fte, h.confidence from spans as s cross join heads as h
      where h.month >= first_day('month', s.first_day) and h.month < s.end_day),
    then_staffed as (
      select s.period, h.team, h.month, h.fte, h.confidence from spans as s cross join heads as h
      where h.month >= first_day('month', s.first_before) and h.month < s.end_before),
    now_months as (select n.period, count(distinct n.month) as months from now_staffed as n group by n.period),
    then_months as (select n.period, count(distinct n.month) as months from then_staffed as n group by n.period)
    select s.period, '' as split, l.partner as entity, l.day, 1 as onboarded, 0 as onboarded_before, {_ONBOARDED},
      cast(null as varchar) as missing_rate
    from arrived as l cross join spans as s where l.day >= s.first_day and l.day < s.end_day
    union all
    select s.period, '' as split, l.partner as entity, l.day, 0 as onboarded, 1 as onboarded_before, {_ONBOARDED},
      cast(null as varchar) as missing_rate
    from arrived as l cross join spans as s where l.day >= s.first_before and l.day < s.end_before
    union all
    select n.period, '' as split, n.team as entity, n.month as day, 0 as onboarded, 0 as onboarded_before,
      n.fte / m.months as fte, cast(null as double) as fte_before, n.confidence, cast(null as varchar) as missing_rate
    from now_staffed as n join now_months as m on m.period = n.period
    union all
    select n.period, '' as split, n.team as entity, n.month as day, 0 as onboarded, 0 as onboarded_before,
      cast(null as double) as fte, n.fte / m.months as fte_before, n.confidence, cast(null as varchar) as missing_rate
    from then_staffed as n join then_months as m on m.period = n.period""",
    splits_by="own",
    ever=True,
    priced=True,
)

PLANNED = Relation(
    "planned_onboarding",
    "As onboarding_cost, with the number of partners planned; at most estimated, for it is a scenario.",
    """select o.period, o.split, o.entity, o.entry, o.micros, greatest(o.confidence, 1) as confidence, o.note,
      o.missing_rate, o.went_live, cast($planned_partners as hugeint) as planned from onboarding_cost as o""",
    splits_by="money",
    ever=True,
)
