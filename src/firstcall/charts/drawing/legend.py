"""What do the steps of a colour scale stand for?"""

from __future__ import annotations

from collections.abc import Sequence

from firstcall.charts.chart import Canvas, Caption
from firstcall.charts.drawing.frame import hatch, words
from firstcall.charts.drawing.labels import fit, text_width
from firstcall.charts.svg import Markup, element, join

HIGH = 9.0


def steps(
    caption: Caption, bounds: Sequence[float], floor: int, canvas: Canvas, top: float
) -> tuple[Markup, float]:
    """Return the swatches of a scale with its bounds between them, the hatch's meaning, and their height."""
    theme = canvas.theme
    names = [caption.fmt(bound) for bound in bounds]
    wide = min(max(map(text_width, names)) + 8, canvas.width / (len(bounds) + 1))
    out = [
        element("rect", x=wide * n, y=top, width=wide - 1.5, height=HIGH, rx=2, fill=theme(f"h{n}"))
        for n in range(len(bounds) + 1)
    ]
    for n, name in enumerate(names, 1):
        said = fit(name, wide - 4)
        out.append(words(wide * n - 0.75, top + HIGH + 13, said, theme("mute"), text_anchor="middle"))
    said, x, y = (
        f"under {floor:,} cases, or no value" if floor else "no value",
        wide * (len(bounds) + 1) + 18,
        top,
    )
    if x + 20 + text_width(said) > canvas.width:
        x, y = 0.0, top + HIGH + 24
    box = {"x": x, "y": y, "width": 14.0, "height": HIGH, "rx": 2.0}
    out.append(element("rect", fill=theme("surface"), stroke=theme("grid"), **box))
    out.append(element("rect", fill=hatch(canvas), **box))
    out.append(words(x + 20, y + 8.5, fit(said, canvas.width - x - 20), theme("mute")))
    return join(out), y - top + HIGH + 18
