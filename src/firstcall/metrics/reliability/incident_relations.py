"""What is one row, where incidents are counted?"""

from __future__ import annotations

from firstcall.metrics.metric import Relation

NAMED = """named as (
      select t.incident_id, t.title, coalesce(t.severity, 'unrated') as severity, each_named(t.products) as product,
        t.started_at, as_seen(t.detected_at) as detected_at, as_seen(t.resolved_at) as resolved_at, t.detected_by,
        coalesce(t.integration_related, false) as integration, t.commitment_minutes, t.recurrence_of,
        t.narrative_url is not null as narrative, t.timeline is not null as timeline, t.cause is not null as cause,
        t.reproducible_test is not null as reproducible_test, t.actions_total, t.actions_done, t.actions_on_time
      from known_incidents as t where coalesce(t.severity, 'unrated') <> 'maintenance')"""
"""One row per incident and product it hit; maintenance is none."""
_COLUMNS = (
    "incident_id, title, severity, started_at, detected_at, resolved_at, detected_by, integration, commitment_minutes, "
    "recurrence_of, narrative, timeline, cause, reproducible_test, actions_total, actions_done, actions_on_time"
)


def _of(alias: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in _COLUMNS.split(", "))


OCCURRED = Relation(
    "occurred",
    "One row per incident and split, dated by its start: how long until it was detected and resolved, what its "
    "postmortem holds, and whether its commitment was kept. Maintenance is left out.",
    f"""with {NAMED},
    dated as (
      select distinct local_day(x.started_at) as day, $split as split, {_of("x")}
      from named as x where $kept)
    select period_of(d.day) as period, d.split, {_of("d")},
      case when d.detected_at >= d.started_at then seconds_between(d.started_at, d.detected_at) end as to_detect,
      case when d.resolved_at >= d.detected_at then seconds_between(d.detected_at, d.resolved_at) end as to_resolve,
      case when d.resolved_at >= d.started_at then seconds_between(d.started_at, d.resolved_at) end as in_total,
      coalesce(d.resolved_at <= add_seconds(d.started_at, d.commitment_minutes * 60), false) as in_time,
      d.resolved_at is null
        and coalesce(add_seconds(d.started_at, d.commitment_minutes * 60) < $as_of, false) as overdue
    from dated as d where d.day >= $start and d.day < $end""",
    splits_by="own",
    offers={"product": "x.product", "severity": "x.severity"},
)
