"""What was earned and spent, in the reporting currency, laid on the periods of the scope, exact to a millionth?

Amounts are whole numbers of millionths (micros), so sums are exact on every engine. A line that is spread puts into
a period what had accrued by its end less what had accrued by its start; the parts of a line always add up to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.literals import quoted
from firstcall.metrics.dimensions import MONEY_DIMENSIONS
from firstcall.query.bindings import Expression
from firstcall.query.filters import filters, known, split_of
from firstcall.query.template import template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firstcall.periods import Scope
    from firstcall.query.bindings import Bindings
    from firstcall.query.filters import PlanContext

BOOKS = ("revenue", "cost", "effort", "value")
_RANK = "case {alias}.confidence when 'assumed' then 2 when 'estimated' then 1 else 0 end"
CARRIED_DAYS = 7
"""An exchange rate is carried forward at most this many days."""


def _row(book: str, alias: str, fields: dict[str, str]) -> str:
    """Return one book's select with every column of `entries`, absent ones as typed nulls."""
    columns = {
        "book": quoted(book),
        "entry": "cast(null as varchar)",
        "partner": f"coalesce(p.root, {alias}.partner_id)",
        "product": "cast(null as varchar)",
        "plan": "cast(null as varchar)",
        "kind": "cast(null as varchar)",
        "category": "cast(null as varchar)",
        "activity": "cast(null as varchar)",
        "already": "false",
        "spread": "true",
        "runs_until": "cast(null as date)",
        "utc_first": "cast(null as date)",
        "utc_until": "cast(null as date)",
        "note": "cast(null as varchar)",
        "currency": f"{alias}.currency",
        "confidence": _RANK.format(alias=alias),
        **fields,
    }
    order = (*columns.keys(),)
    return "select " + ", ".join(f"{columns[name]} as {name}" for name in sorted(order))


_END = "add_seconds(l.period_end, 1)"
"""Some systems end a period with its last second."""


def _party(alias: str) -> str:
    return f" left join parties as p on p.partner_id = {alias}.partner_id "


def _end_day(moment: str) -> str:
    """Return the first day that a period ending at `moment` does not touch."""
    return f"add_days(local_day(add_seconds({moment}, -0.000001)), 1)"


def _revenue(scope: Scope) -> str:
    basis = scope.variant("basis", "service")
    if basis not in {"invoiced", "paid"}:
        first = "local_day(l.period_start)"
        end = _end_day("l.period_end")
        spread = "l.kind in ('subscription', 'credit_pack', 'credit', 'refund')"
        kept = "true"
    else:
        moment = {"invoiced": "l.issued_at", "paid": "l.paid_at"}[basis]
        first, spread, kept = f"local_day({moment})", "false", f"{moment} is not null"
        end = f"add_days({first}, 1)"
    fields = {
        "entry": "l.line_id",
        "product": "l.product",
        "plan": "l.plan_id",
        "kind": "l.kind",
        "first_day": first,
        "end_day": end,
        "spread": spread,
        "runs_until": f"local_day({_END})",
        "utc_first": "cast(l.period_start as date)",
        "utc_until": f"cast({_END} as date)",
        "rate_day": "local_day(l.issued_at)",
        "own_micros": "case when l.kind in ('credit', 'refund') then -abs(micros(l.amount)) else micros(l.amount) end",
    }
    return (
        f"{_row('revenue', 'l', fields)} from invoice_lines as l{_party('l')}"
        f"where {known('l', scope)} and l.kind <> 'tax' and {kept}"
    )


def _cost(scope: Scope) -> str:
    fields = {
        "entry": "l.cost_id",
        "category": "l.category",
        "activity": "l.activity",
        "note": "l.note",
        "first_day": "local_day(l.period_start)",
        "end_day": _end_day("l.period_end"),
        "rate_day": "local_day(l.period_start)",
        "own_micros": "micros(l.amount)",
    }
    return f"{_row('cost', 'l', fields)} from costs as l{_party('l')}where {known('l', scope)}"


def _effort(scope: Scope) -> str:
    fields = {
        "entry": "l.role",
        "category": "'effort'",
        "activity": "'onboarding'",
        "kind": "l.activity",
        "first_day": "l.date",
        "end_day": "add_days(l.date, 1)",
        "rate_day": "l.date",
        "own_micros": "floor_div(micros(l.hourly_cost) * nanos(l.hours), 1000000000)",
    }
    return f"{_row('effort', 'l', fields)} from effort as l{_party('l')}where {known('l', scope)}"


