"""Are those still waiting counted as Kaplan and Meier did?"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from firstcall.statistics.survival import quantiles_of
from tests.reference.survival import still_waiting

BOTH = (0.5, 0.9)


def test_without_anybody_waiting_it_is_the_sample() -> None:
    """Of ten waits of 1 to 10, half are over at 5 and nine tenths at 9, though products of fractions miss by a hair."""
    assert quantiles_of(range(1, 11), [True] * 10, BOTH) == (5.0, 9.0)


def test_one_still_waiting_moves_the_median() -> None:
    """Waits of 10 to 50 and one cut off at 3600: S is 5/6, 4/6, 3/6 at 30; a tenth is never reached."""
    assert quantiles_of([10, 20, 30, 40, 50, 3600], [True] * 5 + [False], BOTH) == (30.0, None)


def test_who_is_cut_off_at_a_time_is_at_risk_at_it() -> None:
    """One event at 10 and one cut off at 10: S falls to a half, not to zero."""
    assert quantiles_of([10, 10], [True, False], BOTH) == (10.0, None)


def test_nobody_arrived_and_nobody_came() -> None:
    """No event, no quantile."""
    assert quantiles_of([5, 6], [False, False], BOTH) == (None, None)
    assert quantiles_of([], [], BOTH) == (None, None)


@given(
    st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=40),
    st.sampled_from((Fraction(1, 2), Fraction(9, 10), Fraction(1, 4))),
)
def test_it_is_the_product_of_exact_fractions(cohort: list[tuple[int, bool]], share: Fraction) -> None:
    """Ties, zeros and everybody waiting included."""
    waited = [Fraction(time) for time, came in cohort if came]
    waiting = [Fraction(time) for time, came in cohort if not came]
    want = still_waiting(waited, waiting, 1 - share)
    (got,) = quantiles_of([time for time, _ in cohort], [came for _, came in cohort], (float(share),))
    assert got == (None if want is None else float(want))
