"""Is the interval of a share the one of Wilson, and that of a mean the one of Student?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from firstcall.statistics.intervals import student, wilson


def test_half_of_a_hundred() -> None:
    """With z² = 3.8415: (0.5 + 0.0192 ± 1.96·√(0.0025 + 0.000096)) / 1.0384, so 40.4 % to 59.6 %."""
    assert list(wilson(50, 100)) == pytest.approx([0.4038, 0.5962], abs=1e-4)


def test_none_of_ten_may_still_be_a_quarter() -> None:
    """z²/(n + z²) = 3.8415/13.8415."""
    assert list(wilson(0, 10)) == pytest.approx([0, 0.2775], abs=1e-4)


@given(data=st.data(), tries=st.integers(1, 10_000))
def test_it_is_the_interval_scipy_gives(data: st.DataObject, tries: int) -> None:
    """And it holds the share and stays within 0 and 1."""
    hits = data.draw(st.integers(0, tries))
    low, high = wilson(hits, tries)
    theirs = stats.binomtest(hits, tries).proportion_ci(0.95, method="wilson")
    assert low == pytest.approx(theirs.low, abs=1e-9)
    assert high == pytest.approx(theirs.high, abs=1e-9)
    assert 0 <= low <= hits / tries + 1e-12
    assert hits / tries - 1e-12 <= high <= 1


def test_a_mean_of_three_is_hardly_known() -> None:
    """Of 7, 8 and 9 the mean is 8 and its standard error 1/√3; t with two degrees is 4.3027: 8 ± 2.4841."""
    assert student([7, 8, 9]) == pytest.approx((5.5159, 10.4841), abs=1e-4)


def test_one_answer_has_no_interval() -> None:
    """A spread needs two."""
    assert student([8]) is None
    assert student([8, 8]) == (8, 8)
