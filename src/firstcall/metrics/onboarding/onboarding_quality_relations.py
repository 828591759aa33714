"""What is one row, where onboarding is judged? Partners gone live, first attempts, what slows, entitlements."""

from __future__ import annotations

from firstcall.metrics.metric import Relation
from firstcall.metrics.relations.onboarding import OFFERS, WENT_LIVE

UNAIDED = Relation(
    "unaided",
    "One row per partner, dated by the day it went live: the first ticket, manual step and staff hour before that.",
    f"""with {WENT_LIVE},
    asked as (select t.partner, min(t.opened_at) as ticket_at from ticketed as t group by t.partner),
    handled as (
      select w.partner, min(w.time) as manual_at from walked as w
      where w.step in ('approval_requested', 'approved', 'production_requested') group by w.partner),
    worked as (
      select coalesce(a.root, e.partner_id) as partner, min(e.date) as staff_on from known_effort as e
      left join parties as a on a.partner_id = e.partner_id where e.hours > 0
      group by coalesce(a.root, e.partner_id))
    select period_of(l.day) as period, $split as split, l.partner as entity, l.live_at, t.ticket_at, h.manual_at,
      w.staff_on, coalesce(t.ticket_at < l.live_at, false) as ticket,
      coalesce(h.manual_at < l.live_at, false) as manual, coalesce(w.staff_on <= l.day, false) as staff
    from live as l left join asked as t on t.partner = l.partner left join handled as h on h.partner = l.partner
    left join worked as w on w.partner = l.partner left join party_of(l.partner) as p
    where l.day >= $start and l.day < $end and $kept
      and coalesce(local_day(p.registered_at) >= $calls_since, true)""",
    splits_by="own",
    ever=True,
    offers=OFFERS,
)

TRIED = Relation(
    "tried",
    "One row per caller: its first call and its first success.",
    """select u.entity, min(u.first_time) as first_call,
      min(u.first_time) filter (where u.outcome = 'success') as first_success
    from usage as u where u.entity is not null group by u.entity""",
    splits_by="people",
)

BEFORE_SUCCESS = Relation(
    "before_success",
    "One row per caller with errors before the first success: how many, and how many of them were 401 or 403.",
    """with failed as (
      select early.entity, early.consumer, early.day, early.source, early.product, early.environment, early.outcome,
        early.traffic_class, early.first_time, early.last_time, early.calls, early.denied, s.first_success
      from reaches as early join tried as s on s.entity = early.entity
      where early.outcome in ('client_error', 'server_error', 'timeout') and early.first_time < s.first_success),
    counted as (
      select f.entity, f.calls as errors, f.denied from failed as f where f.last_time < f.first_success
      union all
      select o.entity, 1 as errors, case when m.status in (401, 403) then 1 else 0 end as denied
      from calls as m join failed as o on m.consumer = o.consumer and m.day = o.day and m.source = o.source
        and m.environment = o.environment and m.outcome = o.outcome and m.traffic_class = o.traffic_class
        and coalesce(m.product, '') = coalesce(o.product, '')
      where o.last_time >= o.first_success and m.known_to is null and m.time >= o.first_time
        and m.time < o.first_success)
    select c.entity, sum(c.errors) as errors, sum(c.denied) as denied from counted as c group by c.entity""",
    splits_by="people",
)

FIRST_ATTEMPTS = Relation(
    "first_attempts",
    "One row per newcomer who called, dated by the first call: whether it succeeded, and the errors before a success.",
    """with dated as (
      select who.split, who.entity, t.first_call, t.first_success, local_day(t.first_call) as day
      from entrants as who join tried as t on t.entity = who.entity)
    select period_of(d.day) as period, d.split, d.entity, d.first_call, d.first_success,
      coalesce(d.first_success = d.first_call, false) as at_once,
      case when d.first_success is not null then cast(coalesce(b.errors, 0) as double) end as errors
    from dated as d left join before_success as b on b.entity = d.entity where d.day >= $start and d.day < $end""",
    splits_by="people",
)

DRIVERS = ("key_wait", "auth_errors_before_success", "docs_rereads", "webhook_setup", "first_error")
_AMOUNTS = (
    "b.to_credential",
    "cast(coalesce(e.denied, 0) as double)",
    "cast(coalesce(r.rereads, 0) as double)",
    "case when h.entity is null then 0.0 else 1.0 end",
    "case when b.first_call < b.first_success then 1.0 else 0.0 end",
)
_NAMED = " ".join(f"when n.place = {place} then '{name}'" for place, name in enumerate(DRIVERS))
_VALUED = " ".join(f"when n.place = {place} then {amount}" for place, amount in enumerate(_AMOUNTS))
_PLACES = " union all ".join(f"select {place} as place" for place in range(len(DRIVERS)))

