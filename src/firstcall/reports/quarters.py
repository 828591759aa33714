"""Which quarter does a report cover, how is it called, and which ones have data?

A fiscal year is called by the calendar year in which it begins: with April as its first month, 2026Q1 is April to
June 2026. The dates always stand beside the name.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from firstcall.errors import UsageError
from firstcall.periods import Calendar, Period, shift_months
from firstcall.reports.document import Span
from firstcall.reports.facts import ProgramFacts

FORM = re.compile(r"(?P<year>[12][0-9]{3})[- ]?[Qq](?P<quarter>[1-4])")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MOST_LISTED = 8


def choose(said: str | None, facts: ProgramFacts) -> Period:
    """Return the quarter asked for, else the last complete one with data, else the one in progress.

    UsageError when it is not written as 2026Q3, or holds no data, or there is no data at all.
    """
    known = with_data(facts)
    if not known:
        raise UsageError(
            "There is nothing to report yet: the store holds no rows. Import the gateway's logs first, "
            "as in `firstcall import nginx access.log`; `firstcall status` says what each number needs."
        )
    if said is None:
        return ([quarter for quarter in known if is_complete(quarter, facts)] or known)[-1]
    quarter = read(said, facts)
    if quarter not in known:
        raise UsageError(f"There is no data in {span(quarter, facts).dates} ({said}). {_offer(facts)}")
    return quarter


def read(said: str, facts: ProgramFacts) -> Period:
    """Return the fiscal quarter that is written as 2026Q3; UsageError says the form and what has data."""
    found = FORM.fullmatch(said.strip())
    if found is None:
        raise UsageError(
            f"{said!r} is no quarter; write the fiscal year and the quarter, as in 2026Q3. {_offer(facts)}"
        )
    year, quarter = int(found["year"]), int(found["quarter"])
    first = shift_months(date(year, facts.calendar.fiscal_year_starts, 1), 3 * (quarter - 1))
    return facts.calendar.period(first, "quarter")


def with_data(facts: ProgramFacts) -> list[Period]:
    """Return every quarter from the first day with data to the one in which data ends."""
    if facts.first is None or facts.as_of is None:
        return []
    last = facts.calendar.day(facts.as_of - timedelta(microseconds=1))
    return list(facts.calendar.periods(facts.first, last + timedelta(days=1), "quarter"))


def is_complete(period: Period, facts: ProgramFacts) -> bool:
    """Whether data reaches the last day of the period; a quiet last evening does not leave it unfinished."""
    return facts.as_of is not None and facts.calendar.day(facts.as_of) >= period.end - timedelta(days=1)


def before(period: Period, calendar: Calendar) -> Period:
    """Return the quarter before."""
    return calendar.period(period.first - timedelta(days=1), "quarter")


def name(period: Period, calendar: Calendar) -> str:
    """Return how a quarter is typed: 2026Q3."""
    year, quarter = _numbers(period, calendar)
    return f"{year}Q{quarter}"


def span(period: Period, facts: ProgramFacts) -> Span:
    """Return the quarter with its names and dates."""
    year, quarter = _numbers(period, facts.calendar)
    fiscal = "" if facts.calendar.fiscal_year_starts == 1 else "FY"
    return Span(
        name=name(period, facts.calendar),
        title=f"Q{quarter} {fiscal}{year}",
        dates=dates(period),
        start=period.first.isoformat(),
        end=period.end.isoformat(),
        complete=is_complete(period, facts),
    )


def dates(period: Period) -> str:
    """Return the first and last day of a period: "1 Jul – 30 Sep 2026"."""
    last = period.end - timedelta(days=1)
    year = "" if period.first.year == last.year else f" {period.first.year}"
    return f"{day(period.first)}{year} – {day(last)} {last.year}"


def day(when: date) -> str:
    """Return a day without its year: "18 Aug"."""
    return f"{when.day} {MONTHS[when.month - 1]}"


def _numbers(period: Period, calendar: Calendar) -> tuple[int, int]:
    year = calendar.period(period.first, "year").first
    return year.year, (period.first.year * 12 + period.first.month - year.year * 12 - year.month) // 3 + 1


def _offer(facts: ProgramFacts) -> str:
    known = with_data(facts)
    if not known:
        return "There is no data yet."
    names = [name(quarter, facts.calendar) for quarter in known]
    said = f"{names[0]} to {names[-1]}" if len(names) > MOST_LISTED else ", ".join(names)
    open_ = "" if is_complete(known[-1], facts) else f" (data of {names[-1]} ends before the quarter does)"
    return f"Quarters with data: {said}{open_}."
