"""Which small worlds are worth asking about?

A world is built from a seeded generator: drawing is fast, and the same seed is the same world however the project
changes. Its moments sit where definitions part: midnights, clock changes, ties, gaps
of 29 to 31 days, windows that close on the instant, credentials that move.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from tests.reference.calendar import DAY, INSTANT, midnight
from tests.reference.question import World
from tests.reference.worlds.business_worlds import business

FIRST_DAY = date(2025, 1, 20)
DAYS = 430
LAST_MOMENT = datetime(2026, 4, 1, tzinfo=UTC)
ZONES = (
    *["Europe/Berlin"] * 4,
    *["America/New_York"] * 2,
    "America/Santiago",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "UTC",
)
"""East and west of Greenwich, north and south, with half an hour, without summer time, and with rules of its own."""
CHANGES = {
    "Europe/Berlin": (date(2025, 3, 30), date(2025, 10, 26)),
    "America/New_York": (date(2025, 3, 9), date(2025, 11, 2)),
    "America/Santiago": (date(2025, 4, 6), date(2025, 9, 7)),
    "Africa/Casablanca": (date(2025, 2, 23), date(2025, 4, 6), date(2026, 2, 15), date(2026, 3, 22)),
}
STATUSES = (*["approved"] * 8, "pending", "suspended", "deleted", "rejected", "test", "duplicate")
CODES = (*[200] * 10, 201, 204, 304, 400, 401, 403, 404, 408, 429, 460, 499, 500, 502, 503, 504, 0)
ENVIRONMENTS = (*["production"] * 5, *["sandbox"] * 3, "unknown")
TRAFFIC = (*["external"] * 8, "agent", "internal", "synthetic", "bot")
PRODUCTS = ("payments", "messages", None)
ENDPOINTS = (("GET", "/v1/pets/{id}"), ("GET", "/v1/pets"), ("POST", "/v1/pets"), ("POST", "/v1/messages"))
LATENCIES = (None, None, 0.0, 0.4, 1.0, 1.02, 7.0, 99.9, 100.0, 100.0, 480.5, 1000.0, 30_000.0)
JOURNEY = ("docs_viewed", "credentials_requested", "docs_viewed", "quickstart_viewed", "identified")
Draft = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many rows of each table."""

    partners: int
    developers: int
    calls: int
    journey: int
    lines: int
    costs: int


def some_moment(random: Random, zone: str) -> datetime:
    """Return a moment of the fourteen months, often one where days are told apart."""
    day = FIRST_DAY + DAY * random.randrange(DAYS)
    kind = random.randrange(6)
    if kind == 0:
        day = day.replace(day=1)
        return midnight(day, zone) + random.choice((-INSTANT, timedelta(0), INSTANT))
    if kind == 1 and zone in CHANGES:
        change = midnight(random.choice(CHANGES[zone]), zone)
        return change + timedelta(minutes=30 * random.randrange(-4, 60))
    if kind == 2:
        return midnight(day, zone) + random.choice((-INSTANT, timedelta(0)))
    return midnight(day, zone) + timedelta(seconds=random.randrange(86_400))


def partners(random: Random, count: int, zone: str, *, calm: bool) -> list[Draft]:
    """Return partners, some of them merged into an earlier one; in a calm world nearly all are approved."""
    statuses = (*["approved"] * 30, *STATUSES) if calm else STATUSES
    rows: list[Draft] = []
    for n in range(count):
        merged = random.choice(rows)["partner_id"] if rows and random.random() < 0.12 else None
        rows.append(
            {
                "partner_id": f"P{n}",
                "name": f"Partner {n}",
                "registered_at": some_moment(random, zone),
                "status": random.choice(statuses)
                if merged is None
                else random.choice(("duplicate", "approved")),
                "segment": random.choice(("small", "large", None)),
                "country": random.choice(("DE", "FR")),
                "channel": random.choice(("docs", "sales", None)),
                "manager": None,
                "merged_into": merged,
            }
        )
    return rows


