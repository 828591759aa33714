"""What is one row, where waiting and traffic are judged? Graded calls, endpoints with a target, timings, hours."""

from __future__ import annotations

from firstcall.metrics.idioms import middle_of
from firstcall.metrics.metric import Relation

"""Each latency bucket is 2 % wider than the one before, so a value is at most 1 % off."""
_PATIENCE = """case j.api_class when 'retrieval' then $retrieval_ms when 'processing' then $processing_ms
        else $unclassed_ms end"""
_GRADES = f"""patient as (
      select j.period, j.split, j.api_class, j.ms, j.bad, j.calls, {_PATIENCE} as patience from judged as j)
    select g.period, g.split, g.api_class, g.calls, case when g.bad or g.ms > 4 * g.patience then 0
      when g.ms > g.patience then 1 else 2 end as grade
    from patient as g"""
_FAILED = "('server_error', 'timeout')"

GRADES = Relation(
    "grades",
    "One row per group of calls with one grade: 2 satisfied, 1 tolerating, 0 frustrated; none where no call was timed.",
    f"""with timed as (
      select u.period, u.split, u.api_class, u.latency_bucket, u.outcome in {_FAILED} as bad,
        sum(u.calls) as calls from usage as u where u.latency_bucket is not null
      group by u.period, u.split, u.api_class, u.latency_bucket, u.outcome in {_FAILED}),
    clocked as (select distinct t.period, t.split from timed as t),
    judged as (
      select t.period, t.split, t.api_class, {middle_of("t.latency_bucket")} as ms,
        false as bad, t.calls from timed as t where not t.bad
      union all
      select failing.period, failing.split, failing.api_class, 0.5 as ms, true as bad, failing.calls
      from reaches as failing join clocked as c on c.period = failing.period and c.split = failing.split
      where failing.outcome in {_FAILED}),
    {_GRADES}""",
)

GRADED_CALLS = Relation(
    "graded_calls",
    "One row per call with its grade: 2 satisfied, 1 tolerating, 0 frustrated.",
    f"""with clocked as (
      select distinct moment.period, moment.split from moments as moment where moment.latency_ms is not null),
    judged as (
      select m.period, m.split, m.api_class, coalesce(m.latency_ms, 0) as ms,
        m.outcome in {_FAILED} as bad, 1 as calls
      from moments as m join clocked as c on c.period = m.period and c.split = m.split
      where m.latency_ms is not null or m.outcome in {_FAILED}),
    {_GRADES}""",
)

_JUDGED = """select t.period, t.split, t.product, t.method, t.route, t.api_class, t.calls, t.p50, t.p99,
      case when coalesce(t.api_class, 'none') not in ('retrieval', 'processing') then 'untargeted'
        when t.calls < $least_calls then 'few'
        when t.p50 < (case when t.api_class = 'retrieval' then 100 else 1000 end)
          and t.p99 < (case when t.api_class = 'retrieval' then 500 else 5000 end) then 'met'
        else 'missed' end as state
    from timed as t"""


def _endpoint_of(alias: str) -> str:
    return f"period, {alias}.split, {alias}.product, {alias}.method, {alias}.route"


def _by(alias: str) -> str:
    return f"{alias}.{_endpoint_of(alias)}"


def _quantile(share: float) -> str:
    bucket = f"min(r.latency_bucket) filter (where r.upto > {share} * (r.total - 1))"
    return middle_of(bucket)


