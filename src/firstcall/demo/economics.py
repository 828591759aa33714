"""What does the program cost, what else is it worth, and what is a dollar in euros?"""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from firstcall.demo import story
from firstcall.demo.clock import (
    FIRST_DAY,
    LAST_DAY,
    QUARTERS,
    at,
    local,
    month_starts,
    next_month,
    quarter_end,
    quarter_of,
    quarter_start,
)
from firstcall.demo.people import Partner
from firstcall.demo.tables import Cell, Table

_ROLES: Final = {
    "setup": ("solution engineer", 98),
    "support": ("support engineer", 76),
    "provisioning": ("platform engineer", 92),
    "documentation": ("developer advocate", 84),
    "legal": ("legal counsel", 140),
}
_HOURS_BEFORE: Final = {"setup": 17, "support": 12, "provisioning": 6, "documentation": 5, "legal": 4}
_HOURS_AFTER: Final = {"setup": 1, "support": 2, "provisioning": 0, "documentation": 1, "legal": 0}
_RUN: Final = (
    ("engineering", 16_500, 250),
    ("infrastructure", 2_400, 110),
    ("support", 4_100, 40),
    ("tooling", 1_300, 0),
)
"""Costs of running the program: category, EUR a month at the start, EUR more each month."""


def make_effort(seed: int, partners: tuple[Partner, ...]) -> Table:
    """Hours spent on each partner that went live, in the weeks before; few of them after the portal."""
    rng = random.Random(f"effort {seed}")
    rows: list[tuple[Cell, ...]] = []
    for partner in partners:
        if partner.live is None:
            continue
        plan = _HOURS_BEFORE if partner.live < at(story.SELF_SERVICE) else _HOURS_AFTER
        earliest = max(partner.registered, at(quarter_start(quarter_of(partner.live)).isoformat()))
        for activity, usual in plan.items():
            role, cost = _ROLES[activity]
            hours = Decimal(rng.randint(3 * usual, 5 * usual)) / 4
            day = local(earliest + int(rng.random() * (partner.live - earliest))).date()
            if hours:
                rows.append((day, partner.partner_id, activity, role, hours, cost, "EUR"))
    rows.sort(key=lambda row: (str(row[0]), str(row[1]), str(row[2])))
    header = ("date", "partner_id", "activity", "role", "hours", "hourly_cost", "currency")
    return Table("effort", header, tuple(rows))


def make_costs(effort: Table) -> Table:
    """Monthly costs of running, and each quarter's onboarding costs beside the hours."""
    rows: list[tuple[Cell, ...]] = []
    for n, first in enumerate(month_starts(FIRST_DAY, LAST_DAY)):
        for category, base, step in _RUN:
            identifier = f"C-{first:%Y%m}-{category}"
            amount = base + step * min(n, 9)
            rows.append(
                (identifier, category, "run", first, next_month(first), amount, "EUR", "", "measured")
            )
    for quarter in QUARTERS:
        spent = _spent(effort, quarter)
        rest = story.ONBOARDING_COST[quarter] - spent
        span = (quarter_start(quarter), quarter_end(quarter))
        note = "Onboarding tools and outside help"
        rows.append(
            (f"C-{quarter}-onboarding", "tooling", "onboarding", *span, rest, "EUR", note, "measured")
        )
    header = ("cost_id", "category", "activity", "period_start", "period_end", "amount", "currency", "note")
    return Table("costs", (*header, "confidence"), tuple(rows))


def _spent(effort: Table, quarter: str) -> Decimal:
    """EUR of the hours whose date lies in the quarter."""
    total = Decimal(0)
    for day, _, _, _, hours, cost, _ in effort.rows:
        if isinstance(day, date) and quarter_start(quarter) <= day < quarter_end(quarter):
            total += Decimal(str(hours)) * Decimal(str(cost))
    return total


def make_headcount() -> Table:
    """The team: the same people onboard ten partners in one quarter and twenty in a later one."""
    teams = (("engineering", "2.0"), ("support", "1.0"), ("partner success", "1.5"))
    rows = [(first, team, fte) for first in month_starts(FIRST_DAY, LAST_DAY) for team, fte in teams]
    return Table("headcount", ("month", "team", "fte"), tuple(rows))


_ATTRIBUTED: Final = dict(zip(QUARTERS, (60_000, 84_000, 120_000, 172_000, 246_000), strict=True))
_AVOIDED: Final = dict(zip(QUARTERS, (9_000, 13_500, 18_000, 24_000, 31_500), strict=True))
_FLOWING: Final = dict(zip(QUARTERS, (400_000, 700_000, 1_050_000, 1_500_000, 2_100_000), strict=True))


def make_value(partners: tuple[Partner, ...]) -> Table:
    """Revenue that partners bring, work they save, and what flows through the API, with how sure we are."""
    whale = next(partner.partner_id for partner in partners if partner.role == "whale")
    founder = next(partner.partner_id for partner in partners if partner.role == "founder-1")
    rows: list[tuple[Cell, ...]] = []
    for quarter in QUARTERS:
        span = (quarter_start(quarter), quarter_end(quarter))
        sold = _ATTRIBUTED[quarter]
        note = "Orders through partner integrations, by sales"
        for partner_id, share in ((whale, 50), (founder, 20), ("", 30)):
            amount = Decimal(sold * share) / 100
            rows.append(("attributed_revenue", partner_id, *span, amount, "EUR", "false", note, "estimated"))
        saved = "Manual order entry saved: minutes a call times loaded rate"
        rows.append(("cost_avoidance", "", *span, _AVOIDED[quarter], "EUR", "false", saved, "assumed"))
        flow = "Goods ordered over the shipping and payments APIs"
        rows.append(("transaction", "", *span, _FLOWING[quarter], "EUR", "false", flow, "estimated"))
    header = ("kind", "partner_id", "period_start", "period_end", "amount", "currency", "already_in_revenue")
    return Table("value", (*header, "note", "confidence"), tuple(rows))


def make_rates(seed: int) -> Table:
    """Euros for one dollar and one pound on every working day, from the week before the first."""
    rng = random.Random(f"rates {seed}")
    rows: list[tuple[Cell, ...]] = []
    day, dollar, pound = FIRST_DAY - timedelta(days=7), 0.8600, 1.1600
    while day <= LAST_DAY:
        dollar += (0.8700 - dollar) * 0.02 + rng.uniform(-0.0030, 0.0030)
        pound += (1.1500 - pound) * 0.02 + rng.uniform(-0.0035, 0.0035)
        if day.weekday() < 5:
            rows.append((day, "USD", f"{dollar:.4f}"))
            rows.append((day, "GBP", f"{pound:.4f}"))
        day += timedelta(days=1)
    return Table("exchange_rates", ("date", "currency", "rate"), tuple(rows))
