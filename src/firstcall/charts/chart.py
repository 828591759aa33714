"""What is a chart: which values go in, and what comes out beside the picture?

Every kind is one module with a `draw(caption, …, canvas) -> Chart`. The caption says which question the picture
answers and how its values are printed; the canvas says how wide it is and in whose colours. Charts know nothing
about metrics or units: a formatter (value → text) arrives with the caption.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from firstcall.charts.theme import PAGE, Theme
from firstcall.errors import UsageError

Formatter = Callable[[float], str]

NARROW = 480
"""Below this width, in pixels, a chart puts its labels above or below the marks instead of beside them."""

LARGEST, SMALLEST = 1e100, 1e-100
"""Outside these, a float is no measurement: larger ones count as missing, smaller ones as zero."""


def plain(value: float) -> str:
    """Print a value with thousands separators and at most two decimals: the formatter of last resort."""
    return f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series, with what a reader must know before trusting it.

    `value` is None when there is none, and `absent` then says why. `partial` marks a period that is not over.
    `low` and `high` bound the value where the statistics give an interval. `cases` is the number behind it.
    """

    x: date
    value: float | None
    cases: int | None = None
    partial: bool = False
    absent: str | None = None
    low: float | None = None
    high: float | None = None

    @property
    def y(self) -> float | None:
        """The value if it can be drawn, else None."""
        return drawable(self.value)

    @property
    def interval(self) -> tuple[float, float] | None:
        """Low and high, in order, if both can be drawn."""
        low, high = drawable(self.low), drawable(self.high)
        return None if low is None or high is None else (min(low, high), max(low, high))


@dataclass(frozen=True, slots=True)
class Series:
    """Named points in time order; `tone` is a colour of the theme, `dash` an SVG dash pattern such as `6 4`."""

    name: str
    points: tuple[Point, ...]
    tone: str = "c1"
    dash: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that happened on a day and explains a change; `href` leads to more about it."""

    x: date
    label: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Caption:
    """What a chart says: the question it answers, its unit, how values print, and the facts in words.

    `unit` names what the value axis counts ("minutes", "calls a day"). `summary` comes first in the description;
    the chart adds what it can read off the values. `x_name` heads the first column of the table.
    """

    question: str
    unit: str
    subtitle: str = ""
    summary: str = ""
    x_name: str = "Date"
    fmt: Formatter = plain


@dataclass(frozen=True, slots=True)
class Canvas:
    """Where a chart is drawn: ids start with `prefix`; width and height are in pixels at full size.

    `height` 0 leaves it to the kind. `theme` is PAGE (CSS variables), LIGHT or DARK (resolved colours).
    `standalone` draws the question and a background too, for files that are seen without a page around them.
    """

    prefix: str
    width: int = 640
    height: int = 0
    theme: Theme = PAGE
    standalone: bool = False

    def __post_init__(self) -> None:
        """Refuse what would make broken ids or an unreadable picture (UsageError)."""
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", self.prefix):
            raise UsageError(
                f"A chart was asked for with the id prefix {self.prefix!r}. "
                "Give one that starts with a letter and holds letters, digits, '-' and '_' only."
            )
        if not 60 <= self.width <= 4000 or not 0 <= self.height <= 4000:
            raise UsageError(
                f"A chart was asked for in {self.width} × {self.height} pixels. "
                "Give a width from 60 to 4000 and a height up to 4000 (0 leaves it to the chart)."
            )

    @property
    def narrow(self) -> bool:
        """Whether labels must stand above or below the marks."""
        return self.width < NARROW


@dataclass(frozen=True, slots=True)
class Table:
    """The chart as text: a header and rows of printed cells; `links` holds one address or None per row."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    links: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart: its words, its SVG (one escaped element) and the table behind it."""

    title: str
    subtitle: str
    description: str
    svg: str
    table: Table


def drawable(value: float | None) -> float | None:
    """Return the value as a float that can be drawn, or None (missing, not a number, infinite, absurd)."""
    if value is None or not math.isfinite(value) or abs(value) > LARGEST:
        return None
    return 0.0 if abs(value) < SMALLEST else float(value)
