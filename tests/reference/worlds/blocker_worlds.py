"""Which newcomers wait for an approval, ask twice, are approved before they ask, or cannot choose a product?"""

from __future__ import annotations

from random import Random

from tests.reference.question import Row, World
from tests.reference.worlds.onboarding_worlds import near, walk

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
    whose: list[Row] = [{"partner_id": row["partner_id"]} for row in world["partners"]]
    whose += [{"developer_id": row["developer_id"]} for row in world["developers"]]
    steps: list[Row] = [
        {
            "time": near(random, world, zone),
            **random.choice(whose),
            "step": random.choice(STEPS),
            "subject": random.choice(PRODUCTS),
        }
        for _ in range(random.randrange(90) if whose else 0)
    ]
    partners = [{**row, "status": "pending"} if random.random() < 0.3 else row for row in world["partners"]]
    return {"journey": [*walk(random, world, zone), *steps], "partners": partners}
