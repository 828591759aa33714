"""Which amount belongs to which local day, in the reporting currency?

Readings:
- The days of a period are the local days from that of its first moment to that of its last (its end minus
  an instant); a period without length has the day of its start. Every day carries the same share of the
  amount.
- Spread over their own period: subscription, credit_pack, credit, refund. On the last day of it: usage,
  overage, one_off. `basis=invoiced` and `basis=paid` put the whole amount on the local day of issue or
  payment (unpaid lines have none). All are converted at the local day of issue; costs and value at the
  day their period starts; effort at its day.
- The rate is the latest of that day or the seven before. A line without one counts nowhere, not as a case
  either.
- The partner of a line is followed through merges. Lines and value of test and duplicate partners are internal and left
  out; what they cost was spent all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.reference.calendar import DAY, INSTANT, local_day
from tests.reference.identity import NOT_OURS, followed, partner_dims, partner_row
from tests.reference.question import Question, Row, World
from tests.reference.scope import sees_day

AT_THE_END = ("usage", "overage", "one_off")
REDUCING = ("credit", "refund")
CARRIED = 7
ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Share:
    """The part of one row (`row` is unique over all tables) that belongs to one day; `kind` says of what."""

    day: date
    amount: Fraction
    kind: str
    row: str
    partner: str | None
    dims: Mapping[str, str | None]


def money(amount: Fraction) -> Decimal:
    """Return an exact amount as a decimal of 28 digits."""
    return Decimal(amount.numerator) / Decimal(amount.denominator)


def total(shares: Iterable[Share]) -> Fraction:
    """Return the sum of the shares."""
    return sum((share.amount for share in shares), Fraction(0))


def rows_of(shares: Iterable[Share]) -> int:
    """Return how many rows the shares come from."""
    return len({share.row for share in shares})


def rate(world: World, question: Question, currency: str, day: date) -> Fraction | None:
    """Return what one unit of `currency` was worth in the reporting currency; None when nobody knows."""
    if currency == question.currency:
        return ONE
    known = [
        row
        for row in world.get("exchange_rates", ())
        if row["currency"] == currency and day - DAY * CARRIED <= row["date"] <= day
    ]
    latest = max(known, key=lambda row: row["date"], default=None)
    return None if latest is None else Fraction(latest["rate"])


def period_days(row: Row, zone: str) -> list[date]:
    """Return the local days of a row's period."""
    first = local_day(row["period_start"], zone)
    if row["period_end"] <= row["period_start"]:
        return [first]
    last = local_day(row["period_end"] - INSTANT, zone)
    return [first + DAY * n for n in range((last - first).days + 1)]


def line_days(row: Row, question: Question) -> list[date]:
    """Return the days over which an invoice line is spread."""
    basis = question.set.get("basis", "service")
    if basis not in {"invoiced", "paid"}:
        days = period_days(row, question.zone)
        return days[-1:] if row["kind"] in AT_THE_END else days
    moment = row["issued_at"] if basis == "invoiced" else row.get("paid_at")
    return [] if moment is None else [local_day(moment, question.zone)]


def ours(row: Row, world: World) -> bool:
    """Return whether the partner a row names, merges followed, is neither test nor duplicate."""
    return partner_row(followed(row.get("partner_id"), world), world).get("status") not in NOT_OURS


def lines(world: World, question: Question) -> list[tuple[Row, list[date]]]:
    """Return the invoice lines that are revenue, with those of their days that are in sight."""
    found = []
    for row in world.get("invoice_lines", ()):
        days = [day for day in line_days(row, question) if sees_day(day, question)]
        if row["kind"] != "tax" and days and ours(row, world):
            found.append((row, days))
    return found


def revenue(world: World, question: Question) -> list[Share]:
    """Return the shares of all revenue; credits and refunds reduce it whatever their sign."""
    found = []
    for row, days in lines(world, question):
        whole = worth(row, days[0], world, question)
        if whole is not None:
            each = whole.amount / len(line_days(row, question))
            found += [replace(whole, day=day, amount=each) for day in days]
    return found


def worth(row: Row, day: date, world: World, question: Question) -> Share | None:
    """Return all of an invoice line on one day, in the reporting currency; None when nobody knows the rate."""
    factor = rate(world, question, row["currency"], local_day(row["issued_at"], question.zone))
    if factor is None:
        return None
    amount = Fraction(row["amount"])
    amount = -abs(amount) if row["kind"] in REDUCING else amount
    partner = followed(row["partner_id"], world)
    dims = {**partner_dims(partner, world), "product": row.get("product"), "plan": row.get("plan_id")}
    dims |= {"kind": row["kind"], "currency": row["currency"]}
    return Share(day, amount * factor, row["kind"], f"line {row['line_id']}", partner, dims)


def spread(world: World, question: Question, table: str, rows: Sequence[tuple[str, Row]]) -> list[Share]:
    """Return the shares of costs or value: (kind, row) spread by days over the row's period."""
    found = []
    for number, (kind, row) in enumerate(rows):
        days = period_days(row, question.zone)
        factor = rate(world, question, row["currency"], days[0])
        if factor is None or (table == "value" and not ours(row, world)):
            continue
        each = Fraction(row["amount"]) * factor / len(days)
        partner = followed(row.get("partner_id"), world)
        dims = {**partner_dims(partner, world), "category": row.get("category")}
        dims |= {"currency": row["currency"]}
        seen = [day for day in days if sees_day(day, question)]
        found += [Share(day, each, kind, f"{table} {number}", partner, dims) for day in seen]
    return found


def effort(world: World, question: Question) -> list[Share]:
    """Return what the hours cost, each on its day; its category is effort."""
    found = []
    for number, row in enumerate(world.get("effort", ())):
        factor = rate(world, question, row["currency"], row["date"])
        if factor is None or not sees_day(row["date"], question):
            continue
        amount = Fraction(row["hours"]) * Fraction(row["hourly_cost"]) * factor
        partner = followed(row.get("partner_id"), world)
        dims = {**partner_dims(partner, world), "category": "effort", "currency": row["currency"]}
        found.append(Share(row["date"], amount, "effort", f"effort {number}", partner, dims))
    return found


def costs(world: World, question: Question, activity: str | None = None) -> list[Share]:
    """Return the shares of all costs, or of those of one activity."""
    rows = [row for row in world.get("costs", ()) if activity in (None, row.get("activity") or "run")]
    return spread(world, question, "costs", [("cost", row) for row in rows])
