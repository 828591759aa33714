"""How has it moved: lines over time, with goals, milestones and everything that is not known?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firstcall.charts.chart import Canvas, Caption, Chart, Milestone, Series, drawable
from firstcall.charts.drawing import end_labels, events, strokes
from firstcall.charts.drawing.axes import TimeAxis, ValueAxis, draw_days, draw_unit, draw_values, value_axis
from firstcall.charts.drawing.events import Flag
from firstcall.charts.drawing.frame import Box, finish, placeholder, reason
from firstcall.charts.drawing.text_alternative import facts, time_table
from firstcall.charts.svg import NOTHING, Markup, element, join, number

HEIGHT, UNIT_ROW, DAYS_ROW = 270, 26.0, 24.0


@dataclass(frozen=True, slots=True)
class Goal:
    """A value to reach, drawn as a dotted line and named in the right margin."""

    value: float
    label: str = "goal"


def draw(
    caption: Caption,
    series: Sequence[Series],
    canvas: Canvas,
    *,
    log: bool = False,
    goal: Goal | None = None,
    milestones: Sequence[Milestone] = (),
    ladder: Sequence[float] = (),
    zero: bool = True,
) -> Chart:
    """Draw one line per series over the days that any of them has.

    `log` asks for a logarithmic axis; with a value at or below zero it stays linear and the subtitle says so.
    `ladder` gives the axis its round values (see `ticks.SECONDS`); `zero` makes a linear axis begin at zero.
    """
    table = time_table(caption, series, milestones)
    values = strokes.extent(series)
    height = canvas.height or HEIGHT
    days = tuple(sorted({point.x for one in series for point in one.points}))
    if not values:
        why = reason(point.absent for one in series for point in one.points)
        return placeholder(caption, canvas, why, table, height)
    goal = _drawable(goal)
    held = [*values, goal.value] if goal else values
    notes = "linear axis, because not every value is above zero" if log and min(held) <= 0 else ""
    names = [
        *end_labels.of_series(series, caption.fmt, narrow=canvas.narrow),
        *([end_labels.of_goal(goal.value, goal.label, caption.fmt)] if goal else []),
    ]
    axis = value_axis(held, caption.fmt, height - 60, log=log, zero=zero, ladder=ladder)
    left, right = axis.gutter(canvas.width), canvas.width - end_labels.gutter(names, canvas)
    time = TimeAxis(days, left + 4, max(right - 6, left + 5))
    flags = events.place(milestones, time, canvas.width)
    box = Box(left, UNIT_ROW + events.height(flags), right, height - DAYS_ROW)
    body = _body(caption, series, canvas, _Plot(axis, time, box), goal=goal, flags=flags)
    body = join((body, end_labels.draw(names, axis, box, canvas)))
    said = " ".join(filter(None, (facts(series, caption.fmt), events.sentence(flags))))
    return finish(caption, canvas, height, body, said, table, notes=notes)


def _drawable(goal: Goal | None) -> Goal | None:
    level = None if goal is None else drawable(goal.value)
    return None if goal is None or level is None else Goal(level, goal.label)


@dataclass(frozen=True, slots=True)
class _Plot:
    axis: ValueAxis
    time: TimeAxis
    box: Box


def _body(
    caption: Caption,
    series: Sequence[Series],
    canvas: Canvas,
    plot: _Plot,
    *,
    goal: Goal | None,
    flags: list[Flag],
) -> Markup:
    axis, time, box, theme = plot.axis, plot.time, plot.box, canvas.theme
    unit = f"{caption.unit}, log scale" if axis.log else caption.unit
    line = NOTHING if goal is None else _goal_line(goal, plot, canvas)
    parts = [
        draw_unit(unit, theme, canvas.width),
        draw_values(axis, box, theme),
        draw_days(time, box.bottom, theme, low=0, high=canvas.width),
        strokes.gaps(series, time, box, canvas),
        line,
        events.draw_milestones(flags, box, theme),
        *(strokes.band(one, axis, time, box, canvas) for one in series),
        *(strokes.stroke(one, axis, time, box, canvas) for one in series),
        strokes.hits(series, axis, time, box, canvas, caption.fmt),
    ]
    return join(parts)


def _goal_line(goal: Goal, plot: _Plot, canvas: Canvas) -> Markup:
    y = number(plot.axis.y(goal.value, plot.box))
    return element(
        "path",
        d=f"M{number(plot.box.left)} {y}H{number(plot.box.right)}",
        stroke=canvas.theme("mute"),
        stroke_width=1.4,
        stroke_dasharray="1 4",
        stroke_linecap="round",
    )
