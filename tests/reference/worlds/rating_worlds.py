"""Which plans, subscriptions, packs and lines part one reading of a price from another?

Amounts have few decimals and rates two, so that what is exact to a millionth is exact.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.reference.business.ledger import money
from tests.reference.business.rating import stretches
from tests.reference.calendar import DAY, INSTANT, add_months, midnight
from tests.reference.question import Question, Row, World

FIRST_MONTH = date(2025, 1, 1)
CURRENCIES = (*["EUR"] * 5, "USD", "USD", "CHF")
TIERS: tuple[list[tuple[int | None, str | float | None, str | None]], ...] = (
    [],
    [(None, "0.5", None)],
    [(5, "1", "2.50"), (20, "0.125", None), (None, 0.25, "10")],
    [(10, "0", None), (None, "0.75", None)],
    [(3, None, "9.99"), (12, "2", None)],
)
Draft = dict[str, Any]


def moment(random: Random, zone: str) -> datetime:
    """Return a local midnight of the fourteen months, often a month's first, or a moment beside or inside a day."""
    day = add_months(FIRST_MONTH, random.randrange(14))
    if random.random() < 0.5:
        day += DAY * random.randrange(28)
    beside = random.choice((timedelta(0), timedelta(0), timedelta(0), INSTANT, -INSTANT, timedelta(hours=11)))
    return midnight(day, zone) + beside


def tiers(random: Random) -> str | None:
    """Return the tiers of a plan as JSON: prices as text or number, keys in any order, some left out."""
    listed = []
    for up_to, price, fee in random.choice(TIERS):
        tier: Draft = {"unit_price": price, "up_to": up_to}
        if fee is not None:
            tier["flat_fee"] = fee
        if price is None:
            del tier["unit_price"]
        listed.append(tier)
    return json.dumps(listed) if listed else random.choice((None, "[]"))


def version(random: Random, name: str, product: str | None, currency: str) -> Draft:
    """Return one version of a plan, valid always."""
    return {
        "plan_id": name,
        "product": product,
        "name": name,
        "status": "proposed" if name.startswith("draft") else "live",
        "valid_from": None,
        "valid_to": None,
        "currency": currency,
        "interval": random.choice(("month", "month", "year")),
        "fee": Decimal(random.choice(("0", "10", "99.50", "120"))),
        "included_units": random.choice((None, 0, 4, 10)),
        "tiers": tiers(random),
        "tier_mode": random.choice(("graduated", "graduated", "volume")),
        "bills": random.choice(("success", "success", "all")),
        "environment": random.choice(("production", "production", "production", "sandbox")),
        "confidence": random.choice(("measured", "measured", "estimated")),
    }


def plans(random: Random, zone: str) -> list[Draft]:
    """Return plans of two products and of none, some with a second version (at once, with a gap, overlapping)."""
    rows = []
    names = (("pay", "payments"), ("pro", "payments"), ("msg", "messages"), ("all", None))
    drafts = (("draft-pay", "payments"), ("draft-all", None))
    for name, product in (*names, *(each for each in drafts if random.random() < 0.7)):
        currency = random.choice(CURRENCIES)
        row = version(random, name, product, currency)
        rows.append(row)
        if random.random() < 0.5:
            changed = moment(random, zone)
            row["valid_to"] = random.choice((None, changed, changed, changed + timedelta(days=3)))
            later = version(random, name, product, currency) | {"interval": row["interval"]}
            rows.append({**later, "valid_from": changed})
    return rows


def subscriptions(random: Random, zone: str, partners: Sequence[str], listed: Sequence[Row]) -> list[Draft]:
    """Return subscriptions, several of them on the same days, some on trial, some changed within a day."""
    rows: list[Draft] = []
    names = sorted({row["plan_id"] for row in listed if row["status"] == "live"})
    for n in range(random.randrange(1, 14) if partners else 0):
        started = moment(random, zone) if not rows or random.random() < 0.7 else rows[-1]["started_at"]
        kind = random.choice(("paid", "paid", "paid", "free", "trial", "reverse_trial"))
        ended = random.choice(
            (None, None, started, started + DAY * random.choice((7, 14, 30, 61, 90)), moment(random, zone))
        )
        agreed = random.choice((None, started + DAY * 14, started + DAY * 30)) if "trial" in kind else None
        rows.append(
            {
                "subscription_id": f"S{n}",
                "partner_id": random.choice(partners[:3]),
                "plan_id": random.choice(names),
                "started_at": started,
                "ended_at": ended if ended is None or ended >= started else None,
                "kind": kind,
                "trial_ends_at": agreed,
                "contracted_units": random.choice((None, None, 8, 30)),
            }
        )
    return rows + after_trials(random, rows)


def after_trials(random: Random, rows: Sequence[Draft]) -> list[Draft]:
    """Return what followed some of the subscriptions: paid or free, at the end, on the last day of grace, or later."""
    found = []
    for row in rows:
        end = row["ended_at"] or row["trial_ends_at"] or row["started_at"] + DAY * 30
        for turn in range(random.choice((0, 1, 1, 2))):
            later = random.choice((timedelta(0), -DAY, DAY * 7, DAY * 7 + INSTANT, DAY * 40, DAY * 83))
            kind = random.choice(("paid", "free"))
            started = max(end + later, row["started_at"])
            more = {"started_at": started, "ended_at": None, "kind": kind, "trial_ends_at": None}
            found.append({**row, **more, "subscription_id": f"{row['subscription_id']}-{turn}"})
    return found


