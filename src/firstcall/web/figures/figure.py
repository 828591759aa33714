"""What is a figure? A question of the dashboard, the answers it needs, and how they become a chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from firstcall.charts import Canvas, Chart, Milestone, Point, Series
from firstcall.units import show

if TYPE_CHECKING:
    from firstcall.answers import Answer
    from firstcall.answers import Point as Answered
    from firstcall.charts.chart import Formatter
    from firstcall.periods import Question
    from firstcall.web.view import View

BETWEEN = " · "
"""What stands between the parts of a split with several dimensions."""


@dataclass(frozen=True, slots=True)
class FigureData:
    """Everything a figure is drawn from: the view, the answers by the names the figure gave them, milestones.

    `goals` holds the value from which on a metric is good, by metric; `churn_days` is that of the settings.
    """

    view: View
    answers: Mapping[str, Answer]
    milestones: tuple[Milestone, ...] = ()
    goals: Mapping[str, float] = field(default_factory=dict)
    churn_days: int = 30


def first(answers: Mapping[str, Answer]) -> str:
    """Return the name of the first answer."""
    return next(iter(answers))


@dataclass(frozen=True, slots=True)
class Figure:
    """`asks` names the questions; `shown` says which of the answers the figure's links explain, the first if not told.

    `height` is that of the wide drawing in pixels; 0 leaves it to the chart.
    """

    name: str
    title: str
    asks: Callable[[View], Mapping[str, Question]]
    draw: Callable[[FigureData, Canvas], Chart]
    shown: Callable[[Mapping[str, Answer]], str] = first
    height: int = 0


def printer(answer: Answer, name: str | None = None) -> Formatter:
    """Return how a named value of the answer is printed where room is scarce."""
    unit = answer.value_units.get(name or answer.headline, answer.unit)
    return lambda value: show(value, unit, short=True, currency=answer.currency)


def point(answered: Answered, name: str | None = None) -> Point:
    """Return a point of an answer as a chart takes it: the headline, or one of the named values."""
    headline = name is None or name not in answered.values
    value = answered.value if headline else answered.values[name or ""]
    absent = answered.absent or ("not enough cases" if value is None else None)
    return Point(
        answered.period,
        None if value is None else float(value),
        answered.cases,
        answered.partial,
        absent,
        None if not headline or answered.low is None else float(answered.low),
        None if not headline or answered.high is None else float(answered.high),
    )


def series(
    answer: Answer, label: str, name: str | None = None, *, tone: str = "c1", dash: str = ""
) -> Series:
    """Return an answer without splits as one series."""
    return Series(label, tuple(point(each, name) for each in answer.points), tone, dash)


def split_names(answer: Answer) -> Callable[[Answered], str]:
    """Return what calls a point of the answer by the names of its parts, and by name and id where two share a name."""
    shared = {
        (dimension, name)
        for dimension, names in answer.labels.items()
        for name, times in Counter(names.values()).items()
        if times > 1
    }

    def part(dimension: str, id_: str | None) -> str:
        name = answer.labels.get(dimension, {}).get(id_ or "")
        return answer.called(dimension, id_) if name is None or (dimension, name) in shared else name

    return lambda answered: BETWEEN.join(part(*each) for each in answered.by.items()) or "all"


def counted(number: int, what: str) -> str:
    """Print a number of things: "1 partner", "1,234 partners"; `what` is the plural."""
    return f"{number:,} {what.removesuffix('s') if number == 1 else what}"
