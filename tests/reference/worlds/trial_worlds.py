"""Which trials overlap, end early, begin with a call, or belong to a merged partner?"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from tests.reference.calendar import INSTANT
from tests.reference.question import Row, World
from tests.reference.worlds.small_worlds import some_moment

LENGTHS = (0, 1, 14, 30, 200)
KINDS = ("trial", "trial", "reverse_trial", "paid", "free")


def rows(random: Random, world: World, zone: str) -> dict[str, list[Row]]:
    """Return subscriptions, many on trial, begun or ended at the moment of a call or an instant beside it."""
    partners = [row["partner_id"] for row in world["partners"]]
    moments = [row["time"] for row in world["calls"]]

    def moment() -> datetime:
        time: datetime = (
            random.choice(moments) if moments and random.random() < 0.6 else some_moment(random, zone)
        )
        return time + random.choice((timedelta(0), INSTANT, -INSTANT))

    subscriptions: list[Row] = []
    for n in range(random.randrange(12) if partners else 0):
        since = moment()
        subscriptions.append(
            {
                "subscription_id": f"s{n}",
                "partner_id": random.choice((*partners, "P-unknown")),
                "plan_id": "basic",
                "started_at": since,
                "ended_at": random.choice((None, None, moment())),
                "kind": random.choice(KINDS),
                "trial_ends_at": random.choice((None, since + timedelta(days=random.choice(LENGTHS)))),
            }
        )
    return {"subscriptions": subscriptions}
