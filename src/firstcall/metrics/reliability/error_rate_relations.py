"""What is one row, where answers are judged? Endpoints that fail, and calls of those on trial."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics.metric import Relation

if TYPE_CHECKING:
    from firstcall.periods import Scope

Z = 1.959963984540054
"""The normal quantile of a two-sided 95 % interval, as in `firstcall.statistics.intervals`."""
_HALF = Z * Z / 2

HOTSPOTS = Relation(
    "hotspots",
    "One row per period and split, with its calls and errors, those of the whole period, the lower end of the 95 % "
    "interval of its error rate, and whether it is important.",
    f"""with sums as (
      select u.period, u.split, u.product, u.method, u.route, sum(u.calls) as calls,
        sum(case when u.status >= 400 and u.status < 600 then u.calls else 0 end) as errors
      from usage as u group by u.period, u.split, u.product, u.method, u.route),
    tags as (
      select t.product, t.method, t.route, max(case when t.important then 1 else 0 end) as tagged
      from known_endpoints as t group by t.product, t.method, t.route),
    merged as (
      select s.period, s.split, sum(s.calls) as calls, sum(s.errors) as errors, max(coalesce(g.tagged, 0)) as tagged
      from sums as s left join tags as g on g.product = s.product and g.method = s.method and g.route = s.route
      group by s.period, s.split),
    whole as (
      select m.period, m.split, m.calls, m.errors, m.tagged, m.errors / m.calls as rate,
        sum(m.calls) over (partition by m.period) as all_calls,
        sum(m.errors) over (partition by m.period) as all_errors from merged as m),
    bounded as (
      select w.period, w.split, w.calls, w.errors, w.tagged, w.all_calls, w.all_errors,
        (w.rate + {_HALF!r} / w.calls - {Z!r} * power(
            w.rate * (1 - w.rate) / w.calls + {_HALF!r} / 2 / w.calls / w.calls, 0.5))
          / (1 + {_HALF!r} * 2 / w.calls) as lowest
      from whole as w)
    select b.period, b.split, b.calls, b.errors, b.all_calls, b.all_errors, b.lowest,
      case when b.tagged = 1 or b.calls * 10 >= b.all_calls then 1 else 0 end as important,
      case when b.calls >= $least_calls and b.all_errors * 100 < b.all_calls * $target
        and b.lowest * 100 > $target then 1 else 0 end as hidden
    from bounded as b""",
)

_TRIALS = """spans as (
      select coalesce(p.partner_id, t.partner_id) as partner, t.started_at as since,
        coalesce(as_seen(t.ended_at), t.trial_ends_at, timestamp '2200-01-01') as until
      from known_subscriptions as t left join party_of(t.partner_id) as p where t.kind in ('trial', 'reverse_trial')),
    reaching as (
      select s.partner, s.since, s.until,
        max(s.until) over (partition by s.partner order by s.since, s.until) as reach
      from spans as s where s.until > s.since),
    marked as (
      select r.partner, r.since, r.until, case when lag(r.reach) over
        (partition by r.partner order by r.since, r.until) >= r.since then 0 else 1 end as begins from reaching as r),
    numbered as (
      select k.partner, k.since, k.until,
        sum(k.begins) over (partition by k.partner order by k.since, k.until) as island from marked as k),
    trials as (
      select n.partner, n.island, min(n.since) as since, max(n.until) as until
      from numbered as n group by n.partner, n.island)"""

_TRIAL_WORDS = (
    "One row per period, split, trial (calls of partners on trial when they called) or not, and how the calls were "
    "answered, and one per latency bucket; bucket -1 stands for all calls, `timed` counts those of a bucket."
)


def _outcomes(alias: str) -> str:
    return (
        f"{alias}.status >= 400 and {alias}.status < 600 as failed, "
        f"{alias}.outcome in ('server_error', 'timeout') as down"
    )


_ADDED_UP = """sums as (
      select x.period, x.split, x.trial, x.failed, x.down, x.bucket, sum(x.calls) as calls, sum(x.timed) as timed
      from parts as x group by x.period, x.split, x.trial, x.failed, x.down, x.bucket
      having sum(x.calls) + sum(x.timed) > 0)
    select s.period, s.split, s.trial, s.failed, s.down, s.bucket, s.calls, s.timed,
      sum(s.timed) over (partition by s.period, s.split, s.trial order by s.bucket) as upto,
      sum(s.timed) over (partition by s.period, s.split, s.trial) as total
    from sums as s"""


def _counted(alias: str) -> str:
    return f"period, {alias}.split, {alias}.trial, {alias}.failed, {alias}.down, {alias}.bucket"


ON_TRIAL_SINGLY = Relation(
    "on_trial_singly",
    _TRIAL_WORDS,
    f"""with {_TRIALS},
    told as (
      select m.period, m.split, t.partner is not null as trial, {_outcomes("m")},
        case when m.outcome = 'timeout' then -1 else coalesce(m.latency_bucket, -1) end as bucket
      from moments as m left join trials as t on t.partner = m.partner and m.time >= t.since and m.time < t.until),
    grouped as (
      select g.{_counted("g")}, count(*) as calls from told as g group by g.{_counted("g")}),
    parts as (
      select g.period, g.split, g.trial, g.failed, g.down, -1 as bucket, g.calls, 0 as timed from grouped as g
      union all
      select g.period, g.split, g.trial, false as failed, false as down, g.bucket, 0 as calls, g.calls as timed
      from grouped as g where g.bucket >= 0),
    {_ADDED_UP}""",
)

# What the rollups hold of everybody, less the single calls of the few on trial, leaves the others.
ON_TRIAL = Relation(
    "on_trial",
    _TRIAL_WORDS,
    f"""with {_TRIALS},
    told as (
      select m.period, m.split, {_outcomes("m")},
        case when m.outcome = 'timeout' then -1 else coalesce(m.latency_bucket, -1) end as bucket
      from moments as m join trials as t on t.partner = m.partner and m.time >= t.since and m.time < t.until),
    grouped as (
      select g.period, g.split, g.failed, g.down, g.bucket, count(*) as calls from told as g
      group by g.period, g.split, g.failed, g.down, g.bucket),
    sides as (select true as trial, 1 as counts union all select false as trial, -1 as counts),
    parts as (
      select g.period, g.split, d.trial, g.failed, g.down, -1 as bucket, d.counts * g.calls as calls, 0 as timed
      from grouped as g cross join sides as d
      union all
      select g.period, g.split, d.trial, false as failed, false as down, g.bucket, 0 as calls,
        d.counts * g.calls as timed
      from grouped as g cross join sides as d where g.bucket >= 0
      union all
      select u.period, u.split, false as trial, {_outcomes("u")}, -1 as bucket, u.calls, 0 as timed
      from usage as u
      union all
      select h.period, h.split, false as trial, false as failed, false as down, h.latency_bucket as bucket, 0 as calls,
        h.calls as timed
      from reaches as h where h.latency_bucket is not null and h.outcome <> 'timeout'),
    {_ADDED_UP}""",
)
_OF_ENDPOINTS = {
    "product", "endpoint", "method", "route", "version", "environment", "outcome", "source", "api_class", "feature",
}  # fmt: skip
"""What a question may split and filter by for the rollups without callers to answer it."""


def on_trial(scope: Scope) -> Relation:
    """Return the relation that reads the fewest single calls for the scope's splits and filters."""
    asked = {*scope.by, *(name for name, _ in scope.where)}
    return ON_TRIAL if asked <= _OF_ENDPOINTS and scope.known_at is None else ON_TRIAL_SINGLY
