"""What is one row, where subscriptions are counted? A trial and what became of it, a start and what followed it."""

from __future__ import annotations

from firstcall.metrics.metric import Relation
from firstcall.metrics.relations.rating import rank_of

GRACE = 7 * 86400
LATER = 90 * 86400
SETTLED = 30 * 86400
"""Seconds after its end that a trial may still be paid, from its start that later payment counts, and after its end
until it is told what became of it."""
OFFERS = {
    "partner": "s.partner",
    "plan": "s.plan_id",
    "subscription_kind": "s.kind",
    "product": "s.product",
    **{name: f"p.{name}" for name in ("segment", "country", "channel", "manager")},
}
_SAME_PRODUCT = "(o.product = s.product or o.product is null or s.product is null)"
_FOLLOWS = f"o.partner = s.partner and o.subscription_id <> s.subscription_id and {_SAME_PRODUCT}"
IN_SCOPE = "$kept and s.day >= $start and s.day < $end"

SUBSCRIBED = Relation(
    "subscriptions_seen",
    "One row per subscription with its partner, merges followed, and its plan's product.",
    f"""with plan_products as (select v.plan_id, min(v.product) as product from known_plans as v group by v.plan_id)
    select s.subscription_id, coalesce(p.partner_id, s.partner_id) as partner, s.plan_id, v.product, s.kind,
      s.started_at, local_day(s.started_at) as day, as_seen(s.ended_at) as ended_at, s.trial_ends_at,
      {rank_of("s")} as confidence
    from known_subscriptions as s left join plan_products as v on v.plan_id = s.plan_id
    left join party_of(s.partner_id) as p
    where $external""",
)

TRIALS_PAID = Relation(
    "trials_paid",
    "One row per trial: when it was over, and whether it was paid by the end of grace, and within 90 days.",
    f"""with ended as (
      select s.*, coalesce(s.ended_at, s.trial_ends_at, timestamp '2200-01-01') as ending from subscriptions_seen as s
      where s.kind in ('trial', 'reverse_trial')),
    bought as (
      select s.subscription_id,
        max(case when o.started_at <= add_seconds(s.ending, {GRACE}) then 1 else 0 end) as in_time,
        max(case when o.started_at <= add_seconds(s.started_at, {LATER}) then 1 else 0 end) as later
      from ended as s join subscriptions_seen as o on o.partner = s.partner
      where {_FOLLOWS} and o.kind = 'paid' and o.started_at >= s.started_at group by s.subscription_id)
    select s.*, coalesce(b.in_time, 0) = 1 as converted, coalesce(b.later, 0) = 1 as converted_later
    from ended as s left join bought as b on b.subscription_id = s.subscription_id""",
)

TRIALS = Relation(
    "trials",
    "One row per trial, dated by its start: mature when its end and the days of grace are over.",
    f"""select period_of(s.day) as period, $split as split, s.partner as entity, s.subscription_id,
      s.plan_id as plan, s.kind as subscription_kind, s.started_at,
      nullif(s.ending, timestamp '2200-01-01') as ended_at,
      s.converted, s.converted_later,
      coalesce(add_seconds(s.ending, {GRACE}) <= $as_of, false) as mature,
      add_seconds(s.started_at, {LATER}) <= $as_of as old, s.confidence, cast(null as varchar) as missing_rate
    from trials_paid as s left join party_of(s.partner) as p
    where {IN_SCOPE}""",
    splits_by="own",
    offers=OFFERS,
    priced=True,
)

