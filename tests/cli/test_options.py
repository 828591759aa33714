"""Are days, moments, filters and variants read as they are written?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from firstcall.cli.options import Asked, day, moment, pairs
from firstcall.errors import ScopeError, UnknownName, UsageError

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2026-07-14", date(2026, 7, 14)),
        ("2026-07", date(2026, 7, 1)),
        ("2026Q3", date(2026, 7, 1)),
        ("2026-q4", date(2026, 10, 1)),
        ("2026", date(2026, 1, 1)),
    ],
)
def test_a_day_is_the_first_of_what_was_written(text: str, first: date) -> None:
    """A month, a quarter or a year stands for its first day."""
    assert day("--from", text) == first
    assert day("--from", None) is None


@pytest.mark.parametrize("text", ["yesterday", "2026-13", "2026-02-30", "2026Q5", "14.07.2026", ""])
def test_what_is_no_day_is_answered_with_what_is_one(text: str) -> None:
    """The message names the option and gives a form to copy."""
    with pytest.raises(UsageError, match=r"--to .* is no day; write 2026-07-01"):
        day("--to", text)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-07-01", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("2026-01-01T12:00", datetime(2026, 1, 1, 11, tzinfo=UTC)),
        ("2026-07-01T12:00:00Z", datetime(2026, 7, 1, 12, tzinfo=UTC)),
        ("2026-07-01T12:00:00-05:00", datetime(2026, 7, 1, 17, tzinfo=UTC)),
    ],
)
def test_a_moment_without_offset_is_local(text: str, utc: datetime) -> None:
    """Summer and winter each by their own offset."""
    assert moment("--as-of", text, BERLIN) == utc


def test_what_is_no_moment_is_answered_with_what_is_one() -> None:
    """The message names the option."""
    with pytest.raises(UsageError, match="--as-of 'noon' is no moment"):
        moment("--as-of", "noon", BERLIN)


def test_filters_of_one_dimension_come_together() -> None:
    """Repeating a dimension means any of its values; a value may hold commas and equals signs."""
    given = ("product=payments", "partner=a,b", "product=search", "channel=x=y")
    assert pairs("--where", given) == (
        ("product", ("payments", "search")),
        ("partner", ("a,b",)),
        ("channel", ("x=y",)),
    )


@pytest.mark.parametrize("wrong", ["product", "=payments", " =x"])
def test_a_filter_without_name_or_value_is_refused(wrong: str) -> None:
    """The message shows the form."""
    with pytest.raises(UsageError, match="no NAME=VALUE"):
        pairs("--where", (wrong,))


def test_options_become_a_question() -> None:
    """Dimensions by comma or repeated; the last of a variant holds."""
    asked = Asked(
        start="2026Q3",
        end="2026-10",
        grain="week",
        by=("product, endpoint", "partner"),
        where=("environment=production",),
        chosen=("method=calls", "method=probes"),
    )
    question = asked.question("uptime", BERLIN)
    assert (question.start, question.end) == (date(2026, 7, 1), date(2026, 10, 1))
    assert question.by == ("product", "endpoint", "partner")
    assert question.where == (("environment", ("production",)),)
    assert question.variants == (("method", "probes"),)


def test_unknown_words_name_the_nearest() -> None:
    """Grain, dimension, environment and entity are closed lists."""
    with pytest.raises(UnknownName, match="Did you mean month"):
        Asked(grain="months").question("x", BERLIN)
    with pytest.raises(UnknownName, match="product"):
        Asked(by=("produkt",)).question("x", BERLIN)
    with pytest.raises(ScopeError, match="first day after"):
        Asked(start="2026-07", end="2026-07").question("x", BERLIN)
