"""How long does a newcomer wait for the first successful call (median and 90th percentile by week of sign-up)?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.charts import Caption, line
from firstcall.charts.drawing.ticks import SECONDS
from firstcall.charts.line import Goal
from firstcall.web.figures.figure import Figure, FigureData, counted, printer, series

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firstcall.answers import Answer
    from firstcall.charts import Canvas, Chart
    from firstcall.periods import Question
    from firstcall.web.view import View

METRIC = "time_to_first_call"
WEEKS, MONTHS = 26, 12
"""Newcomers are few, so that at least half a year of weeks is asked for, and a year of months."""


def _asks(view: View) -> Mapping[str, Question]:
    weeks = view.question(METRIC, "week", start=view.starting("week", at_least=WEEKS))
    months = view.question(METRIC, "month", start=view.starting("month", at_least=MONTHS))
    return {"week": weeks, "month": months} if view.days <= 800 else {"month": months}


def _shown(answers: Mapping[str, Answer]) -> str:
    """Return weeks, or months where most weeks have too few newcomers for a percentile."""
    weeks = answers.get("week")
    if weeks is None:
        return "month"
    known = sum(point.value is not None for point in weeks.points)
    return "week" if 2 * known >= len(weeks.points) else "month"


def _draw(data: FigureData, canvas: Canvas) -> Chart:
    grain = _shown(data.answers)
    answer = data.answers[grain]
    called = sum(point.cases for point in answer.points)
    said = [f"By {grain} of sign-up", f"{counted(called, 'developers')} who called"]
    if grain == "month" and "week" in data.answers:
        said.insert(1, "most weeks have too few newcomers to judge")
    few = sum(point.value is None for point in answer.points)
    if few and grain == "week":
        said.append(f"{counted(few, f'{grain}s')} with too few newcomers to judge")
    caption = Caption(
        question=wait.title,
        unit="time",
        subtitle=" · ".join(said),
        x_name="Week of" if grain == "week" else "Month",
        fmt=printer(answer),
    )
    lines = (
        series(answer, "Median", "median", tone="c1"),
        series(answer, "P90", "p90", tone="c3", dash="6 4"),
    )
    good = data.goals.get(METRIC)
    goal = Goal(good) if good else None
    return line.draw(caption, lines, canvas, log=True, goal=goal, milestones=data.milestones, ladder=SECONDS)


wait = Figure("time-to-first-call", "How long do newcomers wait for their first call?", _asks, _draw, _shown)
