"""Does the contract refuse what cannot be drawn and keep what can?"""

from __future__ import annotations

from datetime import date

import pytest

from firstcall.charts import Canvas, Point
from firstcall.charts.chart import drawable, plain
from firstcall.errors import UsageError


@pytest.mark.parametrize("prefix", ["", "1a", "a b", 'a"', "a<b", "ä"])
def test_a_prefix_that_would_break_ids_is_refused(prefix: str) -> None:
    """And the message says what to give."""
    with pytest.raises(UsageError, match="starts with a letter"):
        Canvas(prefix)


def test_an_absurd_size_is_refused() -> None:
    """20 pixels hold no chart."""
    with pytest.raises(UsageError, match="from 60 to 4000"):
        Canvas("a", 20)


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), -float("inf"), 1e300])
def test_what_is_no_number_is_missing(value: float | None) -> None:
    """It becomes a gap, never a line to the edge."""
    assert drawable(value) is None


def test_numbers_below_any_measure_are_zero() -> None:
    """Denormal floats have no logarithm worth drawing."""
    assert drawable(5e-324) == 0


def test_an_interval_needs_both_bounds_and_has_an_order() -> None:
    """Low and high may come swapped."""
    day = date(2026, 1, 1)
    assert Point(day, 2, low=3, high=1).interval == (1, 3)
    assert Point(day, 2, low=3).interval is None


def test_the_formatter_of_last_resort_is_short() -> None:
    """Thousands are separated, two decimals at most."""
    assert [plain(v) for v in (1234567, 0.5, 0.126, -3)] == ["1,234,567", "0.5", "0.13", "-3"]
