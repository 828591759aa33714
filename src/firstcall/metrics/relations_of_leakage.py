"""What is one row, where use is held against invoices? A partner, product and month: due, billed, and why they differ.

The causes are asked in a fixed order, and the first that fits is the row's.
"""

from __future__ import annotations

from firstcall.metrics.metric import Relation
from firstcall.metrics.relations_of_rating import ADDED, converted

OFFERS = {
    "partner": "s.partner",
    "product": "s.product",
    "plan": "s.plan",
    "kind": "s.kind",
    **{name: f"p.{name}" for name in ("segment", "country", "channel", "manager")},
}
_KEY = ("partner", "account", "month", "trial")
_ON = " and ".join(f"{{0}}.{name} = {{1}}.{name}" for name in _KEY)
_LISTED = ", ".join(f"s.{name}" for name in _KEY)

ACCOUNTS = Relation(
    "billing_accounts",
    "One row per partner, product and local month (use on trial apart) with what is due and what was billed, in "
    "millionths of the reporting currency; null where a rate is missing.",
    f"""with tried as (
      select d.partner, d.account, d.month, min(d.trial) as trial from due_use as d
      group by d.partner, d.account, d.month),
    entered as (
      select d.partner, d.account, d.month, d.trial, d.currency, d.amount as due, cast(0 as hugeint) as paid, 0 as line,
        d.units, d.beyond, cast(0 as double) as line_units, 0 as blind, d.first_use, d.last_use,
        case when d.place = 1 then d.plan_id end as plan, cast(null as varchar) as line_plan,
        case when d.place = 1 then d.contracted_units end as contracted,
        case when d.place = 1 then d.included_units end as included,
        case when d.place = 1 then d.environment end as environment, case when d.place = 1 then d.bills end as bills,
        0 as again, cast(null as date) as issued_day, d.confidence from due_use as d
      union all
      select b.partner, b.account, b.month, coalesce(t.trial, 0) as trial, b.currency, cast(0 as hugeint) as due,
        b.amount as paid, 1 as line, cast(0 as hugeint) as units, cast(0 as hugeint) as beyond,
        coalesce(b.units, 0) as line_units, case when b.units is null then 1 else 0 end as blind,
        cast(null as date) as first_use, cast(null as date) as last_use, cast(null as varchar) as plan,
        b.plan_id as line_plan, cast(null as bigint) as contracted, cast(null as bigint) as included,
        cast(null as varchar) as environment, cast(null as varchar) as bills,
        case when b.copy > 1 then 1 else 0 end as again, b.issued_day, b.confidence
      from billed_use as b
      left join tried as t on t.partner = b.partner and t.account = b.account and t.month = b.month)
    select e.partner, e.account, e.month, e.trial, min(r.day) as day, min(r.missing_rate) as missing_rate,
      case when count(r.rate) = count(*) then sum({converted("e.due", "r.rate")}) end as due,
      case when count(r.rate) = count(*) then sum({converted("e.paid", "r.rate")}) end as paid,
      sum(e.line) as lines, sum(e.units) as units, sum(e.beyond) as beyond, sum(e.line_units) as line_units,
      sum(e.blind) as blind, max(e.last_use) as last_use, max(e.plan) as plan, min(e.line_plan) as least_plan,
      max(e.line_plan) as most_plan, max(e.contracted) as contracted, max(e.included) as included,
      max(e.environment) as environment, max(e.bills) as bills, sum(e.again) as again,
      max(e.issued_day) as issued_day, count(distinct e.currency) as currencies, max(e.confidence) as confidence
    from entered as e join month_rates as r on r.currency = e.currency and r.month = e.month
    group by e.partner, e.account, e.month, e.trial""",
    ever=True,
)

BY_KEY = Relation(
    "use_by_key",
    "One row per account whose amounts differ: how many credentials it used, and whether one of them explains the "
    "units that were not billed.",
    f"""with key_months as (
      select u.partner, coalesce(u.product, '') as account, first_day('month', u.day) as month, u.consumer,
        u.environment, u.outcome, sum(u.units) as units from usage as u
      where u.partner is not null and u.consumer is not null
      group by u.partner, coalesce(u.product, ''), first_day('month', u.day), u.consumer, u.environment, u.outcome),
    of_keys as (
      select {_LISTED}, k.consumer, sum(k.units) as units, min(s.beyond) as beyond, min(s.line_units) as line_units
      from billing_accounts as s
      join key_months as k on k.partner = s.partner and k.account = s.account and k.month = s.month
      where k.environment = s.environment and (s.bills = 'all' or k.outcome = 'success') and s.due > s.paid
      group by {_LISTED}, k.consumer)
    select {_LISTED}, count(*) as keys,
      max(case when cast(s.units as double) = cast(s.beyond as double) - s.line_units then 1 else 0 end) as explained
    from of_keys as s group by {_LISTED}""",
    ever=True,
)

