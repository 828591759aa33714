"""Do labels keep to their room and out of each other's?"""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstcall.charts.drawing.labels import fit, rows, spread, text_width, wrap


def test_digits_are_all_equally_wide() -> None:
    """Numbers are set in tabular figures: 0.64 em each at 11 pixels."""
    assert text_width("111") == text_width("888") == pytest.approx(3 * 0.64 * 11)


def test_a_text_that_fits_stays_and_one_that_does_not_ends_in_an_ellipsis() -> None:
    """The cut text still fits."""
    assert fit("payments", 200) == "payments"
    cut = fit("POST /v2/payments/{id}/refunds", 100)
    assert cut.startswith("POST /v2")
    assert cut.endswith("…")
    assert text_width(cut) <= 100
    assert fit("payments", 3) == ""


@given(text=st.text(max_size=60), room=st.floats(0, 300), bold=st.booleans())
def test_a_fitted_text_is_never_wider_than_its_room(text: str, room: float, *, bold: bool) -> None:
    """Up to the slack that rounding gets."""
    assert text_width(fit(text, room, bold=bold), bold=bold) <= room + 0.02


def test_wrapping_fills_lines_and_cuts_the_last() -> None:
    """Seven digits of 7.04 pixels take 49.3 pixels."""
    assert wrap("1234567 1234567 12", 50, 2) == ["1234567", fit("1234567 12", 50)]
    assert wrap("", 50, 2) == []


def test_labels_that_do_not_touch_stay_where_they_are() -> None:
    """10, 50 and 90 with heights of 20 are free already."""
    assert spread([10, 50, 90], [20, 20, 20], 0, 100) == [10, 50, 90]


def test_labels_at_one_height_move_apart_by_the_same_amount() -> None:
    """Two labels of 10 at 50 become 45 and 55; the order is kept."""
    assert spread([50, 50], [10, 10], 0, 100) == [45, 55]
    assert spread([52, 50], [10, 10], 0, 100) == [56, 46]


def test_labels_stay_within_their_bounds() -> None:
    """Two labels of 10 at 98 in 0..100 end at 85 and 95."""
    assert spread([98, 98], [10, 10], 0, 100) == [85, 95]


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(1, 30)), max_size=9))
def test_spread_labels_never_overlap(wanted: list[tuple[float, float]]) -> None:
    """With nine labels of at most 30 pixels in 300 there is always room."""
    sizes = [size for _, size in wanted]
    placed = sorted(zip(spread([at for at, _ in wanted], sizes, 0, 300), sizes, strict=True))
    for (a, height), (b, other) in pairwise(placed):
        assert b - a >= (height + other) / 2 - 1e-6
    assert all(size / 2 - 1e-6 <= at <= 300 - size / 2 + 1e-6 for at, size in placed)


def test_spans_that_touch_go_to_the_next_row() -> None:
    """The third fits beside the first; the fourth finds both rows taken."""
    assert rows([(0, 50), (40, 90), (50, 80), (45, 60)], 2) == [0, 1, 0, None]
