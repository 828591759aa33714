"""What is one row, where contracted units and credit packs are used up? An allowance, or a stretch of use.

What is metered is no matter of the question's filters, splits or environment: a contract says itself what it meters.
"""

from __future__ import annotations

from firstcall.metrics.metric import Relation

OFFERS = {
    "partner": "s.partner",
    "product": "nullif(s.account, '')",
    **{name: f"p.{name}" for name in ("segment", "country", "channel", "manager")},
}


def _starts(alias: str, month: str) -> str:
    """Return the SQL of the first month of the interval of a contract that holds a month."""
    years = f"floor_div((days_between({alias}.start_month, {month}) + 15) * 4, 1461)"
    return f"case when {alias}.every = 'year' then add_months({alias}.start_month, 12 * {years}) else {month} end"


PACKS_BOUGHT = Relation(
    "packs_bought",
    "One row per credit pack with the whole local days on which it is live.",
    """select coalesce(p.partner_id, k.partner_id) as partner, coalesce(k.product, '') as account, k.pack_id, k.units,
      local_day(k.purchased_at) as first_day,
      add_days(local_day(add_seconds(coalesce(k.expires_at, timestamp '2200-01-01'), -0.000001)), 1) as end_day
    from known_credit_packs as k left join party_of(k.partner_id) as p where $external""",
)

METERED = Relation(
    "allowance_use",
    "One row per account and run of days in which nothing changes (contract, month, packs live, periods and their last "
    "28 days): units, those that its contract's interval does not cover, and its first and last day of use.",
    f"""with any_names as (
      select h.partner, h.account from contracts_held as h where h.contracted_units is not null
      union all select k.partner, k.account from packs_bought as k),
    names as (select n.partner, n.account from any_names as n group by n.partner, n.account),
    general as (select n.partner, n.account from names as n where n.account = ''),
    tagged as (
      select m.partner, coalesce(a.account, g.account) as account, m.environment, m.outcome, m.day, m.units
      from anything as m left join names as a on a.partner = m.partner and a.account = coalesce(m.product, '')
      left join general as g on g.partner = m.partner
      where m.partner is not null and coalesce(a.account, g.account) is not null and $raw_traffic),
    by_day as (
      select t.partner, t.account, t.day, coalesce(h.piece, 0) as piece, sum(t.units) as units
      from tagged as t left join contracts_held as h on h.partner = t.partner and h.account = t.account
        and t.day >= h.first_day and t.day < h.end_day
      where t.environment = coalesce(h.environment, 'production')
        and (coalesce(h.bills, 'success') = 'all' or t.outcome = 'success')
      group by t.partner, t.account, t.day, coalesce(h.piece, 0)),
    cuts as (
      select add_days(least(add_days(q.end_day, -1), $as_of_day), 1) as cut from periods as q
      union all select add_days(least(add_days(q.end_day, -1), $as_of_day), -27) as cut from periods as q),
    days as (select d.day from by_day as d group by d.day),
    cut_days as (
      select d.day, max(case when c.cut <= d.day then c.cut end) as cut
      from days as d cross join cuts as c group by d.day),
    sides as (select 0 as side union all select 1 as side),
    all_edges as (
      select k.partner, k.account, case when s.side = 1 then k.end_day else k.first_day end as edge
      from packs_bought as k cross join sides as s),
    edges as (select e.partner, e.account, e.edge from all_edges as e group by e.partner, e.account, e.edge),
    between_edges as (
      select e.partner, e.account, e.edge,
        coalesce(lead(e.edge) over (partition by e.partner, e.account order by e.edge), date '2299-12-31') as next_edge
      from edges as e),
    runs as (
      select d.partner, d.account, d.piece, e.edge, first_day('month', d.day) as month, sum(d.units) as units,
        min(d.day) as first_use, max(d.day) as last_use
      from by_day as d join cut_days as c on c.day = d.day
      left join between_edges as e on e.partner = d.partner and e.account = d.account
        and d.day >= e.edge and d.day < e.next_edge
      group by d.partner, d.account, d.piece, e.edge, first_day('month', d.day), c.cut),
    ruled as (
      select r.*, h.plan_id, coalesce(h.contracted_units, h.included_units, 0) as allowance,
        {_starts("h", "r.month")} as starts
      from runs as r left join contracts_held as h on h.piece = r.piece),
    running as (
      select r.*, sum(r.units) over (partition by r.partner, r.account, r.plan_id, r.starts order by r.first_use)
        as upto
      from ruled as r)
    select r.partner, r.account, r.piece, r.edge, r.plan_id, r.starts, r.month, r.first_use, r.last_use, r.units,
      case when r.plan_id is null then r.units
        else greatest(r.upto - r.allowance, 0) - greatest(r.upto - r.units - r.allowance, 0) end as excess
    from running as r""",
    ever=True,
)

