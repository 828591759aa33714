"""What is one row, where revenue is compared with another time? A partner with what it paid then, and pays now."""

from __future__ import annotations

from firstcall.metrics.metric import Relation


def _earned(of: str = "ledger", only: str = "") -> str:
    return f"""earned_by as (
      select l.number, l.split, l.entity, sum(l.micros) as micros,
        sum(case when l.kind in ('usage', 'overage') then l.micros else 0 end) as used_micros,
        max(l.confidence) as confidence, min(l.missing_rate) as missing_rate
      from {of} as l where l.book = 'revenue'{only} group by l.number, l.split, l.entity)"""


RECURRING = _earned("recurring", " and l.kind <> 'one_off' and l.closing")
"""Of its last month in a period of several: what recurs then is what recurs, and not several months of it."""
_RECURRING_ALTOGETHER = _earned("recurring", " and l.kind <> 'one_off'")
_FIRST_PAID = """first_paid as (
      select e.split, e.entity, min(e.number) as number from earned_by as e where e.micros > 0
      group by e.split, e.entity)"""
_BOTH = """numbered as (
      select e.number, e.split, e.entity from earned_by as e
      union distinct select e.number + 1 as number, e.split, e.entity from earned_by as e)"""

_MOVED = f"""{_FIRST_PAID}, {_BOTH},
    paired as (
      select k.number, k.split, k.entity, coalesce(b.micros, n.micros) is not null as known,
        coalesce(b.micros, cast(0 as hugeint)) as before_micros, coalesce(n.micros, cast(0 as hugeint)) as micros,
        coalesce(n.used_micros, cast(0 as hugeint)) - coalesce(b.used_micros, cast(0 as hugeint)) as used_change,
        coalesce(f.number < k.number, false) as paid_before,
        greatest(coalesce(b.confidence, 0), coalesce(n.confidence, 0)) as confidence,
        coalesce(b.missing_rate, n.missing_rate) as missing_rate
      from numbered as k
      left join earned_by as b on b.number = k.number - 1 and b.entity = k.entity and b.split = k.split
      left join earned_by as n on n.number = k.number and n.entity = k.entity and n.split = k.split
      left join first_paid as f on f.entity = k.entity and f.split = k.split)
    select q.period, m.split, m.entity, m.known, m.before_micros, m.micros,
      case when m.micros > 0 and m.before_micros <= 0 and m.paid_before then 'reactivation'
        when m.micros > 0 and m.before_micros <= 0 then 'new'
        when m.micros <= 0 and m.before_micros > 0 then 'churn'
        when m.micros > m.before_micros then 'expansion' when m.micros < m.before_micros then 'contraction'
        else 'same' end as movement,
      m.micros - m.before_micros as change_micros, m.used_change as change_by_use_micros, m.confidence, m.missing_rate
    from paired as m join periods as q on q.number = m.number"""

MOVED = Relation(
    "moved_revenue",
    "One row per period and partner with recurring revenue in it or in the one before: both amounts, and what it is "
    "called when the one becomes the other.",
    f"with {RECURRING}, {_MOVED}",
    splits_by="money",
    history=True,
)

MOVED_ALTOGETHER = Relation(
    "moved_program_revenue",
    "The same of all revenue, one-off lines included.",
    f"with {_earned()}, {_MOVED}",
    splits_by="money",
    history=True,
)

RETAINED_TTM = Relation(
    "retained_revenue_ttm",
    "One row per period and partner with recurring revenue in the twelve months before the last twelve: the sums of "
    "both; only where the lines reach back twenty-four months.",
    f"""with {_RECURRING_ALTOGETHER},
    reaching as (select min(e.number) as first_number from earned_by as e where e.micros is not null),
    summed as (
      select q.period, b.split, b.entity,
        sum(case when b.number <= q.number - $back then b.micros end) as base_micros,
        sum(case when b.number > q.number - $back then b.micros end) as now_micros,
        max(b.confidence) as confidence, min(b.missing_rate) as missing_rate
      from periods as q cross join reaching as r
      join earned_by as b on b.number > q.number - 2 * $back and b.number <= q.number
      where q.number - 2 * $back + 1 >= r.first_number group by q.period, b.split, b.entity)
    select s.period, s.split, s.entity, s.base_micros, coalesce(s.now_micros, cast(0 as hugeint)) as now_micros,
      s.confidence, s.missing_rate from summed as s where s.base_micros > 0""",
    splits_by="money",
    history=True,
)

ACQUIRED = Relation(
    "acquired",
    "One row per partner, dated by the first period in which it paid: all its recurring revenue to the scope's end.",
    f"""with {_RECURRING_ALTOGETHER}, {_FIRST_PAID},
    whole as (
      select e.split, e.entity, sum(e.micros) as micros, max(e.confidence) as confidence,
        min(e.missing_rate) as missing_rate from earned_by as e group by e.split, e.entity),
    ending as (select max(q.end_day) as end_day from periods as q)
    select q.period, f.split, f.entity, w.micros, $margin as margin,
      days_between(q.first_day, g.end_day) as observed_days, w.confidence, w.missing_rate
    from first_paid as f join whole as w on w.entity = f.entity and w.split = f.split
    join periods as q on q.number = f.number cross join ending as g""",
    splits_by="money",
    history=True,
)

