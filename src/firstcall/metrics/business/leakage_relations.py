"""What is one row, where use is held against invoices? A partner, product and month: due, billed, and why they differ.

The causes are asked in a fixed order, and the first that fits is the row's.
"""

from __future__ import annotations

from firstcall.metrics.metric import Relation
from firstcall.metrics.relations.rating import ADDED, converted, last_day_of, missing, rate

OFFERS = {
    "partner": "s.partner",
    "product": "s.product",
    "plan": "s.plan",
    "kind": "s.kind",
    **{name: f"p.{name}" for name in ("segment", "country", "channel", "manager")},
}
_KEY = ("partner", "account", "month", "trial")
_LISTED = ", ".join(f"s.{name}" for name in _KEY)

ACCOUNTS = Relation(
    "billing_accounts",
    "One row per partner, product and local month (use on trial apart) with what is due and what was billed, in "
    "millionths of the reporting currency; null where a rate is missing.",
    f"""with entered as (
      select d.partner, d.account, d.month, d.trial, d.currency, d.amount as due, cast(0 as hugeint) as paid, 0 as line,
        d.units, d.beyond, cast(0 as double) as line_units, 0 as blind, d.first_use, d.last_use,
        case when d.place = 1 then d.plan_id end as plan, cast(null as varchar) as line_plan,
        case when d.place = 1 then d.contracted_units end as contracted,
        case when d.place = 1 then d.included_units end as included,
        case when d.place = 1 then d.environment end as environment, case when d.place = 1 then d.bills end as bills,
        0 as again, cast(null as date) as issued_day, d.confidence from due_use as d
      union all
      select b.partner, b.account, b.month, cast(null as bigint) as trial, b.currency, cast(0 as hugeint) as due,
        b.amount as paid, 1 as line, cast(0 as hugeint) as units, cast(0 as hugeint) as beyond,
        coalesce(b.units, 0) as line_units, case when b.units is null then 1 else 0 end as blind,
        cast(null as date) as first_use, cast(null as date) as last_use, cast(null as varchar) as plan,
        b.plan_id as line_plan, cast(null as bigint) as contracted, cast(null as bigint) as included,
        cast(null as varchar) as environment, cast(null as varchar) as bills,
        case when b.copy > 1 then 1 else 0 end as again, b.issued_day, b.confidence
      from billed_use as b),
    sided as (
      select e.*, coalesce(e.trial, min(e.trial) over (partition by e.partner, e.account, e.month), 0) as side
      from entered as e)
    select e.partner, e.account, e.month, e.side as trial, min({missing("e")}) as missing_rate,
      case when count({rate("e")}) = count(*) then sum({converted("e.due", rate("e"))}) end as due,
      case when count({rate("e")}) = count(*) then sum({converted("e.paid", rate("e"))}) end as paid,
      sum(e.line) as lines, sum(e.units) as units, sum(e.beyond) as beyond, sum(e.line_units) as line_units,
      sum(e.blind) as blind, max(e.last_use) as last_use, max(e.plan) as plan, min(e.line_plan) as least_plan,
      max(e.line_plan) as most_plan, max(e.contracted) as contracted, max(e.included) as included,
      max(e.environment) as environment, max(e.bills) as bills, sum(e.again) as again,
      max(e.issued_day) as issued_day, count(distinct e.currency) as currencies, max(e.confidence) as confidence
    from sided as e left join month_rates as r on r.currency = e.currency and r.month = e.month
    group by e.partner, e.account, e.month, e.side""",
    ever=True,
)

_RULES = {
    f"{environment}_{bills}": f"m.environment = '{environment}'"
    + (" and m.outcome = 'success'" * (bills == "success"))
    for environment in ("production", "sandbox", "unknown")
    for bills in ("success", "all")
}
"""Which calls a plan bills, by its environment and rule."""
_OWN = (
    "case s.environment || '_' || s.bills "
    + " ".join(f"when '{name}' then k.{name}" for name in _RULES)
    + " end"
)
_ANY = "case s.bills when 'all' then k.sum_all when 'success' then k.sum_success end"
_TOTAL = (
    "case s.environment || '_' || s.bills "
    + " ".join(f"when '{name}' then k.sum_{name}" for name in _RULES)
    + " end"
)

BY_KEY = Relation(
    "use_by_key",
    "One row per partner, product, local month and credential: units by environment and outcome, and those of all the "
    "credentials beside it.",
    f"""with key_months as (
      select m.partner, m.product as account, m.month, m.consumer,
        sum(m.units) as all_units, sum(m.units) filter (where m.outcome = 'success') as all_success,
        {", ".join(f"sum(m.units) filter (where {rule}) as {name}" for name, rule in _RULES.items())}
      from metered_use as m group by m.partner, m.product, m.month, m.consumer)
    select k.*, sum(k.all_units) over (partition by k.partner, k.account, k.month) as sum_all,
      sum(k.all_success) over (partition by k.partner, k.account, k.month) as sum_success,
      {", ".join(f"sum(k.{name}) over (partition by k.partner, k.account, k.month) as sum_{name}" for name in _RULES)}
    from key_months as k""",
    ever=True,
)

