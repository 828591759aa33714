"""What is one row, where the stages of newcomers are timed, and their silence?"""

from __future__ import annotations

from firstcall.metrics.metric import Relation


def _arrivals_until(until: str) -> str:
    return f"""with made as (
      select u.entity, min(u.first_time) as first_call,
        min(u.first_time) filter (where u.outcome = 'success') as first_success,
        min(u.first_time) filter (where u.outcome = 'success' and u.environment = 'production') as live
      from usage as u where u.entity is not null group by u.entity),
    told as (
      select walker_of(w) as entity, min(w.time) as issued_at from walked as w
      join people as h on h.entity = walker_of(w)
      where w.step = 'credentials_issued' and w.time >= h.began_at group by walker_of(w)),
    held as (
      select walker_of(o) as entity, min(as_seen(o.since)) as issued_at from owners as o
      join people as h on h.entity = walker_of(o) where o.since >= h.began_at group by walker_of(o)),
    staged as (
      select who.day, who.split, who.entity, who.began_at, coalesce(t.issued_at, o.issued_at) as credential_at,
        m.first_call, m.first_success, m.live, coalesce(e.first_call < who.began_at, false) as called_before
      from entrants as who left join made as m on m.entity = who.entity
      left join told as t on t.entity = who.entity left join held as o on o.entity = who.entity
      left join earliest as e on e.entity = who.entity where who.day >= $start and who.day < $end)
    select period_of(s.day) as period, s.split, s.entity, s.began_at, s.credential_at, s.first_call, s.first_success,
      s.live as live_at, s.called_before, s.called_before = false as counted,
      case when s.called_before = false then seconds_between(s.began_at, s.{until}) end as waited,
      greatest(seconds_between(s.began_at, $as_of), 0) as watched,
      case when s.called_before = false then seconds_between(s.began_at, s.credential_at) end as to_credential,
      case when s.called_before = false and s.first_call >= s.credential_at
        then seconds_between(s.credential_at, s.first_call) end as credential_to_attempt,
      case when s.called_before = false then seconds_between(s.first_call, s.first_success) end as attempt_to_success
    from staged as s"""


def _arrivals(name: str, until: str, words: str) -> Relation:
    text = f"One row per newcomer, dated by sign-up, with the moment of each stage; `waited` runs to {words}."
    return Relation(name, text, _arrivals_until(until), splits_by="people")


ATTEMPTED = _arrivals("attempted", "first_call", "the first call, successful or not")
LIVE = _arrivals("went_live", "live", "the first successful production call")
SUCCEEDED = _arrivals("succeeded", "first_success", "the first successful call")


def _meaningful(reached: str) -> str:
    return f"""select period_of(who.day) as period, who.split, who.entity, who.began_at, r.reached_at,
      coalesce(e.first_call < who.began_at, false) as called_before,
      coalesce(e.first_call < who.began_at, false) = false as counted,
      case when e.first_call >= who.began_at then seconds_between(who.began_at, r.reached_at) end as waited,
      greatest(seconds_between(who.began_at, $as_of), 0) as watched
    from entrants as who left join {reached} as r on r.entity = who.entity
    left join earliest as e on e.entity = who.entity where who.day >= $start and who.day < $end"""


MEANINGFUL = Relation(
    "meaningful",
    "One row per newcomer, dated by sign-up; `waited` runs to the milestone of one successful call.",
    _meaningful("reached"),
    splits_by="people",
)

MEANINGFUL_NTH = Relation(
    "meaningful_nth",
    "As meaningful, with the program's own milestone.",
    _meaningful("reached_nth"),
    splits_by="people",
)

SPEEDS = Relation(
    "speeds",
    "One row per period and partner that went live in it: how long it took, and the median of the 365 days before "
    "the period's end.",
    """with live as (
      select z.partner, min(z.first_time) as live_at from anything as z
      where z.partner is not null and z.outcome = 'success' and z.environment = 'production'
        and z.traffic_class in ('external', 'agent') group by z.partner),
    before as (
      select z.partner, min(z.first_time) as first_call from anything as z
      where z.partner is not null group by z.partner),
    waits as (
      select p.partner_id, p.registered_at, l.live_at, local_day(l.live_at) as day,
        seconds_between(p.registered_at, l.live_at) as waited
      from parties as p join live as l on l.partner = p.partner_id join before as b on b.partner = p.partner_id
      where p.root = p.partner_id and coalesce(p.status, 'approved') not in ('rejected', 'test', 'duplicate')
        and as_seen(p.registered_at) is not null and as_seen(l.live_at) is not null
        and b.first_call >= p.registered_at and local_day(p.registered_at) >= $calls_since),
    usual as (
      select q.period, quantile_cont(w.waited, 0.5) as median, count(*) as compared
      from waits as w cross join periods as q
      where w.day >= add_days(q.end_day, -365) and w.day < q.end_day group by q.period)
    select q.period, $split as split, p.partner_id as entity, p.name, p.manager, p.registered_at, w.live_at, w.waited,
      n.median, n.compared
    from waits as w cross join periods as q join usual as n on n.period = q.period
    join parties as p on p.partner_id = w.partner_id
    where w.day >= q.first_day and w.day < q.end_day and $kept""",
    splits_by="own",
    ever=True,
    offers={
        "partner": "p.partner_id",
        "segment": "p.segment",
        "country": "p.country",
        "channel": "p.channel",
        "manager": "p.manager",
    },
)


def _silent(when: str) -> str:
    return f"""with called as (
      select u.entity, min(u.first_time) as first_call from usage as u where u.entity is not null group by u.entity),
    steps as (
      select walker_of(w) as entity, max(w.time) as last_event, arg_max(w.step, w.time) as last_step
      from walked as w where walker_of(w) is not null group by walker_of(w))
    select period_of(who.day) as period, who.split, who.entity, p.name, p.manager, who.began_at, s.last_step,
      s.last_event, seconds_between(who.began_at, $as_of) / 86400 as days
    from entrants as who left join called as c on c.entity = who.entity left join steps as s on s.entity = who.entity
    left join parties as p on p.partner_id = who.entity
    where c.entity is null and add_seconds(who.began_at, $silent_days * 86400) {when} $as_of
      and who.day >= $start and who.day < $end"""


SILENT = Relation(
    "silent",
    "One row per newcomer without any call, once its days are over, dated by sign-up: the last thing it did, and when.",
    _silent("<"),
    splits_by="people",
)

TOO_EARLY = Relation(
    "too_early",
    "One row per newcomer without any call whose days are not over, dated by sign-up.",
    _silent(">="),
    splits_by="people",
)
