"""Did a number move, and is that good?"""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import pytest

from firstcall.answers import Point, Value
from firstcall.query.change import Change, compare, noise_between


@pytest.mark.parametrize(
    ("now", "before", "unit", "better", "shown", "arrow", "verdict"),
    [
        (Decimal(150), Decimal(100), "money", "higher", "+50.0 %", "up", "better"),
        (Decimal(800), Decimal(1250), "money", "lower", "−36.0 %", "down", "better"),
        (Decimal(1250), Decimal(800), "money", "lower", "+56.2 %", "up", "worse"),
        (0.30, 0.25, "share", "higher", "+5.0 pts", "up", "better"),
        (4.5, 3.0, "ratio", "higher", "+1.5", "up", "better"),
        (0.02, 0.04, "share", "higher", "−2.0 pts", "down", "worse"),
        (-0.02, 0.04, "share", "higher", "−6.0 pts", "down", "worse"),
        (0.03, -0.02, "share", "higher", "+5.0 pts", "up", "better"),
        (0.05, 0.0, "share", "higher", "+5.0 pts", "up", "better"),
        (Decimal(105), Decimal(100), "money", "higher", "+5.0 %", "flat", "no clear change"),
        (0.20, 0.20, "share", "higher", "0.0 pts", "flat", "no clear change"),
    ],
)
def test_a_change_in_its_own_unit(
    now: Value, before: Value, unit: str, better: str, shown: str, arrow: str, verdict: str
) -> None:
    """Amounts in percent, shares in points, ratios in ratio units; exactly 5 % is no clear change."""
    trend = compare(now, before, unit, better)
    assert (trend.shown, trend.arrow, trend.verdict) == (shown, arrow, verdict)


@pytest.mark.parametrize(
    ("now", "before"), [(None, Decimal(1)), (Decimal(1), None), (Decimal(1), Decimal(0))]
)
def test_nothing_to_compare_with_is_no_change(now: Value, before: Value) -> None:
    """A missing number, or percent of nothing."""
    assert compare(now, before, "money", "higher") == Change()


def test_a_change_within_the_noise_is_none() -> None:
    """Ten points up with a standard error of five are two of them: not beyond."""
    assert compare(0.5, 0.4, "share", "higher", noise=0.05).verdict == "no clear change"
    assert compare(0.5, 0.4, "share", "higher", noise=0.04).verdict == "better"


def test_what_moved_most_is_ranked_by_one_measure() -> None:
    """Ten points at a noise of two are 2.5 clear steps; 30 % more are six; from nothing there is no step to count."""
    assert compare(0.5, 0.4, "share", "higher", noise=0.02).size == pytest.approx(2.5)
    assert compare(Decimal(130), Decimal(100), "money", "higher").size == pytest.approx(6)
    assert compare(0.05, 0.0, "share", "higher").size == math.inf
    assert compare(0.2, 0.2, "share", "higher").size == 0


def test_what_is_neither_good_nor_bad_only_changes() -> None:
    """More calls are no verdict where neither direction is better."""
    assert compare(Decimal(2), Decimal(1), "count", "neither").verdict == "changed"


def test_noise_comes_from_the_intervals() -> None:
    """Half widths of 0.0588 and 0.0784 are standard errors of 0.03 and 0.04; together 0.05."""
    one = Point(date(2026, 1, 1), {}, 0.5, 9, low=0.5 - 0.0588, high=0.5 + 0.0588)
    other = Point(date(2026, 1, 1), {}, 0.4, 9, low=0.4 - 0.0784, high=0.4 + 0.0784)
    assert noise_between(one, other) == pytest.approx(0.05)
    assert noise_between(one, Point(date(2026, 1, 1), {}, 0.4, 9)) is None
