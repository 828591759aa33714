"""What is one row, where calls of versions on their way out are counted?"""

from __future__ import annotations

from firstcall.metrics.metric import Relation

# ClickHouse adds to what lies under a null as well, and overflows there; coalesce puts a day under it.
LAGGARDS = Relation(
    "laggards",
    "One row per period, caller and operation called in the last 30 days seen in a version that is deprecated or has "
    "an end; `left_days` from the last day seen to that end.",
    """with going as (
      select distinct t.product, t.method, t.route from known_endpoints as t
      where t.deprecated_at is not null or t.sunset_at is not null),
    late as (
      select r.period, r.until, r.end_day, u.split, u.entity, u.product, u.method, u.route, u.version,
        sum(u.calls) as calls, sum(u.denied) as denied
      from usage as u join going as g on g.product = u.product and g.method = u.method and g.route = u.route
      join recent_days as r on r.day = u.day
      where u.entity is not null and u.day >= add_days({first_end}, -30) and u.day < {end}
      group by r.period, r.until, r.end_day, u.split, u.entity, u.product, u.method, u.route, u.version),
    own as (select t.product, t.method, t.route, coalesce(t.version, '') as version, t.deprecated_at,
        case when t.sunset_at is not null then {local_day[coalesce(t.sunset_at, timestamp '2200-01-01')]} end as ends_on
      from known_endpoints as t),
    every as (select t.product, t.method, t.route, t.deprecated_at,
        case when t.sunset_at is not null then {local_day[coalesce(t.sunset_at, timestamp '2200-01-01')]} end as ends_on
      from known_endpoints as t where t.version is null),
    found as (
      select d.period, d.until, d.end_day, d.split, d.entity, d.product, d.method, d.route, d.version, d.calls,
        case when o.route is null then e.deprecated_at else o.deprecated_at end as deprecated_at,
        case when o.route is null then e.ends_on else o.ends_on end as ends_on
      from late as d
      left join own as o on o.product = d.product and o.method = d.method and o.route = d.route
        and o.version = coalesce(d.version, '')
      left join every as e on e.product = d.product and e.method = d.method and e.route = d.route)
    select f.period, f.split, f.entity, f.product, f.method, f.route, f.version, sum(f.calls) as calls,
      min(days_between(add_days(f.end_day, -1), f.ends_on)) as left_days
    from found as f where f.ends_on is not null or f.deprecated_at < f.until
    group by f.period, f.split, f.entity, f.product, f.method, f.route, f.version""",
    ever=True,
)
