"""What did the partners of a small world pay, and what did the program cost?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.reference.calendar import DAY, add_months, midnight

FIRST_MONTH = date(2024, 11, 1)
MONTHS = 18
CURRENCIES = (*["EUR"] * 5, "USD", "USD", "CHF")
KINDS = (
    *["subscription"] * 4,
    "usage",
    "usage",
    "overage",
    "credit_pack",
    "one_off",
    "credit",
    "refund",
    "tax",
)
AMOUNTS = ("100.00", "1200.00", "365.00", "0.10", "99.99", "33.333333", "0.00", "5000.00")
Draft = dict[str, Any]


def amount(random: Random) -> Decimal:
    """Return an amount of at most six decimal places."""
    return Decimal(random.choice(AMOUNTS))


def period(random: Random, zone: str) -> tuple[datetime, datetime]:
    """Return a service period: months or years from any day, a few days, one day, or moments within days."""
    first = add_months(FIRST_MONTH, random.randrange(MONTHS))
    kind = random.randrange(9)
    if kind < 4:
        return midnight(first, zone), midnight(add_months(first, 1), zone)
    if kind == 4:
        return midnight(first, zone), midnight(add_months(first, 12), zone)
    start = first + DAY * random.randrange(28)
    if kind == 8:
        later = add_months(first, random.choice((1, 3, 12)))
        return midnight(start, zone), midnight(later.replace(day=start.day), zone)
    if kind == 5:
        return midnight(start, zone), midnight(start + DAY, zone)
    if kind == 6:
        return midnight(start, zone), midnight(start + DAY * random.randrange(2, 80), zone)
    moment = midnight(start, zone) + timedelta(minutes=random.randrange(1440))
    return moment, moment + timedelta(hours=random.choice((0, 1, 30, 500)))


def spans(random: Random, zone: str) -> Draft:
    """Return the columns that costs, value and invoice lines share."""
    start, end = period(random, zone)
    currency = random.choice(CURRENCIES)
    return {"period_start": start, "period_end": end, "amount": amount(random), "currency": currency}


def invoice_lines(random: Random, partners: list[str], count: int, zone: str) -> list[Draft]:
    """Return invoice lines, some paid, credits of either sign; some repeat a year later."""
    rows: list[Draft] = []
    for n in range(count if partners else 0):
        row = spans(random, zone)
        kind = random.choice(KINDS)
        if kind in {"credit", "refund"}:
            row["amount"] *= random.choice((1, -1))
        issued = random.choice((row["period_start"], row["period_end"])) + timedelta(
            hours=random.choice((0, 1, 24 * 5))
        )
        paid = random.choice((None, issued + timedelta(days=random.randrange(40))))
        rows.append(
            row
            | {
                "line_id": f"L{n}",
                "invoice_id": f"I{n // 2}",
                "partner_id": random.choice(partners),
                "product": random.choice(("payments", "messages", None)),
                "plan_id": random.choice(("basic", None)),
                "kind": kind,
                "units": None,
                "issued_at": issued,
                "paid_at": paid,
            }
        )
    return rows + [a_year_later(random, row) for row in rows if random.random() < 0.3]


def a_year_later(random: Random, row: Draft) -> Draft:
    """Return the line of the same partner twelve months on, at the same price or more."""
    start = row["period_start"] + timedelta(days=365)
    length = row["period_end"] - row["period_start"]
    price = row["amount"] * random.choice((1, 1, 2, 3))
    moved = {"period_start": start, "period_end": start + length, "issued_at": start, "amount": price}
    return {**row, **moved, "line_id": f"{row['line_id']}-later", "paid_at": None}


def exchange_rates(random: Random) -> list[Draft]:
    """Return rates of the dollar on some days, with gaps longer than a week; none of the franc."""
    day, rows = FIRST_MONTH - DAY * 10, []
    while day < date(2026, 5, 1):
        rate = Decimal(random.choice(("0.9", "0.92", "1.05")))
        rows.append({"date": day, "currency": "USD", "rate": rate})
        day += DAY * random.choice((1, 3, 7, 8, 8, 20))
    return rows


def costs(random: Random, somebody: list[str | None], count: int, zone: str) -> list[Draft]:
    """Return costs, some of them of onboarding."""
    return [
        spans(random, zone)
        | {
            "cost_id": f"C{n}",
            "category": random.choice(("engineering", "infrastructure", "support")),
            "activity": random.choice(("run", "onboarding")),
            "partner_id": random.choice(somebody),
        }
        for n in range(count)
    ]


def effort(random: Random, somebody: list[str | None], count: int) -> list[Draft]:
    """Return onboarding hours."""
    return [
        {
            "date": add_months(FIRST_MONTH, random.randrange(MONTHS)) + DAY * random.randrange(28),
            "partner_id": random.choice(somebody),
            "activity": random.choice(("setup", "support", None)),
            "role": None,
            "hours": random.choice((0.5, 1.0, 2.25, 8.0)),
            "hourly_cost": Decimal(random.choice(("80.00", "95.50"))),
            "currency": random.choice(CURRENCIES),
        }
        for _ in range(count)
    ]


def business(random: Random, partners: list[str], lines: int, rows: int, zone: str) -> dict[str, list[Draft]]:
    """Return the business tables of a world, `rows` each of costs, effort and value; these may name no partner."""
    somebody = [*partners, None]
    return {
        "invoice_lines": invoice_lines(random, partners, lines, zone),
        "costs": costs(random, somebody, rows, zone),
        "effort": effort(random, somebody, rows),
        "value": [
            spans(random, zone)
            | {
                "kind": random.choice(("transaction", "attributed_revenue", "cost_avoidance")),
                "partner_id": random.choice(somebody),
                "already_in_revenue": random.choice((False, False, True)),
            }
            for _ in range(rows)
        ],
        "exchange_rates": exchange_rates(random),
    }
