"""Do those who pay stay and grow, and how many fall silent?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.charts import Caption, two_panels
from firstcall.charts.two_panels import Bars, Reference
from firstcall.web.figures.figure import Figure, FigureData, printer, series

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firstcall.charts import Canvas, Chart
    from firstcall.periods import Question
    from firstcall.web.view import View


def _asks(view: View) -> Mapping[str, Question]:
    start = view.starting("month", at_least=12)
    return {
        "retention": view.question("net_revenue_retention", "month", start=start),
        "churn": view.question("developer_churn_rate", "month", start=start),
    }


def _draw(data: FigureData, canvas: Canvas) -> Chart:
    kept, churn = data.answers["retention"], data.answers["churn"]
    paying = max((each.cases for each in kept.points), default=0)
    silent = sum(int(each.values.get("churned") or 0) for each in churn.points)
    caption = Caption(
        question=retention.title,
        unit="revenue kept, 12-month cohorts",
        subtitle=f"By month · up to {paying:,} paying partners · {silent:,} developers fell silent",
        x_name="Month",
        fmt=printer(kept),
    )
    lines = (
        series(kept, "Net", "net", tone="c1"),
        series(kept, "Gross", "gross", tone="c2", dash="6 4"),
    )
    bars = Bars(
        series(churn, "Churn", tone="other"), f"developers silent for {data.churn_days} days", printer(churn)
    )
    return two_panels.draw(caption, lines, bars, canvas, Reference(1.0, "100 %"))


retention = Figure("retention", "Do those who pay stay and grow?", _asks, _draw, height=330)