TARGETED = Relation(
    "targeted",
    "One row per period, split and endpoint with completed calls: P50, P99 and whether they meet the class's targets.",
    f"""with sums as (
      select {_by("u")}, u.latency_bucket, sum(u.calls) as calls from usage as u
      where u.latency_bucket is not null and u.outcome <> 'timeout' group by {_by("u")}, u.latency_bucket),
    running as (
      select {_by("s")}, s.latency_bucket,
        sum(s.calls) over (partition by {_by("s")} order by s.latency_bucket) as upto,
        sum(s.calls) over (partition by {_by("s")}) as total from sums as s),
    marked as (
      select {_by("r")}, max(r.total) as calls, {_quantile(0.5)} as p50, {_quantile(0.99)} as p99
      from running as r group by {_by("r")}),
    timed as (
      select {_by("k")}, k.calls, k.p50, k.p99, coalesce(e.api_class, f.api_class) as api_class from marked as k
      left join catalogued as e on e.product = k.product and e.method = k.method and e.route = k.route
      left join known_products as f on f.product = k.product)
    {_JUDGED}""",
)

TARGETED_CALLS = Relation(
    "targeted_calls",
    "As targeted, with percentiles of single calls.",
    f"""with timed as (
      select {_by("m")}, min(m.api_class) as api_class, count(*) as calls,
        quantile_cont(m.latency_ms, 0.5) as p50, quantile_cont(m.latency_ms, 0.99) as p99
      from moments as m where m.latency_ms is not null and m.outcome <> 'timeout' group by {_by("m")})
    {_JUDGED}""",
)

CLIENT_TIMES = Relation(
    "client_times",
    "One row per completed call that its developer timed, and one per period and split that counts all of them.",
    """select m.period, m.split, m.client_ms, m.latency_ms, m.upstream_ms, m.client_ms - m.latency_ms as gap,
      1 as timed, 0 as calls
    from moments as m where m.client_ms is not null and m.outcome <> 'timeout'
    union all
    select u.period, u.split, cast(null as double) as client_ms, cast(null as double) as latency_ms,
      cast(null as double) as upstream_ms, cast(null as double) as gap, 0 as timed, sum(u.calls) as calls
    from usage as u where u.outcome <> 'timeout' group by u.period, u.split""",
)

PROBE_TIMES = Relation(
    "probe_times",
    "One row per probe that was answered and timed.",
    """with each as (
      select local_day(t.time) as day, $split as split, t.target, t.region, t.latency_ms, t.dns_ms, t.connect_ms,
        t.tls_ms from known_probes as t where t.result = 'up' and t.latency_ms is not null and $kept)
    select period_of(e.day) as period, e.split, e.target, e.region, e.latency_ms, e.dns_ms, e.connect_ms, e.tls_ms
    from each as e where e.day >= $start and e.day < $end""",
    splits_by="own",
    offers={"target": "t.target", "region": "t.region"},
)

HOURS = Relation(
    "hours",
    "One row per period, split and local hour with calls, and the seconds of the period that have passed.",
    """with sums as (
      select u.period, u.split, u.day, u.hour, sum(u.calls) as calls from usage as u
      group by u.period, u.split, u.day, u.hour)
    select s.period, s.split, s.day, s.hour, s.calls, seconds_between(q.starts, least(q.ends, $as_of)) as seconds
    from sums as s join periods as q on q.period = s.period""",
)

SECONDS = Relation(
    "seconds",
    "As hours, from single calls, with the calls of the busiest second of each.",
    """with ticks as (
      select moment.period, moment.split, moment.day, moment.hour, sum(moment.calls) as calls,
        floor_div(cast(seconds_between(timestamp '2000-01-01', moment.time) * 1000000 as bigint), 1000000) as second
      from moments as moment group by moment.period, moment.split, moment.day, moment.hour,
        floor_div(cast(seconds_between(timestamp '2000-01-01', moment.time) * 1000000 as bigint), 1000000)),
    sums as (
      select t.period, t.split, t.day, t.hour, sum(t.calls) as calls, max(t.calls) as busiest from ticks as t
      group by t.period, t.split, t.day, t.hour)
    select s.period, s.split, s.day, s.hour, s.calls, s.busiest,
      seconds_between(q.starts, least(q.ends, $as_of)) as seconds
    from sums as s join periods as q on q.period = s.period""",
)
