"""Does a lifetime bring what a person works out in the head?"""

from __future__ import annotations

import pytest

from tests.metrics.business.months_paid import MOVING
from tests.metrics.small import ask, said


def test_a_lifetime_is_what_a_cohort_has_brought_so_far() -> None:
    """P1 came in January and paid 450 to May, P2 in February and paid 40; at 50 % margin half of it."""
    cohorts = said(ask(MOVING, "lifetime_value"))
    assert cohorts[:2] == [("2025-01-01", 450), ("2025-02-01", 40)]
    half = ask(MOVING, "lifetime_value", variants=(("margin", "50"),))
    assert said(half)[0] == ("2025-01-01", 225)


def test_an_extrapolated_lifetime_is_capped() -> None:
    """February lost nothing: 95 per partner × 60. March lost 70 of 190: 120 × 190 ÷ 70, one partner paying."""
    points = ask(MOVING, "lifetime_value", variants=(("method", "simple"),)).points
    assert points[1].value == 95 * 60
    assert float(points[2].value or 0) == pytest.approx(120 * 190 / 70)


def test_a_discounted_lifetime_ends_without_a_cap() -> None:
    """February kept everything: 95 × 1 ÷ (1 + 0.01 − 1)."""
    points = ask(MOVING, "lifetime_value", variants=(("method", "discounted"),)).points
    assert float(points[1].value or 0) == pytest.approx(9500)
