"""Are query strings read as they are meant, and refused when they are not?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from firstcall.errors import UnknownName, UsageError
from firstcall.periods import Question
from firstcall.web.query_string import Asked, back, of, read

BERLIN = ZoneInfo("Europe/Berlin")
NEWEST = date(2026, 10, 1)


def asked(query: str) -> Question:
    """Return the question about a metric."""
    return read(query, BERLIN).question("latency", NEWEST)


def test_days_are_written_in_four_forms() -> None:
    """A quarter begins with its first month."""
    assert asked("from=2026Q3&to=2026-10").start == date(2026, 7, 1)
    assert asked("from=2026Q3&to=2026-10").end == date(2026, 10, 1)
    assert asked("from=2026").start == date(2026, 1, 1)
    assert asked("from=2026-02-28").start == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("last", "start"),
    [("30d", date(2026, 9, 1)), ("2w", date(2026, 9, 17)), ("12m", date(2025, 10, 1))],
)
def test_the_last_stretch_ends_with_the_newest_day(last: str, start: date) -> None:
    """Both ends are set, half-open."""
    assert (asked(f"last={last}").start, asked(f"last={last}").end) == (start, NEWEST)


def test_months_back_from_a_long_month_end_in_a_short_one() -> None:
    """A month before the 31st of March is the last day of February."""
    assert back(date(2026, 3, 31), "1m") == date(2026, 2, 28)


def test_filters_group_by_name_and_keep_what_is_in_them() -> None:
    """A value may hold colons, spaces and equals signs."""
    found = asked("where=endpoint:GET%20/a:b%3Dc&where=partner%3DP1&where=partner:P2&by=product,version")
    assert found.where == (("endpoint", ("GET /a:b=c",)), ("partner", ("P1", "P2")))
    assert found.by == ("product", "version")


def test_a_moment_without_an_offset_is_local() -> None:
    """Berlin is two hours ahead in July; a plus sign that became a space is understood."""
    assert asked("as_of=2026-07-01T12:00").as_of == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert asked("as_of=2026-07-01T12:00:00+05:00").as_of == datetime(2026, 7, 1, 7, tzinfo=UTC)


def test_empty_values_are_what_forms_send_for_nothing() -> None:
    """They change nothing."""
    assert read("from=&to=&where=&grain=", BERLIN) == Asked()


def test_an_address_asks_what_it_was_made_from() -> None:
    """Reading the address of a question gives the question again."""
    question = Question(
        "latency", date(2026, 7, 1), NEWEST, "week", ("product",), (("partner", ("a&b=c", "null")),), "sandbox",
        "developer", datetime(2026, 9, 1, 12, tzinfo=UTC), None, (("timeouts", "censored"),), exact=True,
    )  # fmt: skip
    address = of(question).address("/x")
    assert asked(address.partition("?")[2]) == question


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-02-30", "from=tomorrow", "from=0001-01-01", "as_of=noon", "last=3y", "last=0d", "where=partner",
        "exact=maybe", "from=2026-01-01&from=2026-02-01", "where=" + "x" * 9000,
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(query: str) -> None:
    """With a message that shows what was given."""
    with pytest.raises(UsageError):
        read(query, BERLIN)


def test_an_unknown_parameter_names_the_near_one() -> None:
    """A typing error changes no number silently."""
    with pytest.raises(UnknownName, match="environment"):
        read("enviroment=any", BERLIN)
    with pytest.raises(UnknownName):
        read("api_key=secret", BERLIN)
