"""What is one row, where money is counted? Parts of lines laid on periods, and partners with what they brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics.metric import Relation, Variant
from firstcall.metrics.relations.revenue_movements import RECURRING, RETAINED_TTM

if TYPE_CHECKING:
    from firstcall.periods import Scope

METHOD = Variant(
    "method",
    "Against a year before (cohort), the period before (period), or twelve months against the twelve before (ttm).",
    ("cohort", "period", "ttm"),
    "cohort",
)

REVENUE = Relation(
    "earned",
    "One row per invoice line and period of its service; credits and refunds count against it, tax does not count.",
    """select l.period, l.split, l.entity, l.entry, l.product, l.kind, l.micros, l.confidence, l.missing_rate
    from ledger as l where l.book = 'revenue'""",
    splits_by="money",
)

REVENUE_SHARED = Relation(
    "earned_shared",
    "As earned; lines without a product are shared out by the calls their partner made to each product.",
    """select l.period, l.split, l.entity, l.entry, l.product, l.kind, l.micros, l.confidence, l.missing_rate
    from ledger as l where l.book = 'revenue'""",
    splits_by="money",
    shares_products=True,
)

COSTS = Relation(
    "spent",
    "One row per cost or entry of onboarding hours and period it covers.",
    """select l.period, l.split, l.entity, l.entry, l.category, l.activity, l.micros, l.confidence, l.note,
      l.missing_rate from ledger as l where l.book in ('cost', 'effort')""",
    splits_by="money",
)

PAYING = Relation(
    "paying",
    "One row per period and partner with revenue; `paying` when it is above zero and the partner called.",
    """with earned_by as (
      select l.period, l.split, l.entity, sum(l.micros) as micros, max(l.confidence) as confidence,
        min(l.missing_rate) as missing_rate from ledger as l where l.book = 'revenue'
      group by l.period, l.split, l.entity),
    seen as (select u.period, u.entity from usage as u where u.entity is not null and u.calls > u.denied
      group by u.period, u.entity)
    select e.period, e.split, e.entity, e.micros, e.confidence, e.missing_rate,
      s.entity is not null and coalesce(e.micros > 0, false) as paying
    from earned_by as e left join seen as s on s.period = e.period and s.entity = e.entity""",
    splits_by="money",
)

RETAINED = Relation(
    "retained_revenue",
    "One row per period and partner with recurring revenue in the base period: what it paid then, and now.",
    f"""with {RECURRING}
    select q.period, b.split, b.entity, b.micros as base_micros, coalesce(n.micros, 0) as now_micros,
      greatest(b.confidence, coalesce(n.confidence, 0)) as confidence,
      coalesce(b.missing_rate, n.missing_rate) as missing_rate
    from earned_by as b join periods as q on q.number = b.number + $back
    left join earned_by as n on n.number = q.number and n.entity = b.entity and n.split = b.split
    where b.micros > 0""",
    splits_by="money",
    history=True,
)


def retained(scope: Scope) -> Relation:
    """Return the rows of the method that compares revenue with what the same partners paid before."""
    return RETAINED_TTM if scope.variant("method") == "ttm" else RETAINED


WORTH = Relation(
    "worth",
    "One row per amount earned, attributed, avoided or spent; transactions count while no invoice line exists at all.",
    """with invoiced as (select count(*) as lines_seen from priced as n where n.book = 'revenue')
    select d.period, d.split, d.entity, d.book, d.kind, d.micros, d.confidence, d.note, d.missing_rate,
      d.book in ('cost', 'effort') as is_cost, d.book = 'revenue' as is_revenue,
      d.book = 'value' and d.already = false
        and (d.kind in ('attributed_revenue', 'cost_avoidance') or i.lines_seen = 0) as is_value
    from ledger as d cross join invoiced as i where d.book in ('revenue', 'cost', 'effort', 'value')""",
    splits_by="money",
)

_LIVE = """live as (
      select u.entity, min(u.split) as split, min(u.day) as live_day from usage as u
      left join parties as w on w.partner_id = u.entity
      where u.entity is not null and u.outcome = 'success'
        and coalesce(local_day(w.registered_at) >= $calls_since, true) group by u.entity)"""

ONBOARDING_COST = Relation(
    "onboarding_cost",
    "One row per onboarding cost of a period, and one per partner that went live in it.",
    f"""with {_LIVE}
    select l.period, l.split, l.entity, l.entry, l.micros, l.confidence, l.note, l.missing_rate, false as went_live
    from ledger as l where l.book = 'effort' or (l.book = 'cost' and l.activity = 'onboarding')
    union all
    select q.period, v.split, v.entity, null as entry, cast(0 as hugeint) as micros,
      0 as confidence, null as note, null as missing_rate, true as went_live
    from live as v join periods as q on v.live_day >= q.first_day and v.live_day < q.end_day""",
    splits_by="money",
    ever=True,
)

ONBOARDING_COST_OF_COHORT = Relation(
    "onboarding_cost_of_cohort",
    "One row per onboarding cost, whenever it arose, of a partner that went live in the period, and one per partner.",
    f"""with {_LIVE}
    select q.period, v.split, v.entity, m.entry,
      floor_div(m.micros * cast(
        greatest(least(days_between(m.begins, $seen_end), days_between(m.begins, m.finishes)), 0) as hugeint),
        cast(days_between(m.begins, m.finishes) as hugeint)) as micros,
      m.confidence, m.note, m.missing_rate, false as went_live
    from live as v join periods as q on v.live_day >= q.first_day and v.live_day < q.end_day
    join priced as m on m.partner = v.entity
    where m.book = 'effort' or (m.book = 'cost' and m.activity = 'onboarding')
    union all
    select q.period, v.split, v.entity, null as entry, cast(0 as hugeint) as micros,
      0 as confidence, null as note, null as missing_rate, true as went_live
    from live as v join periods as q on v.live_day >= q.first_day and v.live_day < q.end_day""",
    splits_by="money",
    ever=True,
)
