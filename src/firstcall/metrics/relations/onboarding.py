"""What is one row, where the way of newcomers is followed? Steps of their journeys, tickets, and going live."""

from __future__ import annotations

from firstcall.metrics.metric import Relation

OFFERS = {
    "partner": "p.partner_id",
    "segment": "p.segment",
    "country": "p.country",
    "channel": "p.channel",
    "manager": "p.manager",
}
"""What rows split and filter by that have joined their partner as `p`."""

WENT_LIVE = """live as (
      select u.partner, min(u.first_time) as live_at, min(u.day) as day from usage as u
      where u.partner is not null and u.outcome = 'success' group by u.partner)"""
"""The moment and day of the first success of each partner, in the calls that the metric counts."""

WALKED = Relation(
    "walked",
    "One row per step of the journey, with whose it is: the first one an anonymous visitor is identified as.",
    """with first_known as (
      select i.anonymous_id, min(i.time) filter (where i.developer_id is not null) as person_at,
        min(i.time) filter (where i.partner_id is not null) as partner_at
      from known_journey as i where i.step = 'identified' and i.anonymous_id is not null group by i.anonymous_id),
    known_people as (
      select k.anonymous_id, min(case when i.time = k.person_at then i.developer_id end) as developer_id,
        min(case when i.time = k.partner_at then i.partner_id end) as partner_id
      from first_known as k join known_journey as i on i.anonymous_id = k.anonymous_id
      where i.step = 'identified' group by k.anonymous_id)
    select j.time, j.step, j.subject, j.anonymous_id, coalesce(j.developer_id, i.developer_id) as developer,
      coalesce(a.root, j.partner_id, b.root, d.partner_id, c.root, i.partner_id, f.root, e.partner_id) as partner
    from known_journey as j
    left join known_people as i on i.anonymous_id = j.anonymous_id
    left join known_developers as d on d.developer_id = j.developer_id
    left join known_developers as e on e.developer_id = i.developer_id
    left join parties as a on a.partner_id = j.partner_id
    left join parties as b on b.partner_id = d.partner_id
    left join parties as c on c.partner_id = i.partner_id
    left join parties as f on f.partner_id = e.partner_id""",
    splits_by="people",
)

TICKETED = Relation(
    "ticketed",
    "One row per support ticket, with whose it is; one that names a developer only is her partner's.",
    """select t.ticket_id, t.opened_at, t.developer_id as developer,
      coalesce(a.root, t.partner_id, b.root, d.partner_id) as partner
    from known_tickets as t left join parties as a on a.partner_id = t.partner_id
    left join known_developers as d on d.developer_id = t.developer_id
    left join parties as b on b.partner_id = d.partner_id""",
    splits_by="people",
)
