"""What is one row, where proofs of concept are followed?"""

from __future__ import annotations

from firstcall.metrics.metric import Relation
from firstcall.metrics.relations.onboarding import OFFERS


def _proofs(day: str, since: str) -> str:
    return f"""with begun as (
      select w.partner, coalesce(w.subject, '') as subject, min(w.time) as started_at from walked as w
      where w.step = 'poc_started' and w.partner is not null group by w.partner, coalesce(w.subject, '')),
    ended as (
      select b.partner, b.subject, min(w.time) as completed_at from begun as b
      join walked as w on w.partner = b.partner and coalesce(w.subject, '') = b.subject
      where w.step = 'poc_completed' and w.time >= b.started_at group by b.partner, b.subject),
    proofs as (
      select b.partner, b.subject, b.started_at, e.completed_at, local_day(b.started_at) as started_on,
        local_day(e.completed_at) as completed_on
      from begun as b left join ended as e on e.partner = b.partner and e.subject = b.subject),
    lived as (
      select u.partner, min(u.first_time) as live_at from usage as u
      where u.partner is not null and u.outcome = 'success' group by u.partner),
    bought as (
      select f.partner, f.subject, min(s.started_at) as paid_at from proofs as f
      join known_subscriptions as s on s.kind = 'paid' left join parties as a on a.partner_id = s.partner_id
      where coalesce(a.root, s.partner_id) = f.partner and s.started_at >= f.completed_at
      group by f.partner, f.subject),
    judged_proofs as (
      select f.partner, f.subject, f.started_at, f.completed_at, f.started_on, f.completed_on,
        case when l.live_at >= f.completed_at then l.live_at end as live_at, b.paid_at
      from proofs as f left join lived as l on l.partner = f.partner
      left join bought as b on b.partner = f.partner and b.subject = f.subject)
    select period_of(x.{day}) as period, $split as split, x.partner as entity, x.subject, x.started_at,
      x.completed_at, x.live_at, x.paid_at, add_seconds(x.{since}, $window_seconds) <= $as_of as mature,
      coalesce(x.completed_at <= add_seconds(x.started_at, $window_seconds), false) as completed,
      coalesce(x.live_at <= add_seconds(x.completed_at, $window_seconds), false)
        or coalesce(x.paid_at <= add_seconds(x.completed_at, $window_seconds), false) as converted,
      true as counted, seconds_between(x.started_at, x.completed_at) as waited,
      greatest(seconds_between(x.started_at, $as_of), 0) as watched
    from judged_proofs as x left join party_of(x.partner) as p
    where x.{day} >= $start and x.{day} < $end and $external and $kept"""


PROOFS = Relation(
    "proofs",
    "One row per proof of concept (of a partner and subject), dated by its start.",
    _proofs("started_on", "started_at"),
    splits_by="own",
    ever=True,
    offers=OFFERS,
)

PROVEN = Relation(
    "proven",
    "One row per completed proof of concept, dated by its completion.",
    _proofs("completed_on", "completed_at"),
    splits_by="own",
    ever=True,
    offers=OFFERS,
)
