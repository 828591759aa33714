"""What is one row, where availability is judged? Probes, calls, minutes and incidents of a period."""

from __future__ import annotations

from firstcall.metrics.metric import Relation
from firstcall.metrics.reliability.incident_relations import NAMED

BAD = "('server_error', 'timeout')"
_NOWHERE = "cast(null as text) as target, cast(null as text) as region"

_PROBES = """probed as (
      select local_day(t.time) as day, t.target, t.region, t.result from known_probes as t),
    checks as (
      select b.day, b.target, b.region,
        sum(case when b.result = 'up' then 1 else 0 end) as up,
        sum(case when b.result = 'down' then 1 else 0 end) as down,
        sum(case when b.result = 'unknown' then 1 else 0 end) as unsure
      from probed as b where b.day >= $start and b.day < $end group by b.day, b.target, b.region)"""
_CHECKED = f"""checked as (
      select period_of(c.day) as period, c.target as product, c.target, c.region, c.up, c.down, c.unsure,
        0 as calls, 0 as failed from checks as c
      union all
      select u.period, u.product, {_NOWHERE}, 0 as up, 0 as down, 0 as unsure, sum(u.calls) as calls,
        sum(case when u.outcome in {BAD} then u.calls else 0 end) as failed
      from usage as u group by u.period, u.product),
    measured as (
      select x.period, $split as split, x.up, x.down, x.unsure, x.calls, x.failed,
        seconds_between(q.starts, q.ends) * (1 - $objective) as allowed
      from checked as x join periods as q on q.period = x.period where $kept)"""

_LEVEL = "case when x.severity in ('critical', 'major') then 1 when x.severity = 'partial' then 2 end"
_DOWNTIMES = f"""{NAMED},
    hit as (
      select n.incident_id, n.severity, n.started_at, n.resolved_at, n.product, {_NOWHERE} from named as n),
    spans as (
      select distinct $split as split, x.incident_id, {_LEVEL} as level, x.started_at as since,
        least(coalesce(x.resolved_at, $as_of), $as_of) as until from hit as x where $kept),
    levels as (select 1 as level union all select 2 as level),
    hits as (
      select q.period, s.split, s.incident_id, l.level, greatest(s.since, q.starts) as since,
        least(s.until, q.ends) as until
      from spans as s cross join levels as l cross join periods as q
      where s.level <= l.level and s.since < q.ends and s.until > q.starts),
    reaching as (
      select h.period, h.split, h.level, h.incident_id, h.since, h.until, max(h.until) over
        (partition by h.period, h.split, h.level order by h.since, h.until, h.incident_id) as reach from hits as h),
    beyond as (
      select r.period, r.split, r.level, r.until, greatest(r.since, coalesce(lag(r.reach) over
        (partition by r.period, r.split, r.level order by r.since, r.until, r.incident_id), r.since)) as since
      from reaching as r),
    downtimes as (
      select b.period, b.split, sum(greatest(seconds_between(b.since, b.until), 0)
        * case b.level when 1 then 0.7 else 0.3 end) as downtime
      from beyond as b group by b.period, b.split),
    recorded as (select distinct s.split from spans as s)"""
"""Overlapping incidents are merged twice: full outages alone, which weigh 0.7, and together with partial ones, 0.3."""

_MINUTE = "floor_div(micros(seconds_between(timestamp '1970-01-01', x.time)), 60000000)"
_MINUTES = f"""minutes as (
      select x.period, $split as split, {_MINUTE} as minute,
        count(*) as calls, sum(case when x.outcome in {BAD} then 1 else 0 end) as failed
      from (select m.period, m.product, m.time, m.outcome, {_NOWHERE} from moments as m) as x where $kept
      group by x.period, $split, {_MINUTE})"""
_NONE = "0 as up, 0 as down, 0 as unsure, 0 as calls, 0 as failed"
_NO_TIME = "cast(null as double) as allowed, cast(null as double) as lasted, cast(null as double) as downtime"
_ROWS = f"""select z.period, z.split, z.up, z.down, z.unsure, z.calls, z.failed, 0 as minutes, 0 as bad_minutes,
      z.allowed, cast(null as double) as lasted, cast(null as double) as downtime from measured as z
    union all
    select q.period, r.split, {_NONE}, 0 as minutes, 0 as bad_minutes, cast(null as double) as allowed,
      seconds_between(q.starts, least(q.ends, $as_of)) as lasted, coalesce(d.downtime, 0) as downtime
    from recorded as r cross join periods as q
    left join downtimes as d on d.period = q.period and d.split = r.split where q.starts < $as_of"""
_MINUTE_ROWS = f"""
    union all
    select k.period, k.split, {_NONE}, count(*) as minutes,
      sum(case when k.failed * 100 > k.calls * $bad_percent then 1 else 0 end) as bad_minutes, {_NO_TIME}
    from minutes as k where k.calls >= $minute_calls group by k.period, k.split"""
_OFFERS = {"product": "x.product", "target": "x.target", "region": "x.region"}

AVAILABLE = Relation(
    "available",
    "One row per group of probes or calls of a period and split, and one per period that says how long the recorded "
    "incidents lasted, by their weight.",
    f"with {_PROBES}, {_CHECKED}, {_DOWNTIMES} {_ROWS}",
    splits_by="own",
    offers=_OFFERS,
)

AVAILABLE_BY_MINUTE = Relation(
    "available_by_minute",
    "As available, with the minutes that have enough calls and those of them in which too many failed.",
    f"with {_PROBES}, {_CHECKED}, {_DOWNTIMES}, {_MINUTES} {_ROWS}{_MINUTE_ROWS}",
    splits_by="own",
    offers=_OFFERS,
)
