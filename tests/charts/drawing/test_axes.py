"""Does a value land at the pixel it should?"""

from __future__ import annotations

from datetime import date

import pytest

from firstcall.charts.drawing.axes import BandAxis, TimeAxis, value_axis
from firstcall.charts.drawing.frame import Box

BOX = Box(40, 10, 140, 210)


def test_a_linear_axis_divides_its_height_evenly() -> None:
    """0 to 100 over 200 pixels that end at 210: 25 lies at 210 − 50."""
    axis = value_axis([0, 100], str, 200)
    assert (axis.low, axis.high) == (0, 100)
    assert [axis.y(v, BOX) for v in (0, 25, 100)] == [210, 160, 10]


def test_a_log_axis_gives_every_factor_the_same_height() -> None:
    """1 → 10 is as high as 10 → 100."""
    axis = value_axis([1, 100], str, 200, log=True)
    low, middle, high = (axis.y(v, BOX) for v in (1, 10, 100))
    assert low - middle == pytest.approx(middle - high)


def test_a_log_axis_with_a_zero_is_linear() -> None:
    """The logarithm of zero is nowhere."""
    assert value_axis([0, 100], str, 200, log=True).log is False


@pytest.mark.parametrize("zero", [True, False])
@pytest.mark.parametrize("value", [0.0, 5.0, -5.0, 1e-9, 1e16])
def test_a_constant_has_an_axis_with_some_height(value: float, *, zero: bool) -> None:
    """One value, many times, still lies inside its axis."""
    axis = value_axis([value, value], str, 200, zero=zero)
    assert axis.low < axis.high
    assert 0 <= axis.share(value) <= 1


def test_ticks_that_print_alike_are_named_once() -> None:
    """A formatter of whole numbers does not say "0 0 1 1"."""
    axis = value_axis([0.1, 0.9], lambda v: f"{v:.0f}", 200)
    assert [text for _, text in axis.labels()] == ["0", "1"]


def test_time_is_drawn_in_proportion() -> None:
    """Of ten days over 100 pixels, the third day after the first lies at 30; its strip reaches half way."""
    axis = TimeAxis((date(2026, 1, 1), date(2026, 1, 4), date(2026, 1, 11)), 0, 100)
    assert [axis.x(day) for day in axis.days] == [0, 30, 100]
    assert axis.cells() == [(0, 15), (15, 65), (65, 100)]


def test_a_single_day_lies_in_the_middle() -> None:
    """There is no span to divide."""
    assert TimeAxis((date(2026, 1, 1),), 0, 100).x(date(2026, 1, 1)) == 50


def test_bands_are_equally_wide() -> None:
    """Months of 28 and 31 days get the same room."""
    axis = BandAxis((date(2026, 1, 1), date(2026, 2, 1)), 0, 100)
    assert [axis.x(day) for day in axis.days] == [25, 75]
    assert axis.cells() == [(0, 50), (50, 100)]
