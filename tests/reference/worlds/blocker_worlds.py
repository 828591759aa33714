"""Which newcomers wait for an approval, ask twice, are approved before they ask, or cannot choose a product?"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from tests.reference.calendar import DAY, INSTANT
from tests.reference.question import Row, World
from tests.reference.worlds.onboarding_worlds import near, walk
from tests.reference.worlds.small_worlds import LAST_MOMENT

GAPS = (timedelta(0), INSTANT, timedelta(hours=1), DAY, DAY, DAY * 3, DAY * 90, DAY * 90 + INSTANT, -DAY)
STEPS = (
    "approval_requested",
    "approved",
    "approved",
    "product_selected",
    "product_selected",
    "product_selected",
)
PRODUCTS = ("payments", "messages", None)


def rows(random: Random, world: World, zone: str) -> dict[str, list[Row]]:
    """Return journeys of partners and developers that ask, get and choose; some of the partners are pending."""
    whose: list[tuple[Row, datetime]] = [
        ({"partner_id": row["partner_id"]}, row["registered_at"]) for row in world["partners"]
    ]
    whose += [({"developer_id": row["developer_id"]}, row["signed_up_at"]) for row in world["developers"]]
    steps: list[Row] = []
    for who, since in whose:
        for step in random.sample(STEPS, random.randrange(len(STEPS))):
            time = min(since + random.choice(GAPS), LAST_MOMENT)
            if random.random() < 0.1:
                time = near(random, world, zone)
            steps.append({"time": time, **who, "step": step, "subject": random.choice(PRODUCTS)})
    partners = [{**row, "status": "pending"} if random.random() < 0.3 else row for row in world["partners"]]
    return {"journey": [*walk(random, world, zone), *steps], "partners": partners}
