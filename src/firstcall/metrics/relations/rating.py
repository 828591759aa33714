"""What is due for metered use: under which contract was it made, at which tier's price, and what was billed for it?

Prices are whole ten-billionths and units whole numbers, so amounts are exact on every engine. Contracts and versions
of plans hold for whole local days, so that days of the rollups are enough.
"""

from __future__ import annotations

from firstcall.metrics.metric import Relation


def rank_of(alias: str) -> str:
    """Return how unsure the confidence of a row is: measured 0, estimated 1, assumed 2."""
    return f"case {alias}.confidence when 'assumed' then 2 when 'estimated' then 1 else 0 end"


_EVER = "timestamp '1900-01-01'"
_FAR = "timestamp '2200-01-01'"
"""ClickHouse computes with what lies under a null as well, and fails where that is out of range."""


def graduated(units: str) -> str:
    """Return the SQL of what a tier `t` adds when so many units beyond the included ones were used."""
    within = f"greatest(least({units}, coalesce(t.up_to, {units})) - t.above, 0)"
    return f"({within} * t.price + case when {units} > t.above then t.fee else 0 end)"


def by_volume(units: str) -> str:
    """Return the SQL of what all units cost at tier `t` if it is theirs, else 0."""
    holds = f"{units} > t.above and {units} <= coalesce(t.up_to, {units})"
    return f"(case when {holds} then {units} * t.price + t.fee else 0 end)"


ADDED = (
    f"case when c.is_volume = 1 then {by_volume('c.x_after')} - {by_volume('c.x_before')} "
    f"else {graduated('c.x_after')} - {graduated('c.x_before')} end"
)
"""What the units from `c.x_before` to `c.x_after`, both beyond the included ones, are due at tier `t`."""

PRICES = Relation(
    "price_tiers",
    "One row per version of a plan and tier: above and up to how many units, unit price and flat fee.",
    f"""with opened_tiers as (
      select v.plan_id, coalesce(v.valid_from, {_EVER}) as since, each_of(v.tiers) as tier from known_plans as v),
    read_tiers as (
      select o.plan_id, o.since, cast(number_of(o.tier, 'up_to') as bigint) as up_to,
        coalesce(tenbillionths(number_of(o.tier, 'unit_price')), 0) as price,
        coalesce(tenbillionths(number_of(o.tier, 'flat_fee')), 0) as fee from opened_tiers as o)
    select r.plan_id, r.since, r.price, r.fee,
      coalesce(lag(r.up_to) over (partition by r.plan_id, r.since order by r.up_to nulls last), 0) as above,
      case when lead(r.price) over (partition by r.plan_id, r.since order by r.up_to nulls last) is not null
        then r.up_to end as up_to
    from read_tiers as r""",
)

VERSIONS = Relation(
    "plan_versions",
    "One row per version of a plan; `account` is its product, empty when it names none.",
    f"""select v.plan_id, coalesce(v.product, '') as account, v.currency, coalesce(v.status, 'live') as status,
      coalesce(v.valid_from, {_EVER}) as since, coalesce(v."interval", 'month') as every,
      v.included_units, coalesce(v.included_units, 0) as included, coalesce(v.bills, 'success') as bills,
      coalesce(v.environment, 'production') as environment,
      case when v.tier_mode = 'volume' then 1 else 0 end as is_volume, {rank_of("v")} as confidence,
      local_day(coalesce(v.valid_from, timestamp '1900-01-02')) as first_day,
      add_days(local_day(add_seconds(coalesce(v.valid_to, {_FAR}), -0.000001)), 1) as end_day
    from known_plans as v""",
)