def developers(
    random: Random, count: int, zone: str, organisations: list[Draft], *, calm: bool
) -> list[Draft]:
    """Return developers, many signing up in the same week so that cohorts reach five and ten."""
    ids = [row["partner_id"] for row in organisations]
    rush = some_moment(random, zone)
    alone = 0.03 if calm else 0.3
    return [
        {
            "developer_id": f"D{n}",
            "partner_id": random.choice(ids) if ids and random.random() > alone else None,
            "signed_up_at": some_moment(random, zone)
            if random.random() < alone
            else rush + timedelta(minutes=random.randrange(9_000)),
            "name": f"Developer {n}",
        }
        for n in range(count)
    ]


def held(random: Random, consumer: str, owner: str, people: list[Draft], person: str | None = None) -> Draft:
    """Return a credential row without times; without a named person it belongs to anybody or nobody there."""
    own = [row["developer_id"] for row in people if row["partner_id"] == owner]
    if person is None and own and random.random() < 0.5:
        person = random.choice(own)
    return {
        "consumer": consumer,
        "partner_id": owner,
        "developer_id": person,
        "app": random.choice((f"app-{owner}", None)),
        "environment": None,
        "product": None,
        "valid_from": None,
        "valid_to": None,
    }


def credentials(random: Random, zone: str, organisations: list[Draft], people: list[Draft]) -> list[Draft]:
    """Return credentials: held always, moved to another owner (with a gap, at once, overlapping), or ended."""
    rows: list[Draft] = []
    ids = [row["partner_id"] for row in organisations]
    owners: list[tuple[str, str | None]] = [(name, None) for name in ids if random.random() < 0.5]
    owners += [(row["partner_id"], row["developer_id"]) for row in people if row["partner_id"]]
    for n, (owner, person) in enumerate(owners):
        row = held(random, f"key-{n}", owner, people, person)
        rows.append(row)
        kind = random.randrange(12)
        if kind > 2:
            continue
        moved = some_moment(random, zone)
        row["valid_to"] = moved
        if kind > 0:
            after = held(random, f"key-{n}", random.choice(ids), people)
            after["valid_from"] = moved + timedelta(days=random.choice((-2, 0, 0, 0, 5)))
            rows.append(after)
    return rows


def next_time(random: Random, zone: str, since: datetime | None, last: datetime | None) -> datetime:
    """Return the moment of a call: after its developer came, after the last call, or anywhere."""
    kind = random.randrange(20)
    if since is not None and (last is None or kind < 5) and kind < 19:
        after = random.choice(
            (0, 0, 1, 2, 300, 900, 86_400, 90 * 86_400, -60 if kind == 0 and random.random() < 0.3 else 60)
        )
        return since + timedelta(seconds=after + random.choice((0, random.randrange(40_000))))
    if kind < 18 and last is not None:
        return last + random.choice(
            (timedelta(0), timedelta(seconds=2), DAY, DAY * 29, DAY * 30, DAY * 31, timedelta(days=90))
        )
    anywhere = some_moment(random, zone)
    return anywhere if since is None or random.random() < 0.1 else max(since, anywhere)


def call_row(random: Random, consumer: str | None, *, calm: bool) -> Draft:
    """Return a call without its time; in a calm world most calls are successes from outside."""
    method, route = random.choice(ENDPOINTS)
    status = random.choice(CODES if consumer != "key-1" else (401, 401, 403, 200))
    plain = calm and random.random() < 0.8
    return {
        "source": random.choice(("kong", "nginx")),
        "environment": random.choice(ENVIRONMENTS),
        "consumer": consumer,
        "product": random.choice(PRODUCTS),
        "method": method,
        "route": route,
        "version": random.choice(("v1", "v2", None)),
        "status": 200 if plain else status,
        "latency_ms": random.choice(LATENCIES),
        "timed_out": random.choice((None, None, False, False, not plain)),
        "sdk": random.choice(("python", None)),
        "units": 1,
        "traffic_class": "external" if plain else random.choice(TRAFFIC),
    }


