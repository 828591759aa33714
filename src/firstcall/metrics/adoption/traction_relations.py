"""What is one row, where products, unusual days and loaded days are told?"""

from __future__ import annotations

from firstcall.metrics.metric import Relation

PRODUCTS_OFFERED = Relation(
    "products_offered",
    "One row per period and product on the market or called by then: calls, those of the period before, active "
    "partners, and whether it is dead weight.",
    """with totals as (
      select u.day, u.product, sum(u.calls) as calls,
        sum(case when u.partner is not null then u.calls - u.denied else 0 end) as tried
      from usage as u where u.product is not null and u.day < $end group by u.day, u.product),
    firsts as (select d.product, min(d.day) as first_day from totals as d group by d.product),
    sold as (
      select s.number, s.period, s.end_day, t.product from stretches as s cross join known_products as t
      where (t.launched_at is null or t.launched_at < s.until) and (t.retired_at is null or t.retired_at >= s.until)
      union all
      select s.number, s.period, s.end_day, f.product from stretches as s cross join firsts as f
      left join known_products as t on t.product = f.product
      where t.product is null and f.first_day < s.end_day),
    within as (
      select q.number, d.product, sum(d.calls) as calls from totals as d
      join periods as q on q.period = period_of(d.day)
      where d.day >= q.first_day and d.day < q.end_day group by q.number, d.product),
    users as (
      select q.number, u.product, u.partner from usage as u join periods as q on q.period = period_of(u.day)
      where u.product is not null and u.partner is not null and u.calls > u.denied and u.day >= q.first_day
        and u.day < q.end_day group by q.number, u.product, u.partner),
    active as (select a.number, a.product, count(*) as partners from users as a group by a.number, a.product),
    recent as (
      select s.number, d.product,
        coalesce(sum(d.tried) filter (where d.day >= add_days(s.end_day, -90)), 0) as tried_90,
        coalesce(sum(d.calls) filter (where d.day >= add_days(s.end_day, -30)), 0) as last_30,
        coalesce(sum(d.calls) filter (
          where d.day >= add_days(s.end_day, -60) and d.day < add_days(s.end_day, -30)), 0) as last_60,
        coalesce(sum(d.calls) filter (
          where d.day >= add_days(s.end_day, -90) and d.day < add_days(s.end_day, -60)), 0) as last_90,
        coalesce(sum(d.calls) filter (where d.day < add_days(s.end_day, -90)), 0) as last_120
      from stretches as s join totals as d on d.day >= add_days(s.end_day, -120) and d.day < s.end_day
      group by s.number, d.product)
    select x.period, $split as split, x.product, coalesce(w.calls, 0) as calls, coalesce(b.calls, 0) as before,
      coalesce(a.partners, 0) as partners, coalesce(r.tried_90, 0) as tried_90,
      coalesce(r.last_30, 0) as last_30, coalesce(r.last_60, 0) as last_60, coalesce(r.last_90, 0) as last_90,
      coalesce(r.last_120, 0) as last_120,
      coalesce(r.tried_90, 0) = 0 or (r.last_30 < r.last_60 and r.last_60 < r.last_90 and r.last_90 < r.last_120)
        as dead,
      coalesce(period_of(q.end_day) > q.period and q.end_day <= $as_of_day, false) as over
    from sold as x join periods as q on q.number = x.number
    left join within as w on w.number = x.number and w.product = x.product
    left join active as a on a.number = x.number and a.product = x.product
    left join within as b on b.number = x.number - 1 and b.product = x.product
    left join recent as r on r.number = x.number and r.product = x.product
    where $kept""",
    splits_by="own",
    history=True,
    offers={"product": "x.product"},
)

WEEKDAYS = Relation(
    "weekdays",
    "One row per day and combination called by then: its calls, the median of the same weekday in the eight weeks "
    "before, how far off it is and on what scale; no scale where nothing can be said.",
    """with counted as (
      select u.day, u.split, sum(u.calls) as calls from usage as u where u.day < $end group by u.day, u.split),
    firsts as (select c.split, min(c.day) as first_day from counted as c group by c.split),
    grid as (
      select q.number, q.period, f.split, coalesce(c.calls, 0) as calls,
        q.end_day > q.period and q.end_day <= $as_of_day as over
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

_LOADED = """cuts as (
      select d.period, d.split, quantile_cont(d.calls, 0.4) - 0.000001 as low,
        quantile_cont(d.calls, 0.6) + 0.000001 as high, quantile_cont(d.calls, 0.9) - 0.000001 as top,
        sum(d.calls) as all_calls from load_of as d group by d.period, d.split),
    loads as (
      select d.period, d.split, d.slot, 'busy' as load, c.all_calls from load_of as d
      join cuts as c on c.period = d.period and c.split = d.split where d.calls >= c.top
      union all
      select d.period, d.split, d.slot, 'typical' as load, c.all_calls from load_of as d
      join cuts as c on c.period = d.period and c.split = d.split where d.calls >= c.low and d.calls <= c.high)"""

DAYS_BY_LOAD = Relation(
    "days_by_load",
    "One row per period, split, load (busy or typical days) and latency bucket, with the calls up to it and all calls; "
    "timeouts left out.",
    f"""with hist as (
      select u.period, u.split, u.day as slot, u.latency_bucket, sum(u.calls) as calls from usage as u
      where u.latency_bucket is not null and u.outcome <> 'timeout'
      group by u.period, u.split, u.day, u.latency_bucket),
    load_of as (
      select h.period, h.split, h.slot, sum(h.calls) as calls from hist as h group by h.period, h.split, h.slot),
    {_LOADED},
    sums as (
      select h.period, h.split, x.load, x.all_calls, h.latency_bucket, sum(h.calls) as calls from hist as h
      join loads as x on x.period = h.period and x.split = h.split and x.slot = h.slot
      group by h.period, h.split, x.load, x.all_calls, h.latency_bucket)
    select s.period, s.split, s.load, s.all_calls, s.latency_bucket, s.calls,
      sum(s.calls) over (partition by s.period, s.split, s.load order by s.latency_bucket) as upto,
      sum(s.calls) over (partition by s.period, s.split, s.load) as total from sums as s""",
)

MINUTES_BY_LOAD = Relation(
    "minutes_by_load",
    "One row per completed call with a latency in a busy or typical minute; in both, it is there twice.",
    f"""with single as (
      select m.period, m.split, m.latency_ms,
        floor_div(seconds_between(timestamp '2000-01-01 00:00:00', m.first_time), 60) as slot
      from moments as m where m.latency_ms is not null and m.outcome <> 'timeout'),
    load_of as (
      select o.period, o.split, o.slot, count(*) as calls from single as o group by o.period, o.split, o.slot),
    {_LOADED}
    select o.period, o.split, x.load, x.all_calls, o.latency_ms from single as o
    join loads as x on x.period = o.period and x.split = o.split and x.slot = o.slot""",
)
