"""Did a number move, by how much of what it takes to be clear, and is that good? The one judge of changes.

It moved when it changed by more than 5 % of what it was, and, where both numbers have intervals, by more than two
standard errors. Amounts change in percent, shares in points, ratios in their own units.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from firstcall.bands import improves
from firstcall.units import NONE, change, show_change

if TYPE_CHECKING:
    from firstcall.answers import Answer, Point, Value

Arrow = Literal["up", "down", "flat"]
Direction = Literal["better", "worse", "changed", "no clear change"]

DEAD_BAND = Decimal("0.05")
"""Share of the earlier value that a number has to move by."""

ERRORS = 2.0
"""Standard errors of the difference that it has to move by."""

HALF_WIDTH = 1.96
"""Standard errors from a value to the edge of its 95 % interval."""

RANKED_BY = "the change in steps of its noise, or of 5 % where that is not known"
"""By what numbers are said to have moved most or least."""


@dataclass(frozen=True, slots=True)
class Change:
    """How two numbers compare: the change in their unit, the way it went, and whether that is good.

    `change` is a share for amounts (0.184 is +18.4 %), else the difference. `size` ranks changes of different metrics:
    the difference over its noise, else over the earlier value, in the steps from which each is clear. All but `shown`
    are None without a base.
    """

    shown: str = NONE
    change: Decimal | None = None
    arrow: Arrow | None = None
    verdict: Direction | None = None
    size: float | None = None


def changed(answer: Answer, now: Point | None, earlier: Point | None) -> Change:
    """Return how the headlines of two points of a metric compare, with their noise where both have an interval."""
    if now is None or earlier is None:
        return Change()
    return compare(now.value, earlier.value, answer.unit, answer.better, noise=noise_between(now, earlier))


def compare(now: Value, earlier: Value, unit: str, better: str, *, noise: float | None = None) -> Change:
    """Return how two values of a unit compare; `noise` is the standard error of their difference, if known.

    `better` is the direction that is good: "higher", "lower" or "neither".
    """
    moved = change(now, earlier, unit)
    if moved is None or now is None or earlier is None:
        return Change()
    shown = show_change(now, earlier, unit)
    difference = Decimal(str(now)) - Decimal(str(earlier))
    band = DEAD_BAND * abs(Decimal(str(earlier)))
    size = _size(abs(float(difference)), ERRORS * noise if noise else float(band))
    if abs(difference) <= band or (noise is not None and abs(float(difference)) <= ERRORS * noise):
        return Change(shown, moved, "flat", "no clear change", size)
    good = improves(better, rose=difference > 0)
    verdict: Direction = "changed" if good is None else "better" if good else "worse"
    return Change(shown, moved, "up" if difference > 0 else "down", verdict, size)


def noise_between(one: Point, other: Point) -> float | None:
    """Return the standard error of the difference of two headlines that have intervals, else None."""
    widths = [_error(one), _error(other)]
    return math.hypot(*(width for width in widths if width is not None)) if None not in widths else None


def _size(difference: float, step: float) -> float:
    if not difference:
        return 0.0
    return difference / step if step else math.inf


def _error(point: Point) -> float | None:
    if point.low is None or point.high is None:
        return None
    return (float(point.high) - float(point.low)) / (2 * HALF_WIDTH)
