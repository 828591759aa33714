"""Which numbers stand at the top of the overview, what changed, and is the change good?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from firstcall.answers import Answer
from firstcall.bands import improves
from firstcall.charts import Canvas, Caption, sparkline
from firstcall.units import change, show, show_change
from firstcall.web.answer_service import AnswerService, Need, Outcome
from firstcall.web.figures.figure import printer, series
from firstcall.web.view import View, explain_address

if TYPE_CHECKING:
    from firstcall.answers import Point, Value
    from firstcall.periods import Question


@dataclass(frozen=True, slots=True)
class Kpi:
    """A number of the overview. `value` names a value other than the headline.

    With `monthly`, the latest complete month is set against the month before; else the period against the one
    before. `spark` is the grain of the little line.
    """

    metric: str
    label: str
    stakeholder: str = ""
    value: str | None = None
    monthly: bool = False
    spark: str = "week"


KPIS = (
    Kpi("active_partners", "Active partners", "Who uses our APIs?", spark="month"),
    Kpi("program_revenue", "Program revenue", "Are we making money?", spark="month"),
    Kpi("partner_growth_rate", "Partner growth", "Growing or stalling?", monthly=True, spark="month"),
    Kpi("time_to_first_call", "Median time to first call", "Where do people get stuck?", spark="month"),
    Kpi("call_volume", "API calls"),
    Kpi("server_error_rate", "Server error rate"),
    Kpi(
        "production_activation_rate",
        "Registered who reach production",
        value="to_date",
        monthly=True,
        spark="month",
    ),
    Kpi("net_revenue_retention", "Net revenue retention", monthly=True, spark="month"),
)
"""The first four answer the stakeholder questions."""


@dataclass(frozen=True, slots=True)
class KpiCard:
    """One number as the page shows it. `good` says whether the change is for the better, None when it is neither.

    Without a number, `why` says why, and `needs` which tables are missing.
    """

    kpi: Kpi
    href: str
    number: str = ""
    period: str = ""
    moved: str = ""
    against: str = ""
    good: bool | None = None
    direction: str = ""
    cases: str = ""
    verdict: str | None = None
    confidence: str = "measured"
    spark: str = ""
    why: str = ""
    needs: tuple[Need, ...] = ()


def questions(kpi: Kpi, view: View) -> Mapping[str, Question]:
    """Return what has to be asked for a card: `now`, `before` and `trend`; a monthly one needs only the trend."""
    trend = view.question(
        kpi.metric, kpi.spark, start=view.starting(kpi.spark, at_least=12 if kpi.spark == "month" else 13)
    )
    if kpi.monthly:
        return {"trend": trend}
    start, end = view.before
    return {
        "now": view.question(kpi.metric, "all"),
        "before": view.question(kpi.metric, "all", start=start, end=end),
        "trend": trend,
    }


def card(kpi: Kpi, view: View, service: AnswerService, outcomes: Mapping[Question, Outcome]) -> KpiCard:
    """Return the card of a number from the outcomes of its questions."""
    asked = questions(kpi, view)
    found = {name: outcomes[question] for name, question in asked.items()}
    first = next(iter(asked.values()))
    href = explain_address(asked["trend"])
    for outcome in found.values():
        if not isinstance(outcome, Answer):
            return KpiCard(kpi, href, why=str(outcome))
    answers = {name: outcome for name, outcome in found.items() if isinstance(outcome, Answer)}
    if needs := service.needs(first):
        return KpiCard(kpi, href, why="Not enough data yet.", needs=needs)
    now, before = _two(kpi, answers)
    trend = answers["trend"]
    if now is None or _value(kpi, now) is None:
        why = now.absent if now is not None and now.absent else "no value in this period"
        return KpiCard(kpi, href, why=f"{why[:1].upper()}{why[1:]}.", spark=_spark(kpi, trend))
    return _filled(kpi, view, answers, now, before, href)


def _filled(
    kpi: Kpi, view: View, answers: Mapping[str, Answer], now: Point, before: Point | None, href: str
) -> KpiCard:
    answer = answers.get("now", answers["trend"])
    unit = answer.value_units.get(kpi.value or answer.headline, answer.unit)
    new = answer.plain(_value(kpi, now), unit)
    old = None if before is None else answer.plain(_value(kpi, before), unit)
    moved = change(new, old, unit)
    said = KpiCard(
        kpi,
        href,
        number=show(_value(kpi, now), unit, short=True, currency=answer.currency),
        period=f"{now.period:%B %Y}" if kpi.monthly else f"{view.days} days",
        cases=f"{now.cases:,}" if kpi.value is None else "",
        verdict=answer.verdict if kpi.value is None else None,
        confidence=answer.confidence,
        spark=_spark(kpi, answers["trend"]),
        against="no earlier period to compare with",
    )
    if moved is None:
        return said
    noise = not moved or _noise(kpi, now, before)
    return replace(
        said,
        moved=show_change(new, old, unit),
        against="vs the month before" if kpi.monthly else f"vs the {view.days} days before",
        good=None if noise else improves(answer.better, rose=moved > 0),
        direction="up" if moved > 0 else "down" if moved < 0 else "same",
    )


def _two(kpi: Kpi, answers: Mapping[str, Answer]) -> tuple[Point | None, Point | None]:
    """Return the point shown and the one it is compared with."""
    if not kpi.monthly:
        now, before = answers["now"].points, answers["before"].points
        whole = not any(each.partial for each in before)
        return now[0] if now else None, before[0] if before and whole else None
    complete = [each for each in answers["trend"].points if not each.partial or kpi.value]
    return (complete[-1] if complete else None), (complete[-2] if len(complete) > 1 else None)


def _value(kpi: Kpi, point: Point) -> Value:
    return point.value if kpi.value is None else point.values.get(kpi.value)


def _noise(kpi: Kpi, now: Point, before: Point | None) -> bool:
    """Whether the intervals of both points overlap, so that the change may be chance."""
    if kpi.value is not None or before is None:
        return False
    edges = (now.low, now.high, before.low, before.high)
    if any(edge is None for edge in edges):
        return False
    low, high, earlier_low, earlier_high = (float(edge or 0) for edge in edges)
    return low <= earlier_high and earlier_low <= high


def _spark(kpi: Kpi, answer: Answer) -> Markup:
    one = series(answer, kpi.label, kpi.value)
    if answer.unit in {"count", "money"}:
        # a week that is not over has fewer calls, and a line without an axis cannot say so
        one = replace(one, points=tuple(point for point in one.points if not point.partial) or one.points)
    question = f"{kpi.label} by {answer.scope['grain']}"
    caption = Caption(question=question, unit=kpi.label, fmt=printer(answer, kpi.value))
    canvas = Canvas(f"spark-{kpi.metric.replace('_', '-')}", width=280, height=44)
    return Markup(sparkline.draw(caption, one, canvas).svg)  # noqa: S704  charts escape every text they print
