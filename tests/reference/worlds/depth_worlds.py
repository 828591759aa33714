"""What is on offer in a small world, and who subscribed to it?

Endpoints in one or several versions, released, deprecated and shut down at awkward moments; plans of one product, of
all, of a product per version; subscriptions that end as others begin, of merged and unknown partners, to unknown plans;
pages viewed that name an endpoint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.reference.calendar import midnight
from tests.reference.question import Row, World
from tests.reference.worlds.small_worlds import DAYS, ENDPOINTS, FIRST_DAY, some_moment

Draft = dict[str, Any]
UNCALLED = (("DELETE", "/v1/pets/{id}"), ("GET", "/v1/health"))


def maybe(random: Random, zone: str, share: float) -> datetime | None:
    """Return a moment, or none."""
    return some_moment(random, zone) if random.random() < share else None


def endpoints(random: Random, zone: str) -> list[Draft]:
    """Return the catalogue: most endpoints of both products, some in versions."""
    rows = []
    for product in ("payments", "messages"):
        for method, route in (*ENDPOINTS, *UNCALLED):
            versions = random.choice(((None,), (None,), ("v1",), ("v1", "v2"), (None, "v1"), ()))
            for version in versions:
                deprecated = maybe(random, zone, 0.3)
                rows.append(
                    {
                        "product": product,
                        "method": method,
                        "route": route,
                        "version": version,
                        "api_class": random.choice(("retrieval", "processing", None)),
                        "feature": random.choice(("pets", "search", "chat", None)),
                        "released_at": maybe(random, zone, 0.3),
                        "deprecated_at": deprecated,
                        "sunset_at": maybe(random, zone, 0.6 if deprecated else 0.1),
                    }
                )
    return rows


def plans(random: Random) -> list[Draft]:
    """Return plans with their versions; one is for every product."""
    rows: list[Draft] = []
    for n, product in enumerate(("payments", "messages", None)):
        rows.append({"plan_id": f"L{n}", "product": product, "valid_from": None, "currency": "EUR"})
    if random.random() < 0.3:
        since = midnight(FIRST_DAY, "UTC")
        rows.append({"plan_id": "L0", "product": "messages", "valid_from": since, "currency": "EUR"})
    return rows


def subscriptions(random: Random, zone: str, ids: list[str]) -> list[Draft]:
    """Return subscriptions; some partners have several, many none."""
    rows: list[Draft] = []
    for n in range(random.randrange(10) if ids else 0):
        start = some_moment(random, zone)
        end = random.choice((None, None, start + timedelta(days=random.choice((0, 1, 30, 90)))))
        if end is None and random.random() < 0.2:
            end = midnight(FIRST_DAY + timedelta(days=random.randrange(DAYS)), zone)
        rows.append(
            {
                "subscription_id": f"S{n}",
                "partner_id": random.choice((*ids, "P99")),
                "plan_id": random.choice(("L0", "L0", "L1", "L1", "L2", "L9")),
                "started_at": start,
                "ended_at": end if end is None or end >= start else None,
                "kind": random.choice(("paid", "free", "trial")),
            }
        )
    return rows


def pages(random: Random, zone: str) -> list[Draft]:
    """Return pages viewed: of endpoints by route or by method and route, and of others."""
    found = []
    for _ in range(random.choice((0, 0, 6, 12))):
        method, route = random.choice((*ENDPOINTS, *UNCALLED))
        found.append(
            {
                "time": min(some_moment(random, zone), midnight(FIRST_DAY + timedelta(days=DAYS), zone)),
                "anonymous_id": "reader",
                "step": random.choice(("docs_viewed", "docs_viewed", "quickstart_viewed")),
                "subject": random.choice((route, f"{method} {route}", "getting-started", None)),
            }
        )
    return found


def rows(random: Random, world: World, zone: str) -> Mapping[str, Sequence[Row]]:
    """Return the tables added to a world."""
    ids = [row["partner_id"] for row in world.get("partners", ())]
    return {
        "endpoints": endpoints(random, zone) if random.random() < 0.9 else [],
        "plans": plans(random) if random.random() < 0.9 else [],
        "subscriptions": subscriptions(random, zone, ids),
        "journey": [*world.get("journey", ()), *pages(random, zone)],
    }