def _value(scope: Scope) -> str:
    fields = {
        "entry": "l.kind",
        "kind": "l.kind",
        "already": "coalesce(l.already_in_revenue, false)",
        "note": "l.note",
        "first_day": "local_day(l.period_start)",
        "end_day": _end_day("l.period_end"),
        "rate_day": "local_day(l.period_start)",
        "own_micros": "micros(l.amount)",
    }
    return f'{_row("value", "l", fields)} from "value" as l{_party("l")}where {known("l", scope)}'


_BOOKS = {"revenue": _revenue, "cost": _cost, "effort": _effort, "value": _value}


def entries(scope: Scope, books: Sequence[str]) -> str:
    """Return the rows of the books asked for, each with its days and its amount in its own currency."""
    return " union all ".join(_BOOKS[book](scope) for book in books)


def rated(scope: Scope) -> str:
    """Return for each currency and day that needs one the day of the rate in force, at most seven days old."""
    return (
        "select m.currency, m.rate_day, max(x.date) as found from "
        "(select distinct currency, rate_day from entries) as m "
        "join exchange_rates as x on x.currency = m.currency "
        f"where x.date <= m.rate_day and x.date >= add_days(m.rate_day, -{CARRIED_DAYS}) "
        f"and m.currency <> $currency and {known('x', scope)} group by m.currency, m.rate_day"
    )


def priced(scope: Scope, context: PlanContext) -> str:
    """Return entries with `micros` in the reporting currency, or null with the rate that is missing named.

    Money of test and duplicate partners is internal, as their calls are; what they cost was spent all the same.
    """
    ours = "m.book in ('cost', 'effort') or coalesce(p.status, 'approved') not in ('test', 'duplicate')"
    kept = f" left join parties as p on p.partner_id = m.partner where {ours}"
    return (
        "select m.*, case when m.spread then m.first_day else greatest(add_days(m.end_day, -1), m.first_day) end "
        "as begins, "
        "greatest(m.end_day, add_days(m.first_day, 1)) as finishes, "
        "case when m.currency = $currency then m.own_micros "
        "else sign(m.own_micros) * floor_div(abs(m.own_micros) * nanos(x.rate), 1000000000) end as micros, "
        "case when m.currency <> $currency and x.rate is null "
        "then m.currency || ' ' || cast(m.rate_day as varchar) end as missing_rate from entries as m "
        "left join rated as f on f.currency = m.currency and f.rate_day = m.rate_day "
        f"left join exchange_rates as x on x.currency = f.currency and x.date = f.found and {known('x', scope)}"
        f"{kept if context.traffic == 'external' else ''}"
    )


def laid() -> str:
    """Return one row per entry and period it touches, with the part of its amount that accrues there."""
    length = "days_between(m.begins, m.finishes)"
    until = f"least(days_between(m.begins, q.end_day), {length})"
    since = "greatest(days_between(m.begins, q.first_day), 0)"
    accrued = "floor_div(abs(m.micros) * cast({} as hugeint), cast({} as hugeint))"
    part = f"sign(m.micros) * ({accrued.format(until, length)} - {accrued.format(since, length)})"
    return (
        "select q.number, q.period, m.book, m.entry, m.partner, m.product, m.plan, m.kind, m.category, m.activity, "
        f"m.currency, m.already, m.confidence, m.note, m.missing_rate, {part} as micros "
        "from priced as m cross join periods as q where q.first_day < q.end_day "
        "and m.begins < q.end_day and m.finishes > q.first_day"
    )


MONTH_DAYS = 304375
"""Ten thousandths of a day: 365.25 ÷ 12."""


def _months(first: str, until: str) -> str:
    """Return SQL for how many whole calendar months lie between two days, 0 when their days do not meet.

    A month that lacks the day ends, and then begins, with its own last one.
    """
    into = "days_between(first_day('month', {0}), {0})"
    is_last = "add_days({0}, 1) = first_day('month', add_days({0}, 1))"
    days = f"days_between(first_day('month', {first}), first_day('month', {until}))"
    meets = (
        f"{into.format(until)} = {into.format(first)} "
        f"or ({is_last.format(until)} and {into.format(first)} > {into.format(until)}) "
        f"or ({is_last.format(first)} and {into.format(until)} > {into.format(first)})"
    )
    return f"case when {meets} then floor_div({days} * 10000 + {MONTH_DAYS // 2}, {MONTH_DAYS}) else 0 end"


