"""Does a value get the verdict that the bands promise, on the lines too?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from firstcall.bands import above, below
from firstcall.units import DAY, HOUR, MINUTE

FIRST_CALL = below(excellent=15 * MINUTE, good=HOUR, needs_work=DAY)


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [
        (0, "excellent"),
        (899.99, "excellent"),
        (900, "good"),
        (3_599, "good"),
        (3_600, "needs work"),
        (86_399, "needs work"),
        (86_400, "broken"),
    ],
)
def test_time_to_first_call_is_judged_as_the_field_does(seconds: float, verdict: str) -> None:
    """Under 15 minutes is excellent, 15 minutes are not."""
    assert FIRST_CALL.verdict(seconds) == verdict


def test_under_a_tenth_of_a_percent_is_strict() -> None:
    """0.1 % of server errors is not under 0.1 %, however it is stored."""
    errors = below(good=0.001)
    assert errors.verdict(0.000999) == "good"
    assert errors.verdict(0.001) == "needs work"
    assert errors.verdict(1 / 1000) == "needs work"


def test_where_higher_is_better_the_line_itself_is_good() -> None:
    """99.95 % or higher includes 99.95 %."""
    uptime = above(good=0.9995, needs_work=0.99)
    assert [uptime.verdict(value) for value in (1, 0.9995, 0.9994, 0.99, 0.98)] == [
        "good",
        "good",
        "needs work",
        "needs work",
        "broken",
    ]


def test_money_is_judged_exactly() -> None:
    """An exact amount meets its line without passing through binary fractions."""
    cost = below(good=800)
    assert cost.verdict(Decimal("799.99")) == "good"
    assert cost.verdict(Decimal("800.00")) == "needs work"


def test_no_value_has_no_verdict() -> None:
    """Absent is not broken."""
    assert FIRST_CALL.verdict(None) is None
    assert FIRST_CALL.verdict(float("nan")) is None


def test_bands_say_themselves() -> None:
    """The card prints the lines in the metric's unit."""
    assert FIRST_CALL.words("seconds") == (
        "excellent under 15 min, good under 1 h, needs work under 1 day, else broken"
    )
    assert above(good=0.9995).words("share") == "good from 99.95 %, else needs work"


@pytest.mark.parametrize(("good", "excellent"), [(900, 3_600), (900, 900)])
def test_lines_out_of_order_are_refused(good: float, excellent: float) -> None:
    """The better verdict has to be the harder one."""
    with pytest.raises(ValueError, match="out of order"):
        below(good=good, excellent=excellent)
