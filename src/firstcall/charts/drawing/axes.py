"""Where does a value or a day lie in the drawing, and how are the axes drawn?"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from firstcall.charts.chart import Formatter
from firstcall.charts.drawing import ticks
from firstcall.charts.drawing.frame import Box, words
from firstcall.charts.drawing.labels import fit, text_width
from firstcall.charts.svg import Markup, element, join, number
from firstcall.charts.theme import Theme

ROW = 40.0
"""Pixels between two grid lines, about."""

LEAST_RATIO = 6.3
"""A logarithmic axis spans at least this factor, so that at least two of its 1-2-5 ticks are inside."""


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """A value axis: its bounds, its ticks, whether it is logarithmic, and how values print."""

    low: float
    high: float
    ticks: tuple[float, ...]
    log: bool
    fmt: Formatter

    def share(self, value: float) -> float:
        """Return how far up the axis a value lies, 0 to 1 within its bounds."""
        if self.log:
            value, low, high = math.log(value), math.log(self.low), math.log(self.high)
            return (value - low) / (high - low)
        return (value - self.low) / (self.high - self.low)

    def y(self, value: float, box: Box) -> float:
        """Return the value's height in the box, in pixels from the top of the drawing."""
        return box.bottom - box.height * self.share(value)

    def labels(self) -> list[tuple[float, str]]:
        """Return (tick, text), leaving out texts already used (a coarse formatter may repeat itself)."""
        said: dict[str, float] = {}
        for tick in self.ticks:
            said.setdefault(self.fmt(tick), tick)
        return [(tick, text) for text, tick in said.items()]

    def gutter(self, width: float) -> float:
        """Return the room its labels take, at most 30 % of the drawing's width."""
        widest = max((text_width(text) for _, text in self.labels()), default=0.0)
        return min(widest, 0.3 * width) + 8


def value_axis(
    values: Sequence[float],
    fmt: Formatter,
    height: float,
    *,
    log: bool = False,
    zero: bool = True,
    ladder: Sequence[float] = (),
) -> ValueAxis:
    """Return an axis that holds the values (at least one), drawn `height` pixels high.

    A logarithmic axis needs values above zero; with others the axis is linear. `zero` makes a linear axis hold
    zero. `ladder` names the round values of the unit, such as seconds, minutes and hours.
    """
    count = max(2, int(height / ROW))
    low, high = min(values), max(values)
    if log and low > 0:
        low, high = low / 1.15, high * 1.15
        if high / low < LEAST_RATIO:
            middle = math.sqrt(low) * math.sqrt(high)
            low, high = middle / math.sqrt(LEAST_RATIO), middle * math.sqrt(LEAST_RATIO)
        inside = ticks.logarithmic(low, high, count, ladder)
        return ValueAxis(low, high, tuple(inside), log=True, fmt=fmt)
    if zero:
        low, high = min(0.0, low), max(0.0, high)
    if low == high == 0:
        return ValueAxis(0.0, 1.0, (0.0,), log=False, fmt=fmt)
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        pad = max(abs(low), abs(high)) * 0.05
        low, high = low - pad, high + pad
    whole = all(value == int(value) for value in values)
    marks = ticks.linear(low, high, count, ladder, whole=whole)
    return ValueAxis(marks[0], marks[-1], tuple(marks), log=False, fmt=fmt)


def draw_values(axis: ValueAxis, box: Box, theme: Theme) -> Markup:
    """Return the grid lines and their labels left of the box; zero is drawn stronger when values go below it."""
    out: list[Markup] = []
    last = math.inf
    for tick, text in axis.labels():
        y = axis.y(tick, box)
        base = tick == 0 and axis.low < 0
        line = f"M{number(box.left)} {number(y)}H{number(box.right)}"
        out.append(element("path", d=line, stroke=theme("faint" if base else "grid")))
        if last - y >= 13:
            label = fit(text, box.left - 8)
            out.append(words(box.left - 8, y + 4, label, theme("mute"), text_anchor="end"))
            last = y
    return join(out)


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """A time axis over days: the first day lies at `left`, the last at `right`, a single one in the middle."""

    days: tuple[date, ...]
    left: float
    right: float

    def x(self, day: date) -> float:
        """Return a day's position in pixels; days outside the axis lie outside left..right."""
        first, last = self.days[0].toordinal(), self.days[-1].toordinal()
        if first == last:
            return (self.left + self.right) / 2
        return self.left + (self.right - self.left) * (day.toordinal() - first) / (last - first)

    def cells(self) -> list[tuple[float, float]]:
        """Return the left and right edge of the strip that belongs to each day."""
        middles = [(self.x(a) + self.x(b)) / 2 for a, b in pairwise(self.days)]
        edges = [self.left, *middles, self.right]
        return list(pairwise(edges))


@dataclass(frozen=True, slots=True)
class BandAxis:
    """A time axis that gives every one of its days the same room, for bars and months."""

    days: tuple[date, ...]
    left: float
    right: float

    @property
    def room(self) -> float:
        """The pixels of one day."""
        return (self.right - self.left) / len(self.days)

    def x(self, day: date) -> float:
        """Return the middle of a day's room (of the next one's, for a day that is not on the axis)."""
        return self.left + self.room * (bisect_left(self.days, day) + 0.5)

    def cells(self) -> list[tuple[float, float]]:
        """Return the left and right edge of each day's room."""
        edges = [self.left + self.room * n for n in range(len(self.days) + 1)]
        return list(pairwise(edges))


DayAxis = TimeAxis | BandAxis


def draw_days(axis: DayAxis, baseline: float, theme: Theme, *, low: float, high: float) -> Markup:
    """Return small ticks below the baseline and their labels, which stay within low..high."""
    out: list[Markup] = []
    for day, text in ticks.days(axis.days[0], axis.days[-1], axis.x, low, high):
        x = axis.x(day)
        at = ticks.centre(x, text_width(text), low, high)
        out.append(element("path", d=f"M{number(x)} {number(baseline)}v4", stroke=theme("faint")))
        out.append(words(at, baseline + 17, text, theme("mute"), text_anchor="middle"))
    return join(out)


def draw_unit(unit: str, theme: Theme, width: float, y: float = 11.0, x: float = 0.0) -> Markup:
    """Return the unit's name, above the value axis."""
    return words(x, y, fit(unit, width - x), theme("mute"))