def valued() -> str:
    """Return one row per line and month that it counts in as recurring value, with what it counts there.

    A line with a period counts its amount over its months wherever it runs at the end of the month; use and overage
    count in the month in which their period ends, as does a subscription's line of no length.
    """
    days = "greatest(days_between(m.first_day, m.runs_until), 1)"
    each = f"floor_div(abs(m.micros) * cast({MONTH_DAYS} as hugeint), cast(10000 * {days} as hugeint))"
    whole = "floor_div(abs(m.micros), cast(m.months as hugeint))"
    inside = "q.first_day <= {0} and {0} <= q.last_day"
    return (
        "with lasting as (select m.*, m.kind in ('usage', 'overage') or m.runs_until <= m.first_day as at_once, "
        f"greatest({_months('m.first_day', 'm.runs_until')}, {_months('m.utc_first', 'm.utc_until')}) as months "
        "from priced as m where m.book = 'revenue') "
        "select q.number, q.period, q.closing, m.book, m.entry, m.partner, m.product, m.plan, m.kind, m.category, "
        "m.activity, m.currency, m.already, m.confidence, m.note, m.missing_rate, case when m.at_once then m.micros "
        f"else sign(m.micros) * case when m.months > 0 then {whole} else {each} end end as micros "
        "from lasting as m cross join months as q where case when not m.at_once "
        "then m.first_day <= q.last_day and q.last_day < m.runs_until "
        f"else m.kind in ('usage', 'overage', 'subscription') and {inside.format('m.begins')} end"
    )


def used() -> str:
    """Return each partner's calls by product and period, with the running and the whole sum."""
    return (
        "select s.period, s.entity, s.product, s.calls, "
        "sum(s.calls) over (partition by s.period, s.entity order by s.product) as upto, "
        "sum(s.calls) over (partition by s.period, s.entity) as total from "
        "(select u.period, u.entity, u.product, sum(u.calls) as calls from usage as u "
        "where u.entity is not null and u.product is not null group by u.period, u.entity, u.product) as s"
    )


def shared() -> str:
    """Return `laid` with what has no product shared out by the partner's use; the parts add up to the whole."""
    given = "floor_div(abs(m.micros) * cast({} as hugeint), cast(k.total as hugeint))"
    part = f"sign(m.micros) * ({given.format('k.upto')} - {given.format('(k.upto - k.calls)')})"
    same = ("number", "period", "book", "entry", "partner", "plan", "kind", "category", "activity", "currency",
            "already", "confidence", "note", "missing_rate")  # fmt: skip
    return (
        f"select {', '.join(f'm.{name}' for name in same)}, coalesce(m.product, k.product) as product, "
        f"case when k.product is null then m.micros else {part} end as micros from laid as m left join used as k "
        "on k.entity = case when m.product is null then m.partner end and k.period = m.period"
    )


def recurring(bindings: Bindings, by: tuple[str, ...]) -> Expression:
    """Return recurring value as relations read it; `closing` says whether it is of its period's last month.

    On another basis than value, all of a period's revenue closes it.
    """
    if bindings.scope.variant("basis", "value") == "value":
        return ledger(bindings, by, of="valued", closing="m.closing")
    return ledger(bindings, by, closing="true")


def ledger(
    bindings: Bindings, by: tuple[str, ...], *, of: str = "laid", closing: str | None = None
) -> Expression:
    """Return the rows of `of` as relations read them: entity, split, filters applied."""
    kept = filters(bindings.scope, MONEY_DIMENSIONS)
    condition = "" if kept is None else " where $filters"
    text = (
        "select m.number, m.period, m.book, m.entry, m.partner as entity, m.product, m.kind, m.category, m.activity, "
        f"m.already, m.confidence, m.note, m.missing_rate, m.micros, "
        f"{f'{closing} as closing, ' if closing else ''}"
        f"{split_of(MONEY_DIMENSIONS[name] for name in by)} as split "
        f"from {of} as m left join parties as p on p.partner_id = m.partner{condition}"
    )
    return Expression(template(text), (bindings.also(filters=kept),))
