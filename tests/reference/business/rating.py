"""What is due for metered use, under which contract, and what was billed for it?

Readings:
- Contracts hold for whole local days, from that of their first moment to that of their last; so do versions of a plan
  (the part of the contract in which the version is valid). Proposed plans are no contract; contracts and lines of
  test and duplicate partners are left out.
- Of several contracts of one partner to one product on a day the paid one holds before the trial before the free one,
  then the one that began later, then the greater id, then the later version. A plan that names no product holds for
  the calls that no plan of their own product holds for on that day, and its product is None.
- A plan meters the units of external calls in its environment, of successes or of all. Units are counted from the
  start of its interval: the local month, or the year that begins with the month in which the subscription started.
  What a month's stretch under one contract and version is due is the rate of the units so far less the rate of those
  before it, at that version's prices: a new version goes on counting, another plan begins anew. Free contracts are
  never due.
- Units up to `included_units` cost nothing. Beyond them a tier holds up to and with `up_to`; its flat fee is due with
  the first unit in it; the last tier has no end.
- Billed are usage and overage lines, and credits and refunds that name units, less; in the month of the last instant
  of their period; under the product of their plan, else their own.
- Amounts are converted at the last day of the month, or the day of as-of when that is earlier.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from tests.reference.business.ledger import REDUCING, period_days
from tests.reference.calendar import DAY, INSTANT, add_months, local_day
from tests.reference.identity import NOT_OURS, Call, followed, partner_row, resolved
from tests.reference.question import Question, Row, World
from tests.reference.scope import as_of, sees

EVER = date(1900, 1, 1)
NEVER = date(2200, 1, 1)
ALWAYS = datetime(1900, 1, 1, tzinfo=UTC)
RANK = {"paid": 2, "trial": 1, "reverse_trial": 1, "free": 0}


@dataclass(frozen=True, slots=True)
class Contract:
    """A partner's subscription to one version of a plan, on the days from `first` to `end` (half-open)."""

    partner: str
    subscription: Row
    plan: Row
    first: date
    end: date

    @property
    def kind(self) -> str:
        """The subscription's kind."""
        return self.subscription.get("kind") or "paid"

    @property
    def precedence(self) -> tuple[Any, ...]:
        """What decides between contracts of one day, the greatest first."""
        row = self.subscription
        since = self.plan.get("valid_from") or ALWAYS
        return RANK[self.kind], row["started_at"], row["subscription_id"], since


@dataclass(frozen=True, slots=True)
class Metered:
    """One call that was metered, with its units."""

    call: Call
    units: int


@dataclass(slots=True)
class Stretch:
    """The metered use of one month under one contract: units, those beyond the included, and what they are due."""

    contract: Contract
    month: date
    interval: date
    first: date
    last: date
    units: int = 0
    beyond: int = 0
    due: Fraction = Fraction(0)

    @property
    def product(self) -> str | None:
        """The product of its plan."""
        product: str | None = self.contract.plan.get("product")
        return product

    @property
    def trial(self) -> bool:
        """Whether it was on trial."""
        return RANK[self.contract.kind] == 1


def days(start: datetime | None, end: datetime | None, zone: str) -> tuple[date, date]:
    """Return the local days from that of the first moment to the one after that of the last."""
    first = local_day(start, zone) if start else EVER
    return first, local_day(end - INSTANT, zone) + DAY if end else NEVER


def ours(partner: str | None, world: World) -> bool:
    """Whether a partner (merges followed) is neither test nor duplicate."""
    return partner_row(partner, world).get("status") not in NOT_OURS


def subscriptions(world: World, question: Question) -> list[Row]:
    """Return the subscriptions in sight, their partner followed, an end that is not in sight left open."""
    found: list[Row] = []
    for row in world.get("subscriptions", ()):
        partner = followed(row["partner_id"], world)
        ended = row.get("ended_at")
        if sees(row["started_at"], question) and ours(partner, world):
            ended = ended if ended and sees(ended, question) else None
            found.append({**row, "partner_id": partner, "ended_at": ended})
    return found


def contracts(world: World, question: Question) -> list[Contract]:
    """Return every subscription with every version of its plan that shares a day with it."""
    found = []
    for row in subscriptions(world, question):
        if row["ended_at"] and row["ended_at"] <= row["started_at"]:
            continue
        start, stop = days(row["started_at"], row["ended_at"], question.zone)
        for plan in world.get("plans", ()):
            if plan["plan_id"] != row["plan_id"] or plan.get("status") == "proposed":
                continue
            since, until = days(plan.get("valid_from"), plan.get("valid_to"), question.zone)
            first, end = max(start, since), min(stop, until)
            if first < end:
                found.append(Contract(row["partner_id"], row, plan, first, end))
    return found


def in_force(
    held: Iterable[Contract], partner: str | None, product: str | None, day: date
) -> Contract | None:
    """Return the contract under which a partner's calls to a product are metered on a day."""
    there = [each for each in held if each.partner == partner and each.first <= day < each.end]
    own = [each for each in there if each.plan.get("product") == product]
    general = [each for each in there if each.plan.get("product") is None]
    return max(own or general, key=lambda each: each.precedence, default=None)


