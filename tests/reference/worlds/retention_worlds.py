"""Which milestones does a small world know?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random

from tests.reference.question import Row, World
from tests.reference.worlds.small_worlds import DAYS, FIRST_DAY


def rows(random: Random, world: World, zone: str) -> Mapping[str, Sequence[Row]]:
    """Return milestones, often on the first of a month, sometimes two on one day."""
    del world, zone
    found = []
    for n in range(random.randrange(6)):
        day = FIRST_DAY + timedelta(days=random.randrange(DAYS))
        day = day.replace(day=1) if random.random() < 0.3 else day
        found += [
            {"date": day, "label": f"M{n}-{k}", "kind": "launch"} for k in range(random.choice((1, 1, 2)))
        ]
    return {"milestones": found}
