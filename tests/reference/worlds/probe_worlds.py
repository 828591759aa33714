"""Which probes and deliveries lie where days and seconds are told apart?"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from tests.reference.calendar import INSTANT
from tests.reference.question import Row, World
from tests.reference.worlds.small_worlds import some_moment

RESULTS = (*["up"] * 6, "down", "down", "unknown")
LATE = (0.0, 1.0, 29.999999, 30.0, 30.000001, 45.5, 3_600.0, 86_400.0)


def rows(random: Random, world: World, zone: str) -> dict[str, list[Row]]:
    """Return probes of two targets from two regions, and webhook deliveries, some of them right at as-of moments."""
    probes: list[Row] = []
    near = some_moment(random, zone)
    for n in range(random.randrange(60)):
        time = near + timedelta(seconds=n) if random.random() < 0.6 else some_moment(random, zone)
        probes.append(
            {
                "target": random.choice(("payments", "messages")),
                "time": time,
                "region": random.choice(("eu", "us", None)),
                "result": random.choice(RESULTS),
                "latency_ms": random.choice((None, 12.5, 80.0, 230.0)),
                "dns_ms": random.choice((None, 2.0, 3.5)),
                "connect_ms": 4.0,
                "tls_ms": random.choice((None, 9.0)),
            }
        )
    partners = [row["partner_id"] for row in world["partners"]]
    moments = [row["time"] for row in world["calls"]] or [near]
    deliveries: list[Row] = []
    for n in range(random.randrange(60)):
        kind = random.randrange(4)
        time = some_moment(random, zone) if kind else random.choice(moments) - timedelta(seconds=30)
        time += random.choice((timedelta(0), INSTANT, -INSTANT))
        late = random.choice((None, *LATE))
        deliveries.append(
            {
                "event_id": f"w{n}",
                "product": random.choice(("payments", "messages", None)),
                "partner_id": random.choice((*partners, "P-unknown", None)),
                "triggered_at": near + timedelta(seconds=n) if kind == 1 else time,
                "delivered_at": None if late is None else time + timedelta(seconds=late),
                "attempts": random.randrange(1, 4),
            }
        )
    return {"probes": probes, "webhook_deliveries": deliveries}