def metered(world: World, question: Question, environment: str = "any") -> list[Metered]:
    """Return the external calls of known partners in sight, with their units."""
    rows = [row for row in world.get("calls", ()) if sees(row["time"], question)]
    found = []
    for row in rows:
        call = resolved(row, world, question)
        if call.use and call.partner is not None and call.within(question.environment or environment):
            units = row.get("units", 1)
            found.append(Metered(call, 1 if units is None else units))
    return found


def billable(each: Metered, plan: Row) -> bool:
    """Whether a plan bills a call: in its environment, a success or any."""
    environment = plan.get("environment") or "production"
    return each.call.environment == environment and counts(each, plan)


def counts(each: Metered, plan: Row) -> bool:
    """Whether a plan bills calls with such an outcome."""
    return plan.get("bills") == "all" or each.call.succeeded


def tiers(plan: Row) -> list[tuple[int, int | None, Fraction, Fraction]]:
    """Return the tiers of a plan: above and up to how many units, unit price, flat fee; the last has no end."""
    below, found = 0, []
    listed = json.loads(plan.get("tiers") or "[]")
    for number, tier in enumerate(listed, 1):
        up_to = None if number == len(listed) else tier["up_to"]
        price, fee = (Fraction(str(tier.get(name) or 0)) for name in ("unit_price", "flat_fee"))
        found.append((below, up_to, price, fee))
        below = up_to or 0
    return found


def rate(plan: Row, units: int) -> Fraction:
    """Return what so many units of one interval cost beyond the fee."""
    beyond = max(0, units - (plan.get("included_units") or 0))
    total = Fraction(0)
    for below, up_to, price, fee in tiers(plan):
        if beyond <= below:
            continue
        if plan.get("tier_mode") == "volume":
            if up_to is None or beyond <= up_to:
                return beyond * price + fee
        else:
            total += (min(beyond, up_to or beyond) - below) * price + fee
    return total


def interval_of(plan: Row, started: date, month: date) -> date:
    """Return the first month of the interval that holds a month."""
    if plan.get("interval") != "year":
        return month
    months = (month.year - started.year) * 12 + month.month - started.month
    return add_months(month, -(months % 12))


def stretches(world: World, question: Question) -> list[Stretch]:
    """Return all metered use by month and contract, with what it is due in the plan's currency; none of free ones."""
    held = contracts(world, question)
    found: dict[tuple[int, date], Stretch] = {}
    for each in sorted(metered(world, question), key=lambda one: one.call.time):
        contract = in_force(held, each.call.partner, each.call.dims["product"], each.call.day)
        if contract is None or contract.kind == "free" or not billable(each, contract.plan):
            continue
        month = each.call.day.replace(day=1)
        started = local_day(contract.subscription["started_at"], question.zone)
        interval = interval_of(contract.plan, started, month)
        day = each.call.day
        stretch = found.setdefault(
            (id(contract), month), Stretch(contract, month, interval, first=day, last=day)
        )
        stretch.units += each.units
        stretch.last = day
    so_far: dict[tuple[Any, ...], int] = {}
    for stretch in sorted(found.values(), key=lambda one: one.first):
        plan = stretch.contract.plan
        key = (stretch.contract.partner, stretch.product, plan["plan_id"], stretch.interval)
        before = so_far.get(key, 0)
        so_far[key] = after = before + stretch.units
        included = plan.get("included_units") or 0
        stretch.beyond = max(0, after - included) - max(0, before - included)
        stretch.due = rate(plan, after) - rate(plan, before)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Billed:
    """One line of metered use, signed: amount in its currency, units where it names them."""

    row: Row
    partner: str | None
    product: str | None
    month: date
    amount: Fraction
    units: Fraction | None


def billed(world: World, question: Question) -> list[Billed]:
    """Return the lines in sight that bill use, or take some of it back."""
    products: dict[str, list[str]] = {}
    for plan in world.get("plans", ()):
        products.setdefault(plan["plan_id"], [])
        if plan.get("product") is not None:
            products[plan["plan_id"]].append(plan["product"])
    found = []
    for row in world.get("invoice_lines", ()):
        back = row["kind"] in REDUCING
        if not sees(row["issued_at"], question) or not (
            row["kind"] in ("usage", "overage") or (back and row.get("units") is not None)
        ):
            continue
        partner = followed(row["partner_id"], world)
        product = row.get("product")
        if row.get("plan_id") in products:
            product = min(products[row["plan_id"]], default=None)
        units = None if row.get("units") is None else Fraction(row["units"])
        amount = Fraction(row["amount"])
        if back:
            amount, units = -abs(amount), None if units is None else -abs(units)
        month = period_days(row, question.zone)[-1].replace(day=1)
        if ours(partner, world):
            found.append(Billed(row, partner, product, month, amount, units))
    return found


def settled(world: World, question: Question, month: date) -> date:
    """Return the day at which a month's amounts are converted and counted."""
    last = add_months(month, 1) - DAY
    now = as_of(world, question)
    return last if now is None else min(last, local_day(now, question.zone))
