"""How is a value marked that is not there?"""

from __future__ import annotations

from firstcall.charts.chart import Canvas
from firstcall.charts.drawing.frame import Box, hatch
from firstcall.charts.svg import Markup, element, number, title


def band(left: float, right: float, box: Box, canvas: Canvas, why: str) -> Markup:
    """Return a hatched strip over the plot that says why there is nothing."""
    return element(
        "rect", title(why), x=left, y=box.top, width=right - left, height=box.height, fill=hatch(canvas),
    )  # fmt: skip


def cross(x: float, y: float, tone: str, why: str) -> Markup:
    """Return a small cross where one series of several has no value."""
    at = f"M{number(x - 2.5)} {number(y - 2.5)}l5 5m0 -5l-5 5"
    return element("path", title(why), d=at, stroke=tone, stroke_width=1.3, fill="none")
