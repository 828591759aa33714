"""How does a figure become a card: the picture twice (wide and narrow), its table, its links, or why it is empty?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from firstcall.answers import Answer
from firstcall.charts import Canvas, Chart, Table
from firstcall.errors import FirstcallError
from firstcall.web.desk import Desk, Need, Outcome, broken
from firstcall.web.figures.figure import Figure, Sketch
from firstcall.web.pages.page import svg
from firstcall.web.view import View, csv, explain

if TYPE_CHECKING:
    from collections.abc import Callable

    from firstcall.periods import Question

WIDE, FULL, NARROW = 640, 1320, 360
"""Widths of drawings in pixels: half a row, a whole row, a phone."""

NO_TABLE = Table((), ())


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure on a page; with `why` it is a reason instead of a picture, and `needs` says what is missing."""

    name: str
    title: str
    subtitle: str = ""
    wide: bool = False
    picture: Markup = Markup("")  # noqa: RUF009  an empty text, not a call with a state
    table: Table = NO_TABLE
    explain: str = ""
    csv: str = ""
    confidence: str = "measured"
    why: str = ""
    needs: tuple[Need, ...] = ()


def figure_card(figure: Figure, view: View, desk: Desk, outcomes: Mapping[Question, Outcome]) -> Drawn:
    """Return the card of a figure from the outcomes of its questions."""
    asked = figure.asks(view)
    first = next(iter(asked.values()))
    links = explain(first), csv(first)
    found = {name: outcomes[question] for name, question in asked.items()}
    refused = [outcome for outcome in found.values() if isinstance(outcome, FirstcallError)]
    if refused:
        return Drawn(figure.name, figure.title, wide=figure.wide, why=str(refused[0]), explain=links[0])
    needs = tuple(dict.fromkeys(need for question in asked.values() for need in desk.needs(question)))
    if needs:
        why = "Not enough data yet."
        return Drawn(figure.name, figure.title, wide=figure.wide, why=why, needs=needs, explain=links[0])
    answers = {name: outcome for name, outcome in found.items() if isinstance(outcome, Answer)}
    milestones = desk.milestones
    full = FULL if figure.wide else WIDE
    drawn = drawing(
        figure.name, lambda canvas: figure.draw(Sketch(view, answers, milestones), canvas), full, wide=figure.wide
    )
    if drawn.why:
        return drawn
    weakest = max((answer.confidence for answer in answers.values()), key=("measured", "estimated", "assumed").index)
    return Drawn(
        drawn.name, drawn.title, drawn.subtitle, figure.wide, drawn.picture, drawn.table, *links, confidence=weakest
    )


def drawing(name: str, draw: Callable[[Canvas], Chart], width: int, *, wide: bool = False) -> Drawn:
    """Draw a chart for wide and narrow screens; a fault in the drawing becomes its reason."""
    try:
        chart = draw(Canvas(f"{name}-w", width))
        narrow = draw(Canvas(f"{name}-n", NARROW))
    except Exception as error:  # noqa: BLE001  one broken card must not blank the page
        return Drawn(name, name.replace("-", " ").capitalize(), wide=wide, why=str(broken(error, f"figure {name}")))
    return Drawn(name, chart.title, chart.subtitle, wide, svg(chart.svg + narrow.svg), chart.table)
