"""What is tried in trials that begin in one month, many of them paid, of products with features?"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from tests.reference.calendar import DAY, INSTANT
from tests.reference.question import Row, World
from tests.reference.worlds.depth_worlds import endpoints
from tests.reference.worlds.small_worlds import ENDPOINTS, LAST_MOMENT, some_moment

LENGTHS = (DAY * 14, DAY * 14, DAY * 30, timedelta(0))
EDGES = (timedelta(0), -INSTANT, INSTANT, DAY, -DAY)


def subscription(
    random: Random, name: str, owner: str, since: datetime, kind: str, until: datetime | None
) -> Row:
    """Return a subscription to a plan of a product, or of none."""
    return {
        "subscription_id": name,
        "partner_id": owner,
        "plan_id": random.choice(("pay", "pay", "any")),
        "started_at": since,
        "ended_at": None,
        "kind": kind,
        "trial_ends_at": until,
    }


def tried(random: Random, name: str, consumer: str, since: datetime, until: datetime) -> Row:
    """Return a call in a trial, or at an edge of its end."""
    method, route = random.choice(ENDPOINTS)
    return {
        "event_id": name,
        "time": random.choice((since + DAY * random.randrange(14), until + random.choice(EDGES))),
        "source": "kong",
        "environment": random.choice(("production", "sandbox")),
        "consumer": consumer,
        "product": random.choice(("payments", "payments", "messages", None)),
        "method": method,
        "route": route,
        "status": random.choice((200, 200, 200, 404)),
    }


def rows(random: Random, world: World, zone: str) -> dict[str, list[Row]]:
    """Return trials of a month, what was paid after them, the catalogue, and calls in the trials."""
    keys = [row for row in world["credentials"] if row["valid_from"] is None and row["valid_to"] is None]
    month = min(some_moment(random, zone), LAST_MOMENT - DAY * 90)
    subscriptions: list[Row] = []
    calls: list[Row] = list(world["calls"])
    for n in range(random.randrange(14) if keys else 0):
        held, since = random.choice(keys), month + DAY * random.randrange(20)
        until = since + random.choice(LENGTHS)
        owner = held["partner_id"]
        subscriptions.append(subscription(random, f"T{n}", owner, since, "trial", until))
        if random.random() < 0.5:
            subscriptions.append(
                subscription(random, f"S{n}", owner, until + DAY * random.randrange(9), "paid", None)
            )
        calls += [
            tried(random, f"tried-{n}-{place}", held["consumer"], since, until)
            for place in range(random.randrange(9))
        ]
    plans: list[Row] = [
        {"plan_id": "pay", "product": "payments", "valid_from": None, "currency": "EUR"},
        {"plan_id": "any", "product": None, "valid_from": None, "currency": "EUR"},
    ]
    return {
        "endpoints": list(endpoints(random, zone)),
        "plans": plans,
        "subscriptions": subscriptions,
        "calls": calls,
    }
