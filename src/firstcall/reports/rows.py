"""How does a metric become a line of a report: two quarters, how they compare, and the way there?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from firstcall.answers import Answer, Point, Value
from firstcall.charts import Canvas, Caption, Chart, Series, sparkline
from firstcall.charts.chart import Point as Mark
from firstcall.periods import Period, Question
from firstcall.query.change import Change, changed
from firstcall.reports.document import Cell, Row
from firstcall.reports.facts import ProgramFacts
from firstcall.reports.report import Ask
from firstcall.units import NONE, show

SPARK_POINTS = 6
WHOLE_FROM = 100
"""Amounts from here on are printed without cents."""

REASONS: Mapping[str, str] = {
    "no partner went live": "no partner went live in the quarter",
    "no prior-period actives": "no partner was active in the quarter before, so there is nothing to grow from",
    "no costs recorded": "no costs are recorded for the quarter; firstcall import costs costs.csv",
    "nobody registered": "no partner had registered by the end of the quarter",
}
"""Why there is no number → the same in words for somebody who never saw the data."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a report shows of a metric: `value` is one of its named values, `suffix` follows the number.

    `words` defines it without a technical term; `action` is what one does when it is weak.
    """

    key: str
    label: str
    value: str
    words: str
    action: str = ""
    absent: str = "no cases"
    suffix: str = ""
    beside: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """The quarter a report is about and the one before; `complete` says whether the first one is over."""

    now: Period
    before: Period
    complete: bool


def at(answer: Answer, period: Period) -> Point | None:
    """Return the point of a period, or None when the series has none."""
    return next((point for point in answer.points if point.period == period.first), None)


def series(metric: str, ask: Ask, pair: Pair, facts: ProgramFacts) -> Answer:
    """Return a metric by quarter from its first rows on, with why it has no value in a quarter of the pair.

    What is noted, and how sure it is, is that of the two quarters.

    Quarters before its first rows stay out, since their zeros would be claims; ratios there have reasons to give.
    """
    answer = ask(Question(metric, grain="quarter"))
    pairs = ask(Question(metric, grain="quarter", start=pair.before.first, end=pair.now.end))
    answer = replace(answer, notes=pairs.notes, confidence=pairs.confidence)
    missing = [
        period
        for period in (pair.before, pair.now)
        if at(answer, period) is None and facts.first is not None and facts.first < period.end
    ]
    if not missing:
        return answer
    asked = ask(Question(metric, grain="quarter", start=missing[0].first, end=missing[-1].end))
    reasons = tuple(point for point in asked.points if point.value is None)
    return replace(answer, points=(*reasons, *answer.points))


def named(answer: Answer, point: Point | None, name: str) -> Value:
    """Return one of a point's named values."""
    if point is None:
        return None
    return point.values.get(name, point.value if name == answer.headline else None)


def unit_of(answer: Answer, name: str) -> str:
    """Return the unit of a named value."""
    return answer.value_units.get(name, answer.unit)


def shown(value: Value, unit: str, currency: str | None) -> str:
    """Print a value as a page for finance has it: amounts from 100 on without cents."""
    if unit != "money" or value is None:
        return show(value, unit, currency=currency)
    exact = Decimal(str(value))
    if abs(exact) < WHOLE_FROM:
        return show(exact, unit, currency=currency)
    return re.sub(r"\.0+$", "", show(exact.quantize(Decimal(1)), unit, currency=currency))


def row(line: Line, answer: Answer, pair: Pair, note: int = 0) -> Row:
    """Return the line over both quarters; a quarter that is not over is not compared."""
    unit = unit_of(answer, line.value)
    now, earlier = (_cell(line, answer, period) for period in (pair.now, pair.before))
    return Row(
        key=line.value if note == 0 else line.key,
        label=line.label,
        metric=answer.metric,
        value=line.value,
        unit=unit,
        better=answer.better,
        confidence=answer.confidence,
        now=now,
        before=earlier,
        trend=_trend(line, answer, pair) if pair.complete else Change(),
        note=note,
        beside=tuple(row(other, answer, pair) for other in line.beside),
        spark=_spark(line, answer, pair, f"spark{note}") if note else None,
    )


def _trend(line: Line, answer: Answer, pair: Pair) -> Change:
    shown = answer.showing(line.value)
    return changed(shown, at(shown, pair.now), at(shown, pair.before))


def _cell(line: Line, answer: Answer, period: Period) -> Cell:
    point = at(answer, period)
    if point is None:
        return Cell(absent="there is no data that old")
    value = named(answer, point, line.value)
    json = answer.to_json()["points"][answer.points.index(point)]
    if value is None:
        why = point.absent if line.value == answer.headline or not point.values else line.absent
        return Cell(NONE, None, json, REASONS.get(why or "", plainly(why or line.absent)))
    return Cell(shown(value, unit_of(answer, line.value), answer.currency) + line.suffix, value, json)


def plainly(why: str) -> str:
    """Return a reason without the names of what is not known: "nothing is known before 3 Aug 2026"."""
    return re.sub("^no .+ are known", "nothing is known", why)


def _spark(line: Line, answer: Answer, pair: Pair, prefix: str) -> Chart | None:
    """Return the way to the present number, when at least three quarters have one."""
    points = [point for point in answer.points if point.period <= pair.now.first][-SPARK_POINTS:]
    values = [named(answer, point, line.value) for point in points]
    if sum(value is not None for value in values) < 3:
        return None
    marks = tuple(
        Mark(point.period, None if value is None else float(value), absent=point.absent)
        for point, value in zip(points, values, strict=True)
    )
    unit = unit_of(answer, line.value)
    caption = Caption(
        f"{line.label}: the last {len(marks)} quarters",
        unit,
        x_name="Quarter from",
        fmt=lambda value: shown(Decimal(repr(value)), unit, answer.currency) + line.suffix,
    )
    return sparkline.draw(caption, Series(line.label, marks), Canvas(prefix, width=92, height=26))
