"""Are ticks round, inside their axis, and apart?"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstcall.charts.drawing import ticks
from firstcall.charts.drawing.labels import text_width


@pytest.mark.parametrize(
    ("low", "high", "count", "expected"),
    [
        (0, 87, 4, [0, 50, 100]),
        (0, 100, 5, [0, 20, 40, 60, 80, 100]),
        (-30, 70, 5, [-40, -20, 0, 20, 40, 60, 80]),
        (0.9, 1.17, 3, [0.9, 1.0, 1.1, 1.2]),
        (7, 7, 4, [7]),
    ],
)
def test_linear_ticks_are_round_and_enclose_the_values(
    low: float, high: float, count: int, expected: list[float]
) -> None:
    """Steps are 1, 2 or 5 times a power of ten; the outer ticks lie at or beyond the values."""
    assert ticks.linear(low, high, count) == pytest.approx(expected)


def test_head_counts_have_no_half_ticks() -> None:
    """With whole values up to 2, the step is 1 and not 0.5."""
    assert ticks.linear(0, 2, 5, whole=True) == [0, 1, 2]


def test_durations_use_minutes_and_hours() -> None:
    """100 minutes in five parts: 20 minutes are not on the ladder, so half an hour."""
    assert ticks.linear(0, 6000, 5, ticks.SECONDS) == [0, 1800, 3600, 5400, 7200]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (9, 230, [10, 20, 50, 100, 200]),
        (1, 1000, [1, 10, 100, 1000]),
        (0.02, 0.3, [0.02, 0.05, 0.1, 0.2]),
    ],
)
def test_log_ticks_are_1_2_5_or_powers_of_ten(low: float, high: float, expected: list[float]) -> None:
    """Powers of ten alone once 1-2-5 would be too many."""
    assert ticks.logarithmic(low, high, 5) == pytest.approx(expected)


def test_log_ticks_of_time_come_from_the_ladder() -> None:
    """From 8 minutes to 5 hours: the ladder's values, every second one where there is little room."""
    assert ticks.logarithmic(480, 18000, 5, ticks.SECONDS) == [600, 900, 1800, 3600, 7200, 14400]
    assert ticks.logarithmic(480, 18000, 2, ticks.SECONDS) == [600, 1800, 7200]


def test_weeks_are_named_by_their_mondays() -> None:
    """From Wed 1 to Tue 28 April 2026 the Mondays are 6, 13, 20 and 27."""
    first, last = date(2026, 4, 1), date(2026, 4, 28)
    named = ticks.days(first, last, lambda day: 20.0 * (day - first).days, 0, 540)
    assert [text for _, text in named] == ["6 Apr", "13 Apr", "20 Apr", "27 Apr"]


def test_long_spans_are_named_by_firsts_of_months_with_the_year_at_january() -> None:
    """200 days are too many for Mondays."""
    first, last = date(2025, 11, 10), date(2026, 5, 29)
    named = ticks.days(first, last, lambda day: 3.0 * (day - first).days, 0, 600)
    assert [text for _, text in named] == ["Dec", "Jan 2026", "Feb", "Mar", "Apr", "May"]
    assert {day.day for day, _ in named} == {1}


def test_a_single_day_is_named_in_full() -> None:
    """There is no rhythm to show, so the year is."""
    day = date(2026, 3, 2)
    assert ticks.days(day, day, lambda _: 50.0, 0, 100) == [(day, "2 Mar 2026")]


@given(
    st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(0, 6000), st.floats(120, 1200, allow_nan=False)
)
def test_day_labels_never_touch(first: date, span: int, width: float) -> None:
    """Whatever the span and the room, there is a gap between any two."""
    last = first + timedelta(days=span)

    def x(day: date) -> float:
        return width * (day - first).days / max(1, span)

    ends = [
        (ticks.centre(x(day), text_width(text), 0, width), text_width(text))
        for day, text in ticks.days(first, last, x, 0, width)
    ]
    gaps = [b - v / 2 - (a + w / 2) for (a, w), (b, v) in pairwise(ends)]
    assert min(gaps, default=ticks.GAP) >= ticks.GAP - 1e-6
    assert all(at - w / 2 >= -1e-6 and at + w / 2 <= width + 1e-6 for at, w in ends)


def test_every_other_label_is_kept_when_all_would_touch() -> None:
    """Three-letter months 20 pixels apart need every second one."""
    names = ["Jan", "Feb", "Mar", "Apr"]
    assert ticks.every(names, [0, 40, 80, 120]) == 1
    assert ticks.every(names, [0, 20, 40, 60]) == 2
