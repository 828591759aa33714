"""Which tickets, opinions, requests and integrations are worth asking about?

Moments sit at midnights and clock changes and on the calls' own; some rows name no partner, a merged one, a test
account or one nobody knows; answers tie, waves are answered twice, what is resolved may be so before it began.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.reference.question import World
from tests.reference.worlds.small_worlds import LAST_MOMENT, some_moment

Draft = dict[str, Any]
TOPICS = ("auth", "billing", "webhooks", None)
PRODUCTS = ("payments", "messages", None)
ROUTES = (("GET", "/v1/pets"), ("POST", "/v1/pets"), (None, "/v1/pets"), ("GET", None), (None, None))
WAVES = ("2025Q1", "2025Q2")
KINDS = ("onboarding", "docs", "sample_code", "sdk", "other")
SEVERITIES = ("critical", "major", "partial", "degraded", "maintenance", None)
WAITS = (0, 1, 3_600, 86_400, 90 * 86_400, 10_000_000)


def somebody(random: Random, world: World) -> Draft:
    """Return whom a row names: a partner, a developer, both, a stranger or nobody."""
    partners = [row["partner_id"] for row in world["partners"]]
    people = [row["developer_id"] for row in world["developers"]]
    return {
        "partner_id": random.choice(partners) if partners and random.random() < 0.5 else None,
        "developer_id": random.choice(people) if people and random.random() < 0.7 else None,
        **({"partner_id": "stranger"} if random.random() < 0.05 else {}),
    }


def times(random: Random, world: World, zone: str, count: int) -> list[datetime]:
    """Return moments: many close together, some those of calls, of registrations and of sign-ups, some anywhere."""
    rush = some_moment(random, zone)
    known = [row["time"] for row in world["calls"]]
    known += [row["registered_at"] for row in world["partners"]]
    known += [row["signed_up_at"] for row in world["developers"]]
    found = []
    for _ in range(count):
        kind = random.randrange(10)
        if kind < 6:
            found.append(rush + timedelta(minutes=random.randrange(20_000)))
        elif kind < 8 and known:
            found.append(random.choice(known) + timedelta(seconds=random.choice((0, 0, 1, 90 * 86_400))))
        else:
            found.append(some_moment(random, zone))
    return found


def later(random: Random, since: datetime, share: float = 0.7) -> datetime | None:
    """Return a moment after `since`, rarely one before it, or none."""
    if random.random() > share:
        return None
    early = random.random() < 0.05
    wait = timedelta(seconds=random.choice((*WAITS, random.randrange(5_000_000))))
    return since - timedelta(seconds=60) if early else since + wait


def count(random: Random) -> int:
    """Return how many rows a table has: none, few, or enough for a percentile."""
    return random.choice((0, random.randrange(1, 12), random.randrange(12, 40)))


def tickets(random: Random, world: World, zone: str) -> list[Draft]:
    """Return tickets, some open, some untagged."""
    rows = []
    for n, moment in enumerate(times(random, world, zone, count(random))):
        method, route = random.choice(ROUTES)
        rows.append(
            {
                "ticket_id": f"T{n}",
                **somebody(random, world),
                "opened_at": moment,
                "resolved_at": later(random, moment),
                "topic": random.choice(TOPICS),
                "product": random.choice(PRODUCTS),
                "method": method,
                "route": route,
            }
        )
    return rows


def score(random: Random) -> float | None:
    """Return a score from 1 to 10, often at a line, sometimes none."""
    return random.choice((None, 1.0, 4.0, 5.0, 6.5, 7.0, 8.0, 8.0, 9.0, 9.0, 10.0, 10.0))


def surveys(random: Random, world: World, zone: str) -> list[Draft]:
    """Return answers; some people answer a wave twice, at one moment even."""
    rows = [
        {
            "response_id": f"S{n}",
            "wave": random.choice(WAVES),
            **somebody(random, world),
            "submitted_at": moment,
            **{name: score(random) for name in ("documentation", "reliability", "support", "ease")},
            "comment": random.choice((None, "", "hard to start")),
        }
        for n, moment in enumerate(times(random, world, zone, count(random)))
    ]
    again = [{**row, "response_id": f"{row['response_id']}b", "ease": 2.0} for row in rows[:4]]
    return rows + again


def invites(random: Random, world: World, zone: str) -> list[Draft]:
    """Return invitations: most developers, and somebody unknown."""
    people = [row["developer_id"] for row in world["developers"]] + ["unknown"]
    asked = [(wave, name) for wave in WAVES for name in people if random.random() < 0.7]
    moments = times(random, world, zone, len(asked))
    return [
        {"wave": wave, "developer_id": name, "sent_at": moment}
        for (wave, name), moment in zip(asked, moments, strict=True)
    ]


def feedback(random: Random, world: World, zone: str) -> list[Draft]:
    """Return short opinions."""
    return [
        {
            "time": moment,
            "kind": random.choice(KINDS),
            "subject": random.choice(("quickstart", "python", None)),
            **somebody(random, world),
            "rating": random.choice((None, 1, 2, 3, 4, 4, 5, 5)),
            "comment": random.choice((None, "", "thanks")),
        }
        for moment in times(random, world, zone, count(random))
    ]


def requests(random: Random, world: World, zone: str) -> list[Draft]:
    """Return requests, some deployed."""
    return [
        {
            "request_id": f"R{n}",
            "partner_id": somebody(random, world)["partner_id"],
            "kind": random.choice(("bug", "feature", "docs", None)),
            "opened_at": moment,
            "deployed_at": later(random, moment),
        }
        for n, moment in enumerate(times(random, world, zone, count(random)))
    ]


def contributions(random: Random, world: World, zone: str) -> list[Draft]:
    """Return contributions from inside and outside."""
    return [
        {
            "time": moment,
            "kind": random.choice(("pull_request", "issue", "issue", "adapter", "sample_app", "forum")),
            "external": random.choice((True, True, True, False, None)),
            "accepted_at": later(random, moment, 0.5),
            "resolved_at": later(random, moment, 0.6),
        }
        for moment in times(random, world, zone, count(random))
    ]


def integrations(random: Random, world: World, zone: str) -> list[Draft]:
    """Return integrations, some of them not live."""
    rows = []
    for n, moment in enumerate(times(random, world, zone, count(random))):
        installs = random.choice((None, 0, 3, 40))
        rows.append(
            {
                "integration_id": f"I{n}",
                "partner_id": somebody(random, world)["partner_id"],
                "type": random.choice(("marketplace", "adapter", "sample", "custom")),
                "target": random.choice(("aws", "azure", "on premises", None)),
                "started_at": moment,
                "live_at": later(random, moment),
                "installs": installs,
                "active_installs": None if installs is None else installs // 2,
            }
        )
    return rows


def incidents(random: Random, world: World, zone: str) -> list[Draft]:
    """Return incidents that overlap, touch, last months or are not over."""
    return [
        {
            "incident_id": f"X{n}",
            "title": f"Incident {n}",
            "severity": random.choice(SEVERITIES),
            "started_at": moment,
            "resolved_at": later(random, moment),
            "integration_related": random.choice((True, True, False, None)),
        }
        for n, moment in enumerate(times(random, world, zone, count(random) // 2))
    ]


def stages(random: Random, world: World, zone: str) -> list[Draft]:
    """Return the stages of two products that are called and of one that is not."""
    return [
        {
            "product": product,
            "stage": random.choice(("design", "preview", "public", "mature")),
            "since": moment,
        }
        for product in ("payments", "messages", "quiet")
        for moment in sorted(set(times(random, world, zone, random.randrange(3))))
    ]


def rows(random: Random, world: World, zone: str) -> dict[str, list[Draft]]:
    """Return the signals of a world; somebody looks at a page late, so that every scope begins before as-of."""
    late = LAST_MOMENT - timedelta(minutes=random.randrange(110_000))
    viewed = {"time": late, "anonymous_id": "visitor", "step": "docs_viewed"}
    return {
        "journey": [*({**row} for row in world["journey"]), viewed],
        "tickets": tickets(random, world, zone),
        "surveys": surveys(random, world, zone),
        "survey_invites": invites(random, world, zone),
        "feedback": feedback(random, world, zone),
        "requests": requests(random, world, zone),
        "contributions": contributions(random, world, zone),
        "integrations": integrations(random, world, zone),
        "incidents": incidents(random, world, zone),
        "product_stages": stages(random, world, zone),
    }
