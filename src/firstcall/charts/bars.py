"""Who is largest: ranked horizontal bars, each with its value?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firstcall.charts.chart import Canvas, Caption, Chart, Formatter, Table, drawable
from firstcall.charts.drawing.axes import draw_unit
from firstcall.charts.drawing.frame import finish, hatch, placeholder, reason, words
from firstcall.charts.drawing.labels import fit, text_width
from firstcall.charts.svg import Markup, element, join, link, number, title

ROW, NARROW_ROW, BAR, TOP = 28.0, 40.0, 16.0, 22.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a name, a value or the reason why there is none, the cases behind it, a tone, a link."""

    name: str
    value: float | None
    cases: int | None = None
    absent: str | None = None
    partial: bool = False
    tone: str = "c1"
    href: str | None = None

    @property
    def length(self) -> float | None:
        """The value if it can be drawn."""
        return drawable(self.value)


def draw(caption: Caption, bars: Sequence[Bar], canvas: Canvas, *, ranked: bool = True) -> Chart:
    """Draw one bar per row, largest first unless `ranked` is off; rows without a value come last and say why.

    Bars begin at zero; values below zero run left of it. Bars of a period that is not over are hatched.
    """
    rows = (
        sorted(bars, key=lambda b: (b.length is None, -(b.length or 0.0), b.name)) if ranked else list(bars)
    )
    table = _table(caption, rows)
    values = [bar.length for bar in rows if bar.length is not None]
    if not values:
        return placeholder(caption, canvas, reason(b.absent for b in bars), table, canvas.height or 140)
    pitch = NARROW_ROW if canvas.narrow else ROW
    height = max(canvas.height, TOP + pitch * len(rows) + 2)
    lane = _lane(caption, rows, values, canvas)
    body = [draw_unit(caption.unit, canvas.theme, canvas.width)]
    body += [_row(bar, TOP + pitch * n, lane, canvas, caption.fmt) for n, bar in enumerate(rows)]
    return finish(caption, canvas, height, join(body), _facts(rows, caption.fmt), table)


@dataclass(frozen=True, slots=True)
class _Lane:
    names: float
    left: float
    right: float
    low: float
    high: float

    @property
    def zero(self) -> float:
        return self.x(0.0)

    def x(self, value: float) -> float:
        return self.left + (self.right - self.left) * (value - self.low) / (self.high - self.low)


def _lane(caption: Caption, rows: Sequence[Bar], values: Sequence[float], canvas: Canvas) -> _Lane:
    names = 0.0 if canvas.narrow else min(max(text_width(b.name) for b in rows), 0.34 * canvas.width) + 12
    side = min(max(text_width(caption.fmt(v), bold=True) for v in values), 0.25 * canvas.width) + 10
    low, high = min(0.0, *values), max(0.0, *values)
    return _Lane(
        names, names + (side if low < 0 else 0), canvas.width - side, low, high if high > low else low + 1
    )


def _row(bar: Bar, top: float, lane: _Lane, canvas: Canvas, fmt: Formatter) -> Markup:
    theme, value = canvas.theme, bar.length
    middle = top + (NARROW_ROW - BAR / 2 - 6 if canvas.narrow else ROW / 2)
    if canvas.narrow:
        name = words(0, top + 12, fit(bar.name, canvas.width), theme("fg"))
    else:
        name = words(
            lane.names - 12, middle + 4, fit(bar.name, lane.names - 12), theme("fg"), text_anchor="end"
        )
    if value is None:
        why = fit(f"– {bar.absent or 'no value'}", canvas.width - lane.zero - 6)
        return join((name, words(lane.zero + 6, middle + 4, why, theme("mute"))))
    start, end = sorted((lane.zero, lane.x(value)))
    box = {"x": start, "y": middle - BAR / 2, "width": max(1.0, end - start), "height": BAR, "rx": 3}
    shapes = [element("rect", **box, fill=theme(bar.tone))]
    if bar.partial:
        shapes = [element("rect", **box, fill=theme("s0")), element("rect", **box, fill=hatch(canvas))]
    text = fit(fmt(value), max(0.0, (start if value < 0 else canvas.width - end) - 6), bold=True)
    place, anchor = (start - 6, "end") if value < 0 else (end + 6, None)
    label = words(place, middle + 4, text, theme("fg"), font_weight="600", text_anchor=anchor)
    if lane.low < 0:
        line = f"M{number(lane.zero)} {number(middle - BAR / 2 - 4)}v{BAR + 8:g}"
        shapes.append(element("path", d=line, stroke=theme("faint")))
    return link(bar.href, element("g", title(_say(bar, fmt)), name, *shapes, label), label=bar.name)


def _say(bar: Bar, fmt: Formatter) -> str:
    text = f"{bar.name}: {'–' if bar.length is None else fmt(bar.length)}"
    text += f", {bar.cases:,} {'case' if bar.cases == 1 else 'cases'}" if bar.cases is not None else ""
    return f"{text}, so far" if bar.partial else text


def _table(caption: Caption, rows: Sequence[Bar]) -> Table:
    counted = any(bar.cases is not None for bar in rows)
    header = (
        caption.x_name,
        caption.unit[:1].upper() + caption.unit[1:],
        *(["Cases"] if counted else []),
        "Note",
    )
    lines = [
        (
            bar.name,
            "–" if bar.length is None else caption.fmt(bar.length),
            *([("–" if bar.cases is None else f"{bar.cases:,}")] if counted else []),
            (bar.absent or "no value") if bar.length is None else "partial" if bar.partial else "",
        )
        for bar in rows
    ]
    return Table(header, tuple(lines), tuple(bar.href for bar in rows))


def _facts(rows: Sequence[Bar], fmt: Formatter) -> str:
    return "; ".join(_say(bar, fmt) for bar in rows[:12]) + (
        f"; {len(rows) - 12} more." if len(rows) > 12 else "."
    )
