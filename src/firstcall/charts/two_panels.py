"""How do two measures of the same months compare, each on its own axis: a line above, bars below?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from firstcall.charts.chart import Canvas, Caption, Chart, Formatter, Point, Series, Table, drawable
from firstcall.charts.drawing import end_labels, missing, strokes
from firstcall.charts.drawing.axes import BandAxis, DayAxis, ValueAxis, draw_unit, draw_values, value_axis
from firstcall.charts.drawing.frame import Box, finish, hatch, placeholder, reason, words
from firstcall.charts.drawing.labels import text_width
from firstcall.charts.drawing.text_alternative import facts, time_table
from firstcall.charts.drawing.ticks import MONTHS, every, long_day
from firstcall.charts.svg import NOTHING, Markup, element, join, number

HEIGHT, UNIT_ROW, BETWEEN, DAYS_ROW = 340, 26.0, 52.0, 36.0
UPPER = 0.62
"""Share of the height that the line gets."""


@dataclass(frozen=True, slots=True)
class Bars:
    """The lower panel: its series, its unit and its formatter."""

    series: Series
    unit: str
    fmt: Formatter


@dataclass(frozen=True, slots=True)
class Reference:
    """A value of the upper panel that divides good from bad, such as 100 % for retention."""

    value: float
    label: str


def draw(
    caption: Caption, lines: Sequence[Series], bars: Bars, canvas: Canvas, reference: Reference | None = None
) -> Chart:
    """Draw the lines (caption's unit and formatter) above the bars (their own), over the same months.

    The upper axis does not begin at zero, since a line shows change; the lower one does, since bars show size.
    """
    table, height = _table(caption, lines, bars), canvas.height or HEIGHT
    upper, lower = strokes.extent(lines), strokes.extent([bars.series])
    months = tuple(sorted({point.x for one in (*lines, bars.series) for point in one.points}))
    if not upper and not lower:
        why = reason(point.absent for one in (*lines, bars.series) for point in one.points)
        return placeholder(caption, canvas, why, table, height)
    names = end_labels.of_series(lines, caption.fmt, narrow=canvas.narrow)
    level = None if reference is None else drawable(reference.value)
    reference = None if reference is None or level is None else Reference(level, reference.label)
    if reference:
        names.append(end_labels.End(reference.value, "mute", ((reference.label, False),)))
        upper = [*upper, reference.value]
    free = height - UNIT_ROW - BETWEEN - DAYS_ROW
    above = value_axis(upper or [0.0], caption.fmt, free * UPPER, zero=False)
    below = value_axis(lower or [0.0], bars.fmt, free * (1 - UPPER))
    left = max(above.gutter(canvas.width), below.gutter(canvas.width))
    right = canvas.width - max(8.0, end_labels.gutter(names, canvas))
    split = UNIT_ROW + free * UPPER
    top = Box(left, UNIT_ROW, right, split)
    bottom = Box(left, split + BETWEEN, right, height - DAYS_ROW)
    time = BandAxis(months, left, right)
    body = (
        _upper(caption, lines, reference, above, time, top, canvas),
        end_labels.draw(names, above, top, canvas),
        _lower(bars, below, time, bottom, canvas),
        _months(time, bottom.bottom, canvas),
        _hits(caption, lines, bars, time, Box(left, top.top, right, bottom.bottom), canvas),
    )
    said = f"{facts(lines, caption.fmt)} {facts([bars.series], bars.fmt)}"
    return finish(caption, canvas, height, join(body), said, table)


def _table(caption: Caption, lines: Sequence[Series], bars: Bars) -> Table:
    return time_table(caption, [*lines, bars.series], formats={len(lines): bars.fmt})


def _upper(
    caption: Caption, lines: Sequence[Series], reference: Reference | None, axis: ValueAxis, time: DayAxis,
    box: Box, canvas: Canvas,
) -> Markup:  # fmt: skip
    theme = canvas.theme
    line = NOTHING
    if reference:
        data = f"M{number(box.left)} {number(axis.y(reference.value, box))}H{number(box.right)}"
        line = element("path", d=data, stroke=theme("mute"), stroke_dasharray="1 4", stroke_width=1.4)
    return join(
        (
            draw_unit(caption.unit, theme, canvas.width),
            draw_values(axis, box, theme),
            line,
            strokes.gaps(lines, time, box, canvas),
            *(strokes.band(one, axis, time, box, canvas) for one in lines),
            *(strokes.stroke(one, axis, time, box, canvas) for one in lines),
        )
    )


def _lower(bars: Bars, axis: ValueAxis, time: BandAxis, box: Box, canvas: Canvas) -> Markup:
    out = [
        draw_unit(bars.unit, canvas.theme, canvas.width, y=box.top - 20),
        draw_values(axis, box, canvas.theme),
    ]
    known = [point for point in bars.series.points if point.y is not None]
    texts = [bars.fmt(point.y or 0.0) for point in known]
    roomy = all(text_width(text) <= time.room - 4 for text in texts)
    chosen = set(known) if roomy else set(known[-1:])
    edges = dict(zip(time.days, time.cells(), strict=True))
    for point in bars.series.points:
        if point.y is None:
            why = f"{long_day(point.x)}: no {bars.series.name}: {point.absent or 'no value'}"
            out.append(missing.band(*edges[point.x], box, canvas, why))
            continue
        out.append(_bar(point, bars, axis, time, box, canvas))
        if point in chosen:
            y = min(axis.y(point.y, box), axis.y(0.0, box)) - 4
            wide = text_width(bars.fmt(point.y))
            x = max(box.left + wide / 2, min(time.x(point.x), canvas.width - wide / 2))
            out.append(words(x, y, bars.fmt(point.y), canvas.theme("mute"), text_anchor="middle"))
    return join(out)


def _bar(point: Point, bars: Bars, axis: ValueAxis, time: BandAxis, box: Box, canvas: Canvas) -> Markup:
    wide = max(1.0, min(time.room * 0.6, 40.0))
    top, bottom = sorted((axis.y(point.y or 0.0, box), axis.y(0.0, box)))
    rect = {
        "x": time.x(point.x) - wide / 2, "y": top, "width": wide, "height": max(1.0, bottom - top),
        "rx": min(2.5, wide / 4),
    }  # fmt: skip
    colour = canvas.theme(bars.series.tone)
    if not point.partial:
        return element("rect", fill=colour, fill_opacity=0.55, **rect)
    outline = element("rect", fill=canvas.theme("s0"), stroke=colour, stroke_dasharray="3 3", **rect)
    return join((outline, element("rect", fill=hatch(canvas), **rect)))


def _months(time: BandAxis, baseline: float, canvas: Canvas) -> Markup:
    """Return the months below the baseline, and the year below the first of each year that is named."""
    names = [MONTHS[day.month - 1] for day in time.days]
    step = every(names, [time.x(day) for day in time.days])
    out, year, free = list[Markup](), 0, 0.0
    for day, name in list(zip(time.days, names, strict=True))[::step]:
        x = time.x(day)
        out.append(words(x, baseline + 16, name, canvas.theme("mute"), text_anchor="middle"))
        wide = text_width(str(day.year))
        if day.year != year and x - wide / 2 >= free:
            out.append(words(x, baseline + 30, str(day.year), canvas.theme("mute"), text_anchor="middle"))
            year, free = day.year, x + wide / 2 + 2
    return join(out)


def _hits(
    caption: Caption, lines: Sequence[Series], bars: Bars, time: BandAxis, box: Box, canvas: Canvas
) -> Markup:
    formats = [*((one, caption.fmt) for one in lines), (bars.series, bars.fmt)]
    found = [(one, fmt, {point.x: point for point in one.points}) for one, fmt in formats]
    out: list[Markup] = []
    for day, edges in zip(time.days, time.cells(), strict=True):
        said = [f"{one.name}: {strokes.say(points[day], fmt)}" for one, fmt, points in found if day in points]
        x = number(time.x(day))
        guide = element("path", d=f"M{x} {number(box.top)}V{number(box.bottom)}", stroke=canvas.theme("mute"))
        out.append(strokes.strip("\n".join([_month(day), *said]), edges, box, day, guide))
    return join(out)


def _month(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"
