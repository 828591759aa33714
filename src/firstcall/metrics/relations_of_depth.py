"""What is one row, where depth is scored and everybody is put into a tier?"""

from __future__ import annotations

from firstcall.metrics.metric import Relation

DEPTHS = Relation(
    "depths",
    "One row per period and caller active in its last 30 days seen, with its score and the three parts of it.",
    """with top as (select c.period, quantile_cont(c.calls, 0.95) as calls from covered as c group by c.period),
    parts as (
      select c.period, c.split, c.entity, c.calls, c.used, c.available,
        least(1.0, ln(1 + c.calls) / ln(1 + t.calls)) as volume, coalesce(c.share, 0.0) as coverage,
        coalesce(c.features_used / c.features_available, 0.0) as features
      from covered as c join top as t on t.period = c.period)
    select x.period, x.split, x.entity, x.calls, x.used, x.available, x.volume, x.coverage, x.features,
      100 * ({weight_volume} * x.volume + {weight_coverage} * x.coverage + {weight_features} * x.features) as score
    from parts as x""",
    ever=True,
)

TIERED = Relation(
    "tiered",
    "One row per period and active caller, with its tier: the first score decides plainly, later ones when they pass a "
    "cut by the hysteresis.",
    """with numbered as (
      select s.number, d.entity, d.score, row_number() over (partition by d.entity order by s.number) as place
      from depths as d join stretches as s on s.period = d.period),
    decided as (
      select n.number, n.entity, n.score,
        case when n.place = 1 then case when n.score >= {tier_low} then 1 else 0 end
          when n.score >= {tier_low} + {hysteresis} then 1
          when n.score < {tier_low} - {hysteresis} then 0 end as low,
        case when n.place = 1 then case when n.score >= {tier_high} then 1 else 0 end
          when n.score >= {tier_high} + {hysteresis} then 1
          when n.score < {tier_high} - {hysteresis} then 0 end as high
      from numbered as n),
    lasting as (
      select x.number, x.entity, x.score,
        max(2 * x.number + x.low) over (partition by x.entity order by x.number) as low,
        max(2 * x.number + x.high) over (partition by x.entity order by x.number) as high
      from decided as x)
    select y.number, y.entity, y.score,
      case when y.high - 2 * floor_div(y.high, 2) = 1 then 'scaling'
        when y.low - 2 * floor_div(y.low, 2) = 1 then 'building' else 'experimenting' end as tier
    from lasting as y""",
    splits_by="people",
    history=True,
)

DEPTH_STATES = Relation(
    "depth_states",
    "One row per period and account registered by the end of what is seen of it, with its tier; those not active are "
    "silent after a call of any kind, and never_called before one.",
    """select s.period, s.number, who.split, who.entity, t.score,
      coalesce(t.tier, case when e.first_call < s.until then 'silent' else 'never_called' end) as tier
    from people as who cross join stretches as s
    left join tiered as t on t.number = s.number and t.entity = who.entity
    left join earliest as e on e.entity = who.entity
    where who.began_at < s.until and who.status in ('pending', 'approved', 'suspended')""",
    splits_by="people",
    history=True,
)

DEPTH_MOVES = Relation(
    "depth_moves",
    "One row per period and account registered by then, with its tier before (new without one) and its tier now.",
    """select n.period, {split} as split, n.entity, coalesce(b.tier, 'new') as tier_before, n.tier as tier_now
    from depth_states as n left join depth_states as b on b.entity = n.entity and b.number = n.number - 1
    where {kept}""",
    splits_by="own",
    history=True,
    offers={"tier": "coalesce(b.tier, 'new')", "kind": "n.tier"},
)
