"""Which numbers stand at the top of the overview, what changed, and is the change good?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from markupsafe import Markup

from firstcall.answers import Answer
from firstcall.charts import Canvas, Caption, sparkline
from firstcall.periods import shift_months
from firstcall.query.change import changed
from firstcall.units import show
from firstcall.web.answer_service import AnswerService, Need, Outcome
from firstcall.web.figures.figure import printer, series
from firstcall.web.view import View, explain_address

if TYPE_CHECKING:
    from firstcall.answers import Point
    from firstcall.periods import Question


@dataclass(frozen=True, slots=True)
class Kpi:
    """A number of the overview. `value` names a value other than the headline.

    With `by`, the latest complete bucket is set against the one before: a month, or a quarter (as in the report for
    finance) once there are two; else the period against the one before. `spark` is the grain of the little line.
    """

    metric: str
    label: str
    stakeholder: str = ""
    value: str | None = None
    by: Literal["month", "quarter"] | None = None
    spark: str = "week"


KPIS = (
    Kpi("active_partners", "Active partners", "Who uses our APIs?", spark="month"),
    Kpi("program_revenue", "Program revenue", "Are we making money?", spark="month"),
    Kpi("partner_growth_rate", "Partner growth", "Growing or stalling?", by="quarter", spark="month"),
    Kpi("time_to_first_call", "Median time to first call", "Where do people get stuck?", spark="month"),
    Kpi("call_volume", "API calls"),
    Kpi("server_error_rate", "Server error rate"),
    Kpi(
        "production_activation_rate",
        "Registered who reach production",
        value="to_date",
        by="quarter",
        spark="month",
    ),
    Kpi("net_revenue_retention", "Net revenue retention", by="month", spark="month"),
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
    """Return what has to be asked for a card: `now`, `before` and `trend`, or the series its buckets come from."""
    trend = view.question(
        kpi.metric, kpi.spark, start=view.starting(kpi.spark, at_least=12 if kpi.spark == "month" else 13)
    )
    if kpi.by == "quarter":
        return {
            "quarter": view.question(kpi.metric, "quarter", start=view.starting("quarter", at_least=3)),
            "trend": trend,
        }
    if kpi.by:
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
    for outcome in found.values():
        if not isinstance(outcome, Answer):
            return KpiCard(kpi, explain_address(first, kpi.value), why=str(outcome))
    answers = {
        name: outcome.showing(kpi.value or outcome.headline)
        for name, outcome in found.items()
        if isinstance(outcome, Answer)
    }
    if needs := service.needs(first):
        return KpiCard(kpi, explain_address(first, kpi.value), why="Not enough data yet.", needs=needs)
    shown, now, before = _two(kpi, view, answers)
    spark, question = _spark(kpi, answers["trend"]), asked[shown]
    if kpi.value and now is not None:
        # beside others the page would be headed by the last whose cohort is closed
        bucket = view.calendar.period(now.period, str(question.grain))
        question = replace(question, start=bucket.first, end=bucket.end)
    href = explain_address(question, kpi.value)
    if now is None or now.value is None:
        why = now.absent if now is not None and now.absent else "no value in this period"
        return KpiCard(kpi, href, why=f"{why[:1].upper()}{why[1:]}.", spark=spark)
    return replace(_filled(kpi, view, answers[shown], now, before), href=href, spark=spark)


def _filled(kpi: Kpi, view: View, answer: Answer, now: Point, before: Point | None) -> KpiCard:
    grain = str(answer.scope["grain"])
    moved = changed(answer, now, before)
    compared = moved.verdict is not None
    against = f"vs the {grain} before" if kpi.by else f"vs the {view.days} days before"
    return KpiCard(
        kpi,
        href="",
        number=show(now.value, answer.unit, short=True, currency=answer.currency),
        period=_called(now, grain) if kpi.by else f"{view.days} days",
        moved=moved.shown if compared else "",
        against=against if compared else "no earlier period to compare with",
        good={"better": True, "worse": False}.get(moved.verdict or ""),
        direction={"flat": "same"}.get(moved.arrow or "", moved.arrow or ""),
        cases=f"{now.cases:,}" if kpi.value is None else "",
        verdict=answer.verdict,
        confidence=answer.confidence,
    )


def _called(point: Point, grain: str) -> str:
    last = shift_months(point.period, 2)
    return f"{point.period:%B %Y}" if grain == "month" else f"{point.period:%b} to {last:%b %Y}"


def _two(kpi: Kpi, view: View, answers: Mapping[str, Answer]) -> tuple[str, Point | None, Point | None]:
    """Return which answer is shown, its point, and the one that is compared with."""
    if kpi.by is None:
        now, before = answers["now"].points, answers["before"].points
        whole = not any(each.partial for each in before)
        return "now", now[0] if now else None, before[0] if before and whole else None
    for name in ("quarter", "trend"):
        complete = _complete(kpi, view, answers[name]) if name in answers else []
        if name == "trend" or sum(point.value is not None for point in complete[-2:]) == 2:
            break
    return name, complete[-1] if complete else None, complete[-2] if len(complete) > 1 else None


def _complete(kpi: Kpi, view: View, answer: Answer) -> list[Point]:
    """Return the points whose bucket is over; a value to date does not wait for the windows of a cohort."""
    grain = str(answer.scope["grain"])
    over = [point for point in answer.points if view.calendar.period(point.period, grain).end <= view.end]
    return over if kpi.value else [point for point in over if not point.partial]


def _spark(kpi: Kpi, answer: Answer) -> Markup:
    one = series(answer, kpi.label)
    if answer.unit in {"count", "money"}:
        # a week that is not over has fewer calls, and a line without an axis cannot say so
        one = replace(one, points=tuple(point for point in one.points if not point.partial) or one.points)
    question = f"{kpi.label} by {answer.scope['grain']}"
    caption = Caption(question=question, unit=kpi.label, fmt=printer(answer))
    canvas = Canvas(f"spark-{kpi.metric.replace('_', '-')}", width=280, height=44)
    return Markup(sparkline.draw(caption, one, canvas).svg)  # noqa: S704  charts escape every text they print