DRIVEN = Relation(
    "driven",
    "One row per newcomer who succeeded and driver, dated by sign-up: how much of it there was, and whether she was "
    "slower than nine of ten of the period.",
    f"""with based as (
      select s.period, s.split, s.entity, s.first_call, s.first_success, s.waited, s.to_credential
      from succeeded as s where s.waited is not null),
    limits as (
      select b.period, quantile_cont(b.waited, 0.9) as p90, count(*) as compared from based as b group by b.period),
    reading as (
      select b.entity, count(w.subject) - count(distinct w.subject) as rereads
      from based as b join walked as w on walker_of(w) = b.entity
      where w.step in ('docs_viewed', 'quickstart_viewed') and w.time <= b.first_success group by b.entity),
    hooked as (
      select b.entity from based as b join walked as w on walker_of(w) = b.entity
      where w.step = 'webhook_configured' and w.time <= b.first_success group by b.entity),
    told as (
      select b.period, b.split, b.entity, b.waited, b.waited > l.p90 as slow, l.compared,
        case {_NAMED} end as driver, case {_VALUED} end as amount
      from based as b join limits as l on l.period = b.period
      left join before_success as e on e.entity = b.entity left join reading as r on r.entity = b.entity
      left join hooked as h on h.entity = b.entity cross join ({_PLACES}) as n)
    select t.period, joined_split(t.split, t.driver) as split, t.entity, t.driver, t.amount, t.slow, t.waited,
      t.compared
    from told as t where $kept""",
    splits_by="both",
    offers={"kind": "t.driver"},
)


def _judged(reached: str) -> str:
    return f"""with asked as (
      select walker_of(t) as entity, min(t.opened_at) as ticket_at from ticketed as t
      where walker_of(t) is not null group by walker_of(t))
    select period_of(who.day) as period, who.split, who.entity, who.began_at, r.reached_at, a.ticket_at,
      add_seconds(who.began_at, $window_seconds) <= $as_of as mature,
      coalesce(r.reached_at <= add_seconds(who.began_at, $window_seconds), false) as in_time,
      coalesce(a.ticket_at < r.reached_at, false) as helped
    from entrants as who left join {reached} as r on r.entity = who.entity left join asked as a on a.entity = who.entity
    where who.day >= $start and who.day < $end"""


JUDGED = Relation(
    "judged",
    "One row per newcomer, dated by sign-up: when the milestone and the first ticket came.",
    _judged("reached"),
    splits_by="people",
)

JUDGED_NTH = Relation(
    "judged_nth", "As judged, with the program's own milestone.", _judged("reached_nth"),
    splits_by="people",
)  # fmt: skip

ENTITLED = Relation(
    "entitled",
    "One row per period, partner and product it had a subscription for: whether it called the product in production.",
    """with offered as (
      select l.plan_id, l.product from known_plans as l where l.product is not null group by l.plan_id, l.product),
    entitled_to as (
      select q.period, coalesce(a.root, s.partner_id) as partner, f.product
      from known_subscriptions as s join offered as f on f.plan_id = s.plan_id
      left join parties as a on a.partner_id = s.partner_id cross join periods as q
      where s.started_at < q.ends and (s.ended_at is null or s.ended_at > q.starts)
      group by q.period, coalesce(a.root, s.partner_id), f.product),
    active_on as (
      select u.period, u.partner, u.product, sum(u.calls) as calls from usage as u
      where u.partner is not null and u.calls > u.denied group by u.period, u.partner, u.product)
    select e.period, $split as split, e.partner as entity, e.product, n.calls, n.partner is not null as adopted
    from entitled_to as e
    left join active_on as n on n.period = e.period and n.partner = e.partner and n.product = e.product
    left join party_of(e.partner) as p where $external and $kept""",
    splits_by="own",
    offers={"product": "e.product", **OFFERS},
)

ENTITLED_FEATURES = Relation(
    "entitled_features",
    "As entitled, one row for each feature that the catalogue has for the product.",
    """with offered as (
      select l.plan_id, c.product, c.feature from known_plans as l join catalogued as c on c.product = l.product
      where c.feature is not null group by l.plan_id, c.product, c.feature),
    entitled_to as (
      select q.period, coalesce(a.root, s.partner_id) as partner, f.product, f.feature
      from known_subscriptions as s join offered as f on f.plan_id = s.plan_id
      left join parties as a on a.partner_id = s.partner_id cross join periods as q
      where s.started_at < q.ends and (s.ended_at is null or s.ended_at > q.starts)
      group by q.period, coalesce(a.root, s.partner_id), f.product, f.feature),
    active_on as (
      select u.period, u.partner, u.product, u.feature, sum(u.calls) as calls from usage as u
      where u.partner is not null and u.calls > u.denied group by u.period, u.partner, u.product, u.feature)
    select e.period, $split as split, e.partner as entity, e.product, e.feature, n.calls,
      n.partner is not null as adopted
    from entitled_to as e left join active_on as n
      on n.period = e.period and n.partner = e.partner and n.product = e.product and n.feature = e.feature
    left join party_of(e.partner) as p where $external and $kept""",
    splits_by="own",
    offers={"product": "e.product", "feature": "e.feature", **OFFERS},
)
