"""What is one row, where calls are counted? Traffic, answers, those who called, their comings and goings."""

from __future__ import annotations

from firstcall.metrics.metric import Relation

TRAFFIC = Relation(
    "traffic",
    "One row per group of calls that share period and split.",
    "select u.period, u.split, u.calls, u.units from usage as u",
)

BLOCKED = Relation(
    "blocked",
    "One row per period and split with calls that were blocked: answered 401, 403 or 429.",
    """select u.period, u.split, sum(u.calls) as calls from usage as u where u.status in (401, 403, 429)
    group by u.period, u.split""",
)

ANSWERS = Relation(
    "answered",
    "One row per group of calls that share period, split, status and outcome.",
    "select u.period, u.split, u.status, u.outcome, u.calls from usage as u",
)

RANKED = Relation(
    "ranked",
    "One row per period and split, with its calls and the calls of the whole period.",
    """with sums as (select u.period, u.split, sum(u.calls) as calls from usage as u group by u.period, u.split)
    select s.period, s.split, s.calls, sum(s.calls) over (partition by s.period) as all_calls from sums as s""",
)

CALLERS_OF = Relation(
    "callers_of",
    "One row per period, split and partner that called.",
    "select u.period, u.split, u.entity, sum(u.calls) as calls from usage as u group by u.period, u.split, u.entity",
)

ATTRIBUTION = Relation(
    "attribution",
    "One row per group of calls, with whether it belongs to somebody.",
    "select u.period, u.split, u.entity, u.calls from usage as u",
)

ACTIVES = Relation(
    "actives",
    "One row per period and caller: whether its calls fulfil the rule of activity, and whether any was let in.",
    """select u.period, u.split, u.entity, sum(u.calls) as calls, ($active) as active,
      sum(u.calls - u.denied) > 0 as let_in
    from usage as u where u.entity is not null group by u.period, u.split, u.entity""",
)


def _presence(window: str) -> str:
    return f"""with seen as (
      select q.number, q.period, u.split, u.entity from usage as u join periods as q on q.period = u.period
      where u.entity is not null and u.day >= q.{window} and u.day < q.end_day
      group by q.number, q.period, u.split, u.entity
      having $active),
    runs as (
      select s.number, s.period, s.split, s.entity,
        lag(s.number) over (partition by s.split, s.entity order by s.number) as earlier,
        lead(s.number) over (partition by s.split, s.entity order by s.number) as later from seen as s)
    select r.period, r.split, r.entity, true as active,
      case when r.earlier is null then 'new' when r.earlier = r.number - 1 then 'retained'
        else 'resurrected' end as state
    from runs as r
    union all
    select q.period, r.split, r.entity, false as active, 'churned' as state
    from runs as r join periods as q on q.number = r.number + 1
    where r.later is null or r.later > r.number + 1"""


PRESENCE = Relation(
    "presence",
    "One row per caller and period in which it was active or had been active just before: "
    "new, retained, resurrected or churned.",
    _presence("first_day"),
    history=True,
)

PRESENCE_AT_END = Relation(
    "presence_at_end",
    "As presence, but a quarter counts its last month only.",
    _presence("anchor"),
    history=True,
)

AT_RISK = Relation(
    "at_risk",
    "One row per period and caller that had called before it began and was not churned by then.",
    """with days as (select u.entity, u.split, u.day from usage as u where u.entity is not null
        group by u.entity, u.split, u.day),
    marked as (
      select d.entity, d.split, d.day, case when lag(d.day) over (partition by d.entity, d.split order by d.day)
        >= add_days(d.day, -$churn_days) then 0 else 1 end as begins from days as d),
    numbered as (
      select m.entity, m.split, m.day,
        sum(m.begins) over (partition by m.entity, m.split order by m.day) as span from marked as m),
    spans as (
      select n.entity, n.split, n.span, min(n.day) as first_call, max(n.day) as last_call,
        add_days(max(n.day), $churn_days) as churn_day from numbered as n group by n.entity, n.split, n.span)
    select q.period, s.split, s.entity, s.last_call, s.churn_day,
      s.churn_day < q.end_day and s.churn_day < $as_of_day as churned
    from spans as s cross join periods as q
    where s.first_call < q.first_day and (s.churn_day >= q.first_day or s.churn_day >= $as_of_day)""",
    ever=True,
)

LATENCIES = Relation(
    "latencies",
    "One row per period, split and latency bucket, with the calls up to it and all calls; timeouts left out.",
    """with sums as (
      select u.period, u.split, u.latency_bucket, sum(u.calls) as calls from usage as u
      where u.latency_bucket is not null and u.outcome <> 'timeout' and $outcome_of_u
      group by u.period, u.split, u.latency_bucket)
    select s.period, s.split, s.latency_bucket, s.calls,
      sum(s.calls) over (partition by s.period, s.split order by s.latency_bucket) as upto,
      sum(s.calls) over (partition by s.period, s.split) as total from sums as s""",
)

LATENCIES_CENSORED = Relation(
    "latencies_censored",
    "As latencies, with timeouts counted as longer than everything that completed.",
    """with sums as (
      select u.period, u.split, u.latency_bucket, sum(u.calls) as calls from usage as u
      where u.latency_bucket is not null and u.outcome <> 'timeout' and $outcome_of_u
      group by u.period, u.split, u.latency_bucket
      union all
      select m.period, m.split, 32767 as latency_bucket, sum(m.calls) as calls from moments as m
      where m.outcome = 'timeout' group by m.period, m.split)
    select s.period, s.split, s.latency_bucket, s.calls,
      sum(s.calls) over (partition by s.period, s.split order by s.latency_bucket) as upto,
      sum(s.calls) over (partition by s.period, s.split) as total from sums as s""",
)

TIMEOUTS = Relation(
    "timed_out",
    "One row per group of calls that timed out.",
    "select u.period, u.split, u.calls from usage as u where u.outcome = 'timeout' and $outcome_of_u",
)

COMPLETED = Relation(
    "completed",
    "One row per call with a latency; timeouts left out.",
    """select m.period, m.split, m.latency_ms from moments as m
    where m.latency_ms is not null and m.outcome <> 'timeout' and $outcome_of_m""",
)
