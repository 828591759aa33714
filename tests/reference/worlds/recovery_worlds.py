"""Which errors come in runs, are tried again at once, just within ten minutes or a day, or never?"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from tests.reference.calendar import INSTANT
from tests.reference.question import Row, World
from tests.reference.worlds.small_worlds import LAST_MOMENT

SOON, DAY = timedelta(minutes=10), timedelta(days=1)
GAPS = (timedelta(0), INSTANT, timedelta(seconds=1), SOON, SOON - INSTANT, SOON + INSTANT, DAY, DAY - INSTANT)
MORE = (DAY + INSTANT, timedelta(hours=5), timedelta(minutes=3))
CODES = (200, 200, 200, 304, 400, 400, 401, 404, 429, 500, 503, 504, 0)


def rows(random: Random, world: World, zone: str) -> dict[str, list[Row]]:
    """Return the world's calls, many of them followed by others of the same caller to the same endpoint."""
    del zone
    found: list[Row] = list(world["calls"])
    for row in random.sample(found, min(len(found), 25)):
        time = row["time"]
        for _ in range(random.randrange(5)):
            time += random.choice(GAPS + MORE)
            if time < LAST_MOMENT:
                status = random.choice(CODES)
                found.append({**row, "event_id": f"again-{len(found)}", "time": time, "status": status})
    return {"calls": found}
