"""How is the answer to any question drawn when nothing is known of it but its shape?"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from firstcall.charts import Caption, Chart, Point, Series, bars, line, stacked_area
from firstcall.charts.bars import Bar
from firstcall.charts.drawing.ticks import SECONDS
from firstcall.charts.theme import SERIES_TONES
from firstcall.web.figures.figure import point, printer, series, split_names

if TYPE_CHECKING:
    from firstcall.answers import Answer
    from firstcall.charts import Canvas, Milestone
    from firstcall.metrics.metric import Metric

MOST_LINES, MOST_BARS = 6, 20


def draw(
    answer: Answer,
    metric: Metric,
    canvas: Canvas,
    milestones: tuple[Milestone, ...] = (),
) -> Chart:
    """Draw a series as a line, a split of one period as bars, a split of a sum as a stack, any other as lines."""
    if not answer.scope["by"] and answer.scope["grain"] == "all":
        return _values(answer, metric, canvas)
    if answer.scope["grain"] == "all" or len({each.period for each in answer.points}) == 1:
        return _bars(answer, metric, canvas)
    if not answer.scope["by"]:
        return _one_line(answer, metric, canvas, milestones)
    if metric.additive and answer.unit != "money":
        return stacked_area.draw(_caption(answer, metric), _split(answer), canvas)
    return _lines(answer, metric, canvas)


def _caption(answer: Answer, metric: Metric, subtitle: str = "") -> Caption:
    grain = str(answer.scope["grain"])
    return Caption(
        question=metric.card.question,
        unit=unit_words(answer),
        subtitle=subtitle,
        x_name={"week": "Week of", "all": "Period"}.get(grain, grain.title()),
        fmt=printer(answer),
    )


def unit_words(answer: Answer) -> str:
    """Return what an axis of the answer's values counts."""
    grain = answer.scope["grain"]
    what = {"money": answer.currency or "money", "count": answer.headline.replace("_", " ")}
    said = what.get(answer.unit, answer.unit)
    return said if grain == "all" or answer.unit not in {"money", "count"} else f"{said} a {grain}"


def _values(answer: Answer, metric: Metric, canvas: Canvas) -> Chart:
    """Draw the named values of one point that share the headline's unit."""
    alike = [name for name, unit in answer.value_units.items() if unit == answer.unit]
    rows = []
    for each in answer.points[:1]:
        for name in alike or [answer.headline]:
            drawn = point(each, name)
            rows.append(Bar(name.replace("_", " "), drawn.value, drawn.cases, drawn.absent, drawn.partial))
    return bars.draw(_caption(answer, metric), rows, canvas, ranked=False)


def _one_line(answer: Answer, metric: Metric, canvas: Canvas, milestones: tuple[Milestone, ...]) -> Chart:
    caption = _caption(answer, metric)
    head = answer.headline.replace("_", " ").capitalize()
    spread = answer.unit in {"seconds", "milliseconds"}
    lines = [series(answer, head)]
    if spread:
        alike = [
            name
            for name, unit in answer.value_units.items()
            if unit == answer.unit and name != answer.headline
        ]
        lines += [
            series(answer, name.replace("_", " "), name, tone=SERIES_TONES[n + 1], dash="6 4")
            for n, name in enumerate(alike[:3])
        ]
    ladder = SECONDS if answer.unit == "seconds" else ()
    return line.draw(
        caption, lines, canvas, log=answer.unit == "seconds", milestones=milestones, ladder=ladder,
        zero=answer.unit != "ratio",
    )  # fmt: skip


def _bars(answer: Answer, metric: Metric, canvas: Canvas) -> Chart:
    rows, name_of = [], split_names(answer)
    for each in answer.points:
        drawn, name = point(each), name_of(each)
        rows.append(Bar(name, drawn.value, drawn.cases, drawn.absent, drawn.partial))
    rows.sort(key=lambda bar: -(bar.value or 0.0))
    said = f"the {MOST_BARS} largest of {len(rows)}; the table below has all" if len(rows) > MOST_BARS else ""
    return bars.draw(_caption(answer, metric, said), rows[:MOST_BARS], canvas)


def _split(answer: Answer) -> list[Series]:
    found: dict[str, list[Point]] = defaultdict(list)
    name_of = split_names(answer)
    for each in answer.points:
        found[name_of(each)].append(point(each))
    largest = sorted(found.items(), key=lambda item: -sum(each.cases or 0 for each in item[1]))
    return [
        Series(name, tuple(points), SERIES_TONES[n % len(SERIES_TONES)])
        for n, (name, points) in enumerate(largest)
    ]


def _lines(answer: Answer, metric: Metric, canvas: Canvas) -> Chart:
    found = _split(answer)
    said = f"the {MOST_LINES} with most cases of {len(found)}" if len(found) > MOST_LINES else ""
    return line.draw(_caption(answer, metric, said), found[:MOST_LINES], canvas)
