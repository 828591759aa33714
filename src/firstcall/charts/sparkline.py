"""Which way is it going, in the space of a word?"""

from __future__ import annotations

from firstcall.charts.chart import Canvas, Caption, Chart, Series
from firstcall.charts.drawing import strokes
from firstcall.charts.drawing.axes import TimeAxis, ValueAxis
from firstcall.charts.drawing.frame import Box, finish
from firstcall.charts.drawing.text_alternative import facts, time_table
from firstcall.charts.svg import Markup, element, join, number, ribbon

HEIGHT = 32


def draw(caption: Caption, one: Series, canvas: Canvas) -> Chart:
    """Draw a bare line that fills its height, with a dot at its end (hollow if that is partial).

    There is no axis, so it shows direction, not size; the number stands beside it. Without values, a dashed
    line stands for the missing ones.
    """
    height = canvas.height or HEIGHT
    table = time_table(caption, [one])
    values = [point.y for point in one.points if point.y is not None]
    box = Box(4, 5, canvas.width - 5, height - 5)
    if not values:
        middle = number(height / 2)
        line = f"M{number(box.left)} {middle}H{number(box.right)}"
        body = element("path", d=line, stroke=canvas.theme("faint"), stroke_dasharray="3 4")
        return finish(caption, canvas, height, body, "No values.", table)
    low, high = min(values), max(values)
    flat = high - low <= 1e-9 * max(abs(low), abs(high))
    pad = max(1.0, abs(high)) if flat else 0.0
    axis = ValueAxis(low - pad, high + pad, (), log=False, fmt=caption.fmt)
    time = TimeAxis(tuple(sorted({point.x for point in one.points})), box.left, box.right)
    body = join((_fill(one, axis, time, box, canvas), strokes.stroke(one, axis, time, box, canvas)))
    return finish(caption, canvas, height, body, facts([one], caption.fmt), table)


def _fill(one: Series, axis: ValueAxis, time: TimeAxis, box: Box, canvas: Canvas) -> Markup:
    out: list[Markup] = []
    for run in strokes.runs(one.points):
        if len(run) > 1:
            upper = [(time.x(p.x), axis.y(p.y or 0.0, box)) for p in run]
            lower = [(x, box.bottom + 4) for x, _ in upper]
            out.append(element("path", d=ribbon(upper, lower), fill=canvas.theme(one.tone), fill_opacity=0.1))
    return join(out)
