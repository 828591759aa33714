"""How often do calls fail, and how long do they take?

Readings:
- The four rates come from the status as the seeds have it and overlap: client errors are 400–499 (408 and
  499 included), server errors 500–599 (504 included), errors both; a timeout is 408, 499, 504, 0 or
  `timed_out`. A status 0 or a timed-out 200 is no error, only a timeout.
- Latency percentiles are absent under 5 calls, P90 and above under 10. The headline is p50; `timeouts`
  counts the calls left out. `timeouts=censored` puts them behind all others (a rank among them has no
  value) and counts them as cases. `outcome=success` keeps successes only. `exact=yes` is type 7 over the
  calls.
- Calls without latency that did not time out count nowhere.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction

from tests.reference.activation import FEW
from tests.reference.identity import Call
from tests.reference.question import Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, inside, points
from tests.reference.survival import percentile
from tests.reference.usage import asked_calls

GROWTH = 1.02
PERCENTILES = {"p50": Fraction(1, 2), "p95": Fraction(95, 100), "p99": Fraction(99, 100)}


def share_of(world: World, question: Question, bad: Callable[[Call], bool]) -> list[Point]:
    """Bad calls ÷ all calls."""

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here = inside(bucket, group)
        if not here:
            return Measure(None, 0, absent="no calls")
        return Measure(float(Fraction(sum(bad(call) for call in here), len(here))), len(here))

    return points(world, question, asked_calls(world, question), measure)


def error_rate(world: World, question: Question) -> list[Point]:
    """Calls with status 400–599 ÷ all calls."""
    return share_of(world, question, lambda call: 400 <= call.status <= 599)


def client_error_rate(world: World, question: Question) -> list[Point]:
    """Calls with status 400–499 ÷ all calls."""
    return share_of(world, question, lambda call: 400 <= call.status <= 499)


def server_error_rate(world: World, question: Question) -> list[Point]:
    """Calls with status 500–599 ÷ all calls."""
    return share_of(world, question, lambda call: 500 <= call.status <= 599)


def timeout_rate(world: World, question: Question) -> list[Point]:
    """Calls that never completed ÷ all calls."""
    return share_of(world, question, lambda call: call.timeout)


def latency_bucket(milliseconds: float) -> int:
    """Return the histogram bucket of a latency."""
    return math.ceil(math.log(max(milliseconds, 1)) / math.log(GROWTH))


def from_histogram(latencies: Sequence[float], share: Fraction, total: int) -> float | None:
    """Return the middle of the bucket at rank 1 + floor(share · (total − 1)); None when it is beyond all."""
    counts = Counter(latency_bucket(value) for value in latencies)
    rank = 1 + math.floor(share * (total - 1))
    seen = 0
    for bucket in sorted(counts):
        seen += counts[bucket]
        if seen >= rank:
            return 2 * GROWTH**bucket / (GROWTH + 1)
    return None


def latency_at(latencies: Sequence[float], share: Fraction, total: int, *, exact: bool) -> float | None:
    """Return one percentile, or None under the least number of cases."""
    if total < (10 if share >= Fraction(9, 10) else 5):
        return None
    if not exact:
        return from_histogram(latencies, share, total)
    reach = math.ceil(share * (total - 1))
    if reach >= len(latencies):
        return None
    rest = [Fraction(max(latencies))] * (total - len(latencies))
    return float(percentile([*map(Fraction, latencies), *rest], share))


def latency(world: World, question: Question) -> list[Point]:
    """P50, P95 and P99 of completed calls in milliseconds, timeouts beside."""
    censored = question.set.get("timeouts") == "censored"
    only_success = question.set.get("outcome") == "success"
    exact = question.set.get("exact") == "yes"
    found = asked_calls(world, question)
    if only_success:
        found = [call for call in found if call.succeeded]
    facts = [call for call in found if call.timeout or call.latency is not None]

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here = inside(bucket, group)
        done = [call.latency for call in here if call.latency is not None and not call.timeout]
        lost = sum(call.timeout for call in here)
        total = len(done) + (lost if censored else 0)
        values: dict[str, Number | None] = {
            name: latency_at(done, share, total, exact=exact) for name, share in PERCENTILES.items()
        }
        few = "the median call timed out" if total >= 5 else FEW
        absent = few if values["p50"] is None else None
        return Measure(values["p50"], total, {**values, "timeouts": lost}, absent)

    return points(world, question, facts, measure)
