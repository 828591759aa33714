"""What is one row, where readers of the documentation are followed?"""

from __future__ import annotations

from firstcall.metrics.metric import Relation

QUICKSTARTS = Relation(
    "quickstarts",
    "One row per newcomer who saw the quickstart, dated by the first view; `counted` without a call before it.",
    """with viewed as (
      select walker_of(w) as entity, min(w.time) as viewed_at from walked as w
      where w.step = 'quickstart_viewed' and walker_of(w) is not null group by walker_of(w)),
    done as (
      select u.entity, min(u.first_time) as first_success from usage as u
      where u.entity is not null and u.outcome = 'success' group by u.entity),
    dated as (
      select who.split, who.entity, v.viewed_at, local_day(v.viewed_at) as day, d.first_success,
        coalesce(e.first_call < v.viewed_at, false) as called_before,
        add_seconds(v.viewed_at, $docs_window_hours * 3600) as closes_at
      from entrants as who join viewed as v on v.entity = who.entity
      left join done as d on d.entity = who.entity left join earliest as e on e.entity = who.entity)
    select period_of(x.day) as period, x.split, x.entity, x.viewed_at, x.first_success, x.called_before,
      x.called_before = false as counted, x.called_before = false and x.closes_at <= $as_of as mature,
      coalesce(x.first_success <= x.closes_at, false) as in_time
    from dated as x where x.day >= $start and x.day < $end""",
    splits_by="people",
)

UNSTITCHED = Relation(
    "unstitched",
    "One row per visitor of the quickstart who was never identified, dated by the first view.",
    """with unknown_views as (
      select w.anonymous_id, min(w.time) as viewed_at from walked as w
      where w.step = 'quickstart_viewed' and w.developer is null and w.partner is null
        and w.anonymous_id is not null group by w.anonymous_id),
    dated as (
      select v.anonymous_id, v.viewed_at, local_day(v.viewed_at) as day from unknown_views as v)
    select period_of(x.day) as period, '' as split, x.anonymous_id as entity, x.viewed_at
    from dated as x where x.day >= $start and x.day < $end""",
    splits_by="people",
)

READINGS = Relation(
    "readings",
    "One row per newcomer who read the docs before any success and page of that period: whether it was among hers.",
    """with pages as (
      select walker_of(w) as entity, w.subject as page, w.time from walked as w
      where w.step in ('docs_viewed', 'quickstart_viewed') and w.subject is not null and walker_of(w) is not null),
    done as (
      select u.entity, min(u.first_time) as first_success from usage as u
      where u.entity is not null and u.outcome = 'success' group by u.entity),
    earlier as (
      select g.entity, g.page, g.time, d.first_success from pages as g left join done as d on d.entity = g.entity
      where d.first_success is null or g.time <= d.first_success),
    readers as (
      select y.entity, min(y.time) as first_view, add_seconds(max(y.time), $abandoned_days * 86400) as closes_at,
        max(y.first_success) as first_success from earlier as y group by y.entity),
    dated as (
      select who.split, who.entity, local_day(r.first_view) as day, r.first_view, r.first_success,
        case when r.first_success <= r.closes_at then 'succeeded' when r.closes_at <= $as_of then 'gave up'
          else 'open' end as state
      from entrants as who join readers as r on r.entity = who.entity),
    cohort as (
      select period_of(d.day) as period, d.split, d.entity, d.first_view, d.first_success, d.state
      from dated as d where d.day >= $start and d.day < $end),
    listed as (
      select c.period, y.page from cohort as c join earlier as y on y.entity = c.entity group by c.period, y.page),
    opened as (select y.entity, y.page, count(*) as views from earlier as y group by y.entity, y.page)
    select c.period, joined_split(c.split, x.page) as split, c.entity, x.page, c.state, c.first_view, c.first_success,
      coalesce(o.views, 0) as views, o.views is not null as viewed
    from cohort as c join listed as x on x.period = c.period
    left join opened as o on o.entity = c.entity and o.page = x.page where $kept""",
    splits_by="both",
    offers={"topic": "x.page"},
)
