"""What is one row, where use is held against what is on offer?"""

from __future__ import annotations

from firstcall.metrics.dimensions import PARTY
from firstcall.metrics.metric import Relation

ON_OFFER = Relation(
    "on_offer",
    "One row per period and endpoint that at least one released version offers at the end of what is seen of it.",
    """select s.period, t.product, t.method, t.route, min(t.api_class) as api_class, min(t.feature) as feature
    from stretches as s cross join known_endpoints as t
    where (t.released_at is null or t.released_at < s.until) and (t.sunset_at is null or t.sunset_at >= s.until)
    group by s.period, t.product, t.method, t.route""",
)

SUBSCRIBED = Relation(
    "subscribed",
    "One row per period, partner and product its plans are for at that end; no product means every one.",
    """select distinct s.period, coalesce(named.root, t.partner_id) as partner, l.product
    from stretches as s cross join known_subscriptions as t
    left join parties as named on named.partner_id = t.partner_id
    join known_plans as l on l.plan_id = t.plan_id
    where t.started_at < s.until and (t.ended_at is null or t.ended_at >= s.until)""",
)

RECENT_DAYS = Relation(
    "recent_days",
    "One row per period and each of the last 30 days seen of it.",
    """with fives as (select 0 as n union all select 1 as n union all select 2 as n union all select 3 as n
      union all select 4 as n),
    sixes as (select f.n as n from fives as f union all select 5 as n)
    select s.period, s.until, s.end_day, add_days(s.end_day, -1 - 5 * x.n - y.n) as day
    from stretches as s cross join sixes as x cross join fives as y""",
)

RECENT_MONTHS = Relation(
    "recent_months",
    "One row per period and each month that the last 30 days seen of it touch.",
    """with touched as (
      select s.period, s.end_day, add_days(s.end_day, -30) as day from stretches as s
      union all select s.period, s.end_day, add_days(s.end_day, -15) as day from stretches as s
      union all select s.period, s.end_day, add_days(s.end_day, -1) as day from stretches as s)
    select distinct t.period, t.end_day, add_days(t.end_day, -30) as since, first_day('month', t.day) as month
    from touched as t""",
)

LATELY = Relation(
    "lately",
    "One row per period, caller and partner: calls and refused ones of the last 30 days seen.",
    """select r.period, u.split, u.entity, u.partner, sum(u.calls) as calls, sum(u.denied) as denied
    from usage as u join recent_days as r on r.day = u.day
    where u.entity is not null and u.day >= add_days($first_end, -30) and u.day < $end
    group by r.period, u.split, u.entity, u.partner""",
    ever=True,
)

REACHED_LATELY = Relation(
    "reached_lately",
    "One row per period, caller and endpoint reached with a successful call in the last 30 days seen.",
    """select distinct w.period, reach.split, reach.entity, reach.product, reach.method, reach.route
    from reaches as reach join recent_months as w on w.month = first_day('month', reach.day)
    where reach.entity is not null and reach.product is not null and reach.last_success is not null
      and reach.day >= first_day('month', add_days($first_end, -30)) and reach.day < $end
      and local_day(coalesce(reach.last_success, timestamp '2000-01-01')) >= w.since
      and local_day(coalesce(reach.last_success, timestamp '2000-01-01')) < w.end_day""",
    ever=True,
)

COVERED = Relation(
    "covered",
    "One row per period and caller active in its last 30 days seen: calls, endpoints and features used and available.",
    """with active as (
      select y.period, y.split, y.entity, sum(y.calls) as calls from lately as y
      group by y.period, y.split, y.entity having sum(y.calls - y.denied) > 0),
    offers as (
      select o.period, o.product, count(*) as endpoints, count(distinct o.feature) as features
      from on_offer as o group by o.period, o.product),
    partners_of as (select distinct y.period, y.split, y.entity, y.partner from lately as y),
    entitled as (
      select distinct x.period, x.split, x.entity, t.product
      from partners_of as x left join subscribed as t on t.period = x.period and t.partner = x.partner),
    granted as (
      select distinct x.period, x.split, x.entity, o.product, o.endpoints, o.features
      from entitled as x join offers as o on o.period = x.period where x.product is null or x.product = o.product),
    available as (
      select g.period, g.split, g.entity, sum(g.endpoints) as endpoints, sum(g.features) as features
      from granted as g group by g.period, g.split, g.entity),
    reached as (
      select y.period, y.split, y.entity, count(*) as endpoints,
        count(distinct case when o.feature is not null then o.product || ' ' || o.feature end) as features
      from reached_lately as y
      join on_offer as o on o.period = y.period and o.product = y.product and o.method = y.method and o.route = y.route
      join granted as g on g.period = y.period and g.split = y.split and g.entity = y.entity and g.product = y.product
      group by y.period, y.split, y.entity)
    select a.period, a.split, a.entity, a.calls, coalesce(r.endpoints, 0) as used,
      coalesce(v.endpoints, 0) as available, coalesce(r.features, 0) as features_used,
      coalesce(v.features, 0) as features_available, coalesce(r.endpoints, 0) / v.endpoints as share
    from active as a
    left join available as v on v.period = a.period and v.split = a.split and v.entity = a.entity
    left join reached as r on r.period = a.period and r.split = a.split and r.entity = a.entity""",
    ever=True,
)

