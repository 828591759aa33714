"""How much of what was contracted or bought ahead is used, and when will it be gone?

Readings:
- An account is a partner and product with contracted units or credit packs, or a partner with such that name no
  product: a call belongs to the account of its product, else to the one without. Its contract of a day is the one in
  force among those to just that product. Without a contract, successes in production are metered.
- The state is that at the end of the bucket, or of the day of as-of when that is earlier; packs are live on whole local
  days. Units are first covered by the contract's interval (contracted units, else included ones), then drawn from the
  packs live on the day, that which expires first before the others; the rest is over contract.
- Used and allowed: of the contract of the last day, if it says how many units, its interval's; of packs live on that
  day, all; and what was over contract in that interval (without one, in that month) is used. What is left of packs
  that expired is lost.
- Exhaustion is in so many days as what is left lasts at the average of the last 28 days; never without use.
- What is metered is no matter of the question's environment: the plan says it.
- An account is present when its contract of the last day says how many units, or a pack was bought by then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.asks import PARTNER, Ask
from tests.reference.business.leakage import GRAINS
from tests.reference.business.rating import (
    Contract,
    billable,
    contracts,
    days,
    in_force,
    interval_of,
    metered,
    ours,
)
from tests.reference.calendar import DAY, local_day
from tests.reference.identity import followed, partner_dims
from tests.reference.question import Number, Point, Question, Row, World
from tests.reference.scope import Bucket, Measure, as_of, points, sees

Name = tuple[str | None, str | None]


@dataclass(slots=True)
class Pack:
    """A credit pack, live on the days from `first` to `end` (half-open)."""

    row: Row
    first: date
    end: date
    left: int


@dataclass(slots=True)
class State:
    """What an account has used by the end of a day."""

    allowed: int = 0
    used: int = 0
    over: int = 0
    lost: int = 0
    recent: int = 0


@dataclass(slots=True)
class Account:
    """One account with its contracts, packs and units by day."""

    name: Name
    day: date
    dims: Mapping[str, str | None]
    contracts: list[Contract] = field(default_factory=list)
    packs: list[Pack] = field(default_factory=list)
    units: dict[date, int] = field(default_factory=dict)


def holds_once(contract: Contract, others: Sequence[Contract]) -> bool:
    """Whether a contract is the one in force on some day."""
    product = contract.plan.get("product")
    edges = [contract.first, *(day for other in others for day in (other.first, other.end))]
    inside = [day for day in edges if contract.first <= day < contract.end]
    return any(in_force(others, contract.partner, product, day) is contract for day in inside)


def accounts(world: World, question: Question) -> list[Account]:
    """Return every account with the units metered for it."""
    found: dict[Name, Account] = {}
    held: dict[Name, list[Contract]] = defaultdict(list)
    for contract in contracts(world, question):
        held[contract.partner, contract.plan.get("product")].append(contract)

    def opened(name: Name) -> Account:
        dims = {**partner_dims(name[0], world), "product": name[1]}
        return found.setdefault(name, Account(name, date.min, dims, held[name]))

    for name, mine in list(held.items()):
        if any(
            one.subscription.get("contracted_units") is not None and holds_once(one, mine) for one in mine
        ):
            opened(name)
    for row in world.get("credit_packs", ()):
        partner = followed(row["partner_id"], world)
        if sees(row["purchased_at"], question) and ours(partner, world):
            first, end = days(row["purchased_at"], row.get("expires_at"), question.zone)
            opened((partner, row.get("product"))).packs.append(Pack(row, first, end, row["units"]))
    for each in metered(world, question):
        partner, product = each.call.partner, each.call.dims["product"]
        account = found.get((partner, product)) or found.get((partner, None))
        if account is None:
            continue
        mine_then = in_force(account.contracts, partner, account.name[1], each.call.day)
        if billable(each, mine_then.plan if mine_then else {}):
            account.units[each.call.day] = account.units.get(each.call.day, 0) + each.units
    return list(found.values())


def interval(contract: Contract, day: date, zone: str) -> tuple[str, date]:
    """Return the plan and the first month of the interval that holds a day."""
    started = local_day(contract.subscription["started_at"], zone)
    return contract.plan["plan_id"], interval_of(contract.plan, started, day.replace(day=1))


def state(account: Account, last: date, zone: str) -> State | None:
    """Return what was used by the end of a day, drawn day by day; None when the account is not there yet."""
    mine = in_force(account.contracts, account.name[0], account.name[1], last)
    contracted = mine.subscription.get("contracted_units") if mine else None
    packs = [replace(pack) for pack in account.packs if pack.first <= last]
    if contracted is None and not packs:
        return None
    current = interval(mine, last, zone) if mine and contracted is not None else None
    so_far: dict[tuple[str, date], int] = {}
    found = State()
    for day in sorted(account.units):
        if day > last:
            break
        units = account.units[day]
        found.recent += units if day > last - timedelta(days=28) else 0
        contract = in_force(account.contracts, account.name[0], account.name[1], day)
        key, excess = None, units
        if contract:
            key = interval(contract, day, zone)
            allowance = contract.subscription.get("contracted_units")
            allowance = contract.plan.get("included_units") if allowance is None else allowance
            before = so_far.get(key, 0)
            so_far[key] = before + units
            excess = max(0, before + units - (allowance or 0)) - max(0, before - (allowance or 0))
        for pack in sorted(packs, key=lambda one: (one.end, one.first, one.row["pack_id"])):
            if pack.first <= day < pack.end:
                taken = min(pack.left, excess)
                pack.left -= taken
                excess -= taken
        in_month = (day.year, day.month) == (last.year, last.month)
        found.over += excess if (in_month if current is None else key == current) else 0
    live = [pack for pack in packs if pack.end > last]
    found.lost = sum(pack.left for pack in packs if pack.end <= last)
    covered = min(so_far.get(current, 0), contracted) if current and contracted is not None else 0
    found.allowed = (contracted or 0) + sum(pack.row["units"] for pack in live)
    found.used = covered + sum(pack.row["units"] - pack.left for pack in live) + found.over
    return found


def days_left(allowed: int, used: int, recent: int) -> float | None:
    """Return how long the rest lasts at the pace of the last 28 days; None when nothing says."""
    if allowed and used >= allowed:
        return 0.0
    return float(Fraction(allowed - used) * 28 / recent) if allowed and recent else None


def last_day(world: World, question: Question, bucket: Bucket) -> date:
    """Return the day at whose end the state is told."""
    now, last = as_of(world, question), bucket.end - DAY
    if now is None:
        return last
    seen = now - timedelta(microseconds=1) if question.as_of is not None else now
    return min(last, local_day(seen, question.zone))


def states_of(world: World, question: Question, bucket: Bucket, group: Sequence[Account]) -> list[State]:
    """Return the state of each account that is there at the end of a bucket."""
    last = last_day(world, question, bucket)
    return [found for each in group if (found := state(each, last, question.zone)) is not None]


def every_account(world: World, question: Question) -> list[Account]:
    """Return all accounts, metered in whatever environment their contracts say."""
    return accounts(world, replace(question, environment=None))


def contract_consumption(world: World, question: Question) -> list[Point]:
    """Used ÷ allowed at the end of the bucket."""
    question = replace(question, by=question.by or ("partner", "product"))
    everything = every_account(world, question)

    def states(bucket: Bucket, group: Sequence[Account]) -> list[State]:
        return states_of(world, question, bucket, group)

    def measure(bucket: Bucket, group: Sequence[Account]) -> Measure:
        here = states(bucket, group)
        allowed, used = sum(one.allowed for one in here), sum(one.used for one in here)
        value = float(Fraction(used, allowed)) if allowed else None
        values: dict[str, Number | None] = {
            "consumed": value,
            "used": used,
            "allowed": allowed,
            "over_contract": sum(one.over for one in here),
            "lost": sum(one.lost for one in here),
            "days_left": days_left(allowed, used, sum(one.recent for one in here)),
        }
        return Measure(value, len(here), values, "nothing is contracted" if value is None else None)

    calls = [each.call.day for each in metered(world, question)]
    return points(
        world,
        question,
        everything,
        measure,
        present=lambda bucket, group: bool(states(bucket, group)),
        counted=calls,
    )


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    "contract_consumption": contract_consumption
}
ASKS: Mapping[str, Ask] = {
    "contract_consumption": Ask(
        (*PARTNER, "product"), (*PARTNER, "product"), GRAINS, extra=("rating",), always_by=("partner",)
    )
}