LASTING = Relation(
    "lasting",
    "One row per period and partner with recurring revenue in it or in the one before: what it paid, and what is left.",
    f"""with {RECURRING}, {_BOTH},
    paired as (
      select k.number, k.split, k.entity, coalesce(n.micros, cast(0 as hugeint)) as micros,
        greatest(coalesce(b.micros, cast(0 as hugeint)), cast(0 as hugeint)) as base_micros,
        greatest(coalesce(b.confidence, 0), coalesce(n.confidence, 0)) as confidence,
        coalesce(b.missing_rate, n.missing_rate) as missing_rate
      from numbered as k
      left join earned_by as b on b.number = k.number - 1 and b.entity = k.entity and b.split = k.split
      left join earned_by as n on n.number = k.number and n.entity = k.entity and n.split = k.split)
    select q.period, m.split, m.entity, m.micros, m.base_micros,
      greatest(least(m.base_micros, m.micros), cast(0 as hugeint)) as kept_micros,
      $margin as margin, $discount as discount, m.confidence, m.missing_rate
    from paired as m join periods as q on q.number = m.number""",
    splits_by="money",
    history=True,
)

_HEADS = (
    _earned()
    + """,
    persons as (
      select u.period, u.split, u.entity, u.developer from usage as u
      where u.entity is not null group by u.period, u.split, u.entity, u.developer having $active),
    callers as (
      select u.period, u.split, u.entity from usage as u
      where u.entity is not null group by u.period, u.split, u.entity having $active),
    counted as (
      select n.period, n.split, n.entity, count(n.developer) as developers from persons as n
      group by n.period, n.split, n.entity),
    both_sides as (
      select e.number, e.split, e.entity from earned_by as e
      union distinct select q.number, c.split, c.entity from callers as c join periods as q on q.period = c.period
      union distinct select q.number, c.split, c.entity from counted as c join periods as q on q.period = c.period),
    heads as (
      select q.number, q.period, s.split, s.entity, coalesce(e.micros, cast(0 as hugeint)) as micros,
        coalesce(c.developers, 0) as developers, a.entity is not null as active,
        case when e.micros > 0 then coalesce(c.developers, 0) else 0 end as paying_developers,
        coalesce(e.confidence, 0) as confidence, e.missing_rate
      from both_sides as s join periods as q on q.number = s.number
      left join earned_by as e on e.number = s.number and e.entity = s.entity and e.split = s.split
      left join counted as c on c.period = q.period and c.entity = s.entity and c.split = s.split
      left join callers as a on a.period = q.period and a.entity = s.entity and a.split = s.split)"""
)

PER_HEAD = Relation(
    "per_head",
    "One row per period and partner with revenue or active callers: its revenue, and its active developers.",
    f"""with {_HEADS}
    select h.period, h.split, h.entity, h.micros, h.developers, h.active, h.confidence, h.missing_rate
    from heads as h""",
    splits_by="money",
)

PER_HEAD_THEN_AND_NOW = Relation(
    "per_head_then_and_now",
    "One row per period and partner with revenue or active callers in it or in the one before: both of both.",
    f"""with {_HEADS},
    numbered as (
      select h.number, h.split, h.entity from heads as h
      union distinct select h.number + 1 as number, h.split, h.entity from heads as h)
    select q.period, k.split, k.entity, n.entity is not null as here,
      coalesce(n.micros, cast(0 as hugeint)) as micros, coalesce(b.micros, cast(0 as hugeint)) as before_micros,
      coalesce(n.developers, 0) as developers, coalesce(b.developers, 0) as before_developers,
      coalesce(n.paying_developers, 0) as paying_developers,
      coalesce(b.paying_developers, 0) as before_paying_developers,
      greatest(coalesce(b.confidence, 0), coalesce(n.confidence, 0)) as confidence,
      coalesce(b.missing_rate, n.missing_rate) as missing_rate
    from numbered as k join periods as q on q.number = k.number
    left join heads as b on b.number = k.number - 1 and b.entity = k.entity and b.split = k.split
    left join heads as n on n.number = k.number and n.entity = k.entity and n.split = k.split""",
    splits_by="money",
    history=True,
)

GENERATED = Relation(
    "generated",
    "One row per row of value and period it covers, and per invoice line: what partners made, and what was earned.",
    """select d.period, d.split, d.entity, d.book, d.kind, d.already, d.micros, d.note, d.confidence, d.missing_rate
    from ledger as d where d.book in ('revenue', 'value')""",
    splits_by="money",
)

ACCOUNTS = Relation(
    "accounts",
    "One row per invoice line and period of its service, with the revenue of the whole period beside it.",
    """select l.period, l.split, l.entity, l.entry, l.kind, l.micros,
      sum(l.micros) over (partition by l.period) as all_micros, l.confidence, l.missing_rate
    from ledger as l where l.book = 'revenue'""",
    splits_by="money",
)
