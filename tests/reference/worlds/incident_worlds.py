"""Which incidents overlap, cross midnights, are open, or are resolved on the instant?"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from tests.reference.calendar import INSTANT
from tests.reference.question import Row, World
from tests.reference.worlds.small_worlds import some_moment

SEVERITIES = ("critical", "major", "major", "partial", "partial", "degraded", "maintenance", None)
PRODUCTS = ("payments", "messages", "payments, messages", "messages,payments", None, "")
SPANS = (0, 60, 90 * 60, 86_400, 40 * 86_400)


def rows(random: Random, world: World, zone: str) -> dict[str, list[Row]]:
    """Return incidents, many of them in one week so that they overlap."""
    near = some_moment(random, zone)
    moments = [row["time"] for row in world["calls"]]
    found: list[Row] = []
    for n in range(random.randrange(25)):
        crowded = random.random() < 0.5
        started = near + timedelta(minutes=random.randrange(9_000)) if crowded else some_moment(random, zone)
        promised = random.choice((None, 0, 60, 1_440))
        if promised is not None and moments and random.random() < 0.2:
            started = random.choice(moments) - timedelta(minutes=promised)
        noticed = random.choice((None, *SPANS, -60))
        over = random.choice((None, *SPANS, *SPANS, (promised or 0) * 60))
        edge = random.choice((timedelta(0), timedelta(0), INSTANT))
        found.append(
            {
                "incident_id": f"I{n}",
                "title": f"Incident {n}",
                "severity": random.choice(SEVERITIES),
                "products": random.choice(PRODUCTS),
                "started_at": started,
                "detected_at": None if noticed is None else started + timedelta(seconds=noticed),
                "resolved_at": None if over is None else started + timedelta(seconds=over) + edge,
                "detected_by": random.choice(("monitoring", "customer", None)),
                "integration_related": random.choice((True, True, False, None)),
                "commitment_minutes": promised,
                "narrative_url": random.choice(("https://status.example/1", None)),
                "timeline": random.choice(("12:00 it began", None)),
                "cause": random.choice(("a lock", None)),
                "reproducible_test": random.choice(("test_lock", None)),
                "actions_total": (total := random.choice((None, 0, 1, 4))),
                "actions_done": None if not total else random.randrange(total + 1),
                "actions_on_time": random.choice((None, 0, 1)),
                "recurrence_of": random.choice((None, None, "I0")),
            }
        )
    return {"incidents": found}
