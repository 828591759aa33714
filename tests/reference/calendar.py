"""Which local day, and which bucket of days, does a moment fall into?

Readings: a fiscal year moves quarters and years, never months. The bucket of grain `all` begins with the
scope. A midnight that a clock change skips is the moment of the change; one that comes twice is the
earlier.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from tests.reference.question import Question

INSTANT = timedelta(microseconds=1)
DAY = timedelta(days=1)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def local_day(moment: datetime, zone: str) -> date:
    """Return the day that clocks in `zone` show at `moment`."""
    return moment.astimezone(ZoneInfo(zone)).date()


def midnight(day: date, zone: str) -> datetime:
    """Return the UTC moment at which `day` begins in `zone`."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def add_months(first: date, months: int) -> date:
    """Return the first day of the month `months` after the month of `first`."""
    years, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(years, month + 1, 1)


def bucket_of(day: date, question: Question) -> date:
    """Return the first day of the bucket that holds `day`."""
    if question.grain == "day":
        return day
    if question.grain == "week":
        return day - DAY * ((day.weekday() - WEEKDAYS.index(question.week_starts)) % 7)
    size = MONTHS[question.grain]
    return add_months(day, -((day.month - question.fiscal_year_starts) % size))


def bucket_after(first: date, question: Question, steps: int = 1) -> date:
    """Return the first day of the bucket `steps` after the one that begins on `first`."""
    if question.grain == "day":
        return first + DAY * steps
    if question.grain == "week":
        return first + DAY * 7 * steps
    return add_months(first, MONTHS[question.grain] * steps)
