"""What was used and not billed, what was billed and not used, and what would use bring that nobody pays for?

Readings:
- One row is a partner, product and local month with contracts in use or lines of use; use on trial is a row of its own
  and lines belong to the other, unless there is only use on trial. It is dated by its last day, or by that of as-of
  when that is earlier; a scope that does not hold that day does not hold the month.
- What is due without a rate, or billed without one, leaves the row out.
- Before it is billed (no line, and its month not over at as-of) a row is no leak; it is over contract when its units
  exceed `contracted_units`, else `included_units`.
- The plan of a row is the one under which its last stretch began, else the least of its lines'.
- The cause is the first that fits, in the order of `cause`.
- Unrealised: calls of partners on days without paid contract for the product, where a product has a proposed plan
  (the one that begins last, then the greatest id), else there is one that names no product. Its dates and its
  environment are not looked at. A yearly interval is the calendar year.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.reference.asks import PARTNER, Ask
from tests.reference.business.ledger import money
from tests.reference.business.ledger import rate as exchange
from tests.reference.business.rating import (
    ALWAYS,
    Billed,
    Metered,
    Stretch,
    billed,
    contracts,
    counts,
    in_force,
    interval_of,
    metered,
    rate,
    settled,
    stretches,
)
from tests.reference.calendar import add_months, local_day, midnight
from tests.reference.identity import followed, partner_dims
from tests.reference.question import Grain, Number, Point, Question, Row, World
from tests.reference.scope import Bucket, Measure, as_of, inside, points
from tests.reference.signs import Signs

CENT = Fraction(1, 100)
GRAINS: tuple[Grain, ...] = ("month", "month", "quarter", "year", "all")


@dataclass(frozen=True, slots=True)
class Account:
    """One partner, product and month (or the part of it on trial): what is due and what was billed."""

    day: date
    dims: Mapping[str, str | None]
    due: Fraction
    billed: Fraction
    is_billed: bool
    over_contract: bool

    @property
    def gap(self) -> Fraction:
        """What is due and not billed; negative when too much was billed."""
        return self.due - self.billed


@dataclass(slots=True)
class Books:
    """What belongs to one account."""

    stretches: list[Stretch] = field(default_factory=list)
    lines: list[Billed] = field(default_factory=list)


def accounts(world: World, question: Question) -> list[Account]:
    """Return the accounts whose amounts could be converted."""
    found: dict[tuple[str | None, str | None, date, bool], Books] = defaultdict(Books)
    for stretch in stretches(world, question):
        key = (stretch.contract.partner, stretch.product, stretch.month, stretch.trial)
        found[key].stretches.append(stretch)
    for line in billed(world, question):
        name = (line.partner, line.product, line.month)
        trial = (*name, True) in found and (*name, False) not in found
        found[*name, trial].lines.append(line)
    made = [account(world, question, *key, books) for key, books in found.items()]
    return [each for each in made if each is not None]


def account(
    world: World,
    question: Question,
    partner: str | None,
    product: str | None,
    month: date,
    trial: bool,
    books: Books,
) -> Account | None:
    """Return one account; None when a rate is missing."""
    day = settled(world, question, month)
    due, paid = Fraction(0), Fraction(0)
    for stretch in books.stretches:
        factor = exchange(world, question, stretch.contract.plan["currency"], day)
        if factor is None:
            return None
        due += stretch.due * factor
    for line in books.lines:
        factor = exchange(world, question, line.row["currency"], day)
        if factor is None:
            return None
        paid += line.amount * factor
    last = max(books.stretches, key=lambda each: each.first, default=None)
    now = as_of(world, question)
    over = now is None or midnight(add_months(month, 1), question.zone) <= now
    allowed = None
    if last is not None:
        allowed = last.contract.subscription.get("contracted_units")
        allowed = last.contract.plan.get("included_units") if allowed is None else allowed
    used = sum(each.units for each in books.stretches)
    plans = [line.row["plan_id"] for line in books.lines if line.row.get("plan_id") is not None]
    dims = {**partner_dims(partner, world), "product": product}
    dims["plan"] = last.contract.plan["plan_id"] if last else min(plans, default=None)
    dims["kind"] = cause(world, question, (partner, product, month, trial), books, due - paid)
    is_billed = bool(books.lines) or over
    beyond = not is_billed and allowed is not None and used > allowed
    return Account(day, dims, due, paid, is_billed, beyond)


def signs(books: Books, gap: Fraction, missing: Fraction | int, plan: Row | None, *, packs: bool) -> Signs:
    """Return what an account shows of itself; `missing` are the units that no line has."""
    lines = books.lines
    currencies = {line.row["currency"] for line in lines}
    currencies |= {each.contract.plan["currency"] for each in books.stretches}
    return Signs(
        less=gap > 0,
        more=gap < 0,
        billed=bool(lines),
        known=all(line.units is not None for line in lines),
        missing=missing,
        small=abs(gap) <= CENT * len(lines),
        mixed=len(currencies) > 1,
        renamed=bool({line.row.get("plan_id") for line in lines} - {None, plan["plan_id"] if plan else None}),
        packs=packs,
    )


def cause(
    world: World,
    question: Question,
    key: tuple[str | None, str | None, date, bool],
    books: Books,
    gap: Fraction,
) -> str:
    """Return why due and billed differ: the first of the causes that fits."""
    partner, product, month, trial = key
    lines = books.lines
    missing = sum(each.beyond for each in books.stretches) - sum(line.units or 0 for line in lines)
    last = max(books.stretches, key=lambda each: each.first, default=None)
    plan = last.contract.plan if last else None
    issued = max((local_day(line.row["issued_at"], question.zone) for line in lines), default=None)
    keys, others = elsewhere(world, question, partner, product, month, plan)
    contracted = last.contract.subscription.get("contracted_units") if last else None
    packs = any(drawn(row, world, question, key) for row in world.get("credit_packs", ()))
    found = signs(books, gap, missing, plan, packs=packs)
    late = issued is not None and issued < add_months(month, 1)
    causes: dict[str, bool] = {
        "matched": gap == 0,
        "trial": found.less and trial,
        "unmapped_credential": found.lacking and len(keys) > 1 and missing in keys.values(),
        "no_invoice": found.less and not found.billed and not found.packs,
        "late_after_close": found.lacking
        and late
        and any(s.last >= issued for s in books.stretches if issued),
        "duplicate": found.more and repeated(lines),
        "wrong_price": found.priced_otherwise,
        "allowance_drawn": found.less
        and (found.packs or (contracted is not None and found.known and drawn_down(books, contracted))),
        "sandbox_billed": found.more and found.known and missing < 0 and -missing <= others,
        "rounding": found.billed and found.small,
        "currency": found.billed and found.mixed,
        "lost": found.lacking,
    }
    return next((name for name, fits in causes.items() if fits), "unexplained")


def drawn_down(books: Books, contracted: int) -> bool:
    """Whether exactly what goes beyond the contract was billed."""
    used = sum(each.units for each in books.stretches)
    return sum(line.units or 0 for line in books.lines) == max(0, used - contracted)


def drawn(row: Row, world: World, question: Question, key: tuple[str | None, str | None, date, bool]) -> bool:
    """Whether a credit pack could be drawn in the month of an account."""
    partner, product, month, _ = key
    expires = row.get("expires_at")
    return (
        followed(row["partner_id"], world) == partner
        and row.get("product") in (None, product)
        and (question.as_of is None or row["purchased_at"] < question.as_of)
        and local_day(row["purchased_at"], question.zone) < add_months(month, 1)
        and (expires is None or local_day(expires, question.zone) > month)
    )


def elsewhere(
    world: World, question: Question, partner: str | None, product: str | None, month: date, plan: Row | None
) -> tuple[Mapping[str | None, int], int]:
    """Return the account's units by credential, and its units in environments that its plan does not bill."""
    keys: Counter[str | None] = Counter()
    others = 0
    for each in metered(world, question):
        here = each.call.partner == partner and each.call.day.replace(day=1) == month
        if not here or plan is None or each.call.dims["product"] != product or not counts(each, plan):
            continue
        if each.call.environment == (plan.get("environment") or "production"):
            keys[each.call.dims["consumer"]] += each.units
        else:
            others += each.units
    return keys, others


