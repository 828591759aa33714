"""Where does a number come from: its definition, its scope, the SQL that ran, and the rows behind it?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import sqlglot

from firstcall.answers import Answer
from firstcall.charts import Canvas, Chart
from firstcall.errors import UnknownName
from firstcall.periods import ENTITIES, ENVIRONMENTS, GRAINS
from firstcall.query.question import parameters_of
from firstcall.units import show
from firstcall.web.figures import any_answer
from firstcall.web.pages.figure_card import FigureCard, drawing
from firstcall.web.pages.page import Page, local
from firstcall.web.query_string import address
from firstcall.web.view import csv_address, view_of

if TYPE_CHECKING:
    from firstcall.metrics.metric import Metric
    from firstcall.periods import Question
    from firstcall.query.explain import Explanation
    from firstcall.query.question import Parameters
    from firstcall.web.answer_service import AnswerService

MOST_ROWS = 20
MOST_POINTS = 200
"""Points of the answer that the page lists; CSV has all."""
MOST_DRAWN = 1_500
"""Periods that are drawn: four years of days, more of them take long and show nothing."""


def explain(service: AnswerService, metric: str, asked: Parameters, value: str | None = None) -> Page:
    """Return the page that explains a metric over the scope asked for, headed by its named `value`."""
    question = question_of(service, metric, asked)
    found = service.program.explain(question, limit=MOST_ROWS)
    if value is not None and value not in found.answer.value_units:
        raise UnknownName(f"value of {metric}", value, found.answer.value_units)
    found = replace(found, answer=found.answer.showing(value or found.answer.headline))
    definition, answer = found.metric, found.answer
    values = {
        "name": metric,
        "metric": definition,
        "answer": answer,
        "goals": definition.card.goals(definition.unit, answer.currency),
        "last": answer.last,
        "headline": _headline(answer),
        "figure": _figure(service, found),
        "points": _points(answer),
        "bounded": any(point.low is not None for point in answer.points),
        "more": max(0, len(answer.points) - MOST_POINTS),
        "needs": service.needs(question),
        "as_of": local(service, answer.as_of),
        "found": found,
        "queries": [pretty(each) for each in found.queries],
        "rows": _rows(found),
        "csv": csv_address(question),
        "json": address(f"/api/v1/metrics/{metric}", parameters_of(question)),
        "rows_csv": address(f"/api/v1/metrics/{metric}/rows.csv", parameters_of(question)),
        "form": _form(question, definition, answer),
        "value": value or "",
    }
    return Page("explain.html", metric.replace("_", " ").capitalize(), "/metrics", values)


def _figure(service: AnswerService, found: Explanation) -> FigureCard:
    answer = found.answer
    periods = len({point.period for point in answer.points})
    if periods > MOST_DRAWN:
        why = (
            f"{periods:,} periods make no picture, {MOST_DRAWN:,} do: ask for fewer days or a coarser grain. "
        )
        return FigureCard("answer", found.metric.card.question, why=f"{why}The CSV has them all.")

    def draw(canvas: Canvas) -> Chart:
        return any_answer.draw(answer, found.metric, canvas, service.milestones)

    return drawing(service, "answer", draw, 900)


def question_of(service: AnswerService, metric: str, asked: Parameters) -> Question:
    """Return the question; without a period that of the pages, so that one bookmark shows recent days."""
    if asked.start or asked.end or asked.last:
        return asked.question(metric, service.program.newest_day)
    view = view_of(replace(asked, last="12m"), service)
    grain = asked.grain or service.program.metrics[metric].default_grain
    start = (
        view.calendar.period(view.start, grain).first if grain in GRAINS and grain != "all" else view.start
    )
    return replace(asked, start=start, end=view.end, last=None).question(metric, lambda: view.end)


def pretty(sql: str) -> str:
    """Return a query laid out over lines, or as it is when it cannot be parsed."""
    try:
        return sqlglot.transpile(sql, read="duckdb", write="duckdb", pretty=True)[0]
    except sqlglot.errors.SqlglotError:
        return sql


def _headline(answer: Answer) -> str:
    return show(answer.last.value, answer.unit, currency=answer.currency) if answer.last else "–"


def _points(answer: Answer) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for point in answer.points[:MOST_POINTS]:
        values = {
            name: show(value, answer.value_units.get(name, answer.unit), currency=answer.currency)
            for name, value in point.values.items()
        }
        found.append(
            {
                "period": point.period.isoformat(),
                "by": [answer.called(dimension, part) for dimension, part in point.by.items()],
                "values": values
                or {answer.headline: show(point.value, answer.unit, currency=answer.currency)},
                "cases": f"{point.cases:,}",
                "low": show(point.low, answer.unit, currency=answer.currency),
                "high": show(point.high, answer.unit, currency=answer.currency),
                "note": "; ".join(filter(None, ("partial" if point.partial else "", point.absent or ""))),
            }
        )
    return found


def _rows(found: Explanation) -> list[list[str]]:
    return [["–" if cell is None else str(cell) for cell in row] for row in found.rows]


def _form(question: Question, metric: Metric, answer: Answer) -> dict[str, object]:
    """Return what the form that asks differently shows."""
    return {
        "from": str(answer.scope["from"]),
        "to": str(answer.scope["to"]),
        "grain": str(answer.scope["grain"]),
        "grains": metric.grains,
        "by": ",".join(question.by),
        "dimensions": ("", *metric.dimensions),
        "environment": str(answer.scope["environment"]),
        "environments": ENVIRONMENTS,
        "entity": str(answer.scope["entity"]),
        "entities": ENTITIES,
        "where": [f"{name}:{value}" for name, values in question.where for value in values],
        "set": [f"{name}:{value}" for name, value in question.variants],
    }