BESIDE = Relation(
    "beside_accounts",
    "One row per account: units in environments that its plan does not bill, and credit packs that could be drawn.",
    f"""with elsewhere as (
      select {_LISTED}, sum(m.units) as units from billing_accounts as s
      join metered_use as m on m.partner = s.partner and m.product = s.account and m.month = s.month
      where m.environment <> s.environment and (s.bills = 'all' or m.outcome = 'success') group by {_LISTED}),
    packs as (
      select coalesce(p.partner_id, k.partner_id) as partner, k.product, {{local_day[k.purchased_at]}} as bought,
        {{local_day[k.expires_at]}} as expires from known_credit_packs as k {{party[k.partner_id]}}),
    drawn as (
      select {_LISTED}, count(*) as packs from billing_accounts as s join packs as k on k.partner = s.partner
      where (k.product is null or k.product = s.account) and k.bought < add_months(s.month, 1)
        and (k.expires is null or k.expires > s.month) group by {_LISTED})
    select {_LISTED}, coalesce(o.units, 0) as other_units, coalesce(k.packs, 0) as packs
    from billing_accounts as s left join elsewhere as o on {_ON.format("o", "s")}
    left join drawn as k on {_ON.format("k", "s")}""",
    ever=True,
)

_SMALL = "abs(s.gap) <= 10000 * s.lines"
_CAUSE = f"""case when s.gap = 0 then 'matched' when s.gap > 0 and s.trial = 1 then 'trial'
      when s.gap > 0 and s.missing > 0 and s.keys > 1 and s.explained = 1 then 'unmapped_credential'
      when s.gap > 0 and s.lines = 0 and s.packs = 0 then 'no_invoice'
      when s.gap > 0 and s.missing > 0 and s.issued_day < add_months(s.month, 1) and s.last_use >= s.issued_day
        then 'late_after_close'
      when s.gap < 0 and s.again > 0 then 'duplicate'
      when s.lines > 0 and not ({_SMALL}) and s.currencies < 2
        and (s.other_plan or coalesce(s.missing = 0, false)) then 'wrong_price'
      when s.gap > 0 and (s.packs > 0 or s.line_units = s.uncontracted) then 'allowance_drawn'
      when s.gap < 0 and s.missing < 0 and -s.missing <= cast(s.other_units as double) then 'sandbox_billed'
      when s.lines > 0 and {_SMALL} then 'rounding' when s.lines > 0 and s.currencies > 1 then 'currency'
      when s.gap > 0 and s.missing > 0 then 'lost' else 'unexplained' end"""

LEAKS = Relation(
    "leaks",
    "One row per partner, product and local month (use on trial apart): due, billed, the gap between them and its "
    "cause. Dated by the last day of the month, or of as-of when that is earlier.",
    f"""with gathered as (
      select s.*, s.due - s.paid as gap, coalesce(k.keys, 0) as keys, coalesce(k.explained, 0) as explained,
        b.other_units, b.packs,
        case when s.blind = 0 then cast(s.beyond as double) - s.line_units end as missing,
        case when s.blind = 0 then greatest(cast(s.units - s.contracted as double), 0) end as uncontracted,
        coalesce(s.least_plan <> coalesce(s.plan, ''), false) or coalesce(s.most_plan <> coalesce(s.plan, ''), false)
          as other_plan
      from billing_accounts as s left join use_by_key as k on {_ON.format("k", "s")}
      left join beside_accounts as b on {_ON.format("b", "s")}),
    judged as (
      select s.partner, nullif(s.account, '') as product, coalesce(s.plan, s.least_plan) as plan, s.month, s.day,
        {_CAUSE} as kind, s.due, s.paid, s.gap, s.units, s.beyond, s.line_units, s.lines, s.contracted,
        s.confidence, s.missing_rate, s.lines > 0 or add_months(s.month, 1) <= {{as_of_day}} as is_billed,
        s.units > coalesce(s.contracted, s.included) as beyond_contract from gathered as s)
    select {{period[s.day]}} as period, {{split}} as split, s.partner as entity, s.product, s.plan, s.month,
      s.kind as cause, s.units, s.beyond as billable_units, s.line_units as billed_units, s.confidence, s.missing_rate,
      s.due is not null and s.is_billed as counted,
      s.due is not null and not s.is_billed and coalesce(s.beyond_contract, false) as over_contract,
      case when s.is_billed then s.due end as due, case when s.is_billed then s.paid end as billed,
      case when s.is_billed then s.gap end as gap
    from judged as s {{party[s.partner]}} where {{kept}} and s.day >= {{start}} and s.day < {{end}}""",
    splits_by="own",
    ever=True,
    offers=OFFERS,
    priced=True,
)