ALLOWANCES = Relation(
    "all_allowances",
    "One row per period and contracted number of units or credit pack of an account, and per stretch of its use "
    "between changes of either; as of the period's last day, or of as-of when that is earlier.",
    f"""with marks as (
      select q.period, least(add_days(q.end_day, -1), $as_of_day) as last_day from periods as q),
    agreed as (
      select w.period, h.partner, h.account, h.plan_id, h.contracted_units,
        {_starts("h", "first_day('month', w.last_day)")} as starts
      from contracts_held as h cross join marks as w
      where h.contracted_units is not null and h.first_day <= w.last_day and h.end_day > w.last_day),
    bought as (
      select w.period, k.*, w.last_day from packs_bought as k cross join marks as w where k.first_day <= w.last_day),
    any_present as (
      select a.period, a.partner, a.account from agreed as a
      union all select b.period, b.partner, b.account from bought as b),
    present as (select n.period, n.partner, n.account from any_present as n group by n.period, n.partner, n.account),
    placed as (
      select w.period, d.partner, d.account, d.piece, d.edge, d.first_use, d.last_use, d.units, d.excess,
        case when d.first_use > add_days(w.last_day, -28) then d.units else 0 end as recent,
        case when a.plan_id is not null then coalesce(d.plan_id = a.plan_id and d.starts = a.starts, false)
          else d.month = first_day('month', w.last_day) end as current
      from allowance_use as d join present as n on n.partner = d.partner and n.account = d.account
      join marks as w on w.period = n.period
      left join agreed as a on a.period = n.period and a.partner = n.partner and a.account = n.account
      where d.first_use <= w.last_day)
    select x.period, x.partner, x.account, 'use' as role, cast(null as varchar) as pack_id,
      min(x.first_use) as first_day, max(x.last_use) as end_day, sum(x.units) as units, sum(x.excess) as excess,
      sum(x.recent) as recent, x.current
    from placed as x group by x.period, x.partner, x.account, x.piece, x.edge, x.current
    union all
    select b.period, b.partner, b.account, 'pack' as role, b.pack_id, b.first_day, b.end_day,
      cast(b.units as hugeint) as units, cast(0 as hugeint) as excess, cast(0 as hugeint) as recent,
      b.end_day > b.last_day as current from bought as b
    union all
    select a.period, a.partner, a.account, 'contract' as role, cast(null as varchar) as pack_id,
      a.starts as first_day, cast(null as date) as end_day, cast(a.contracted_units as hugeint) as units,
      cast(0 as hugeint) as excess, cast(0 as hugeint) as recent, true as current from agreed as a""",
    ever=True,
)

CONSUMED = Relation(
    "allowances",
    "As all_allowances, of the partners and products asked for.",
    """select s.period, $split as split, s.partner as entity, s.partner, s.account, s.role, s.pack_id, s.first_day,
      s.end_day, s.units, s.excess, s.recent, s.current
    from all_allowances as s left join party_of(s.partner) as p where $kept""",
    splits_by="own",
    ever=True,
    offers=OFFERS,
)
