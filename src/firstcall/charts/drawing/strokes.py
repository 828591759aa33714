"""How is a series drawn: its line, its gaps, its unfinished end, its interval and its tooltips?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from firstcall.charts.chart import Canvas, Formatter, Point, Series
from firstcall.charts.drawing import missing
from firstcall.charts.drawing.axes import DayAxis, ValueAxis
from firstcall.charts.drawing.frame import Box
from firstcall.charts.drawing.ticks import long_day
from firstcall.charts.svg import NOTHING, XY, Markup, curve, element, join, number, polyline, ribbon, title

DOT = 3.2
"""Radius of the dot at a line's end, in pixels."""


def extent(series: Sequence[Series]) -> list[float]:
    """Return every value and every bound of an interval that can be drawn."""
    points = [point for one in series for point in one.points]
    values = [point.y for point in points if point.y is not None]
    return values + [bound for point in points if point.y is not None for bound in point.interval or ()]


def runs(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Yield stretches of neighbouring points that all have a value."""
    run: list[Point] = []
    for point in points:
        if point.y is None:
            if run:
                yield run
            run = []
        else:
            run.append(point)
    if run:
        yield run


def _at(point: Point, axis: ValueAxis, time: DayAxis, box: Box) -> XY:
    return time.x(point.x), axis.y(point.y or 0.0, box)


def stroke(one: Series, axis: ValueAxis, time: DayAxis, box: Box, canvas: Canvas) -> Markup:
    """Return the line in pieces: none over a gap, dashed where it leads to a partial point, hollow dots there.

    Values that have no neighbour, and the last one, get a dot.
    """
    colour = canvas.theme(one.tone)
    out: list[Markup] = []
    last = next((p for p in reversed(one.points) if p.y is not None), None)
    for run in runs(one.points):
        places = [_at(p, axis, time, box) for p in run]
        solid = next((i for i, p in enumerate(run) if p.partial), len(run))
        out.append(_path(curve(places[:solid]), colour, one.dash))
        out.append(
            _path(polyline(places[max(0, solid - 1) :]), colour, "2 4") if solid < len(run) else NOTHING
        )
        for point, (x, y) in zip(run, places, strict=True):
            if point.partial or point is last or len(run) == 1:
                fill = canvas.theme("surface") if point.partial else colour
                out.append(element("circle", cx=x, cy=y, r=DOT, fill=fill, stroke=colour, stroke_width=1.8))
    return join(out)


def _path(data: str, colour: str, dash: str) -> Markup:
    if "C" not in data and "L" not in data:
        return NOTHING
    return element(
        "path", d=data, fill="none", stroke=colour, stroke_width=2.2, stroke_linejoin="round",
        stroke_linecap="round", stroke_dasharray=dash or None,
    )  # fmt: skip


def band(one: Series, axis: ValueAxis, time: DayAxis, box: Box, canvas: Canvas) -> Markup:
    """Return the area between low and high wherever neighbouring points have both."""
    out: list[Markup] = []
    bounded = [
        p if p.interval and (not axis.log or p.interval[0] > 0) else Point(p.x, None) for p in one.points
    ]
    for run in runs(bounded):
        sides = [(time.x(p.x), *(p.interval or (0.0, 0.0))) for p in run]
        upper = [(x, axis.y(high, box)) for x, _, high in sides]
        lower = [(x, axis.y(low, box)) for x, low, _ in sides]
        fill = canvas.theme(one.tone)
        if len(run) == 1:
            (x, top), (_, bottom) = upper[0], lower[0]
            line = f"M{number(x)} {number(top)}V{number(bottom)}"
            out.append(element("path", d=line, stroke=fill, stroke_width=6, stroke_opacity=0.18))
        else:
            out.append(element("path", d=ribbon(upper, lower), fill=fill, fill_opacity=0.13))
    return join(out)


def gaps(series: Sequence[Series], time: DayAxis, box: Box, canvas: Canvas) -> Markup:
    """Return the marks of missing values: a hatched strip where nothing is known, a cross where one series is not."""
    found = [{point.x: point for point in one.points} for one in series]
    out: list[Markup] = []
    for day, (left, right) in zip(time.days, time.cells(), strict=True):
        absent = [
            (n, points[day]) for n, points in enumerate(found) if day in points and points[day].y is None
        ]
        known = any(day in points and points[day].y is not None for points in found)
        if absent and not known:
            why = absent[0][1].absent or "no value"
            out.append(missing.band(left, right, box, canvas, f"{long_day(day)}: {why}"))
            continue
        for n, point in absent:
            why = f"{long_day(day)}: no {series[n].name}: {point.absent or 'no value'}"
            out.append(missing.cross(time.x(day), box.bottom - 6, canvas.theme(series[n].tone), why))
    return join(out)


def say(point: Point, fmt: Formatter) -> str:
    """Print a point for people: its value or why there is none, then interval, cases and whether it is partial."""
    value = point.y
    text = f"none ({point.absent or 'no value'})" if value is None else fmt(value)
    if value is not None and point.interval:
        text += f" ({fmt(point.interval[0])} to {fmt(point.interval[1])})"
    if point.cases is not None:
        text += f", {point.cases:,} {'case' if point.cases == 1 else 'cases'}"
    return f"{text}, so far" if point.partial else text


def hits(
    series: Sequence[Series], axis: ValueAxis, time: DayAxis, box: Box, canvas: Canvas, fmt: Formatter
) -> Markup:
    """Return a strip per day that answers to the pointer: a guide line, dots, and every series' value as tooltip."""
    found = [{point.x: point for point in one.points} for one in series]
    out: list[Markup] = []
    for day, (left, right) in zip(time.days, time.cells(), strict=True):
        here = [(one, points[day]) for one, points in zip(series, found, strict=True) if day in points]
        said = [f"{one.name}: {say(point, fmt)}" for one, point in here]
        x = time.x(day)
        dots = [
            element("circle", cx=x, cy=axis.y(point.y, box), r=4, fill=canvas.theme(one.tone))
            for one, point in here
            if point.y is not None
        ]
        guide = element(
            "path", d=f"M{number(x)} {number(box.top)}V{number(box.bottom)}", stroke=canvas.theme("mute")
        )
        out.append(strip("\n".join([long_day(day), *said]), (left, right), box, day, join((guide, *dots))))
    return join(out)


def strip(said: str, edges: tuple[float, float], box: Box, day: date, guide: Markup) -> Markup:
    """Return one strip of a crosshair: `guide` shows while the pointer is over it, `said` is its tooltip."""
    left, right = edges
    area = element(
        "rect", x=left, y=box.top, width=right - left, height=box.height, fill="none", pointer_events="all"
    )
    shown = element("g", guide, class_="fc-guide", opacity=0, pointer_events="none")
    return element("g", title(said), shown, area, class_="fc-x", data_x=day.isoformat())
