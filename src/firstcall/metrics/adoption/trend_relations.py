"""What is one row, where a caller's volume is compared with its own past?"""

from __future__ import annotations

from firstcall.metrics.metric import Relation

STRETCHES = Relation(
    "stretches",
    "One row per period of which something is seen: its last day seen, exclusive, and the moment up to which.",
    """select q.number, q.period, q.first_day, least(q.end_day, add_days($as_of_day, 1)) as end_day,
      least(q.ends, add_seconds($as_of, 0.000001)) as until
    from periods as q where q.starts < least(q.ends, add_seconds($as_of, 0.000001))""",
)

PAIRED = Relation(
    "paired",
    "One row per period and caller that called in it or in the period before, with the calls of both; `place` orders "
    "the callers of the period, `over` says whether it is complete.",
    """with sums as (
      select q.number, u.split, u.entity, sum(u.calls) as calls from usage as u join periods as q on q.period = u.period
      where u.entity is not null and u.day >= q.first_day and u.day < q.end_day
      group by q.number, u.split, u.entity),
    sides as (
      select s.number, s.split, s.entity, s.calls, 0 as before from sums as s
      union all select s.number + 1 as number, s.split, s.entity, 0 as calls, s.calls as before from sums as s),
    pairs as (
      select s.number, s.split, s.entity, cast(sum(s.calls) as bigint) as calls,
        cast(sum(s.before) as bigint) as before from sides as s group by s.number, s.split, s.entity)
    select q.period, x.split, x.entity, x.calls, x.before,
      case when x.calls > 0 then row_number() over (
        partition by x.number, x.split order by x.calls desc, x.entity) else 2 end as place,
      (x.calls - x.before) / x.before as growth,
      coalesce(period_of(q.end_day) > q.period and q.first_day >= $known_since
        and q.end_day <= least($as_of_day, $known_until), false) as over
    from pairs as x join periods as q on q.number = x.number""",
    history=True,
)

LIMITED = Relation(
    "limited",
    "One row per period and caller that was answered 429, with how often (role `hit`), and the rows of all_allowances "
    "of each partner that called in the period: what it may use in all, and what it has used.",
    """with callers as (
      select distinct u.period, u.split, u.partner from usage as u where u.entity is not null and u.partner is not null)
    select reach.period, reach.split, reach.entity, 'hit' as role, cast(null as varchar) as partner,
      cast(null as varchar) as account, cast(null as varchar) as pack_id, cast(null as date) as first_day,
      cast(null as date) as end_day, cast(sum(reach.calls) as hugeint) as units, cast(0 as hugeint) as excess,
      cast(0 as hugeint) as recent, false as current
    from reaches as reach where reach.entity is not null and reach.status = 429
    group by reach.period, reach.split, reach.entity
    union all
    select g.period, g.split, cast(null as varchar) as entity, s.role, s.partner, s.account, s.pack_id, s.first_day,
      s.end_day, s.units, s.excess, s.recent, s.current
    from callers as g join all_allowances as s on s.period = g.period and s.partner = g.partner""",
)

# What looks at days reads `denied`, which the monthly rollup, whose day is the first of a month, does not offer.
FOUR_WEEKS = Relation(
    "four_weeks",
    "One row per period and caller: its calls in the last 28 days seen, those of them denied, and its calls in "
    "the 28 days before them.",
    """with daily as (
      select u.day, u.split, u.entity, sum(u.calls) as calls, sum(u.denied) as denied from usage as u
      where u.entity is not null and u.day >= add_days($start, -56) and u.day < $end
      group by u.day, u.split, u.entity)
    select s.period, d.split, d.entity,
      coalesce(sum(d.calls) filter (where d.day >= add_days(s.end_day, -28)), 0) as calls,
      coalesce(sum(d.calls) filter (where d.day < add_days(s.end_day, -28)), 0) as before,
      coalesce(sum(d.denied) filter (where d.day >= add_days(s.end_day, -28)), 0) as denied
    from stretches as s join daily as d on d.day >= add_days(s.end_day, -56) and d.day < s.end_day
    group by s.period, d.split, d.entity""",
    ever=True,
)
