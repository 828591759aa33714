"""How long does a newcomer wait for the first successful call (weekly median and 90th percentile)?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.charts import Caption, line
from firstcall.charts.drawing.ticks import SECONDS
from firstcall.charts.line import Goal
from firstcall.units import HOUR, show
from firstcall.web.figures.figure import Figure, Sketch, counted, printer, series

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firstcall.charts import Canvas, Chart
    from firstcall.periods import Question
    from firstcall.web.view import View

WEEKS = 26
"""Newcomers are few, so that at least half a year of weeks is shown."""


def _asks(view: View) -> Mapping[str, Question]:
    grain = "week" if view.days <= 800 else "month"
    start = view.starting(grain, at_least=WEEKS if grain == "week" else 24)
    return {"wait": view.question("time_to_first_call", grain, start=start)}


def _draw(sketch: Sketch, canvas: Canvas) -> Chart:
    answer = sketch.answers["wait"]
    called = sum(each.cases for each in answer.points)
    grain = str(answer.scope["grain"])
    said = [f"By {grain} of sign-up", f"{counted(called, 'developers')} who called"]
    said += [note.replace("have not made a successful call yet", "are still waiting") for note in answer.notes[:1]]
    few = sum(each.value is None for each in answer.points)
    if few:
        said.append(f"{counted(few, f'{grain}s')} with too few newcomers to say")
    caption = Caption(
        question=wait.title,
        unit="time",
        subtitle=" · ".join(said),
        x_name=f"{grain.title()} of",
        fmt=printer(answer),
    )
    lines = (
        series(answer, "Median", "median", tone="c1"),
        series(answer, "P90", "p90", tone="c3", dash="6 4"),
    )
    return line.draw(
        caption, lines, canvas, log=True, goal=Goal(HOUR, f"goal {show(HOUR, 'seconds', short=True)}"),
        milestones=sketch.milestones, ladder=SECONDS,
    )  # fmt: skip


wait = Figure("time-to-first-call", "How long do newcomers wait for their first call?", _asks, _draw)