def call_rows(
    random: Random,
    count: int,
    zone: str,
    held_rows: list[Draft],
    came: dict[str | None, datetime],
    *,
    calm: bool,
) -> list[Draft]:
    """Return calls of a few consumers, an unmapped one and anonymous ones among them, some as a key changes hands."""
    keys = [row["consumer"] for row in held_rows]
    edges = {row["consumer"]: row["valid_from"] or row["valid_to"] for row in held_rows}
    since = {row["consumer"]: came.get(row["developer_id"] or row["partner_id"]) for row in held_rows}
    lasts: dict[str | None, datetime] = {}
    rows = []
    for n in range(count):
        consumer = random.choice(keys) if keys and random.random() < 0.95 else random.choice((None, "ghost"))
        time = min(next_time(random, zone, since.get(consumer), lasts.get(consumer)), LAST_MOMENT)
        if random.random() < 0.05 and (edge := edges.get(consumer)) is not None:
            time = edge + random.choice((-INSTANT, timedelta(0), timedelta(0), INSTANT))
        lasts[consumer] = time
        rows.append({"event_id": f"e{n}", "time": time, **call_row(random, consumer, calm=calm)})
    return rows


def journey(random: Random, count: int, people: list[Draft], organisations: list[Draft]) -> list[Draft]:
    """Return journey rows of partners, developers and visitors, soon after they came."""
    rows = []
    known: list[tuple[datetime, str | None, str | None, str | None]]
    known = [(row["registered_at"], row["partner_id"], None, None) for row in organisations]
    known += [(row["signed_up_at"], None, row["developer_id"], None) for row in people]
    known += [(row["signed_up_at"], None, None, f"visitor-{row['developer_id']}") for row in people]
    for _ in range(count if known else 0):
        since, partner, developer, visitor = random.choice(known)
        step = random.choice(JOURNEY)
        if step == "identified" and visitor is not None:
            developer = visitor.removeprefix("visitor-")
        rows.append(
            {
                "time": since
                + timedelta(seconds=random.choice((0, 1, 60, 4_000, 90 * 86_400, random.randrange(10**7)))),
                "partner_id": partner,
                "developer_id": developer,
                "anonymous_id": visitor,
                "step": step,
                "subject": None,
            }
        )
    return rows


def build(random: Random, sizes: Sizes, zone: str) -> World:
    """Return one world."""
    calm = random.random() < 0.5
    organisations = partners(random, sizes.partners, zone, calm=calm)
    people = developers(random, sizes.developers, zone, organisations, calm=calm)
    keys = credentials(random, zone, organisations, people) if organisations else []
    came = {row["partner_id"]: row["registered_at"] for row in organisations}
    came |= {row["developer_id"]: row["signed_up_at"] for row in people}
    return {
        "partners": organisations,
        "developers": people,
        "credentials": keys,
        "calls": call_rows(random, sizes.calls, zone, keys, came, calm=calm),
        "journey": journey(random, sizes.journey, people, organisations),
        **business(random, [row["partner_id"] for row in organisations], sizes.lines, sizes.costs, zone),
    }


def sizes(random: Random) -> Sizes:
    """Return the sizes of a world; one table in eight is empty."""

    def most(count: int) -> int:
        return random.randint(0, count) if random.randrange(8) else 0

    return Sizes(
        partners=most(8),
        developers=random.choice((most(12), random.randint(9, 12))),
        calls=random.choice((most(150), random.randint(90, 150))),
        journey=most(20),
        lines=most(25),
        costs=most(10),
    )


@lru_cache(maxsize=64)
def drawn(extra: tuple[str, ...], use: str, seed: int) -> tuple[World, str]:
    """Return the world of a seed and its time zone; `extra` names the files that add tables to it.

    Worlds of other uses are others. Ten seeds in a row have the zones as they stand above.
    """
    topic = f"{' '.join(extra)} {use}"
    random = Random(f"{topic} {seed}")
    zone = Random(f"{topic} {seed // len(ZONES)}").sample(ZONES, len(ZONES))[seed % len(ZONES)]
    world = dict(build(random, sizes(random), zone))
    for name in extra:
        more = importlib.import_module(f"tests.reference.worlds.{name}_worlds")
        world |= more.rows(Random(random.random()), world, zone)
    return world, zone


def at_home(seed: int) -> World:
    """Return a world of the program's usual time zone."""
    random = Random(f"at home {seed}")
    return build(random, sizes(random), "Europe/Berlin")
