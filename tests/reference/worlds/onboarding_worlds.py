"""Which journeys begin, end and tie where definitions part, and which tickets, heads and plans go with them?

Steps sit at a sign-up, at a call or an instant beside it, and exactly a day, 14 or 90 days from one.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from tests.reference.calendar import DAY, INSTANT, add_months
from tests.reference.question import Row, World
from tests.reference.worlds.small_worlds import LAST_MOMENT, some_moment

STEPS = (
    *["docs_viewed"] * 5, *["quickstart_viewed"] * 4, "credentials_issued", "credentials_issued",
    "approval_requested", "approval_requested", "approved", "approved", "identified", "webhook_configured",
    "poc_started", "poc_started", "poc_completed", "poc_completed", "trial_started", "credentials_requested",
)  # fmt: skip
PAGES = ("start", "auth", "webhooks", None)
GAPS = (timedelta(0), timedelta(0), INSTANT, -INSTANT, DAY, DAY, DAY + INSTANT, DAY * 14, DAY * 90, DAY * 3)


def near(random: Random, world: World, zone: str) -> datetime:
    """Return a moment at, or a telling stretch from, a sign-up or a call."""
    moments = [row["time"] for row in world["calls"]]
    moments += [row["signed_up_at"] for row in world["developers"]]
    moments += [row["registered_at"] for row in world["partners"]]
    if not moments or random.random() < 0.2:
        return some_moment(random, zone)
    time: datetime = random.choice(moments) + random.choice(GAPS) * random.choice((1, 1, -1))
    return min(time, LAST_MOMENT)


def walk(random: Random, world: World, zone: str) -> list[Row]:
    """Return rows of the journey of partners, developers and visitors, some never identified."""
    rows: list[Row] = []
    people = [row["developer_id"] for row in world["developers"]]
    partners = [row["partner_id"] for row in world["partners"]]
    for _ in range(random.randrange(90)):
        kind = random.randrange(6)
        person = random.choice(people) if people and kind > 1 else None
        visitor = f"visitor-{random.randrange(6)}" if kind in {0, 5} else None
        step = random.choice(STEPS)
        rows.append(
            {
                "time": near(random, world, zone),
                "partner_id": random.choice(partners) if partners and kind == 1 else None,
                "developer_id": person if visitor is None or step == "identified" else None,
                "anonymous_id": visitor,
                "step": step,
                "subject": random.choice(PAGES),
            }
        )
    return rows


def tickets(random: Random, world: World, zone: str) -> list[Row]:
    """Return tickets of partners or of developers alone."""
    people = [row["developer_id"] for row in world["developers"]]
    partners = [row["partner_id"] for row in world["partners"]]
    return [
        {
            "ticket_id": f"t{n}",
            "partner_id": random.choice((*partners, None)) if random.random() < 0.5 else None,
            "developer_id": random.choice((*people, None)),
            "opened_at": near(random, world, zone),
        }
        for n in range(random.randrange(6))
    ]


def headcount(random: Random) -> list[Row]:
    """Return teams by month, with gaps."""
    return [
        {"month": add_months(date(2024, 1, 1), n), "team": team, "fte": random.choice((0.0, 0.5, 2.0, 3.25))}
        for n in range(30)
        for team in ("api", "support")
        if random.random() < 0.7
    ]


def rows(random: Random, world: World, zone: str) -> dict[str, list[Row]]:
    """Return journeys with everything beside them."""
    partners = [row["partner_id"] for row in world["partners"]]
    subscriptions: list[Row] = [
        {
            "subscription_id": f"s{n}",
            "partner_id": random.choice((*partners, "P-unknown")),
            "plan_id": random.choice(("basic", "chat", "gone")),
            "started_at": near(random, world, zone),
            "ended_at": near(random, world, zone) if random.random() < 0.4 else None,
            "kind": random.choice(("paid", "paid", "free", "trial")),
        }
        for n in range(random.randrange(12))
    ]
    plans: list[Row] = [
        {"plan_id": "basic", "product": "payments", "valid_from": None, "currency": "EUR"},
        {
            "plan_id": "basic",
            "product": "payments",
            "valid_from": some_moment(random, zone),
            "currency": "EUR",
        },
        {"plan_id": "chat", "product": "messages", "valid_from": None, "currency": "EUR"},
        {"plan_id": "gone", "product": None, "valid_from": None, "currency": "EUR"},
    ]
    return {
        "journey": [*world["journey"], *walk(random, world, zone)],
        "tickets": tickets(random, world, zone),
        "headcount": headcount(random),
        "subscriptions": subscriptions,
        "plans": plans,
    }