HELD = Relation(
    "contracts_held",
    "One row per stretch of days on which one contract of a partner to a product holds before all others: paid before "
    "trial before free, then the later one.",
    f"""with subscribed as (
      select s.*, coalesce(p.partner_id, s.partner_id) as partner, as_seen(s.ended_at) as ended
      from known_subscriptions as s left join party_of(s.partner_id) as p where $external),
    agreed as (
      select s.partner, v.account, s.subscription_id, s.kind, s.started_at, s.contracted_units, v.plan_id, v.since,
        v.currency, v.every, v.included, v.included_units, v.bills, v.environment, v.is_volume,
        greatest(v.confidence, {rank_of("s")}) as confidence,
        case when s.kind in ('trial', 'reverse_trial') then 1 else 0 end as trial,
        case s.kind when 'free' then 0 when 'paid' then 2 else 1 end as standing,
        first_day('month', local_day(s.started_at)) as start_month,
        greatest(v.first_day, local_day(s.started_at)) as first_day,
        least(v.end_day, add_days(local_day(add_seconds(coalesce(s.ended, {_FAR}), -0.000001)), 1)) as end_day
      from subscribed as s join plan_versions as v on v.plan_id = s.plan_id
      where v.status <> 'proposed' and (s.ended is null or s.ended > s.started_at)),
    ends as (select 0 as ends union all select 1 as ends),
    all_edges as (
      select a.partner, a.account, case when e.ends = 1 then a.end_day else a.first_day end as edge
      from agreed as a cross join ends as e),
    edges as (select e.partner, e.account, e.edge from all_edges as e group by e.partner, e.account, e.edge),
    between_edges as (
      select e.partner, e.account, e.edge as first_day,
        lead(e.edge) over (partition by e.partner, e.account order by e.edge) as end_day from edges as e),
    placed as (
      select b.first_day, b.end_day, a.partner, a.account, a.subscription_id, a.kind, a.contracted_units, a.plan_id,
        a.since, a.currency, a.every, a.included, a.included_units, a.bills, a.environment, a.is_volume, a.confidence,
        a.trial, a.start_month,
        row_number() over (partition by b.partner, b.account, b.first_day
          order by a.standing desc, a.started_at desc, a.subscription_id desc, a.since desc) as place
      from between_edges as b join agreed as a on a.partner = b.partner and a.account = b.account
      where a.first_day <= b.first_day and a.end_day > b.first_day)
    select x.*, row_number() over (order by x.partner, x.account, x.first_day) as piece
    from placed as x where x.place = 1""",
)

METERED = Relation(
    "metered_use",
    "One row per partner, product, environment, outcome, local month, contract in force and credential: units and "
    "calls. A plan that names no product holds where no plan of their own product does.",
    """with general as (
      select h.partner, h.first_day, h.end_day, h.piece from contracts_held as h where h.account = ''),
    held as (
      select u.partner, coalesce(u.product, '') as product, u.environment, u.outcome, u.consumer, u.day,
        coalesce(a.piece, b.piece) as piece, u.units, u.calls
      from usage as u
      left join contracts_held as a on a.partner = u.partner and a.account = coalesce(u.product, '')
        and u.day >= a.first_day and u.day < a.end_day
      left join general as b on b.partner = u.partner and u.day >= b.first_day and u.day < b.end_day
      where u.partner is not null)
    select d.partner, d.product, d.environment, d.outcome, d.consumer, first_day('month', d.day) as month, d.piece,
      sum(d.units) as units, sum(d.calls) as calls, min(d.day) as first_use, max(d.day) as last_use
    from held as d
    group by d.partner, d.product, d.environment, d.outcome, d.consumer, first_day('month', d.day), d.piece""",
    ever=True,
)

_SAME = (
    "partner", "account", "subscription_id", "plan_id", "since", "currency", "every", "included", "included_units",
    "contracted_units", "bills", "environment", "is_volume", "trial", "start_month", "confidence",
)  # fmt: skip
"""What tells one contract's stretch of a month from another's."""

DUE = Relation(
    "due_use",
    "One row per local month and contract that is not free: units, those beyond the included ones, and what they are "
    "due in ten-billionths of the plan's currency. Units count on from the start of the plan's interval.",
    f"""with stretches as (
      select {", ".join(f"h.{name}" for name in _SAME)}, m.month, sum(m.units) as units,
        min(m.first_use) as first_use, max(m.last_use) as last_use
      from metered_use as m join contracts_held as h on h.piece = m.piece
      where h.kind <> 'free' and m.environment = h.environment and (h.bills = 'all' or m.outcome = 'success')
      group by {", ".join(f"h.{name}" for name in _SAME)}, m.month),
    dated as (
      select s.*, case when s.every = 'year' then add_months(s.start_month,
        12 * floor_div((days_between(s.start_month, s.month) + 15) * 4, 1461)) else s.month end as starts
      from stretches as s),
    running as (
      select d.*, sum(d.units) over (partition by d.partner, d.account, d.plan_id, d.starts order by d.first_use)
        as upto from dated as d),
    counted as (
      select r.*, greatest(r.upto - r.included, 0) as x_after, greatest(r.upto - r.units - r.included, 0) as x_before
      from running as r),
    added as (
      select c.partner, c.account, c.plan_id, c.starts, c.first_use, sum({ADDED}) as amount
      from counted as c join price_tiers as t on t.plan_id = c.plan_id and t.since = c.since
      group by c.partner, c.account, c.plan_id, c.starts, c.first_use)
    select c.partner, c.account, c.month, c.trial, c.plan_id, c.currency, c.units, c.x_after - c.x_before as beyond,
      c.first_use, c.last_use, c.contracted_units, c.included_units, c.environment, c.bills, c.confidence,
      coalesce(a.amount, 0) as amount,
      row_number() over (partition by c.partner, c.account, c.month, c.trial order by c.first_use desc) as place
    from counted as c left join added as a on a.partner = c.partner and a.account = c.account
      and a.plan_id = c.plan_id and a.starts = c.starts and a.first_use = c.first_use""",
    ever=True,
)

