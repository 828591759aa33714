"""What is it made of: the largest parts stacked, the rest as "Other", so that the stack is the total?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from firstcall.charts.chart import Canvas, Caption, Chart, Formatter, Point, Series, Table
from firstcall.charts.drawing import missing, series_labels
from firstcall.charts.drawing.axes import TimeAxis, ValueAxis, draw_days, draw_unit, draw_values, value_axis
from firstcall.charts.drawing.frame import Box, finish, placeholder, reason
from firstcall.charts.drawing.strokes import strip
from firstcall.charts.drawing.text_alternative import note
from firstcall.charts.drawing.ticks import long_day
from firstcall.charts.svg import Markup, element, join, number, ribbon, title
from firstcall.charts.theme import SERIES_TONES

HEIGHT, UNIT_ROW, DAYS_ROW = 290, 26.0, 24.0
TOP = 10
"""How many series stay apart; the rest is summed."""

SMOOTH_ABOVE = 45
"""With more days than this, a 7-day average replaces the weekly sawtooth."""

WINDOW = 7


@dataclass(frozen=True, slots=True)
class Layer:
    """One part of the stack: a value per day, None where nothing is known about that day."""

    name: str
    tone: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class _Stack:
    days: tuple[date, ...]
    layers: tuple[Layer, ...]
    here: tuple[tuple[tuple[str, Point], ...], ...]


def draw(caption: Caption, series: Sequence[Series], canvas: Canvas) -> Chart:
    """Stack the ten largest series over their days, lowest the largest, and the sum of all others on top.

    A day without a point of a series counts as zero for it; a day where no series has a value is a gap. Values
    below zero cannot be stacked and count as zero in the drawing. Above 45 days the trailing 7-day average is
    drawn, from the seventh day on and without the partial end, and the subtitle says so.
    """
    stack = _stack(series)
    table, height = _table(caption, stack), canvas.height or HEIGHT
    shown, notes = _smooth(stack) if len(stack.days) > SMOOTH_ABOVE else (stack, _partial(stack))
    totals = [total for total in _totals(shown) if total is not None]
    if not totals:
        why = reason(point.absent for one in series for point in one.points)
        return placeholder(caption, canvas, why, table, height)
    below = series_labels.height([layer.name for layer in shown.layers], canvas) if canvas.narrow else 0.0
    axis = value_axis(totals, caption.fmt, height - 60)
    side = 8.0 if canvas.narrow else series_labels.gutter([layer.name for layer in shown.layers], canvas)
    box = Box(axis.gutter(canvas.width), UNIT_ROW, canvas.width - side, height - DAYS_ROW)
    time = TimeAxis(shown.days, box.left, box.right)
    body = (
        draw_unit(caption.unit, canvas.theme, canvas.width),
        draw_values(axis, box, canvas.theme),
        draw_days(time, box.bottom, canvas.theme, low=0, high=canvas.width),
        _areas(shown, axis, time, box, canvas),
        _gaps(shown, time, box, canvas),
        _hits(shown, time, box, canvas, caption.fmt),
        _names(shown, axis, box, canvas, height),
    )
    return finish(caption, canvas, height + below, join(body), _facts(stack, caption.fmt), table, notes=notes)


def _stack(series: Sequence[Series]) -> _Stack:
    days = tuple(sorted({point.x for one in series for point in one.points}))
    found = [({point.x: point for point in one.points}, one.name) for one in series]
    weight = [sum(point.y or 0.0 for point in points.values()) for points, _ in found]
    order = sorted(range(len(found)), key=lambda i: (-weight[i], found[i][1]))
    here = tuple(tuple((name, points[day]) for points, name in found if day in points) for day in days)
    known = [any(point.y is not None for _, point in parts) for parts in here]

    def layer(name: str, tone: str, members: Sequence[int]) -> Layer:
        sums = (sum(found[i][0][day].y or 0.0 for i in members if day in found[i][0]) for day in days)
        return Layer(name, tone, tuple(total if ok else None for total, ok in zip(sums, known, strict=True)))

    layers = [layer(found[i][1], tone, [i]) for i, tone in zip(order, SERIES_TONES, strict=False)]
    if rest := order[TOP:]:
        layers.append(layer(f"Other ({len(rest)})", "other", rest))
    return _Stack(days, tuple(layers), here)


def _smooth(stack: _Stack) -> tuple[_Stack, str]:
    full = len(stack.days)
    while full > WINDOW and any(point.partial for _, point in stack.here[full - 1]):
        full -= 1
    kept = range(WINDOW - 1, full)
    layers = tuple(
        Layer(one.name, one.tone, tuple(_average(one.values[i - WINDOW + 1 : i + 1]) for i in kept))
        for one in stack.layers
    )
    shown = _Stack(stack.days[WINDOW - 1 : full], layers, stack.here[WINDOW - 1 : full])
    left_out = f"; {long_day(stack.days[full])}, so far, left out" if full < len(stack.days) else ""
    return shown, f"7-day average{left_out}"


def _average(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and values[-1] is not None else None


def _partial(stack: _Stack) -> str:
    days = [day for day, here in zip(stack.days, stack.here, strict=True) if any(p.partial for _, p in here)]
    return f"{long_day(days[-1])} so far" if days else ""


def _totals(stack: _Stack) -> list[float | None]:
    columns = zip(*(layer.values for layer in stack.layers), strict=True)
    return [None if column[0] is None else sum(max(0.0, v or 0.0) for v in column) for column in columns]


def _bounds(stack: _Stack) -> list[list[tuple[float, float]]]:
    base = [0.0] * len(stack.days)
    out: list[list[tuple[float, float]]] = []
    for layer in stack.layers:
        top = [low + max(0.0, value or 0.0) for low, value in zip(base, layer.values, strict=True)]
        out.append(list(zip(base, top, strict=True)))
        base = top
    return out


def _areas(stack: _Stack, axis: ValueAxis, time: TimeAxis, box: Box, canvas: Canvas) -> Markup:
    known = [total is not None for total in _totals(stack)]
    breaks = [0, *(i for i, (a, b) in enumerate(pairwise(known), 1) if a != b), len(known)]
    pieces = [range(a, b) for a, b in pairwise(breaks) if known[a]]
    cells = time.cells()
    out: list[Markup] = []
    for layer, bounds in zip(stack.layers, _bounds(stack), strict=True):
        fill, data = canvas.theme(layer.tone), list[str]()
        for piece in pieces:
            # a lone day becomes as wide as its strip, for an area needs two sides
            xs = [time.x(stack.days[i]) for i in piece] if len(piece) > 1 else list(cells[piece[0]])
            pairs = [bounds[i] for i in piece] if len(piece) > 1 else [bounds[piece[0]]] * 2
            upper = [(x, axis.y(high, box)) for x, (_, high) in zip(xs, pairs, strict=True)]
            lower = [(x, axis.y(low, box)) for x, (low, _) in zip(xs, pairs, strict=True)]
            data.append(ribbon(upper, lower))
        out.append(
            element(
                "path", title(layer.name), d="".join(data), fill=fill, fill_opacity=0.86,
                stroke=canvas.theme("surface"), stroke_width=0.8,
            )
        )  # fmt: skip
    return join(out)


def _gaps(stack: _Stack, time: TimeAxis, box: Box, canvas: Canvas) -> Markup:
    out: list[Markup] = []
    for day, here, (left, right) in zip(stack.days, stack.here, time.cells(), strict=True):
        said = note(here)
        if said and (any(p.y is None for _, p in here) or any(p.partial for _, p in here)):
            out.append(missing.band(left, right, box, canvas, f"{long_day(day)}: {said}"))
    return join(out)


def _hits(stack: _Stack, time: TimeAxis, box: Box, canvas: Canvas, fmt: Formatter) -> Markup:
    out: list[Markup] = []
    rows = zip(stack.days, _totals(stack), stack.here, time.cells(), strict=True)
    for n, (day, total, here, edges) in enumerate(rows):
        said = [f"{long_day(day)}: {'no value' if total is None else fmt(total)}"]
        parts = [(layer.name, layer.values[n]) for layer in stack.layers]
        said += [f"{name}: {fmt(value)}" for name, value in parts[:3] if value is not None]
        said += [extra] if (extra := note(here)) else []
        x = number(time.x(day))
        guide = element("path", d=f"M{x} {number(box.top)}V{number(box.bottom)}", stroke=canvas.theme("fg"))
        out.append(strip("\n".join(said), edges, box, day, guide))
    return join(out)


def _names(stack: _Stack, axis: ValueAxis, box: Box, canvas: Canvas, height: float) -> Markup:
    if canvas.narrow:
        return series_labels.draw_below(
            [(layer.name, layer.tone) for layer in stack.layers], canvas, height + 6
        )
    last = max(n for n, total in enumerate(_totals(stack)) if total is not None)
    middles = [sum(bounds[last]) / 2 for bounds in _bounds(stack)]
    named = [(one.name, one.tone, axis.y(m, box)) for one, m in zip(stack.layers, middles, strict=True)]
    return series_labels.draw_beside(named, box, canvas)


def _table(caption: Caption, stack: _Stack) -> Table:
    header = (caption.x_name, *(layer.name for layer in stack.layers), "Total", "Note")
    rows: list[tuple[str, ...]] = []
    for n, (day, here) in enumerate(zip(stack.days, stack.here, strict=True)):
        values = [layer.values[n] for layer in stack.layers]
        cells = ["–" if value is None else caption.fmt(value) for value in values]
        total = "–" if values[0] is None else caption.fmt(sum(value or 0.0 for value in values))
        rows.append((day.isoformat(), *cells, total, note(here)))
    return Table(header, tuple(rows))


def _facts(stack: _Stack, fmt: Formatter) -> str:
    known = [(day, total) for day, total in zip(stack.days, _totals(stack), strict=True) if total is not None]
    (first, start), (last, end) = known[0], known[-1]
    whole = sum(total for _, total in known)
    parts = [(layer.name, sum(value or 0.0 for value in layer.values)) for layer in stack.layers]
    shares = ", ".join(f"{name} {part / whole:.0%}" for name, part in parts) if whole > 0 else ""
    said = (
        f"Total: {fmt(start)} on {long_day(first)}, {fmt(end)} on {long_day(last)}; {fmt(whole)} altogether."
    )
    return f"{said} Shares: {shares}." if shares else said
