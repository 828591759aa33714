"""How are the events that explain a change marked on a time axis?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firstcall.charts.chart import Milestone
from firstcall.charts.drawing import ticks
from firstcall.charts.drawing.axes import TimeAxis
from firstcall.charts.drawing.frame import Box, words
from firstcall.charts.drawing.labels import fit, rows, text_width
from firstcall.charts.svg import Markup, element, join, link, number, title
from firstcall.charts.theme import Theme

ROW = 16.0
"""Height of a row of milestone labels, in pixels."""

MOST_ROWS = 3


@dataclass(frozen=True, slots=True)
class Flag:
    """A milestone and where it is written: the line's x, the text, where it starts, and its row or None."""

    milestone: Milestone
    x: float
    text: str
    start: float
    row: int | None


def place(milestones: Sequence[Milestone], axis: TimeAxis, width: float) -> list[Flag]:
    """Return the milestones within the axis with labels that stay inside the drawing and do not touch."""
    inside = sorted(
        (m for m in milestones if axis.days[0] <= m.x <= axis.days[-1]), key=lambda m: (m.x, m.label)
    )
    texts = [fit(m.label, 0.5 * width) for m in inside]
    starts: list[float] = []
    for milestone, text in zip(inside, texts, strict=True):
        x = axis.x(milestone.x)
        room = text_width(text) + 6
        starts.append(x + 6 if x + room <= width else max(0.0, x - room))
    spans = [(start - 6, start + text_width(text) + 6) for start, text in zip(starts, texts, strict=True)]
    placed = rows(spans, MOST_ROWS)
    return [
        Flag(m, axis.x(m.x), text, start, row)
        for m, text, start, row in zip(inside, texts, starts, placed, strict=True)
    ]


def height(flags: Sequence[Flag]) -> float:
    """Return the pixels the labels of the milestones need above the plot."""
    used = [flag.row for flag in flags if flag.row is not None]
    return ROW * (max(used) + 1) + 4 if used else 0.0


def draw_milestones(flags: Sequence[Flag], box: Box, theme: Theme) -> Markup:
    """Return a hairline with a diamond for each milestone, and its label above the plot where there is room."""
    top = box.top - height(flags)
    lines, texts = list[Markup](), list[Markup]()
    for flag in flags:
        start = box.top - 2 if flag.row is None else top + ROW * flag.row + 8
        x = number(flag.x)
        said = title(f"{ticks.long_day(flag.milestone.x)}: {flag.milestone.label}")
        line = element(
            "path", d=f"M{x} {number(start)}V{number(box.bottom)}", stroke=theme("faint"), stroke_width=1
        )
        gem = element("path", d=f"M{x} {number(start - 4)}l4 4l-4 4l-4 -4Z", fill=theme("fg"))
        lines.append(line)
        text = words(
            flag.start, start + 4, "" if flag.row is None else flag.text, theme("fg"),
            stroke=theme("surface"), stroke_width=3, paint_order="stroke", stroke_linejoin="round",
        )  # fmt: skip
        group = element("g", said, gem, text)
        texts.append(link(flag.milestone.href, group, label=flag.milestone.label))
    return join((*lines, *texts))


def sentence(flags: Sequence[Flag]) -> str:
    """Return the milestones in words, for the description."""
    said = "; ".join(f"{ticks.long_day(flag.milestone.x)} {flag.milestone.label}" for flag in flags)
    return f"Milestones: {said}." if said else ""