USED_TRIALS = Relation(
    "used_trials",
    "As trials, with the calls made in each, and after it for 30 days, and what became of it.",
    f"""with spans as (
      select s.*, local_day(s.ending) as over_day, local_day(add_seconds(s.ending, -0.000001)) as last_day
      from trials_paid as s),
    freed as (
      select s.subscription_id, count(*) as plans from spans as s join subscriptions_seen as o on o.partner = s.partner
      where {_FOLLOWS} and o.kind = 'free' and o.started_at <= add_seconds(s.ending, {GRACE})
        and (o.ended_at is null or o.ended_at > add_seconds(s.ending, {GRACE})) group by s.subscription_id),
    calling as (
      select s.subscription_id, sum(case when u.day >= s.day and u.day <= s.last_day then u.calls else 0 end) as within,
        sum(case when u.day >= s.over_day and u.day <= add_days(s.over_day, 30) then u.calls else 0 end) as after_it
      from usage as u join spans as s on s.partner = u.partner
      where (s.product is null or u.product = s.product) and u.day >= s.day and u.day <= add_days(s.over_day, 30)
      group by s.subscription_id)
    select period_of(s.day) as period, $split as split, s.partner as entity, s.subscription_id,
      s.plan_id as plan, s.kind as subscription_kind, s.started_at,
      nullif(s.ending, timestamp '2200-01-01') as ended_at, s.converted,
      coalesce(c.within, 0) as calls,
      coalesce(add_seconds(s.ending, {GRACE}) <= $as_of, false) as mature,
      coalesce(add_seconds(s.ending, {SETTLED}) <= $as_of, false) as settled,
      case when s.converted then 'paid' when f.plans is null then 'left'
        when coalesce(c.after_it, 0) > 0 then 'free_active' else 'free_silent' end as outcome,
      s.confidence, cast(null as varchar) as missing_rate
    from spans as s left join freed as f on f.subscription_id = s.subscription_id
    left join calling as c on c.subscription_id = s.subscription_id left join party_of(s.partner) as p
    where {IN_SCOPE}""",
    splits_by="own",
    ever=True,
    offers=OFFERS,
    priced=True,
)

MOVES = Relation(
    "plan_moves",
    "One row per free or paid subscription, dated by its start: whether a free one was followed by a paid one within "
    "the window, and whether a paid one was followed by another plan, of a higher or a lower fee by month.",
    f"""with fees as (
      select s.subscription_id, v.currency,
        case when v."interval" = 'year' then micros(v.fee) else 12 * micros(v.fee) end as fee,
        row_number() over (partition by s.subscription_id order by v.valid_from desc nulls last) as place
      from subscriptions_seen as s join known_plans as v on v.plan_id = s.plan_id
      where v.valid_from is null or v.valid_from <= s.started_at),
    charged as (
      select s.*, f.currency, case when f.currency is not null then coalesce(f.fee, 0) end as fee
      from subscriptions_seen as s left join fees as f on f.subscription_id = s.subscription_id and f.place = 1),
    followed as (
      select s.subscription_id, o.plan_id as next_plan, s.kind,
        case when s.currency = o.currency and o.fee > s.fee then 'up'
          when s.currency = o.currency and o.fee < s.fee then 'down' else 'level' end as direction,
        row_number() over (partition by s.subscription_id order by o.started_at, o.subscription_id) as place
      from charged as s join charged as o on o.partner = s.partner
      where {_FOLLOWS} and o.kind = 'paid' and o.started_at <= add_seconds(s.started_at, $window_seconds)
        and ((s.kind = 'free' and o.started_at >= s.started_at)
          or (s.kind = 'paid' and o.started_at > s.started_at and o.plan_id <> s.plan_id)))
    select period_of(s.day) as period, $split as split, s.partner as entity, s.subscription_id,
      s.plan_id as plan, s.kind as subscription_kind, s.started_at, n.next_plan, n.direction,
      add_seconds(s.started_at, $window_seconds) <= $as_of as mature, s.confidence,
      cast(null as varchar) as missing_rate
    from subscriptions_seen as s left join followed as n on n.subscription_id = s.subscription_id and n.place = 1
    left join party_of(s.partner) as p where s.kind in ('free', 'paid') and {IN_SCOPE}""",
    splits_by="own",
    offers=OFFERS,
    priced=True,
)

ON_PLANS = Relation(
    "on_plans",
    "One row per subscription in force at the last instant of a period.",
    """select q.period, $split as split, s.partner as entity, s.subscription_id, s.plan_id as plan,
      s.kind as subscription_kind, s.started_at, s.confidence, cast(null as varchar) as missing_rate
    from subscriptions_seen as s cross join periods as q left join party_of(s.partner) as p
    where $kept and s.started_at < q.ends and (s.ended_at is null or s.ended_at >= q.ends)""",
    splits_by="own",
    offers=OFFERS,
    priced=True,
)
