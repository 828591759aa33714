"""Did a number move, and is that good?

It moved when it changed by more than 5 % of what it was, and, where both numbers have intervals, by more than two
standard errors. Amounts change in percent, shares in points, ratios in their own units.
"""

from __future__ import annotations

import math
from decimal import Decimal

from firstcall.answers import Point, Value
from firstcall.bands import improves
from firstcall.reports.document import Trend
from firstcall.units import change, show_change

DEAD_BAND = Decimal("0.05")
"""Share of the earlier value that a number has to move by."""

ERRORS = 2.0
"""Standard errors of the difference that it has to move by."""

HALF_WIDTH = 1.96
"""Standard errors from a value to the edge of its 95 % interval."""


def compare(now: Value, earlier: Value, unit: str, better: str, *, noise: float | None = None) -> Trend:
    """Return how two values of a unit compare; `noise` is the standard error of their difference, if known.

    `better` is the direction that is good, "higher" or "lower".
    """
    moved = change(now, earlier, unit)
    if moved is None or now is None or earlier is None:
        return Trend()
    shown = show_change(now, earlier, unit)
    difference = Decimal(str(now)) - Decimal(str(earlier))
    far = abs(difference) > DEAD_BAND * abs(Decimal(str(earlier)))
    if not far or (noise is not None and abs(float(difference)) <= ERRORS * noise):
        return Trend(shown, moved, "flat", "no clear change")
    rising = difference > 0
    good = improves(better, rose=rising)
    return Trend(shown, moved, "up" if rising else "down", "better" if good else "worse")


def noise_between(one: Point, other: Point) -> float | None:
    """Return the standard error of the difference of two headlines that have intervals, else None."""
    widths = [_error(one), _error(other)]
    return math.hypot(*(width for width in widths if width is not None)) if None not in widths else None


def _error(point: Point) -> float | None:
    if point.low is None or point.high is None:
        return None
    return (float(point.high) - float(point.low)) / (2 * HALF_WIDTH)
