"""What is one row, where a day is held against the same weekdays before it?"""

from __future__ import annotations

from firstcall.metrics.metric import Relation

WEEKDAYS = Relation(
    "weekdays",
    "One row per day and combination called by then: its calls, the median of the same weekday in the eight weeks "
    "before, how far off it is and on what scale; no scale where nothing can be said.",
    """with counted as (
      select u.day, u.split, sum(u.calls) as calls from usage as u where u.day < $end group by u.day, u.split),
    firsts as (select c.split, min(c.day) as first_day from counted as c group by c.split),
    grid as (
      select q.number, q.period, f.split, coalesce(c.calls, 0) as calls,
        q.end_day > q.period and q.first_day >= $known_since
        and q.end_day <= least($as_of_day, $known_until) as over
      from firsts as f cross join periods as q
      left join counted as c on c.split = f.split and c.day = q.period where q.period >= f.first_day),
    weeks as (
      select 1 as back union all select 2 as back union all select 3 as back union all select 4 as back
      union all select 5 as back union all select 6 as back union all select 7 as back union all select 8 as back),
    compared as (
      select g.number, g.split, w.back from grid as g cross join weeks as w where g.period >= $start),
    pairs as (
      select x.number, x.split, b.calls from compared as x
      join grid as b on b.split = x.split and b.number = x.number - 7 * x.back),
    usuals as (
      select p.number, p.split, count(*) as days, quantile_cont(p.calls, 0.5) as usual from pairs as p
      group by p.number, p.split),
    spreads as (
      select p.number, p.split, quantile_cont(abs(p.calls - y.usual), 0.5) as spread
      from pairs as p join usuals as y on y.number = p.number and y.split = p.split group by p.number, p.split)
    select g.period, g.split, g.calls, y.usual, y.days, g.calls - y.usual as off,
      case when g.over and y.days >= 4 then
        case when v.spread > 0 then 1.4826 * v.spread else power(greatest(y.usual, 1.0), 0.5) end end as scale
    from grid as g left join usuals as y on y.number = g.number and y.split = g.split
    left join spreads as v on v.number = g.number and v.split = g.split""",
    history=True,
)
