"""What is one row, where contracted units and credit packs are used up? An allowance, or a stretch of use."""

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
      {local_day[k.purchased_at]} as first_day,
      add_days({local_day[add_seconds(coalesce(k.expires_at, timestamp '2200-01-01'), -0.000001)]}, 1) as end_day
    from known_credit_packs as k {party[k.partner_id]} where {external}""",
)

METERED_BY_DAY = Relation(
    "allowance_use",
    "One row per account and local day: units, and those that its contract's interval does not cover.",
    f"""with any_names as (
      select h.partner, h.account from contracts_held as h where h.contracted_units is not null
      union all select k.partner, k.account from packs_bought as k),
    names as (select n.partner, n.account from any_names as n group by n.partner, n.account),
    general as (select n.partner, n.account from names as n where n.account = ''),
    by_day as (
      select u.partner, coalesce(u.product, '') as product, u.environment, u.outcome, u.day, sum(u.units) as units
      from usage as u where u.partner is not null
      group by u.partner, coalesce(u.product, ''), u.environment, u.outcome, u.day),
    tagged as (
      select d.partner, coalesce(a.account, g.account) as account, d.environment, d.outcome, d.day, d.units
      from by_day as d left join names as a on a.partner = d.partner and a.account = d.product
      left join general as g on g.partner = d.partner where coalesce(a.account, g.account) is not null),
    ruled as (
      select t.partner, t.account, t.day, coalesce(h.piece, 0) as piece, h.plan_id,
        coalesce(h.contracted_units, h.included_units, 0) as allowance,
        {_starts("h", "first_day('month', t.day)")} as starts, t.units
      from tagged as t left join contracts_held as h on h.partner = t.partner and h.account = t.account
        and t.day >= h.first_day and t.day < h.end_day
      where t.environment = coalesce(h.environment, 'production')
        and (coalesce(h.bills, 'success') = 'all' or t.outcome = 'success')),
    summed as (
      select r.partner, r.account, r.day, r.piece, r.plan_id, r.allowance, r.starts, sum(r.units) as units
      from ruled as r group by r.partner, r.account, r.day, r.piece, r.plan_id, r.allowance, r.starts),
    running as (
      select s.*, sum(s.units) over (partition by s.partner, s.account, s.plan_id, s.starts order by s.day) as upto
      from summed as s)
    select r.partner, r.account, r.day, r.piece, r.plan_id, r.starts, r.units,
      case when r.plan_id is null then r.units
        else greatest(r.upto - r.allowance, 0) - greatest(r.upto - r.units - r.allowance, 0) end as excess
    from running as r""",
    ever=True,
)

CONSUMED = Relation(
    "allowances",
    "One row per period and contracted number of units or credit pack of an account, and per stretch of its use "
    "between changes of either; as of the period's last day, or of as-of when that is earlier.",
    f"""with marks as (
      select q.period, least(add_days(q.end_day, -1), {{as_of_day}}) as last_day from periods as q),
    agreed as (
      select m.period, h.partner, h.account, h.plan_id, h.contracted_units,
        {_starts("h", "first_day('month', m.last_day)")} as starts
      from contracts_held as h cross join marks as m
      where h.contracted_units is not null and h.first_day <= m.last_day and h.end_day > m.last_day),
    bought as (
      select m.period, k.*, m.last_day from packs_bought as k cross join marks as m where k.first_day <= m.last_day),
    any_present as (
      select a.period, a.partner, a.account from agreed as a
      union all select b.period, b.partner, b.account from bought as b),
    present as (select n.period, n.partner, n.account from any_present as n group by n.period, n.partner, n.account),
    sides as (select 0 as side union all select 1 as side),
    edges as (
      select k.partner, k.account, case when s.side = 1 then k.end_day else k.first_day end as edge
      from packs_bought as k cross join sides as s),
    edged as (
      select d.partner, d.account, d.day, d.piece, d.plan_id, d.starts, d.units, d.excess, max(e.edge) as edge
      from allowance_use as d left join edges as e on e.partner = d.partner and e.account = d.account
        and e.edge <= d.day
      group by d.partner, d.account, d.day, d.piece, d.plan_id, d.starts, d.units, d.excess),
    placed as (
      select m.period, d.partner, d.account, d.day, d.piece, d.edge, d.units, d.excess,
        case when d.day > add_days(m.last_day, -28) then d.units else 0 end as recent,
        case when a.plan_id is not null then coalesce(d.plan_id = a.plan_id and d.starts = a.starts, false)
          else first_day('month', d.day) = first_day('month', m.last_day) end as current
      from edged as d join present as n on n.partner = d.partner and n.account = d.account
      join marks as m on m.period = n.period
      left join agreed as a on a.period = n.period and a.partner = n.partner and a.account = n.account
      where d.day <= m.last_day),
    gathered as (
      select x.period, x.partner, x.account, 'use' as role, cast(null as varchar) as pack_id, min(x.day) as first_day,
        max(x.day) as end_day, sum(x.units) as units, sum(x.excess) as excess, sum(x.recent) as recent, x.current
      from placed as x group by x.period, x.partner, x.account, x.piece, x.edge, x.current
      union all
      select b.period, b.partner, b.account, 'pack' as role, b.pack_id, b.first_day, b.end_day,
        cast(b.units as hugeint) as units, cast(0 as hugeint) as excess, cast(0 as hugeint) as recent,
        b.end_day > b.last_day as current from bought as b
      union all
      select a.period, a.partner, a.account, 'contract' as role, cast(null as varchar) as pack_id,
        a.starts as first_day, cast(null as date) as end_day, cast(a.contracted_units as hugeint) as units,
        cast(0 as hugeint) as excess, cast(0 as hugeint) as recent, true as current from agreed as a)
    select s.period, {{split}} as split, s.partner as entity, s.partner, s.account, s.role, s.pack_id, s.first_day,
      s.end_day, s.units, s.excess, s.recent, s.current
    from gathered as s {{party[s.partner]}} where {{kept}}""",
    splits_by="own",
    ever=True,
    offers=OFFERS,
)
