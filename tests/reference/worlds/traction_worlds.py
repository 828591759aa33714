"""Which products does a small world sell, and on which weekday does somebody call a lot?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from tests.reference.calendar import INSTANT, midnight
from tests.reference.question import Row, World
from tests.reference.worlds.small_worlds import DAYS, FIRST_DAY, call_row, some_moment


def products(random: Random, zone: str) -> list[dict[str, Any]]:
    """Return some products, launched and retired at some moment or never."""
    return [
        {
            "product": name,
            "launched_at": random.choice((None, some_moment(random, zone))),
            "retired_at": random.choice((None, None, some_moment(random, zone))),
        }
        for name in ("payments", "messages", "maps")
        if random.random() < 0.6
    ]


def weekly(random: Random, world: World, zone: str) -> list[dict[str, Any]]:
    """Return calls of one key on one weekday, week after week, once in a while far more or none."""
    keys = [row["consumer"] for row in world.get("credentials", ())]
    start, found = FIRST_DAY + timedelta(days=random.randrange(DAYS - 100)), []
    usual, consumer = random.choice((2, 20, 24)), random.choice((*keys, None))
    for week in range(12):
        day = start + timedelta(days=7 * week)
        count = random.choice((usual, usual, usual, usual + 1, usual - 1, 0, 2 * usual, 3 * usual))
        for n in range(count):
            time = random.choice((midnight(day, zone), midnight(day + timedelta(days=1), zone) - INSTANT))
            found.append({"event_id": f"w{week}-{n}", "time": time, **call_row(random, consumer, calm=True)})
    return found


def rows(random: Random, world: World, zone: str) -> Mapping[str, Sequence[Row]]:
    """Return the tables added to a world."""
    calls = [*world.get("calls", ()), *(weekly(random, world, zone) if random.random() < 0.7 else [])]
    return {"products": products(random, zone), "calls": calls}
