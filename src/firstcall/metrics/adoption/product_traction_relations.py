"""What is one row, where products are held against their past?"""

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
      coalesce(period_of(q.end_day) > q.period and q.first_day >= $known_since
        and q.end_day <= least($as_of_day, $known_until), false) as over
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
