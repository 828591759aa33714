"""Which calls fail close together, so that minutes and windows are told apart?"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from tests.reference.question import Row, World
from tests.reference.worlds import incident_worlds, probe_worlds
from tests.reference.worlds.small_worlds import LAST_MOMENT, some_moment

EDGES = (0, 1, 299, 300, 301, 1_800, 3_599, 3_600, 7_200, 21_600, 86_399, 86_400, 259_199, 259_200, 300_000)


def rows(random: Random, world: World, zone: str) -> dict[str, list[Row]]:
    """Return incidents, probes, and the calls with a burst in a few minutes and around the windows before the last."""
    calls = list(world["calls"])
    near = min(some_moment(random, zone), LAST_MOMENT)
    last = max((row["time"] for row in calls), default=near)
    failing = random.choice((0.02, 0.3))
    for n in range(random.randrange(120)):
        time = near + timedelta(seconds=random.randrange(240))
        if n % 2:
            time = last - timedelta(seconds=random.choice(EDGES))
        calls.append(
            {
                "event_id": f"burst-{n}",
                "time": min(time, LAST_MOMENT),
                "source": "kong",
                "environment": "production",
                "consumer": None,
                "product": random.choice(("payments", "payments", "messages", None)),
                "method": "GET",
                "route": "/v1/pets",
                "version": None,
                "status": random.choice((500, 503, 504, 0)) if random.random() < failing else 200,
                "units": 1,
                "traffic_class": "external",
            }
        )
    signals = probe_worlds.rows(random, world, zone) | incident_worlds.rows(random, world, zone)
    if random.random() < 0.4:
        signals["probes"] = []
    return {**signals, "calls": calls}
