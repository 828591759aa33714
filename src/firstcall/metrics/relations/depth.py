"""What is one row, where depth is scored and everybody is put into a tier?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics.metric import Relation
from firstcall.metrics.relations.usage import AT_RISK

if TYPE_CHECKING:
    from firstcall.periods import Scope

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
      100 * ($weight_volume * x.volume + $weight_coverage * x.coverage + $weight_features * x.features) as score
    from parts as x""",
    ever=True,
)

TIERED = Relation(
    "tiered",
    "One row per period and active caller, with its tier: the first score decides plainly, later ones when they pass a "
    "cut by the hysteresis.",
    """with numbered as (
      select s.number, d.entity, d.split, d.score,
        row_number() over (partition by d.entity, d.split order by s.number) as place
      from depths as d join stretches as s on s.period = d.period),
    decided as (
      select n.number, n.entity, n.split, n.score,
        case when n.place = 1 then case when n.score >= $tier_low then 1 else 0 end
          when n.score >= $tier_low + $hysteresis then 1
          when n.score < $tier_low - $hysteresis then 0 end as low,
        case when n.place = 1 then case when n.score >= $tier_high then 1 else 0 end
          when n.score >= $tier_high + $hysteresis then 1
          when n.score < $tier_high - $hysteresis then 0 end as high
      from numbered as n),
    lasting as (
      select x.number, x.entity, x.split, x.score,
        max(2 * x.number + x.low) over (partition by x.entity, x.split order by x.number) as low,
        max(2 * x.number + x.high) over (partition by x.entity, x.split order by x.number) as high
      from decided as x)
    select y.number, y.entity, y.split, y.score,
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
    """select n.period, $split as split, n.entity, coalesce(b.tier, 'new') as tier_before, n.tier as tier_now
    from depth_states as n left join depth_states as b on b.entity = n.entity and b.number = n.number - 1
    where $kept""",
    splits_by="own",
    history=True,
    offers={"tier": "coalesce(b.tier, 'new')", "kind": "n.tier"},
)


def _at_risk_by_tier(mine: tuple[str, ...]) -> str:
    """Return the text; `mine` are the columns of the calls that stand beside the tier."""

    def of(alias: str) -> str:
        return "".join(f", {alias}.{name}" for name in mine)

    return f"""with days as (
      select u.entity, u.split, u.day{of("u")} from usage as u where u.entity is not null
      group by u.entity, u.split, u.day{of("u")}),
    marked as (
      select d.entity, d.split, d.day{of("d")},
        case when lag(d.day) over (partition by d.entity, d.split order by d.day)
          >= add_days(d.day, -$churn_days) then 0 else 1 end as begins from days as d),
    numbered as (
      select k.entity, k.split, k.day{of("k")},
        sum(k.begins) over (partition by k.entity, k.split order by k.day) as span from marked as k),
    spans as (
      select n.entity, n.split{of("n")}, n.span, min(n.day) as first_call, max(n.day) as last_call,
        add_days(max(n.day), $churn_days) as churn_day
      from numbered as n group by n.entity, n.split, n.span{of("n")}),
    exposed as (
      select q.period, q.end_day, greatest(q.first_day, $start) as since, s.entity, s.split, s.first_call,
        s.last_call, s.churn_day{of("s")} from spans as s cross join periods as q),
    placed as (
      select e.period, e.end_day, e.entity, e.split, e.last_call, e.churn_day{of("e")},
        period_of(least(add_days(e.last_call, 1), e.since)) as running from exposed as e
      where e.first_call < e.since and (e.churn_day >= e.since or e.churn_day >= $as_of_day)),
    with_tier as (
      select p.period, p.end_day, p.entity, p.last_call, p.churn_day{of("p")},
        coalesce(t.tier, 'experimenting') as tier from placed as p
      left join periods as h on h.period = p.running
      left join tiered as t on t.number = h.number - 1 and t.entity = p.entity and t.split = p.split)
    select x.period, $split as split, x.entity, x.last_call, x.churn_day,
      x.churn_day < x.end_day and x.churn_day < $as_of_day as churned, x.tier
    from with_tier as x where $kept"""


def at_risk(scope: Scope) -> Relation:
    """Return one row per period and caller that may fall silent, with its depth before when that is asked for."""
    if "tier" not in (*scope.by, *(name for name, _ in scope.where)):
        return AT_RISK
    mine = tuple(name for name in scope.by if name != "tier")
    return Relation(
        "at_risk_by_tier",
        "As at_risk, with the tier of the last full period before the silence began, or before this period; without "
        "one it is experimenting.",
        _at_risk_by_tier(mine),
        splits_by="own",
        history=True,
        offers={
            name: "cast(x.status as varchar)" if name == "status" else f"x.{name}" for name in (*mine, "tier")
        },
    )
