"""Who subscribes to what, and what does each invoice say? Fees plus the plan's price of the metered units."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from firstcall.demo import story
from firstcall.demo.catalogue import PLANS, Plan
from firstcall.demo.clock import (
    DAY,
    END,
    FIRST_DAY,
    HOUR,
    LAST_DAY,
    MINUTE,
    at,
    local,
    midnight,
    month_of,
    month_starts,
    next_month,
)
from firstcall.demo.people import Partner
from firstcall.demo.verifications import pay_as_you_go

CENT: Final = Decimal("0.01")
LEAK_BILLED: Final = 600
"""Units a month that the leaking partner is billed for (200 included, 400 as overage) from July 2026."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription; times in epoch ms."""

    subscription_id: str
    partner: Partner
    plan: Plan
    started: int
    ended: int | None
    kind: str
    trial_ends: int | None = None
    contracted: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One invoice line; times in epoch ms, the amount in the plan's currency."""

    partner: Partner
    product: str
    plan_id: str
    kind: str
    start: int
    end: int
    units: int | None
    amount: Decimal
    currency: str


Contract = tuple[str, str, str | None, int | None]
"""Plan id, started, ended (local dates), contracted units."""

_CONTRACTS: Final[dict[str, tuple[Contract, ...]]] = {
    "founder-1": (("contract-founder-1", "2025-07-01", "2026-04-01", None),),
    "founder-2": (("contract-founder-2", "2025-07-01", None, None),),
    "verifier": (
        ("contract-verifier", "2025-07-01", None, None),
        ("identity-200", "2026-04-01", None, 1000),
    ),
    "founder-4": (("contract-founder-4", "2025-07-01", None, None),),
    "whale": (
        ("contract-whale", "2025-08-01", "2026-08-01", None),
        ("enterprise-whale", "2026-08-01", None, None),
    ),
    "castellan": (("contract-castellan", "2025-08-01", "2026-08-01", None),),
    "laggard-1": (
        ("contract-laggard-1", "2025-08-01", "2026-07-01", None),
        ("payments-scale", "2026-07-01", None, None),
        ("accounts-scale", "2026-07-01", None, None),
    ),
    "laggard-2": (("contract-laggard-2", "2025-08-01", None, None),),
    "laggard-3": (
        ("contract-laggard-3", "2025-09-01", "2026-06-01", None),
        ("payments-growth", "2026-06-01", None, None),
    ),
    "founder-10": (
        ("contract-founder-10", "2025-09-01", "2026-09-01", None),
        ("shipping-scale", "2026-09-01", None, None),
    ),
    "leak": (("identity-200", "2026-05-01", None, 900),),
    "annual": (("shipping-annual", "2026-07-01", None, None),),
}
_UPGRADED: Final[tuple[Contract, ...]] = (
    ("shipping-scale", "2026-04-01", None, None),
    ("accounts-scale", "2026-04-01", None, None),
)
_SIZES: Final = ("starter", "starter", "growth", "growth", "growth", "scale")
_MAIN: Final = {"kong": "payments", "nginx": "shipping", "aws": "insights"}
TRIAL_DAYS: Final = 14
TRIALS_CONVERTED: Final = 12
TRIALS_EXPIRED: Final = 8


def make_subscriptions(seed: int, partners: tuple[Partner, ...]) -> tuple[Subscription, ...]:
    """Every subscription: contracts of the story, free access, trials, and what was bought after the launch."""
    rng = random.Random(f"subscriptions {seed}")
    live = sorted((p for p in partners if p.live is not None), key=lambda p: (p.live or 0, p.partner_id))
    drafts = [draft for partner in live for draft in _contracts(partner)]
    plain = [partner for partner in live if partner.role not in _CONTRACTS]
    drafts += [draft for partner in plain for draft in _free(partner)]
    buyers = [p for p in plain if "silent" not in p.role and p.gateways[0] != "aws"]
    drafts += list(_bought(rng, buyers))
    for partner in pay_as_you_go(partners):
        currency = "-usd" if partner.country == "US" else ""
        started = max(at(story.PRICE_LAUNCH), midnight(next_month(local(partner.live or 0).date())))
        drafts.append(Subscription("", partner, PLANS[f"identity-payg{currency}"], started, None, "paid"))
    stalled = [p for p in partners if p.fate == "stalled" and p.registered > at("2026-04-05")]
    drafts += [_trial(p, p.registered + 2 * HOUR) for p in stalled[:TRIALS_EXPIRED]]
    drafts.sort(key=lambda draft: (draft.started, draft.partner.partner_id, draft.plan.plan_id))
    return tuple(_numbered(n, draft) for n, draft in enumerate(drafts, 1))


def _numbered(number: int, draft: Subscription) -> Subscription:
    return replace(draft, subscription_id=f"S{number:04d}")


def _contracts(partner: Partner) -> Iterator[Subscription]:
    upgraded = _UPGRADED if partner.role == "founder-1" else ()
    for plan_id, started, ended, contracted in (*_CONTRACTS.get(partner.role, ()), *upgraded):
        end = at(ended) if ended else None
        yield Subscription("", partner, PLANS[plan_id], at(started), end, "paid", None, contracted)


def _free(partner: Partner) -> Iterator[Subscription]:
    """Beta access until the price launch, community access after it, to what the partner calls."""
    live, launch = partner.live or 0, at(story.PRICE_LAUNCH)
    for gateway in partner.gateways:
        product = _MAIN[gateway]
        if live < launch:
            yield Subscription("", partner, PLANS[f"{product}-beta"], live, launch, "free")
        yield Subscription("", partner, PLANS[f"{product}-community"], max(live, launch), None, "free")