LITTLE_USED = Relation(
    "little_used",
    "One row per period and endpoint on offer that few partners used in the last 30 days, with the views of its page "
    "and of all pages in these days.",
    """with users as (
      select y.period, y.product, y.method, y.route, count(distinct y.entity) as partners from reached_lately as y
      group by y.period, y.product, y.method, y.route),
    pages as (
      select s.period, j.subject, count(*) as views from stretches as s cross join known_journey as j
      where j.step = 'docs_viewed' and local_day(j.time) >= add_days(s.end_day, -30)
        and local_day(j.time) < s.end_day
      group by s.period, j.subject),
    read as (
      select o.period, o.product, o.method, o.route, sum(g.views) as views from on_offer as o
      join pages as g on g.period = o.period where g.subject in (o.route, o.method || ' ' || o.route)
      group by o.period, o.product, o.method, o.route),
    all_read as (select g.period, sum(g.views) as views from pages as g group by g.period)
    select e.period, $split as split, e.product, e.method, e.route, coalesce(c.partners, 0) as partners,
      coalesce(v.views, 0) as docs_views, coalesce(w.views, 0) as all_views
    from on_offer as e
    left join users as c on c.period = e.period and c.product = e.product and c.method = e.method and c.route = e.route
    left join read as v on v.period = e.period and v.product = e.product and v.method = e.method and v.route = e.route
    left join all_read as w on w.period = e.period
    where coalesce(c.partners, 0) < $fewer_than and $kept""",
    splits_by="own",
    ever=True,
    offers={
        "endpoint": "e.method || ' ' || e.route",
        "product": "e.product",
        "method": "e.method",
        "route": "e.route",
    },
)

ADOPTERS = Relation(
    "adopters",
    "One row per period, caller and feature, with whether a call succeeded; how many callers the period had "
    "and how many features they adopted together.",
    """with parts as (
      select reach.period, reach.split, reach.entity, reach.feature, max(reach.last_success) is not null as successful
      from reaches as reach where reach.entity is not null
      group by reach.period, reach.split, reach.entity, reach.feature),
    tries as (
      select u.period, u.entity, sum(u.calls - u.denied) as tried from usage as u
      where u.entity is not null group by u.period, u.entity),
    whole as (select g.period, count(*) filter (where g.tried > 0) as active from tries as g group by g.period),
    adopted as (
      select distinct g.period, g.entity, g.feature from parts as g where g.successful and g.feature is not null),
    together as (select a.period, count(*) as adoptions from adopted as a group by a.period)
    select g.period, g.split, g.entity, g.feature, g.successful and g.feature is not null as uses, w.active,
      coalesce(t.adoptions, 0) as adoptions
    from parts as g join whole as w on w.period = g.period left join together as t on t.period = g.period""",
)

ENTITLED = Relation(
    "entitled_partners",
    "One row per period and partner with a subscription in it, with its calls.",
    """with holders as (
      select distinct q.period, coalesce(p.partner_id, t.partner_id) as partner, p.segment, p.country, p.channel,
        p.manager
      from known_subscriptions as t left join party_of(t.partner_id) as p cross join periods as q
      where t.started_at < least(q.ends, add_seconds($as_of, 0.000001))
        and q.starts < least(q.ends, add_seconds($as_of, 0.000001))
        and (as_seen(t.ended_at) is null or as_seen(t.ended_at) > q.starts) and $external),
    called as (
      select u.period, u.partner, sum(u.calls) as calls from usage as u
      where u.partner is not null group by u.period, u.partner)
    select h.period, $split as split, h.partner as entity, coalesce(c.calls, 0) as calls
    from holders as h left join called as c on c.period = h.period and c.partner = h.partner where $kept""",
    splits_by="own",
    offers={"partner": "h.partner", **{name: text.replace("p.", "h.") for name, text in PARTY.items()}},
)
