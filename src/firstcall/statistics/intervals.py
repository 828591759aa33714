"""How far may a share lie from the truth, given how few cases it rests on?"""

from __future__ import annotations

import math

Z95 = 1.959963984540054
"""The normal quantile of a two-sided 95 % interval."""


def wilson(hits: float, tries: float) -> tuple[float, float]:
    """Return the Wilson 95 % interval of hits/tries, both ends within [0, 1]. `tries` must be positive."""
    share, square = hits / tries, Z95 * Z95
    middle = share + square / (2 * tries)
    spread = Z95 * math.sqrt(share * (1 - share) / tries + square / (4 * tries * tries))
    scale = 1 + square / tries
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
