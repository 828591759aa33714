"""Which values and days does an axis name, so that they are round and never touch?"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from firstcall.charts.drawing.labels import text_width

SECONDS = (
    *(1.0, 2.0, 5.0, 10.0, 15.0, 30.0),
    *(60.0, 120.0, 300.0, 600.0, 900.0, 1800.0),
    *(3600.0, 7200.0, 14400.0, 28800.0, 43200.0),
    *(86400.0, 172800.0, 604800.0, 1209600.0, 2592000.0),
)
"""Round durations in seconds, for axes that measure time: 1 s … 30 days."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
GAP = 10.0
"""Pixels that stay free between two labels of the time axis."""


def step(span: float, count: int, ladder: Sequence[float] = (), *, whole: bool = False) -> float:
    """Return a round step that divides `span` (> 0) into about `count` parts, from the ladder if it reaches."""
    rough = span / max(1, count)
    if ladder and rough <= ladder[-1]:
        return ladder[bisect_left(ladder, rough)]
    size = 10.0 ** math.floor(math.log10(rough))
    nice = size * next(f for f in (1.0, 2.0, 5.0, 10.0) if rough <= f * size * (1 + 1e-9))
    return max(1.0, nice) if whole else nice


def linear(
    low: float, high: float, count: int, ladder: Sequence[float] = (), *, whole: bool = False
) -> list[float]:
    """Return round ticks around low..high: the first at or below it, the last at or above it.

    >>> linear(0, 87, 4)
    [0.0, 50.0, 100.0]
    """
    if high <= low:
        return [low]
    size = step(high - low, count, ladder, whole=whole)
    first, last = math.floor(low / size + 1e-9), math.ceil(high / size - 1e-9)
    return [n * size for n in range(first, last + 1)]


def logarithmic(low: float, high: float, count: int, ladder: Sequence[float] = ()) -> list[float]:
    """Return ticks inside low..high (both > 0): from the ladder, or 1-2-5, or powers of ten if those are many.

    >>> logarithmic(9, 230, 6)
    [10.0, 20.0, 50.0, 100.0, 200.0]
    """
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    fine = [m * 10.0**d for d in decades for m in (1.0, 2.0, 5.0)]
    if len(known := [v for v in ladder if low <= v <= high]) >= 2:
        return known[:: math.ceil(len(known) / (max(2, count) + 1))]
    for marks in (fine, [10.0**d for d in decades]):
        inside = [v for v in marks if low <= v * (1 + 1e-9) and v <= high * (1 + 1e-9)]
        if 2 <= len(inside) <= max(2, count) + 1:
            return inside
    inside = [v for v in fine if low <= v <= high]
    return inside[:: max(1, math.ceil(len(inside) / max(2, count)))]


def short_day(day: date) -> str:
    """Print a day for an axis: `6 Apr`."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def long_day(day: date) -> str:
    """Print a day for a tooltip or a sentence: `6 Apr 2026`."""
    return f"{short_day(day)} {day.year}"


def short_month(day: date) -> str:
    """Print a month for an axis; January carries its year: `Jan 2026`, `Feb`."""
    return f"Jan {day.year}" if day.month == 1 else MONTHS[day.month - 1]


def _days(first: date, last: date, every: int, *, monday: bool) -> list[date]:
    day = first + timedelta(days=-first.weekday() % 7) if monday else first
    count = (last - day).days // every + 1
    return [day + timedelta(days=every * n) for n in range(count)]


def _months(first: date, last: date, every: int) -> list[date]:
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    firsts = (date(n // 12, n % 12 + 1, 1) for n in range(start, end + 1) if n % 12 % every == 0)
    return [day for day in firsts if first <= day]


def days(
    first: date, last: date, x: Callable[[date], float], left: float, right: float
) -> list[tuple[date, str]]:
    """Return days to name between first and last, and their labels, the densest round choice that does not touch.

    `x` gives a day's position; labels are centred there and kept within left..right. Up to two weeks every day
    may be named, then Mondays, then firsts of months, then of quarters and years.
    """
    span = (last - first).days
    choices: list[tuple[list[date], Callable[[date], str]]] = []
    if span <= 14:
        choices += [(_days(first, last, n, monday=False), short_day) for n in (1, 2, 3)]
    if span <= 120:
        choices += [(_days(first, last, 7 * n, monday=True), short_day) for n in (1, 2, 3, 4)]
    choices += [(_months(first, last, n), short_month) for n in (1, 2, 3, 6)]
    choices += [(_years(first, last, n), _year) for n in (1, 2, 5, 10, 50, 100, 500, 1000)]
    for named, label in choices:
        if len(chosen := [(day, label(day)) for day in named]) >= 2 and _apart(chosen, x, left, right):
            return chosen
    return [(first, long_day(first))] if text_width(long_day(first)) <= right - left else []


def _years(first: date, last: date, every: int) -> list[date]:
    years = (date(y, 1, 1) for y in range(first.year, last.year + 1) if y % every == 0)
    return [day for day in years if first <= day]


def _year(day: date) -> str:
    return str(day.year)


def centre(at: float, width: float, left: float, right: float) -> float:
    """Return the middle of a label of this width, as near to `at` as left..right allow."""
    return max(left + width / 2, min(at, right - width / 2))


def _apart(chosen: list[tuple[date, str]], x: Callable[[date], float], left: float, right: float) -> bool:
    end = -math.inf
    for day, label in chosen:
        width = text_width(label)
        start = centre(x(day), width, left, right) - width / 2
        if start < end + GAP:
            return False
        end = start + width
    return True


def every(labels: Sequence[str], positions: Sequence[float]) -> int:
    """Return n so that every n-th of the labels, centred at the positions, touches no other."""
    for n in range(1, len(labels) + 1):
        kept = [(p, text_width(t)) for p, t in zip(positions[::n], labels[::n], strict=True)]
        pairs = pairwise(kept)
        if all(q - v / 2 - (p + w / 2) >= GAP / 2 for (p, w), (q, v) in pairs):
            return n
    return 1