def _bought(rng: random.Random, buyers: list[Partner]) -> Iterator[Subscription]:
    """Paid plans after the launch: the earlier partners step by step, newcomers after a trial or at once."""
    launch, trials = at(story.PRICE_LAUNCH), 0
    for n, partner in enumerate(buyers):
        started = max(launch + (n % 3) * 21 * DAY, midnight(local(partner.live or 0).date()) + DAY)
        if n % 5 == 4 or started > at("2026-09-20"):
            continue
        if (partner.live or 0) > launch and started < at("2026-09-05") and trials < TRIALS_CONVERTED:
            trials += 1
            trial = _trial(partner, started, converted=True)
            yield trial
            started = trial.trial_ends or started
        currency = "-usd" if partner.country == "US" else ""
        plan = PLANS[f"{_MAIN[partner.gateways[0]]}-{rng.choice(_SIZES)}{currency}"]
        yield Subscription("", partner, plan, started, None, "paid")


def _trial(partner: Partner, started: int, *, converted: bool = False) -> Subscription:
    """Two weeks of the growth plan; it ends on time, or is followed by a paid plan at that moment."""
    product = _MAIN[partner.gateways[0]] if partner.gateways[0] != "aws" else "payments"
    ends = midnight(local(started + TRIAL_DAYS * DAY).date())
    plan = PLANS[f"{product}-growth"]
    return Subscription("", partner, plan, started, ends if converted else ends + 10 * MINUTE, "trial", ends)


def make_lines(
    subscriptions: tuple[Subscription, ...], partners: tuple[Partner, ...], units: dict[tuple[str, str], int]
) -> tuple[Line, ...]:
    """Every invoice line, by month and partner; `units` are metered identity checks by partner and month."""
    lines: list[Line] = []
    for subscription in subscriptions:
        if subscription.kind == "paid":
            lines += _fees(subscription)
            lines += _usage(subscription, units)
    lines += list(_others(partners, tuple(lines)))
    lines = [line for line in lines if issued(line) < END]
    return tuple(sorted(lines, key=_order))


def _order(line: Line) -> tuple[int, str, str, str, str]:
    return issued(line), line.partner.partner_id, line.product, line.kind, line.plan_id


def issued(line: Line) -> int:
    """When the line's invoice went out: half past midnight after the month it starts in."""
    return midnight(next_month(local(line.start).date())) + 30 * MINUTE


def _fees(subscription: Subscription) -> Iterator[Line]:
    """The fee for every month, by days where only part of a month is covered; a year at once."""
    plan = subscription.plan
    if plan.fee == 0:
        return
    if plan.interval == "year":
        start = local(subscription.started).date()
        yield _line(subscription, "subscription", start, start.replace(year=start.year + 1), None, plan.fee)
        return
    for first in month_starts(FIRST_DAY, LAST_DAY):
        end = next_month(first)
        begin = max(first, local(subscription.started).date())
        finish = min(end, local(subscription.ended).date()) if subscription.ended else end
        if begin >= finish:
            continue
        share = Decimal((finish - begin).days) / (end - first).days
        yield _line(subscription, "subscription", begin, finish, None, (plan.fee * share).quantize(CENT))


def _usage(subscription: Subscription, units: dict[tuple[str, str], int]) -> Iterator[Line]:
    """Metered units at the plan's prices; the leaking partner's second key is unknown to billing."""
    plan = subscription.plan
    if not plan.tiers:
        return
    for first in month_starts(FIRST_DAY, LAST_DAY):
        metered = units.get((subscription.partner.partner_id, f"{first:%Y-%m}"), 0)
        if not metered or midnight(first) < subscription.started:
            continue
        known = min(metered, LEAK_BILLED) if _leaks(subscription, first) else metered
        billed = max(0, known - (plan.included or 0))
        kind = "overage" if plan.included else "usage"
        yield _line(subscription, kind, first, next_month(first), billed, plan.usage(known))


def _leaks(subscription: Subscription, first: date) -> bool:
    return subscription.partner.role == "leak" and f"{first:%Y-%m}" >= story.SECOND_KEY[:7]


def _line(
    subscription: Subscription, kind: str, start: date, end: date, units: int | None, amount: Decimal
) -> Line:
    plan = subscription.plan
    return Line(
        subscription.partner,
        plan.product,
        plan.plan_id,
        kind,
        midnight(start),
        midnight(end),
        units,
        amount,
        plan.currency,
    )


def _others(partners: tuple[Partner, ...], lines: tuple[Line, ...]) -> Iterator[Line]:
    """A credit pack, set-up fees, credits after the outage, and the tax on German invoices."""
    pack = next(partner for partner in partners if partner.role == "pack")
    quarter = (at(story.LAST_QUARTER[0]), at(story.LAST_QUARTER[1]))
    yield Line(pack, "identity", "", "credit_pack", *quarter, 1000, Decimal(750), "EUR")
    buyers = [line for line in lines if line.kind == "subscription" and "-scale" in line.plan_id]
    for line in buyers[:4]:
        setup = Decimal(1500)
        yield replace(line, kind="one_off", amount=setup)
    hit = [
        line
        for line in lines
        if line.product == "shipping" and line.start == at("2026-08-01") and not line.partner.role
    ]
    for line in hit[:5]:
        amount = -(line.amount / 10).quantize(CENT)
        yield replace(line, kind="credit", amount=amount)
    for line in lines:
        if line.partner.country == "DE" and line.amount > 0:
            tax = (line.amount * Decimal("0.19")).quantize(CENT)
            yield replace(line, kind="tax", units=None, amount=tax)


def invoice_of(line: Line) -> str:
    """The invoice a line stands on: one per partner, month and currency."""
    return f"INV-{month_of(line.start).replace('-', '')}-{line.partner.partner_id}-{line.currency}"
