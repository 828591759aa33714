"""What is one row, where calls of versions on their way out are counted?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics.metric import Relation

if TYPE_CHECKING:
    from firstcall.periods import Scope

_WORDS = (
    "One row per period, caller and operation called in the last 30 days seen in a version that is deprecated or has "
    "an end; `left_days` from the last day seen to that end."
)
_GOING = """with going as (
      select distinct t.product, t.method, t.route from known_endpoints as t
      where t.deprecated_at is not null or t.sunset_at is not null)"""


def _called(alias: str) -> str:
    return f"{alias}.split, {alias}.entity, {alias}.product, {alias}.method, {alias}.route, {alias}.version"


def _reached(alias: str) -> str:
    return f"{alias}.product = g.product and {alias}.method = g.method and {alias}.route = g.route"


# ClickHouse adds to what lies under a null as well, and overflows there; coalesce puts a day under it.
_ENDING = """own as (select t.product, t.method, t.route, coalesce(t.version, '') as version, t.deprecated_at,
        case when t.sunset_at is not null then local_day(coalesce(t.sunset_at, timestamp '2200-01-01')) end as ends_on
      from known_endpoints as t),
    every as (select t.product, t.method, t.route, t.deprecated_at,
        case when t.sunset_at is not null then local_day(coalesce(t.sunset_at, timestamp '2200-01-01')) end as ends_on
      from known_endpoints as t join (
        select n.product, n.method, n.route, count(*) as versions from known_endpoints as n
        group by n.product, n.method, n.route) as c
      on c.product = t.product and c.method = t.method and c.route = t.route
      where t.version is null or c.versions = 1),
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
    group by f.period, f.split, f.entity, f.product, f.method, f.route, f.version"""

LAGGARDS_BY_DAY = Relation(
    "laggards_by_day",
    _WORDS,
    f"""{_GOING},
    late as (
      select r.period, r.until, r.end_day, {_called("m")}, sum(m.calls) as calls
      from moments as m join going as g on {_reached("m")} join recent_days as r on r.day = m.day
      where m.entity is not null and m.day >= add_days($first_end, -30) and m.day < $end
      group by r.period, r.until, r.end_day, {_called("m")}),
    {_ENDING}""",
    ever=True,
)

# Thirty days are a month but for a few days, so the monthly rollup is read, and the calls of these days alone.
LAGGARDS_BY_MONTH = Relation(
    "laggards_by_month",
    _WORDS,
    f"""{_GOING},
    inside as (
      select r.period, r.until, r.end_day, r.day, first_day('month', r.day) as month from recent_days as r),
    whole as (
      select i.period, i.until, i.end_day, i.month from inside as i group by i.period, i.until, i.end_day, i.month
      having count(*) >= 15),
    fives as (select 0 as n union all select 1 as n union all select 2 as n union all select 3 as n
      union all select 4 as n),
    sevens as (select f.n from fives as f union all select 5 as n union all select 6 as n),
    month_days as (
      select w.period, w.until, w.end_day, w.month, add_days(w.month, 5 * x.n + y.n) as day
      from whole as w cross join sevens as x cross join fives as y),
    odd_days as (
      select d.period, d.until, d.end_day, d.day, -1 as counts
      from month_days as d left join inside as i on i.period = d.period and i.day = d.day
      where i.day is null and d.day < add_months(d.month, 1)
      union all
      select i.period, i.until, i.end_day, i.day, 1 as counts
      from inside as i left join whole as w on w.period = i.period and w.month = i.month where w.month is null),
    parts as (
      select w.period, w.until, w.end_day, {_called("v")}, v.calls
      from reaches as v join going as g on {_reached("v")} join whole as w on w.month = first_day('month', v.day)
      where v.entity is not null
      union all
      select o.period, o.until, o.end_day, {_called("m")}, o.counts * m.calls as calls
      from moments as m join going as g on {_reached("m")} join odd_days as o on o.day = m.day
      where m.entity is not null),
    late as (
      select a.period, a.until, a.end_day, {_called("a")}, sum(a.calls) as calls from parts as a
      group by a.period, a.until, a.end_day, {_called("a")} having sum(a.calls) > 0),
    {_ENDING}""",
    ever=True,
)


def laggards(scope: Scope) -> Relation:
    """Return the relation that reads the fewest single calls for the scope's buckets."""
    by_day = scope.grain in {"day", "week"} or scope.cut or scope.known_at is not None
    return LAGGARDS_BY_DAY if by_day else LAGGARDS_BY_MONTH
