"""Is the number of partners who use the APIs growing, and what drove it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.charts import Caption, line
from firstcall.web.figures.figure import Figure, FigureData, printer, series

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firstcall.charts import Canvas, Chart
    from firstcall.periods import Question
    from firstcall.web.view import View


def _asks(view: View) -> Mapping[str, Question]:
    start = view.starting("month", at_least=12)
    return {"active": view.question("active_partners", "month", start=start)}


def _draw(data: FigureData, canvas: Canvas) -> Chart:
    answer = data.answers["active"]
    where = {"any": "any environment"}.get(str(answer.scope["environment"]), str(answer.scope["environment"]))
    caption = Caption(
        question=partners.title,
        unit=f"{answer.scope['entity']}s with a call in the month",
        subtitle=f"By month · calls in {where}, internal and automated ones left out",
        x_name="Month",
        fmt=printer(answer),
    )
    return line.draw(caption, [series(answer, "Active")], canvas, milestones=data.milestones)


partners = Figure("active-partners", "Is the number of active partners growing?", _asks, _draw, height=330)