def repeated(lines: Sequence[Billed]) -> bool:
    """Whether two lines bill the same."""
    same = Counter(
        (
            row["kind"],
            row["period_start"],
            row["period_end"],
            row.get("units"),
            row["amount"],
            row["currency"],
        )
        for row in (line.row for line in lines)
    )
    return any(count > 1 for count in same.values())


def summed(group: Sequence[Account]) -> dict[str, Fraction]:
    """Return the sums of what is due, billed, leaked and overbilled."""
    return {
        "expected": sum((each.due for each in group), Fraction(0)),
        "billed": sum((each.billed for each in group), Fraction(0)),
        "leaked": sum((max(each.gap, Fraction(0)) for each in group), Fraction(0)),
        "overbilled": sum((max(-each.gap, Fraction(0)) for each in group), Fraction(0)),
    }


def share(part: Fraction, over: Fraction) -> float | None:
    """Return a quotient, None over nothing."""
    return float(part / over) if over else None


def leakage(world: World, question: Question) -> list[Point]:
    """Money leaked and overbilled, its share of what is due, and rows beyond tolerance."""

    def measure(bucket: Bucket, group: Sequence[Account]) -> Measure:
        here = inside(bucket, group)
        done = [each for each in here if each.is_billed]
        sums = summed(done)
        values: dict[str, Number | None] = {name: money(value) for name, value in sums.items()}
        values["rate"] = share(sums["leaked"], sums["expected"])
        values["flagged"] = sum(abs(each.gap) > max(each.due / 200, Fraction(1)) for each in done)
        values["over_contract"] = sum(each.over_contract for each in here)
        return Measure(money(sums["leaked"]), len(done), values)

    return points(world, question, accounts(world, question), measure)


