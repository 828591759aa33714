"""How much of the time could integrations rely on the platform?

Readings:
- `platform_stability`: the time of a bucket, up to as-of, without an incident that is known to hit integrations;
  maintenance is none; overlaps count once; what is not resolved lasts; what ends before it begins takes no time. It is
  watched since the first call or incident; cases are whole days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from tests.reference.asks import Ask
from tests.reference.calendar import local_day, midnight
from tests.reference.ecosystem.integrations import OF
from tests.reference.question import Grain, Point, Question, Row, World
from tests.reference.satisfaction.support import (
    EXTRA,
    Said,
    signals,
)
from tests.reference.scope import Bucket, Measure, as_of, points, sees


def spans(
    rows: Sequence[Row], question: Question, starts: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """Return the parts of incidents within a bucket."""
    found = []
    for row in rows:
        until_ = row.get("resolved_at")
        over = until_ if until_ is not None and sees(until_, question) else end
        begin, stop = max(row["started_at"], starts), min(over, end)
        if begin < stop:
            found.append((begin, stop))
    return found


def lasts(row: Row, question: Question) -> bool:
    """Whether an incident is not over or takes time."""
    over = row.get("resolved_at")
    return over is None or not sees(over, question) or over > row["started_at"]


def together(parts: Sequence[tuple[datetime, datetime]]) -> timedelta:
    """Return how long at least one of the stretches runs."""
    edges = sorted({edge for part in parts for edge in part})
    return sum(
        (
            right - left
            for left, right in pairwise(edges)
            if any(begin <= left and right <= stop for begin, stop in parts)
        ),
        timedelta(0),
    )


def platform_stability(world: World, question: Question) -> list[Point]:
    """1 − time with an incident that hits integrations ÷ time."""
    hits = [
        fact
        for fact in signals(
            world, question, "incidents", "started_at", lambda row: {"severity": row["severity"]}
        )
        if fact.row["integration_related"]
        and fact.row["severity"] != "maintenance"
        and lasts(fact.row, question)
    ]
    now = as_of(world, question)
    assert now is not None

    def within(bucket: Bucket, group: Sequence[Said]) -> list[tuple[datetime, datetime]]:
        starts, end = midnight(bucket.start, question.zone), min(midnight(bucket.end, question.zone), now)
        return spans([fact.row for fact in group], question, starts, end)

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        starts, end = midnight(bucket.start, question.zone), min(midnight(bucket.end, question.zone), now)
        parts = within(bucket, group)
        if end <= starts:
            return Measure(None, 0, {"stability": None, "incidents": 0}, "no time has passed")
        bad = together(parts)
        stability = 1 - bad / (end - starts)
        values = {"stability": stability, "incidents": len(parts), "seconds": bad.total_seconds()}
        return Measure(stability, (end - starts) // timedelta(days=1), values)

    watched = [row["started_at"] for row in world.get("incidents", ())]
    watched += [row["time"] for row in world.get("calls", ())]
    return points(
        world,
        question,
        hits,
        measure,
        present=lambda bucket, group: bool(within(bucket, group)),
        counted=[local_day(moment, question.zone) for moment in watched],
    )


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (platform_stability,)
}
CUT: tuple[Grain, ...] = ("day", "week", "month", "month", "quarter", "year")
ASKS: Mapping[str, Ask] = {
    "platform_stability": Ask(("severity",), ("severity",), CUT, extra=EXTRA, values=OF),
}
