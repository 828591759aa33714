"""Which endpoints fail, and on which days?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from firstcall.charts import Caption, heatmap
from firstcall.charts.heatmap import Cell, Scale
from firstcall.units import show
from firstcall.web.figures.figure import Figure, FigureData
from firstcall.web.view import explain_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firstcall.answers import Point
    from firstcall.charts import Canvas, Chart
    from firstcall.periods import Question
    from firstcall.web.view import View

FLOOR = 20
"""Calls an endpoint must have on a day before its rate is coloured."""

MOST_DAYS, MOST_ROWS = 92, 12


def _asks(view: View) -> Mapping[str, Question]:
    start = max(view.start, view.end - timedelta(days=MOST_DAYS))
    return {"rate": view.question("error_rate", "day", by=("endpoint",), start=start)}


def _draw(data: FigureData, canvas: Canvas) -> Chart:
    answer, view = data.answers["rate"], data.view
    rows: dict[str, list[Point]] = defaultdict(list)
    for each in answer.points:
        rows[each.by["endpoint"] or "no endpoint"].append(each)
    order = sorted(rows, key=lambda name: (-_badness(rows[name]), name))[:MOST_ROWS]
    cells = [_cell(view, name, each) for name in order for each in rows[name]]
    short = view.days > MOST_DAYS
    said = [
        f"Share of calls answered 4xx or 5xx, by day{f', the last {MOST_DAYS} days' if short else ''}",
        f"worst {len(order)} of {len(rows)} endpoints"
        if len(order) < len(rows)
        else f"{len(rows)} endpoints",
        f"hatched under {FLOOR} calls a day",
    ]
    caption = Caption(
        question=errors.title,
        unit="share of calls",
        subtitle=" · ".join(said),
        x_name="Endpoint",
        fmt=lambda value: show(value, "share", short=True),
    )
    return heatmap.draw(caption, cells, canvas, Scale(floor=FLOOR))


def _badness(points: list[Point]) -> float:
    """Return the rate of an endpoint over the days that can be judged, so that one bad day counts but does not rule."""
    judged = [each for each in points if each.value is not None and each.cases >= FLOOR]
    rates = sorted((float(each.value or 0) for each in judged), reverse=True)[:3]
    return sum(rates) / 3


def _cell(view: View, name: str, each: Point) -> Cell:
    endpoint = next(iter(each.by.values()))
    value = None if each.value is None else float(each.value)
    href = None
    if value and endpoint is not None and value >= 0.02 and each.cases >= FLOOR:
        day = view.question("error_rate", "day", start=each.period, end=each.period + timedelta(days=1))
        href = explain_address(_only(day, endpoint))
    return Cell(name, each.period, value, each.cases, each.absent, each.partial, href)


def _only(question: Question, endpoint: str) -> Question:
    where = (*(pair for pair in question.where if pair[0] != "endpoint"), ("endpoint", (endpoint,)))
    return replace(question, where=where)


errors = Figure("error-rates", "Which endpoints fail, and when?", _asks, _draw)
