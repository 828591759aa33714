"""Is time cut where the program's calendar says, and is a question refused that nobody could answer?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstcall.errors import ScopeError, UnknownName
from firstcall.periods import (
    GRAINS,
    Calendar,
    Period,
    Question,
    Scope,
    as_date,
    as_grain,
    as_utc,
    calendar,
    shift_months,
)

BERLIN = Calendar("Europe/Berlin")
CUTS = tuple(grain for grain in GRAINS if grain != "all")


@pytest.mark.parametrize(
    ("grain", "first", "end"),
    [
        ("day", date(2025, 2, 28), date(2025, 3, 1)),
        ("week", date(2025, 2, 24), date(2025, 3, 3)),
        ("month", date(2025, 2, 1), date(2025, 3, 1)),
        ("quarter", date(2025, 1, 1), date(2025, 4, 1)),
        ("year", date(2025, 1, 1), date(2026, 1, 1)),
    ],
)
def test_a_day_has_its_bucket(grain: str, first: date, end: date) -> None:
    """Friday, 28 February 2025."""
    assert BERLIN.period(date(2025, 2, 28), grain) == Period(first, end)


@pytest.mark.parametrize(
    ("starts", "first"),
    [("monday", date(2025, 3, 3)), ("sunday", date(2025, 3, 9)), ("saturday", date(2025, 3, 8))],
)
def test_weeks_begin_as_the_settings_say(starts: str, first: date) -> None:
    """Sunday, 9 March 2025."""
    assert Calendar("UTC", starts).period(date(2025, 3, 9), "week").first == first


@pytest.mark.parametrize(
    ("starts", "quarter", "year"),
    [
        (1, date(2025, 1, 1), date(2025, 1, 1)),
        (2, date(2024, 11, 1), date(2024, 2, 1)),
        (4, date(2025, 1, 1), date(2024, 4, 1)),
        (10, date(2025, 1, 1), date(2024, 10, 1)),
    ],
)
def test_a_fiscal_year_moves_quarters_and_years_and_no_month(starts: int, quarter: date, year: date) -> None:
    """15 January 2025."""
    fiscal = Calendar("UTC", "monday", starts)
    day = date(2025, 1, 15)
    assert [fiscal.period(day, grain).first for grain in ("month", "quarter", "year")] == [
        date(2025, 1, 1),
        quarter,
        year,
    ]


def test_a_day_begins_at_local_midnight() -> None:
    """An hour before UTC in winter, two in summer; the day clocks go forward has 23 hours."""
    assert BERLIN.starts(date(2025, 1, 1)) == datetime(2024, 12, 31, 23)  # noqa: DTZ001  UTC without zone
    assert BERLIN.starts(date(2025, 7, 1)) == datetime(2025, 6, 30, 22)  # noqa: DTZ001  UTC without zone
    spring, autumn = date(2025, 3, 30), date(2025, 10, 26)
    lengths = [BERLIN.starts(day + timedelta(days=1)) - BERLIN.starts(day) for day in (spring, autumn)]
    assert lengths == [timedelta(hours=23), timedelta(hours=25)]


def test_a_midnight_that_does_not_exist_begins_the_day_anyway() -> None:
    """In Santiago clocks go from 00:00 to 01:00 on 7 September 2025: at 04:00 UTC."""
    santiago = Calendar("America/Santiago")
    starts = santiago.starts(date(2025, 9, 7))
    assert starts == datetime(2025, 9, 7, 4)  # noqa: DTZ001  UTC without zone
    assert santiago.day(starts) == date(2025, 9, 7)
    assert santiago.day(starts - timedelta(microseconds=1)) == date(2025, 9, 6)


@settings(max_examples=200)
@given(
    day=st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    grain=st.sampled_from(CUTS),
    starts=st.sampled_from(("monday", "sunday", "saturday")),
    fiscal=st.integers(1, 12),
)
def test_buckets_hold_their_day_and_leave_no_gap(day: date, grain: str, starts: str, fiscal: int) -> None:
    """And the bucket before ends where the bucket begins."""
    cut = Calendar("Europe/Berlin", starts, fiscal)
    bucket = cut.period(day, grain)
    assert bucket.first <= day < bucket.end
    assert cut.period(bucket.first, grain) == bucket == cut.period(bucket.end - timedelta(days=1), grain)
    assert cut.period(bucket.end, grain).first == bucket.end
    earlier = cut.before(day, grain, 1)
    assert cut.period(earlier, grain) == Period(earlier, bucket.first)


@settings(max_examples=200)
@given(
    moment=st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)),  # noqa: DTZ001  UTC without zone
    zone=st.sampled_from(("Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/Santiago", "UTC")),
)
def test_a_moment_lies_in_its_local_day(moment: datetime, zone: str) -> None:
    """Between two midnights, and as the wall clock shows it."""
    cut = Calendar(zone)
    day = cut.day(moment)
    assert cut.starts(day) <= moment < cut.starts(day + timedelta(days=1))
    assert day == moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


def test_periods_touch_every_day_of_the_scope() -> None:
    """From 15 January to 1 March: two months, whole; grain all is the scope itself."""
    assert BERLIN.periods(date(2025, 1, 15), date(2025, 3, 1), "month") == (
        Period(date(2025, 1, 1), date(2025, 2, 1)),
        Period(date(2025, 2, 1), date(2025, 3, 1)),
    )
    whole = Period(date(2025, 1, 15), date(2025, 3, 1))
    assert BERLIN.periods(whole.first, whole.end, "all") == (whole,)


def test_an_unknown_grain_does_not_cut_time() -> None:
    """And says which do."""
    with pytest.raises(ScopeError, match="day, week, month, quarter, year, all"):
        BERLIN.period(date(2025, 1, 1), "all")
    with pytest.raises(UnknownName, match="week"):
        as_grain("weak")


@pytest.mark.parametrize(
    ("months", "day"), [(1, date(2025, 2, 1)), (-1, date(2024, 12, 1)), (14, date(2026, 3, 1))]
)
def test_months_are_shifted_from_their_first(months: int, day: date) -> None:
    """From 31 January 2025."""
    assert shift_months(date(2025, 1, 31), months) == day


def test_one_calendar_for_the_same_settings() -> None:
    """It is asked often."""
    assert calendar("Europe/Berlin") is calendar("Europe/Berlin")


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ({"grain": "months"}, "month"),
        ({"environment": "prod"}, "production"),
        ({"entity": "partners"}, "partner"),
        ({"by": ("contry",)}, "country"),
        ({"where": (("produkt", ("a",)),)}, "product"),
    ],
)
def test_a_question_with_an_unknown_word_suggests_a_near_one(wrong: dict[str, object], near: str) -> None:
    """Before any metric is looked up."""
    with pytest.raises(UnknownName, match=near):
        Question("call_volume", **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "days",
    [
        {"start": date(1, 1, 1)},
        {"end": date(9999, 12, 31)},
        {"as_of": datetime(1, 1, 1, tzinfo=UTC)},
        {"known_at": datetime(2200, 1, 3, tzinfo=UTC)},
    ],
)
def test_days_that_no_row_can_have_are_refused(days: dict[str, Any]) -> None:
    """From whatever surface they come."""
    with pytest.raises(ScopeError, match="days go from 1970-01-01 to 2200-01-01"):
        Question("uptime", **days)


def test_a_dimension_splits_once() -> None:
    """A split by it twice would be a table with two columns of one name."""
    with pytest.raises(ScopeError, match="names a dimension twice"):
        Question("uptime", by=("product", "product"))


@pytest.mark.parametrize("end", [date(2025, 1, 1), date(2024, 12, 31)])
def test_a_scope_without_a_day_is_refused(end: date) -> None:
    """`to` is the first day after it."""
    with pytest.raises(ScopeError, match="`to` is the first day after it"):
        Question("call_volume", start=date(2025, 1, 1), end=end)


def scope(start: date, end: date, as_of: datetime) -> Scope:
    """Return a scope by months in Berlin whose store begins in November 2024."""
    return Scope(start, end, "month", "any", "partner", as_of, BERLIN, earliest=date(2024, 11, 20))


def test_partial_is_what_is_cut_or_not_over() -> None:
    """January is cut by the scope's start, February whole; March is over in Berlin at 22:00 UTC."""
    asked = scope(date(2025, 1, 2), date(2025, 4, 1), datetime(2025, 3, 31, 21, 59))  # noqa: DTZ001  UTC
    assert [asked.is_partial(period) for period in asked.periods] == [True, False, True]
    over = scope(date(2025, 1, 2), date(2025, 4, 1), datetime(2025, 3, 31, 22))  # noqa: DTZ001  UTC
    assert [over.is_partial(period) for period in over.periods] == [True, False, False]


