"""Where do newcomers stop: the developer funnel by week of sign-up?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from firstcall.charts import Caption, cohort_funnel
from firstcall.charts.cohort_funnel import Cohort
from firstcall.web.figures.figure import Figure, FigureData, counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firstcall.answers import Answer, Point
    from firstcall.charts import Canvas, Chart
    from firstcall.periods import Question
    from firstcall.web.view import View

WEEKS = 26
"""The window is 90 days, so that half a year shows closed and open weeks."""

BESIDE = ("converted", "open", "dropped")
"""Values of the funnel that are no step."""


def _asks(view: View) -> Mapping[str, Question]:
    grain = "week" if view.days <= 800 else "month"
    start = view.starting(grain, at_least=WEEKS if grain == "week" else 24)
    asked = view.question("onboarding_funnel", grain, start=start)
    return {"funnel": replace(asked, entity="developer", variants=(("preset", "developer"),))}


def steps_of(answer: Answer) -> tuple[str, ...]:
    """Return the names of the funnel's steps, in order."""
    return tuple(
        name for name in answer.value_units if name not in BESIDE and name in answer.points[0].values
    )


def _cohort(point: Point, steps: tuple[str, ...]) -> Cohort:
    """Return a week; where nobody's window is closed, only those who entered are known."""
    waiting = int(point.values.get("open") or 0)
    reached = [None if point.values.get(step) is None else int(point.values[step] or 0) for step in steps]
    entered = (reached[0] or 0) + waiting
    later = reached[1:] if point.cases else [None] * (len(steps) - 1)
    return Cohort(point.period, (entered, *later), 1 if waiting else None)


def _draw(data: FigureData, canvas: Canvas) -> Chart:
    answer = data.answers["funnel"]
    steps = steps_of(answer)
    cohorts = [_cohort(point, steps) for point in answer.points]
    entered = sum(cohort.counts[0] or 0 for cohort in cohorts)
    waiting = sum(int(point.values.get("open") or 0) for point in answer.points)
    grain = str(answer.scope["grain"])
    said = [f"By {grain} of sign-up", counted(entered, f"{answer.scope['entity']}s")]
    said += [f"{waiting:,} of them still inside their 90 days"] if waiting else []
    caption = Caption(
        question=onboarding.title,
        unit=f"{answer.scope['entity']}s",
        subtitle=" · ".join(said),
        x_name=f"{grain.title()} of",
        fmt=lambda value: f"{value:,.0f}",
    )
    return cohort_funnel.draw(
        caption, [step.replace("_", " ").capitalize() for step in steps], cohorts, canvas
    )


onboarding = Figure("onboarding", "Where do newcomers get stuck?", _asks, _draw, height=330)