COVERAGE = Relation(
    "use_with_owner",
    "One row per group of external calls of the period: whether they belong to a partner.",
    """with sums as (
      select u.period, u.partner, u.product, cast(null as varchar) as plan, cast(null as varchar) as kind,
        sum(u.calls) as calls from usage as u group by u.period, u.partner, u.product)
    select s.period, {split} as split, s.partner as entity, s.product, s.calls
    from sums as s {party[s.partner]} where {kept}""",
    splits_by="own",
    offers=OFFERS,
)

UNREALISED = Relation(
    "unrealised",
    "One row per partner, product of a proposed plan, local month, and whether the use is paid for: what it would be "
    "due at the proposed price without its fee, and what it was billed.",
    f"""with drafts as (
      select v.*, row_number() over (partition by v.account order by v.since desc, v.plan_id desc) as place
      from plan_versions as v where v.status = 'proposed'),
    best as (select d.* from drafts as d where d.place = 1),
    general as (select d.account, d.plan_id, d.since from drafts as d where d.place = 1 and d.account = ''),
    tagged as (
      select m.partner, m.month, m.outcome, m.units, m.calls, coalesce(a.account, g.account) as account,
        case when h.kind = 'paid' then 1 else 0 end as paying
      from metered_use as m left join contracts_held as h on h.piece = m.piece
      left join best as a on a.account = m.product left join general as g on g.account = ''),
    months as (
      select x.partner, x.month, x.account, x.paying, b.plan_id, b.since, b.currency, b.is_volume, b.included,
        b.confidence, sum(x.calls) as calls,
        sum(case when b.bills = 'all' or x.outcome = 'success' then x.units else 0 end) as units,
        case when b.every = 'year' then first_day('year', x.month) else x.month end as starts
      from tagged as x join best as b on b.account = x.account
      group by x.partner, x.month, x.account, x.paying, b.plan_id, b.since, b.currency, b.is_volume, b.included,
        b.confidence, case when b.every = 'year' then first_day('year', x.month) else x.month end),
    running as (
      select m.*, sum(m.units) over (partition by m.partner, m.account, m.paying, m.starts order by m.month) as upto
      from months as m),
    counted as (
      select r.*, greatest(r.upto - r.included, 0) as x_after, greatest(r.upto - r.units - r.included, 0) as x_before
      from running as r),
    added as (
      select c.partner, c.account, c.paying, c.month, sum({ADDED}) as amount
      from counted as c join price_tiers as t on t.plan_id = c.plan_id and t.since = c.since
      group by c.partner, c.account, c.paying, c.month),
    paid as (
      select b.partner, b.account, b.month, min(r.missing_rate) as missing_rate, max(b.confidence) as confidence,
        case when count(r.rate) = count(*) then sum({converted("b.amount", "r.rate")}) end as micros
      from billed_use as b join month_rates as r on r.currency = b.currency and r.month = b.month
      group by b.partner, b.account, b.month),
    worth as (
      select c.partner, nullif(c.account, '') as product, c.month, c.paying, r.day, c.calls, c.units,
        {converted("coalesce(a.amount, 0)", "r.rate")} as micros,
        case when b.month is null then cast(0 as hugeint) else b.micros end as billed,
        greatest(c.confidence, coalesce(b.confidence, 0)) as confidence,
        coalesce(r.missing_rate, b.missing_rate) as missing_rate
      from counted as c join month_rates as r on r.currency = c.currency and r.month = c.month
      left join added as a on a.partner = c.partner and a.account = c.account and a.paying = c.paying
        and a.month = c.month
      left join paid as b on b.partner = c.partner and b.account = c.account and b.month = c.month and c.paying = 1)
    select {{period[s.day]}} as period, {{split}} as split, s.partner as entity, s.product, s.month, s.units,
      s.paying = 1 as paying, s.micros is not null and s.billed is not null as counted, s.calls, s.micros, s.billed,
      s.confidence, s.missing_rate
    from worth as s {{party[s.partner]}} where {{kept}} and s.day >= {{start}} and s.day < {{end}}""",
    splits_by="own",
    ever=True,
    offers={name: text for name, text in OFFERS.items() if name not in ("plan", "kind")},
    priced=True,
)