def billing_accuracy(world: World, question: Question) -> list[Point]:
    """One less what is leaked and overbilled ÷ what is due."""

    def measure(bucket: Bucket, group: Sequence[Account]) -> Measure:
        done = [each for each in inside(bucket, group) if each.is_billed]
        sums = summed(done)
        right = share(sums["expected"] - sums["leaked"] - sums["overbilled"], sums["expected"])
        return Measure(right, len(done), absent="nothing was due" if right is None else None)

    return points(world, question, accounts(world, question), measure)


@dataclass(slots=True)
class Potential:
    """What one partner's use of one month would bring at the proposed price, and what it was billed for."""

    day: date
    dims: Mapping[str, str | None]
    worth: Fraction
    billed: Fraction
    calls: int
    paying: bool

    @property
    def partner(self) -> str | None:
        """The partner."""
        return self.dims["partner"]


def proposed(world: World, product: str | None) -> Row | None:
    """Return the plan proposed for a product, or the one that names none."""
    plans = [row for row in world.get("plans", ()) if row.get("status") == "proposed"]
    own = [row for row in plans if row.get("product") == product]
    general = [row for row in plans if row.get("product") is None]
    return max(
        own or general, key=lambda row: (row.get("valid_from") or ALWAYS, row["plan_id"]), default=None
    )


def potentials(world: World, question: Question) -> list[Potential]:
    """Return what use would bring, by partner, product of the proposed plan, month, and whether it is paid for."""
    held = contracts(world, question)
    used: dict[tuple[str | None, str | None, bool, date], list[Metered]] = defaultdict(list)
    plans: dict[str | None, Row] = {}
    for each in metered(world, question, "production"):
        plan = proposed(world, each.call.dims["product"])
        if plan is None:
            continue
        product = plan.get("product")
        plans[product] = plan
        contract = in_force(held, each.call.partner, each.call.dims["product"], each.call.day)
        paid = contract is not None and contract.kind == "paid"
        used[each.call.partner, product, paid, each.call.day.replace(day=1)].append(each)
    lines: dict[tuple[str | None, str | None, date], list[Billed]] = defaultdict(list)
    for line in billed(world, question):
        lines[line.partner, line.product, line.month].append(line)
    so_far: dict[tuple[str | None, str | None, bool, date], int] = {}
    found = []
    for (partner, product, paid, month), calls in sorted(used.items(), key=lambda item: item[0][3]):
        plan = plans[product]
        interval = interval_of(plan, date(month.year, 1, 1), month)
        before = so_far.get((partner, product, paid, interval), 0)
        after = before + sum(each.units for each in calls if counts(each, plan))
        so_far[partner, product, paid, interval] = after
        day = settled(world, question, month)
        mine = lines[partner, product, month] if paid else []
        factors = [exchange(world, question, line.row["currency"], day) for line in mine]
        factor = exchange(world, question, plan["currency"], day)
        if factor is None or None in factors:
            continue
        worth = (rate(plan, after) - rate(plan, before)) * factor
        done = sum((line.amount * (by or 0) for line, by in zip(mine, factors, strict=True)), Fraction(0))
        dims = {**partner_dims(partner, world), "product": product}
        found.append(Potential(day, dims, worth, done, len(calls), paid))
    return found


def unrealised_revenue(world: World, question: Question) -> list[Point]:
    """What the use of partners who pay nothing would bring, and how much more that of those who pay."""

    def measure(bucket: Bucket, group: Sequence[Potential]) -> Measure:
        here = inside(bucket, group)
        free = [each for each in here if not each.paying]
        paid = [each for each in here if each.paying]
        amount = money(sum((each.worth for each in free), Fraction(0)))
        values: dict[str, Number | None] = {
            "amount": amount,
            "partners": len({each.partner for each in free}),
            "calls": sum(each.calls for each in free),
            "uplift": money(sum((each.worth - each.billed for each in paid), Fraction(0))),
        }
        return Measure(amount, len({each.partner for each in free}), values)

    return points(world, question, potentials(world, question), measure)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    "leakage": leakage,
    "billing_accuracy": billing_accuracy,
    "unrealised_revenue": unrealised_revenue,
}
_SPLITS = (*PARTNER, "product")
ASKS: Mapping[str, Ask] = {
    "leakage": Ask((*_SPLITS, "plan", "kind"), _SPLITS, GRAINS, extra=("rating",), of_calls=True),
    "billing_accuracy": Ask((*_SPLITS, "plan", "kind"), _SPLITS, GRAINS, extra=("rating",)),
    "unrealised_revenue": Ask(_SPLITS, _SPLITS, GRAINS, extra=("rating",), of_calls=True),
}
