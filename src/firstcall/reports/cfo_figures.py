"""Which two pictures go with the CFO's table: is the number of partners growing, and where do newcomers stop?"""

from __future__ import annotations

from datetime import date, timedelta

from firstcall.answers import Answer
from firstcall.answers import Point as Answered
from firstcall.charts import Canvas, Caption, Milestone, Point, Series, funnel, line
from firstcall.periods import Question, shift_months
from firstcall.reports import document
from firstcall.reports import facts as facts_of
from firstcall.reports.document import Figure
from firstcall.reports.facts import ProgramFacts
from firstcall.reports.quarters import dates, day
from firstcall.reports.report import Ask
from firstcall.reports.rows import Pair

MONTHS_SHOWN = 18
YEAR = 12
WIDE, NARROW = 688, 340
STEPS = {
    "registered": "Registered",
    "sandbox_active": "Tried it out",
    "first_success": "First successful use",
    "production": "Live",
}
"""Steps of the onboarding funnel, in the words of somebody who signs invoices."""


def figures(ask: Ask, facts: ProgramFacts, pair: Pair) -> tuple[Figure, ...]:
    """Return the trend of active partners with milestones, and the way of the last year's newcomers."""
    return (_actives(ask, facts, pair), _newcomers(ask, facts, pair))


def _actives(ask: Ask, facts: ProgramFacts, pair: Pair) -> Figure:
    answer = ask(Question("active_partners", grain="month"))
    points = [point for point in answer.points if point.period < pair.now.end][-MONTHS_SHOWN:]
    series = Series("Active partners", tuple(_mark(point, facts) for point in points))
    caption = Caption(
        "Is the number of active partners growing?",
        "partners",
        "Partners using the APIs live, each month",
        x_name="Month",
    )
    milestones = [
        _event(one, points[-1].period) for one in facts.milestones if points and one.date < pair.now.end
    ]
    return Figure(
        line.draw(caption, [series], Canvas("active", WIDE, 210), milestones=milestones),
        line.draw(caption, [series], Canvas("active-narrow", NARROW, 248), milestones=milestones),
    )


def _event(one: facts_of.Milestone, last: date) -> Milestone:
    """Return a milestone where it can be drawn: those of the last month stand at its point and say their day."""
    label = document.line(one.label, 60)
    return Milestone(one.date, label) if one.date <= last else Milestone(last, f"{label} ({day(one.date)})")


def _mark(point: Answered, facts: ProgramFacts) -> Point:
    end = shift_months(point.period, 1)
    over = facts.as_of is not None and facts.calendar.day(facts.as_of) >= end - timedelta(days=1)
    value = None if point.value is None else float(point.value)
    return Point(point.period, value, point.cases, partial=not over, absent=point.absent)


def _newcomers(ask: Ask, facts: ProgramFacts, pair: Pair) -> Figure:
    start = shift_months(pair.now.end, -YEAR)
    answer = ask(Question("onboarding_funnel", start=start, end=pair.now.end, grain="all"))
    steps = _steps(answer)
    waiting = answer.points[0].values.get("open") if answer.points else None
    open_ = (
        f"; {waiting:,} are still within their {facts.window_days} days and not counted" if waiting else ""
    )
    caption = Caption(
        "Where do newcomers stop?",
        "partners",
        f"Partners registered {dates(type(pair.now)(start, pair.now.end))}{open_}",
        x_name="Step",
    )
    return Figure(
        funnel.draw(caption, steps, Canvas("funnel", WIDE)),
        funnel.draw(caption, steps, Canvas("funnel-narrow", NARROW)),
    )


def _steps(answer: Answer) -> list[funnel.Step]:
    point = answer.points[0] if answer.points else None
    absent = None if point is None else point.absent
    found = {} if point is None else point.values
    return [
        funnel.Step(words, None if (count := found.get(name)) is None else int(count), absent=absent)
        for name, words in STEPS.items()
    ]