def test_history_begins_with_the_first_row_of_the_store() -> None:
    """In whole buckets, up to the end of the scope."""
    asked = scope(date(2025, 1, 2), date(2025, 2, 1), datetime(2025, 2, 1))  # noqa: DTZ001  UTC without zone
    assert [period.first for period in asked.history()] == [
        date(2024, 11, 1),
        date(2024, 12, 1),
        date(2025, 1, 1),
    ]


def test_a_variant_that_was_not_chosen_has_its_default() -> None:
    """`--set name=value` or nothing."""
    asked = scope(date(2025, 1, 1), date(2025, 2, 1), datetime(2025, 2, 1))  # noqa: DTZ001  UTC without zone
    assert asked.variant("basis", "service") == "service"


def test_a_moment_is_utc_whatever_zone_it_brings() -> None:
    """One that brings none is in UTC already; a local time and its moment are told from each other."""
    noon = datetime(2026, 7, 1, 12)  # noqa: DTZ001  UTC without zone, as the store keeps it
    assert as_utc(noon) == as_utc(noon.replace(tzinfo=UTC)) == as_utc(BERLIN.local(noon)) == noon
    assert (BERLIN.local(noon).hour, BERLIN.day(noon)) == (14, date(2026, 7, 1))


def test_a_day_is_what_an_engine_gives_for_one() -> None:
    """A date, or a moment of it; a text is none."""
    assert as_date(date(2026, 7, 1)) == as_date(datetime(2026, 7, 1, 23, tzinfo=UTC)) == date(2026, 7, 1)
    with pytest.raises(TypeError, match="a day was expected"):
        as_date("2026-07-01")
