"""How are the layers of a stack named: beside their ends where there is room, below the drawing where not?"""

from __future__ import annotations

from collections.abc import Sequence

from firstcall.charts.chart import Canvas
from firstcall.charts.drawing.frame import Box, words
from firstcall.charts.drawing.labels import fit, spread, text_width
from firstcall.charts.svg import Markup, element, join, number

ROW, OFFSET, SWATCH = 14.5, 18.0, 9.0


def gutter(names: Sequence[str], canvas: Canvas) -> float:
    """Return the room the names take beside the plot: at most 32 % of the drawing's width."""
    return min(max(map(text_width, names), default=0.0) + OFFSET, 0.32 * canvas.width)


def draw_beside(named: Sequence[tuple[str, str, float]], box: Box, canvas: Canvas) -> Markup:
    """Return the names (text, tone, y of the layer's end) right of the box, tied to their layers by thin lines.

    When the height does not hold them all, the first ones stay.
    """
    kept = list(named)[: max(1, int((box.height + 20) // ROW))]
    middles = spread([y for _, _, y in kept], [ROW] * len(kept), box.top - 10, box.bottom + 10)
    out: list[Markup] = []
    for (name, tone, y), middle in zip(kept, middles, strict=True):
        colour, x = canvas.theme(tone), box.right + OFFSET
        data = f"M{number(box.right + 2)} {number(y)}h3L{number(x - 6)} {number(middle)}h3"
        out.append(element("path", d=data, stroke=colour, fill="none", stroke_width=1.2))
        out.append(words(x, middle + 4, fit(name, canvas.width - x), colour))
    return join(out)


def _columns(names: Sequence[str], canvas: Canvas) -> int:
    widest = max(map(text_width, names), default=0.0) + SWATCH + 18
    return max(1, min(2, int(canvas.width / widest)))


def height(names: Sequence[str], canvas: Canvas) -> float:
    """Return the pixels the names take below the drawing."""
    return -(-len(names) // _columns(names, canvas)) * 18.0 + 8


def draw_below(named: Sequence[tuple[str, str]], canvas: Canvas, top: float) -> Markup:
    """Return swatches with names (text, tone) in one or two columns, in the order given."""
    columns = _columns([name for name, _ in named], canvas)
    lines, wide = -(-len(named) // columns), canvas.width / columns
    out: list[Markup] = []
    for n, (name, tone) in enumerate(named):
        x, y = wide * (n // lines), top + 18.0 * (n % lines)
        colour = canvas.theme(tone)
        out.append(element("rect", x=x, y=y, width=SWATCH, height=SWATCH, rx=2, fill=colour))
        out.append(words(x + SWATCH + 6, y + 8.5, fit(name, wide - SWATCH - 12), canvas.theme("fg")))
    return join(out)