_KEPT = (
    "missing_rate", "due", "paid", "lines", "units", "beyond", "line_units", "blind", "last_use", "plan", "least_plan",
    "most_plan", "contracted", "included", "again", "issued_day", "currencies", "confidence",
)  # fmt: skip
_MISSING = "case when s.blind = 0 then cast(s.beyond as double) - s.line_units end"

BESIDE = Relation(
    "accounts_beside",
    "One row per account with what may explain its gap: credentials used, whether one of them explains the units not "
    "billed, units in environments that its plan does not bill, and credit packs at hand.",
    f"""with packs as (
      select coalesce(p.partner_id, k.partner_id) as partner, k.product, local_day(k.purchased_at) as bought,
        local_day(coalesce(k.expires_at, timestamp '2200-01-01')) as expires
      from known_credit_packs as k left join party_of(k.partner_id) as p),
    widened as (
      select s.*, k.consumer, {_OWN} as key_units, {_MISSING} as missing,
        coalesce({_ANY}, 0) - coalesce({_TOTAL}, 0) as other_units,
        case when coalesce(c.product, s.account) = s.account and c.bought < add_months(s.month, 1)
          and c.expires > s.month then 1 else 0 end as pack
      from billing_accounts as s
      left join use_by_key as k on k.partner = s.partner and k.account = s.account and k.month = s.month
      left join packs as c on c.partner = s.partner)
    select {_LISTED}, {", ".join(f"min(s.{name}) as {name}" for name in _KEPT)}, min(s.missing) as missing,
      count(distinct s.consumer) filter (where s.key_units is not null) as keys,
      max(case when cast(s.key_units as double) = s.missing then 1 else 0 end) as explained,
      min(s.other_units) as other_units, max(s.pack) as packs
    from widened as s group by {_LISTED}""",
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
      select s.*, s.due - s.paid as gap,
        case when s.blind = 0 then greatest(cast(s.units - s.contracted as double), 0) end as uncontracted,
        coalesce(s.least_plan <> coalesce(s.plan, ''), false) or coalesce(s.most_plan <> coalesce(s.plan, ''), false)
          as other_plan
      from accounts_beside as s),
    judged as (
      select s.partner, nullif(s.account, '') as product, coalesce(s.plan, s.least_plan) as plan, s.month,
        {last_day_of("s")} as day,
        {_CAUSE} as kind, s.due, s.paid, s.gap, s.units, s.beyond, s.line_units, s.lines, s.contracted,
        s.confidence, s.missing_rate, s.lines > 0 or add_months(s.month, 1) <= $as_of_day as is_billed,
        s.units > coalesce(s.contracted, s.included) as beyond_contract from gathered as s)
    select period_of(s.day) as period, $split as split, s.partner as entity, s.product, s.plan, s.month,
      s.kind as cause, s.units, s.beyond as billable_units, s.line_units as billed_units, s.confidence, s.missing_rate,
      s.due is not null and s.is_billed as counted,
      s.due is not null and not s.is_billed and coalesce(s.beyond_contract, false) as over_contract,
      case when s.is_billed then s.due end as due, case when s.is_billed then s.paid end as billed,
      case when s.is_billed then s.gap end as gap
    from judged as s left join party_of(s.partner) as p where $kept and s.day >= $start and s.day < $end""",
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
    select s.period, $split as split, s.partner as entity, s.product, s.calls
    from sums as s left join party_of(s.partner) as p where $kept""",
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
      select b.partner, b.account, b.month, min({missing("b")}) as missing_rate, max(b.confidence) as confidence,
        case when count({rate("b")}) = count(*) then sum({converted("b.amount", rate("b"))}) end as micros
      from billed_use as b left join month_rates as r on r.currency = b.currency and r.month = b.month
      group by b.partner, b.account, b.month),
    worth as (
      select c.partner, nullif(c.account, '') as product, c.month, c.paying, {last_day_of("c")} as day, c.calls,
        c.units,
        {converted("coalesce(a.amount, 0)", rate("c"))} as micros,
        case when b.month is null then cast(0 as hugeint) else b.micros end as billed,
        greatest(c.confidence, coalesce(b.confidence, 0)) as confidence,
        coalesce({missing("c")}, b.missing_rate) as missing_rate
      from counted as c left join month_rates as r on r.currency = c.currency and r.month = c.month
      left join added as a on a.partner = c.partner and a.account = c.account and a.paying = c.paying
        and a.month = c.month
      left join paid as b on b.partner = c.partner and b.account = c.account and b.month = c.month and c.paying = 1)
    select period_of(s.day) as period, $split as split, s.partner as entity, s.product, s.month, s.units,
      s.paying = 1 as paying, s.micros is not null and s.billed is not null as counted, s.calls, s.micros, s.billed,
      s.confidence, s.missing_rate
    from worth as s left join party_of(s.partner) as p where $kept and s.day >= $start and s.day < $end""",
    splits_by="own",
    ever=True,
    offers={name: text for name, text in OFFERS.items() if name not in ("plan", "kind")},
    priced=True,
)
