"""What is one row, where features that were asked for are delivered?"""

from __future__ import annotations

from firstcall.metrics.metric import Relation
from firstcall.metrics.relations.signals import REQUESTS, waits

_OFFERS = {name: text for name, text in REQUESTS.offers.items() if name != "kind"}

DELIVERED = Relation(
    "features_delivered",
    "One row per feature deployed in the period: who asked for it, and for how long they waited; `lasted` is null when "
    "it was deployed before it was asked for.",
    """with dated as (
      select s.split, s.request_id, s.partner, s.opened_at, s.deployed_at, local_day(s.deployed_at) as day
      from requests_made as s where s.kind = 'feature' and s.deployed_at is not null)
    select period_of(x.day) as period, x.split, x.request_id, x.partner, x.opened_at, x.deployed_at,
      case when x.deployed_at >= x.opened_at then seconds_between(x.opened_at, x.deployed_at) end as lasted
    from dated as x where x.day >= $start and x.day < $end""",
    splits_by="own",
    ever=True,
    offers=_OFFERS,
)

ASKED_FOR = Relation(
    "features_asked_for",
    "One row per feature asked for in the period; `waited` is null until it is deployed, `watched` runs to the as-of "
    "moment.",
    waits("opened_at", "deployed_at", "requests_made", "s.request_id, s.partner") + " and s.kind = 'feature'",
    splits_by="own",
    offers=_OFFERS,
)