def credit_packs(random: Random, zone: str, partners: Sequence[str]) -> list[Draft]:
    """Return packs that overlap, expire early, expire on one day, or never."""
    rows = []
    for n in range(random.randrange(5) if partners else 0):
        bought = moment(random, zone)
        expires = random.choice((None, bought + DAY * 30, bought + DAY * 90, moment(random, zone)))
        rows.append(
            {
                "pack_id": f"K{n}",
                "partner_id": random.choice(partners[:2]),
                "product": random.choice(("payments", "messages", None)),
                "units": random.choice((0, 5, 20, 100)),
                "purchased_at": bought,
                "expires_at": expires,
                "amount": Decimal(50),
                "currency": "EUR",
            }
        )
    return rows


def lines(random: Random, world: World, zone: str) -> list[Draft]:
    """Return lines as they are due, and as they go wrong; some of use that nobody made, credits, and fees."""
    rows: list[Draft] = []
    for stretch in stretches(world, Question("", zone=zone)):
        for kind in random.choices(WRONG, k=random.choice((0, 1, 1, 1, 2))):
            row = one(random, zone, stretch.month, stretch.contract.partner)
            row |= {"product": stretch.product, "plan_id": stretch.contract.plan["plan_id"]}
            row |= {"currency": stretch.contract.plan["currency"], "units": float(stretch.beyond)}
            row["amount"] = money(stretch.due).quantize(Decimal("0.001"))
            rows += wrong(random, kind, row)
    owners = [row["partner_id"] for row in world["partners"]]
    for n in range(random.randrange(4) if owners else 0):
        row = one(random, zone, add_months(FIRST_MONTH, random.randrange(14)), random.choice(owners))
        row |= {
            "kind": random.choice(("usage", "subscription", "credit", "one_off")),
            "units": random.choice((None, 3.0)),
        }
        rows.append(row | {"amount": Decimal(random.choice(("5", "-5", "0.25"))) * (n + 1)})
    return [{**row, "line_id": f"U{n}", "invoice_id": f"I{n}"} for n, row in enumerate(rows)]


WRONG = (
    "right",
    "right",
    "right",
    "less",
    "more",
    "price",
    "twice",
    "currency",
    "credit",
    "cent",
    "early",
    "blind",
)


def one(random: Random, zone: str, month: date, partner: str | None) -> Draft:
    """Return a line of a month without amount."""
    start, end = midnight(month, zone), midnight(add_months(month, 1), zone)
    return {
        "partner_id": partner,
        "product": random.choice(("payments", None)),
        "plan_id": None,
        "kind": random.choice(("usage", "overage")),
        "period_start": start,
        "period_end": end,
        "units": None,
        "currency": "EUR",
        "issued_at": end + timedelta(minutes=30),
        "paid_at": None,
    }


def wrong(random: Random, kind: str, row: Draft) -> list[Draft]:
    """Return the line as billing wrote it."""
    off = Decimal(random.choice((1, 2, 7)))
    changes: Mapping[str, Draft] = {
        "less": {
            "amount": max(row["amount"] - off, Decimal(0)),
            "units": max(row["units"] - float(off), 0.0),
        },
        "more": {"amount": row["amount"] + off, "units": row["units"] + float(off)},
        "price": {"amount": row["amount"] + off, "plan_id": random.choice((row["plan_id"], "pro"))},
        "currency": {"currency": "USD"},
        "cent": {"amount": row["amount"] + Decimal("0.004")},
        "early": {
            "issued_at": row["period_start"] + DAY * 10,
            "amount": max(row["amount"] - off, Decimal(0)),
            "units": max(row["units"] - float(off), 0.0),
        },
        "blind": {"units": None, "product": None, "plan_id": None},
    }
    if kind == "credit":
        return [row, {**row, "kind": "credit", "amount": -off, "units": random.choice((None, 1.0))}]
    return [{**row, **changes.get(kind, {})}] * (2 if kind == "twice" else 1)


def rates(random: Random) -> list[Draft]:
    """Return rates of the dollar with gaps, some of more than a week."""
    day, rows = FIRST_MONTH - DAY * 10, []
    while day < date(2026, 5, 1):
        rows.append({"date": day, "currency": "USD", "rate": Decimal(random.choice(("0.9", "0.92", "1.05")))})
        day += DAY * random.choice((1, 3, 6, 7, 8))
    return rows


def calls(random: Random, world: World, zone: str) -> list[Draft]:
    """Return the world's calls with units, half of them crowded into few months; one call at least."""
    rows: list[Draft] = []
    crowded = random.random() < 0.6
    for row in world["calls"]:
        units = random.choice((0, 1, 1, 2, 5, 7, 10))
        changed = {**row, "units": units}
        if crowded and random.random() < 0.7:
            month = add_months(FIRST_MONTH, random.choice((5, 5, 6)))
            changed["time"] = midnight(month, zone) + timedelta(hours=random.randrange(24 * 28))
            changed |= {"environment": random.choice(("production", "production", "sandbox"))}
        rows.append(changed)
    last = {
        "source": "kong",
        "environment": "production",
        "method": "GET",
        "route": "/",
        "status": 200,
        "units": 1,
    }
    return [*rows, {**last, "event_id": "last", "time": midnight(date(2026, 3, 20), zone), "consumer": None}]


def rows(random: Random, world: World, zone: str) -> dict[str, list[Row]]:
    """Return the tables that rating reads, calls among them."""
    owners = [row["partner_id"] for row in world["partners"]]
    listed = plans(random, zone)
    made: dict[str, list[Row]] = {
        "calls": list(calls(random, world, zone)),
        "plans": list(listed),
        "subscriptions": list(subscriptions(random, zone, owners, listed)),
        "credit_packs": list(credit_packs(random, zone, owners)),
        "exchange_rates": list(rates(random)),
    }
    made["invoice_lines"] = list(lines(random, {**world, **made}, zone))
    return made
