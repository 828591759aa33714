"""What does a latency become in buckets 2 % wide, and which percentile is read back?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from tests.reference.survival import percentile

GROWTH = 1.02
PERCENTILES = {"p50": Fraction(1, 2), "p95": Fraction(95, 100), "p99": Fraction(99, 100)}


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
