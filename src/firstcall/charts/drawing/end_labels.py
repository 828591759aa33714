"""How is a line named at its end, so that no legend is needed and no name covers another?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firstcall.charts.chart import Canvas, Formatter, Series
from firstcall.charts.drawing.axes import ValueAxis
from firstcall.charts.drawing.frame import Box, words
from firstcall.charts.drawing.labels import fit, spread, text_width
from firstcall.charts.svg import Markup, element, join, number

LINE = 14.0
OFFSET = 12.0
"""Pixels between a line's end and its name."""


@dataclass(frozen=True, slots=True)
class End:
    """A name at the height of a value: `lines` are (text, bold), printed below each other."""

    value: float
    tone: str
    lines: tuple[tuple[str, bool], ...]


def of_series(series: Sequence[Series], fmt: Formatter, *, narrow: bool = False) -> list[End]:
    """Return the end of each series that has a value: its name, its last value, and whether that is partial."""
    out: list[End] = []
    for one in series:
        last = next((point for point in reversed(one.points) if point.y is not None), None)
        if last is not None and last.y is not None:
            lines = [(one.name, False), (fmt(last.y), True)]
            if last.partial and narrow:
                lines.append(("so far", False))
            elif last.partial:
                lines[1] = f"{fmt(last.y)} so far", True
            out.append(End(last.y, one.tone, tuple(lines)))
    return out


def of_goal(value: float, label: str, fmt: Formatter) -> End:
    """Return the name of a goal line."""
    return End(value, "mute", ((f"{label} {fmt(value)}", False),))


def gutter(ends: Sequence[End], canvas: Canvas) -> float:
    """Return the room the names take right of the plot: at most 34 % of the drawing's width."""
    widest = max((text_width(text, bold=bold) for end in ends for text, bold in end.lines), default=0.0)
    return min(widest + OFFSET, 0.34 * canvas.width)


def draw(ends: Sequence[End], axis: ValueAxis, box: Box, canvas: Canvas) -> Markup:
    """Return the names right of the box; as many as the height holds, the first ones first."""
    room, kept = box.height + 16, list[End]()
    for end in ends:
        room -= _size(end)
        if room >= 0:
            kept.append(end)
    places = [axis.y(end.value, box) for end in kept]
    middles = spread(places, [_size(end) for end in kept], box.top - 8, box.bottom + 8)
    out: list[Markup] = []
    for end, place, middle in zip(kept, places, middles, strict=True):
        x = box.right + OFFSET
        first = middle - (len(end.lines) - 1) * LINE / 2 + 4
        if abs(place - middle) > 6:
            line = f"M{number(box.right + 1)} {number(place)}L{number(x - 3)} {number(middle)}"
            out.append(
                element("path", d=line, stroke=canvas.theme(end.tone), stroke_opacity=0.5, fill="none")
            )
        for n, (text, bold) in enumerate(end.lines):
            said = fit(text, canvas.width - x, bold=bold)
            weight = "600" if bold else None
            out.append(words(x, first + n * LINE, said, canvas.theme(end.tone), font_weight=weight))
    return join(out)


def _size(end: End) -> float:
    return LINE * len(end.lines) + 2
