"""What is one row, where busy days and minutes are held against typical ones?"""

from __future__ import annotations

from firstcall.metrics.metric import Relation

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
