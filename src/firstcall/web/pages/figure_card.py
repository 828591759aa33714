"""How does a figure become a card: the picture twice (wide and narrow), its table, its links, or why it is empty?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from firstcall.answers import CONFIDENCES, Answer
from firstcall.charts import Canvas, Chart, Table
from firstcall.web.answer_service import AnswerService, Need, Outcome
from firstcall.web.figures.figure import Figure, FigureData
from firstcall.web.pages.page import svg
from firstcall.web.view import View, csv_address, explain_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from firstcall.periods import Question

WIDE, NARROW = 640, 360
"""Widths of drawings in pixels: half a row, a phone."""

NO_TABLE = Table((), ())


@dataclass(frozen=True, slots=True)
class FigureCard:
    """A figure on a page; with `why` it is a reason instead of a picture, and `needs` says what is missing."""

    name: str
    title: str
    subtitle: str = ""
    picture: Markup = Markup("")  # noqa: RUF009  an empty text, not a call with a state
    table: Table = NO_TABLE
    explain: str = ""
    csv: str = ""
    confidence: str = "measured"
    why: str = ""
    needs: tuple[Need, ...] = ()


def figure_card(
    figure: Figure, view: View, service: AnswerService, outcomes: Mapping[Question, Outcome]
) -> FigureCard:
    """Return the card of a figure from the outcomes of its questions."""
    asked = figure.asks(view)
    found = {name: outcomes[question] for name, question in asked.items()}
    refused = [outcome for outcome in found.values() if not isinstance(outcome, Answer)]
    if refused:
        return FigureCard(
            figure.name,
            figure.title,
            why=str(refused[0]),
            explain=explain_address(next(iter(asked.values()))),
        )
    answers = {name: outcome for name, outcome in found.items() if isinstance(outcome, Answer)}
    shown = asked[figure.shown(answers)]
    needs = tuple(dict.fromkeys(need for question in asked.values() for need in service.needs(question)))
    if needs:
        return FigureCard(
            figure.name, figure.title, why="Not enough data yet.", needs=needs, explain=explain_address(shown)
        )
    bands = {
        question.metric: service.program.metrics[question.metric].card.bands for question in asked.values()
    }
    goals = {name: each.good for name, each in bands.items() if each is not None}
    churn_days = service.program.settings.definitions.churn_days
    data = FigureData(view, answers, service.milestones, goals, churn_days)
    drawn = drawing(service, figure.name, lambda canvas: figure.draw(data, canvas), height=figure.height)
    weakest = max((answer.confidence for answer in answers.values()), key=CONFIDENCES.index)
    return replace(drawn, explain=explain_address(shown), csv=csv_address(shown), confidence=weakest)


def drawing(
    service: AnswerService, name: str, draw: Callable[[Canvas], Chart], width: int = WIDE, height: int = 0
) -> FigureCard:
    """Draw a chart for wide and narrow screens; a fault in the drawing becomes its reason."""
    try:
        chart = draw(Canvas(f"{name}-w", width, height))
        narrow = draw(Canvas(f"{name}-n", NARROW))
    except Exception as error:  # noqa: BLE001  one broken card must not blank the page
        return FigureCard(
            name, name.replace("-", " ").capitalize(), why=str(service.broken(error, f"figure {name}"))
        )
    return FigureCard(name, chart.title, chart.subtitle, svg(chart.svg + narrow.svg), chart.table)
