"""Which stretch of time and which filters does a page look at, and where do its links lead?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from firstcall.errors import ScopeError
from firstcall.periods import Calendar, Question, shift_months
from firstcall.query.question import Parameters, parameters_of
from firstcall.web.query_string import address

if TYPE_CHECKING:
    from firstcall.web.answer_service import AnswerService

DEFAULT = "90d"
PRESETS = (("30d", "30 days"), ("90d", "90 days"), ("180d", "180 days"), ("12m", "12 months"))


@dataclass(frozen=True, slots=True)
class View:
    """A period of whole local days, what the rows must match, and the calendar they are read by.

    `first` is the local day of the first call the store has seen.
    """

    parameters: Parameters
    start: date
    end: date
    calendar: Calendar
    first: date | None = None

    @property
    def days(self) -> int:
        """Days of the period."""
        return (self.end - self.start).days

    @property
    def before(self) -> tuple[date, date]:
        """The stretch of the same length that ends where the period begins."""
        return self.start - timedelta(days=self.days), self.start

    def question(
        self,
        metric: str,
        grain: str,
        *,
        by: tuple[str, ...] = (),
        start: date | None = None,
        end: date | None = None,
    ) -> Question:
        """Return the question about a metric in this view; `start` and `end` replace the period's."""
        asked = replace(
            self.parameters, start=start or self.start, end=end or self.end, last=None, grain=grain, by=by
        )
        return asked.question(metric, lambda: self.end)

    def starting(self, grain: str, *, at_least: int) -> date:
        """Return the first day of a bucket, so early that the period and `at_least` buckets fit."""
        newest = self.calendar.period(self.end - timedelta(days=1), grain).first
        if grain in {"month", "quarter"}:
            early = shift_months(newest, (1 - at_least) * (3 if grain == "quarter" else 1))
        else:
            early = newest - timedelta(days=(7 if grain == "week" else 1) * (at_least - 1))
        return min(early, self.calendar.period(self.start, grain).first)


def view_of(asked: Parameters, service: AnswerService) -> View:
    """Return the view of a page; without a period the last 90 days that are complete."""
    newest = service.program.newest_day()
    if asked.start is None and asked.last is None:
        asked = replace(asked, last=DEFAULT)
    asked = replace(asked, where=_meant(asked, service))
    start, end = asked.bounds(lambda: newest)
    end = end or newest
    start = start or min(newest, end) - timedelta(days=90)
    if end <= start:
        raise ScopeError(f"The period from {start} to {end} holds no day: `to` is the first day after it.")
    if (end - start).days > 366 * 12:
        raise ScopeError(f"The period from {start} to {end} is longer than the twelve years a page can draw.")
    return View(asked, start, end, service.program.calendar, service.program.store_state.first_day)


def _meant(asked: Parameters, service: AnswerService) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the filters of a page with the ids that their values mean; UnknownValue as for a single question."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for name, values in asked.where:
        ready = (each for each, metric in service.program.metrics.items() if name in metric.dimensions)
        questions = (Question(each, where=((name, values),), known_at=asked.known_at) for each in ready)
        able = next((each for each in questions if not service.needs(each)), None)
        kept = service.program.resolve(able).scope.where if able else ((name, values),)
        found += kept
    return tuple(found)


def explain_address(question: Question, value: str | None = None) -> str:
    """Return the address of the page that explains the answer to a question, headed by a named value of it."""
    found = address(f"/explain/{question.metric}", parameters_of(question))
    return f"{found}{'&' if '?' in found else '?'}value={value}" if value else found


def csv_address(question: Question) -> str:
    """Return the address of the answer as CSV."""
    return address(f"/api/v1/metrics/{question.metric}.csv", parameters_of(question))
