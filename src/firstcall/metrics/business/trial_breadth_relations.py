"""What is one row, where it is asked what was tried in a trial?"""

from __future__ import annotations

from firstcall.metrics.metric import Relation
from firstcall.metrics.relations.conversion import GRACE, IN_SCOPE, OFFERS

TRIED_OUT = Relation(
    "tried_out",
    "As trials, with how many endpoints, features and products were called with success in each.",
    f"""with spans as (
      select s.*, local_day(add_seconds(s.ending, -0.000001)) as last_day from trials_paid as s),
    tried as (
      select s.subscription_id, count(distinct coalesce(m.product, '') || ' ' || m.endpoint) as endpoints,
        count(distinct case when m.feature is not null then m.product || ' ' || m.feature end) as features,
        count(distinct m.product) as products
      from moments as m join spans as s on s.partner = m.partner
      where m.outcome = 'success' and m.day >= $start and m.day >= s.day and m.day <= s.last_day
        and (s.product is null or m.product = s.product) group by s.subscription_id)
    select period_of(s.day) as period, $split as split, s.partner as entity, s.subscription_id,
      s.plan_id as plan, s.kind as subscription_kind, s.started_at,
      nullif(s.ending, timestamp '2200-01-01') as ended_at, s.converted,
      coalesce(add_seconds(s.ending, {GRACE}) <= $as_of, false) as mature,
      coalesce(t.endpoints, 0) as endpoints, coalesce(t.features, 0) as features, coalesce(t.products, 0) as products,
      s.confidence, cast(null as varchar) as missing_rate
    from spans as s left join tried as t on t.subscription_id = s.subscription_id
    left join party_of(s.partner) as p where {IN_SCOPE}""",
    splits_by="own",
    ever=True,
    offers=OFFERS,
    priced=True,
)
