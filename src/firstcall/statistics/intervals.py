"""How far may a share or a mean lie from the truth, given how few cases it rests on?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Z95 = 1.959963984540054
"""The normal quantile of a two-sided 95 % interval."""


def wilson(hits: float, tries: float) -> tuple[float, float]:
    """Return the Wilson 95 % interval of hits/tries, both ends within [0, 1]. `tries` must be positive."""
    share, square = hits / tries, Z95 * Z95
    middle = share + square / (2 * tries)
    spread = Z95 * math.sqrt(share * (1 - share) / tries + square / (4 * tries * tries))
    scale = 1 + square / tries
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def student(values: Sequence[float]) -> tuple[float, float] | None:
    """Return the 95 % interval of the mean by Student's t; None for fewer than two values."""
    count = len(values)
    if count < 2:
        return None
    from scipy import stats  # SciPy takes half a second to load

    mean = math.fsum(values) / count
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (count - 1) / count)
    reach = float(stats.t.ppf(0.975, count - 1)) * spread
    return mean - reach, mean + reach
