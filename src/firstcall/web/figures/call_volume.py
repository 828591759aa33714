"""How much are the APIs called each day, and which endpoints get the traffic?"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from firstcall.charts import Caption, Point, Series, stacked_area
from firstcall.units import show
from firstcall.web.figures.figure import Figure, FigureData, point

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firstcall.charts import Canvas, Chart
    from firstcall.periods import Question
    from firstcall.web.view import View


def _asks(view: View) -> Mapping[str, Question]:
    grain = "day" if view.days <= 800 else "week"
    return {"calls": view.question("call_volume", grain, by=("endpoint",))}


def _draw(data: FigureData, canvas: Canvas) -> Chart:
    answer = data.answers["calls"]
    grain = answer.scope["grain"]
    found: dict[str, list[Point]] = defaultdict(list)
    for each in answer.points:
        found[each.by["endpoint"] or "no endpoint"].append(point(each))
    total = sum(each.cases for each in answer.points)
    caption = Caption(
        question=volume.title,
        unit=f"calls a {grain}",
        subtitle=f"{show(total, 'count')} calls of {len(found)} endpoints · the ten largest, and all others",
        fmt=lambda value: show(value, "count", short=True),
    )
    stack = [Series(name, tuple(points)) for name, points in found.items()]
    return stacked_area.draw(caption, stack, canvas)


volume = Figure("call-volume", "How much are the APIs called, and where?", _asks, _draw)
