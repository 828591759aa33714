"""Does latency hold when traffic is high?

Readings:
- `performance_under_load`: days of the bucket with completed calls that have a latency, timeouts left out; busy ones
  have at least as many as the 90th percentile (type 7) of days, typical ones lie between the 40th and 60th. A day may
  be both. P95 as `latency` tells it, by histogram.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from statistics import quantiles

from tests.reference.adoption.usage import asked_calls
from tests.reference.asks import CALL, PARTNER, Ask
from tests.reference.identity import Call
from tests.reference.question import Number, Point, Question, World
from tests.reference.reliability.histogram import PERCENTILES, latency_at
from tests.reference.scope import Bucket, Measure, inside, points


def percentile(values: Sequence[int], tenth: int) -> float:
    """Return a decile of type 7."""
    return quantiles(values, n=10, method="inclusive")[tenth - 1] if len(values) > 1 else float(values[0])


def p95(calls: Sequence[Call]) -> float | None:
    """Return the 95th percentile of the histogram; None under ten calls."""
    latencies = [call.latency or 0 for call in calls]
    return latency_at(latencies, PERCENTILES["p95"], len(latencies), exact=False)


def performance_under_load(world: World, question: Question) -> list[Point]:
    """P95 of busy days over P95 of typical days."""
    found = asked_calls(world, question)
    facts = [call for call in found if call.latency is not None and not call.timeout]

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here = inside(bucket, group)
        counts = Counter(call.day for call in here)
        values: dict[str, Number | None] = {"ratio": None, "busy": None, "typical": None}
        if here:
            volumes = sorted(counts.values())
            low, high, top = (percentile(volumes, tenth) for tenth in (4, 6, 9))
            values["busy"] = p95([call for call in here if counts[call.day] >= top])
            values["typical"] = p95([call for call in here if low <= counts[call.day] <= high])
        if values["busy"] and values["typical"]:
            values["ratio"] = float(values["busy"]) / float(values["typical"])
        absent = None if values["ratio"] is not None else "fewer than 10 cases"
        return Measure(values["ratio"], len(here), values, absent)

    return points(world, question, facts, measure)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (performance_under_load,)
}
ASKS: Mapping[str, Ask] = {
    "performance_under_load": Ask(CALL, (*CALL, *PARTNER), environments=True),
}
