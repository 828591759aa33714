"""Which changes of contracts share a release, or lie across midnights?"""

from __future__ import annotations

from random import Random

from tests.reference.question import Row, World
from tests.reference.worlds.small_worlds import some_moment

KINDS = ("breaking", "breaking", "deprecation", "addition", "fix")


def rows(random: Random, world: World, zone: str) -> dict[str, list[Row]]:
    """Return changes of a few versions of two products; some releases took several days."""
    del world
    released = {
        (product, version): some_moment(random, zone)
        for product in ("payments", "messages")
        for version in ("v1", "v2", "2.1.0")
    }
    found: list[Row] = []
    for n in range(random.randrange(30)):
        product, version = random.choice(list(released))
        usual = released[product, version]
        found.append(
            {
                "product": product,
                "version": version,
                "released_at": usual if random.random() < 0.7 else some_moment(random, zone),
                "kind": random.choice(KINDS),
                "behind_new_version": random.choice((True, False, None)),
                "notice_days": random.choice((None, 0, 30, 90, 91)),
                "detail": f"change {n}",
            }
        )
    return {"contract_changes": found}
