"""Which days are out of the usual?

Readings:
- `usage_anomalies` holds a day against the same weekday of the eight weeks before, as far back as the first call of
  the combination; at least four of them, the day over. Score = |calls − median| / (1.4826 MAD); where the MAD is 0 the
  root of the median (at least 1) takes its place. Anomalous from 3.5 and watched from 2.5, if the move is at least
  half of the median and the median at least 20. Direction is that of the move.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from statistics import median

from tests.reference.adoption.usage import asked_calls
from tests.reference.asks import PARTNER, Ask
from tests.reference.calendar import DAY
from tests.reference.identity import Call
from tests.reference.question import Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, points


def usage_anomalies(world: World, question: Question) -> list[Point]:
    """How far a day is from the same weekday of the weeks before."""
    facts = asked_calls(world, question)

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        counted = Counter(call.day for call in group)
        first = min(counted, default=bucket.first)
        back = [bucket.first - DAY * 7 * week for week in range(1, 9)]
        usual = [counted[day] for day in back if day >= first]
        calls = counted[bucket.first]
        values: dict[str, Number | None] = {"score": None, "calls": calls, "usual": None}
        values |= {"direction": None, "anomalous": None, "watched": None}
        if bucket.partial or len(usual) < 4 or bucket.first < first:
            return Measure(None, calls, values, "nothing to compare")
        middle = median(usual)
        spread = median(abs(count - middle) for count in usual)
        scale = 1.4826 * spread if spread else math.sqrt(max(middle, 1))
        score = abs(calls - middle) / scale
        marked = 2 * abs(calls - middle) >= middle >= 20
        values |= {"score": score, "usual": float(middle), "direction": (calls > middle) - (calls < middle)}
        values |= {"anomalous": int(marked and score >= 3.5), "watched": int(marked and 2.5 <= score < 3.5)}
        return Measure(score, calls, values)

    def present(bucket: Bucket, group: Sequence[Call]) -> bool:
        return any(call.day <= bucket.first for call in group)

    return points(world, question, facts, measure, present=present)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (usage_anomalies,)
}
ASKS: Mapping[str, Ask] = {
    "usage_anomalies": Ask(
        ("product", "endpoint", "partner"),
        ("product", *PARTNER),
        ("day",),
        environments=True,
        extra=("traction",),
    ),
}
