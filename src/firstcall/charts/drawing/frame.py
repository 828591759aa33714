"""What surrounds every drawing: the accessible root, the heading of a file, and the shape of a chart without data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from firstcall.charts.chart import Canvas, Caption, Chart, Table
from firstcall.charts.drawing.labels import SIZE, fit, wrap
from firstcall.charts.svg import NOTHING, Markup, Value, element, escape, join, number
from firstcall.charts.theme import FONT, Theme

MARGIN = 16.0
"""Free pixels around the drawing of a standalone file."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the drawing, in pixels from the top left."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top


def words(x: float, y: float, text: str, fill: str, **attributes: Value) -> Markup:
    """Return a text element with its baseline at y."""
    return element("text", escape(text), x=x, y=y, fill=fill, **attributes) if text else NOTHING


def hatch(canvas: Canvas) -> str:
    """Return the fill that stands for "not known": add it to a mark, and the frame defines the pattern."""
    return f"url(#{canvas.prefix}-hatch)"


def _definitions(canvas: Canvas, body: Markup) -> Markup:
    if hatch(canvas) not in body:
        return NOTHING
    pattern = element(
        "pattern",
        element("path", d="M0 0V6", stroke=canvas.theme("faint"), stroke_width=1.6, stroke_opacity=0.75),
        id=f"{canvas.prefix}-hatch",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    return element("defs", pattern)


def _heading(canvas: Canvas, title: str, subtitle: str) -> tuple[Markup, float]:
    room = canvas.width
    lines: list[tuple[str, float, str, str | None]]
    lines = [(line, 15.0, "fg", "600") for line in wrap(title, room, 2, 15, bold=True)]
    lines += [(line, 12.0, "mute", None) for line in wrap(subtitle, room, 2, 12)]
    height, out = 14.0, list[tuple[float, str, float, str, str | None]]()
    for line, size, tone, weight in lines:
        height += size + 5
        out.append((height, line, size, tone, weight))
    height += 10
    drawn = [
        words(0, y - height, line, canvas.theme(tone), font_size=size, font_weight=weight)
        for y, line, size, tone, weight in out
    ]
    return join(drawn), height


def _surroundings(
    caption: Caption, canvas: Canvas, subtitle: str, height: float
) -> tuple[Markup, float, float]:
    """Return a standalone file's ground and heading, and the pixels they take above and beside the drawing."""
    if not canvas.standalone:
        return NOTHING, 0.0, 0.0
    heading, top = _heading(canvas, caption.question, subtitle)
    back = element(
        "rect",
        x=-MARGIN,
        y=-top,
        width=canvas.width + 2 * MARGIN,
        height=height + top + MARGIN,
        fill=canvas.theme("surface"),
    )
    return join((back, heading)), top, MARGIN


def finish(
    caption: Caption,
    canvas: Canvas,
    height: float,
    body: Markup,
    facts: str,
    table: Table,
    *,
    notes: str = "",
) -> Chart:
    """Return the chart: `body` inside its root, described by the caption's summary and then the facts.

    `notes` are added to the subtitle: how the drawing differs from the bare values.
    """
    subtitle = " · ".join(part for part in (caption.subtitle, notes) if part)
    description = " ".join(part for part in (caption.summary, facts) if part) or "No facts to report."
    above, top, side = _surroundings(caption, canvas, subtitle, height)
    full = canvas.width + 2 * side, height + top + side
    svg = element(
        "svg",
        element("title", escape(caption.question), id=f"{canvas.prefix}-t"),
        element("desc", escape(description), id=f"{canvas.prefix}-d"),
        _definitions(canvas, body),
        above,
        body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=" ".join(map(number, (-side, -top, *full))),
        width=full[0] if canvas.standalone else "100%",
        height=full[1] if canvas.standalone else None,
        # a picture hides what is inside it, so a drawing with links is a group
        role="group" if "<a " in body else "img",
        aria_labelledby=f"{canvas.prefix}-t {canvas.prefix}-d",
        class_=f"fc-chart {'fc-narrow' if canvas.narrow else 'fc-wide'}",
        font_family=None if canvas.theme.colours is None else FONT,
        font_size=SIZE,
        font_variant="tabular-nums",
    )
    return Chart(caption.question, subtitle, description, svg, table)


def reason(absent: Iterable[str | None]) -> str:
    """Return the reason given most often, or that there are no values yet."""
    counted = Counter(text for text in absent if text)
    return counted.most_common(1)[0][0] if counted else "no values in this period"


def placeholder(caption: Caption, canvas: Canvas, why: str, table: Table, height: float) -> Chart:
    """Return a chart-shaped frame that says what is missing instead of drawing nothing."""
    theme: Theme = canvas.theme
    middle, wide = height / 2, canvas.width
    lines = wrap(why[:1].upper() + why[1:], wide - 64, 2)
    grid = [
        element("path", d=f"M0 {y:g}H{wide}", stroke=theme("grid"))
        for y in (0.5, height * 0.25, height * 0.75, height - 0.5)
    ]
    box = element(
        "rect", x=16, y=max(2.0, middle - 34), width=wide - 32, height=min(68.0, height - 4), rx=8,
        fill=theme("s0"), stroke=theme("border"), stroke_dasharray="4 4",
    )  # fmt: skip
    room = wide - 48
    texts = [("Nothing to draw", "fg", "600"), *((line, "mute", None) for line in lines)][
        : int(height // 18) or 1
    ]
    first = middle - (len(texts) - 1) * 8 + 4
    said = [
        words(
            wide / 2, first + 16 * n, fit(text, room, bold=weight is not None), theme(tone),
            text_anchor="middle", font_weight=weight,
        )
        for n, (text, tone, weight) in enumerate(texts)
    ]  # fmt: skip
    return finish(caption, canvas, height, join((*grid, box, *said)), f"Nothing to draw: {why}.", table)
