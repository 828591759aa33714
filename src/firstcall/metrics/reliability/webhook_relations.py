"""What is one row, where webhooks are delivered?"""

from __future__ import annotations

from firstcall.metrics.metric import Relation

DELIVERIES = Relation(
    "deliveries",
    "One row per event a webhook had to deliver: seconds to the first successful attempt, null when there was none.",
    """with each as (
      select local_day(t.triggered_at) as day, $split as split, t.event_id, t.triggered_at, t.attempts,
        as_seen(t.delivered_at) as delivered_at
      from known_webhook_deliveries as t left join party_of(t.partner_id) as p where $kept and $external),
    timed as (
      select period_of(e.day) as period, e.split, e.event_id, e.triggered_at, e.attempts,
        seconds_between(e.triggered_at, e.delivered_at) as waited,
        add_seconds(e.triggered_at, $within_seconds) < $as_of as closed
      from each as e where e.day >= $start and e.day < $end)
    select d.period, d.split, d.event_id, d.triggered_at, d.attempts, d.waited, d.closed,
      coalesce(d.waited <= $within_seconds, false) as in_time from timed as d""",
    splits_by="own",
    offers={
        "partner": "coalesce(p.partner_id, t.partner_id)",
        "product": "t.product",
        "segment": "p.segment",
        "country": "p.country",
        "channel": "p.channel",
        "manager": "p.manager",
    },
)