BILLED = Relation(
    "billed_use",
    "One row per line of usage or overage, and per credit or refund that names units, which counts against it; in the "
    "local month in which its period ends, under the product of its plan, else its own.",
    f"""with plan_products as (select v.plan_id, min(v.product) as product from known_plans as v group by v.plan_id),
    use_lines as (
      select l.line_id, coalesce(p.partner_id, l.partner_id) as partner, l.plan_id, l.currency, l.kind, l.amount,
        l.units, l.period_start, l.period_end, local_day(l.issued_at) as issued_day,
        case when v.plan_id is not null then coalesce(v.product, '') else coalesce(l.product, '') end as account,
        first_day('month', greatest(local_day(add_seconds(l.period_end, -0.000001)), local_day(l.period_start)))
          as month, {rank_of("l")} as confidence
      from known_invoice_lines as l left join plan_products as v on v.plan_id = l.plan_id
      left join party_of(l.partner_id) as p
      where (l.kind in ('usage', 'overage') or (l.kind in ('credit', 'refund') and l.units is not null))
        and as_seen(l.issued_at) is not null and $external)
    select l.partner, l.account, l.month, l.plan_id, l.currency, l.issued_day, l.confidence,
      case when l.kind in ('credit', 'refund') then -abs(l.units) else l.units end as units,
      case when l.kind in ('credit', 'refund') then -abs(micros(l.amount)) else micros(l.amount) end * 10000 as amount,
      row_number() over (partition by l.partner, l.account, l.month, l.kind, l.period_start, l.period_end, l.units,
        l.amount, l.currency order by l.line_id) as copy
    from use_lines as l""",
)

RATES = Relation(
    "month_rates",
    "One row per currency and local month for which there is a rate: that of its last day, or of as-of when that is "
    "earlier, or of the seven days before.",
    """with dated_rates as (
      select x.currency, x.date, x.rate, first_day('month', x.date) as month from known_exchange_rates as x
      union all
      select x.currency, x.date, x.rate, first_day('month', add_days(x.date, 7)) as month
      from known_exchange_rates as x where first_day('month', add_days(x.date, 7)) > x.date),
    near as (
      select d.currency, d.month, d.rate,
        row_number() over (partition by d.currency, d.month order by d.date desc) as place
      from dated_rates as d where d.date <= least(add_days(add_months(d.month, 1), -1), $as_of_day)
        and d.date >= add_days(least(add_days(add_months(d.month, 1), -1), $as_of_day), -7))
    select n.currency, n.month, nanos(n.rate) as rate from near as n
    where n.place = 1 and n.currency <> $currency""",
)


def last_day_of(alias: str) -> str:
    """Return the last day of the month of a row that can be known."""
    return f"least(add_days(add_months({alias}.month, 1), -1), $as_of_day)"


"""The day by which a month of alias {0} is dated and converted."""


def rate(alias: str) -> str:
    """Return the SQL of the rate in billionths of a row with a currency, left joined to month_rates as `r`."""
    return f"(case when {alias}.currency = $currency then 1000000000 else r.rate end)"


def missing(alias: str) -> str:
    """Return the SQL of the currency and day of the rate that such a row misses, else null."""
    name = f"{alias}.currency || ' ' || cast({last_day_of(alias)} as varchar)"
    return f"case when {rate(alias)} is null then {name} end"


def converted(amount: str, rate: str) -> str:
    """Return the SQL of ten-billionths in millionths of the reporting currency, whole ones towards zero."""
    return f"sign({amount}) * floor_div(abs({amount}) * {rate}, 10000000000000)"
