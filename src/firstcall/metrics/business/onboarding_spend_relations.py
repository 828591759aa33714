"""What is one row, where what onboarding cost is held against what became of it?"""

from __future__ import annotations

from firstcall.metrics.metric import Relation

FATES = Relation(
    "onboarding_fates",
    "One row per onboarding cost of a period, with what became of its partner: live within its window, late (live "
    "after it), lost (not live), open (the window is not closed), or nobody's (no partner of ours is named).",
    """with live as (
      select u.entity, min(u.first_time) as live_at from usage as u
      where u.entity is not null and u.outcome = 'success' group by u.entity),
    spent as (
      select l.period, l.split, l.entity, l.entry, l.kind, l.micros, l.confidence, l.note, l.missing_rate,
        p.registered_at, add_seconds(p.registered_at, $window_seconds) as closes, v.live_at,
        coalesce(p.status, 'approved') in ('test', 'duplicate') as ours
      from ledger as l left join parties as p on p.partner_id = l.entity left join live as v on v.entity = l.entity
      where l.book = 'effort' or (l.book = 'cost' and l.activity = 'onboarding'))
    select s.period, s.split, s.entity, s.entry, s.kind, s.micros, s.confidence, s.note, s.missing_rate,
      s.registered_at, s.closes, s.live_at,
      case when s.registered_at is null or s.ours then 'nobody' when s.live_at <= s.closes then 'live'
        when s.closes > $as_of then 'open' when s.live_at is not null then 'late' else 'lost' end as fate
    from spent as s""",
    splits_by="money",
    ever=True,
)
