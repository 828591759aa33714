"""Are numbers printed, compared and read as people expect?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from firstcall.errors import UnknownName
from firstcall.units import UNITS, change, read, show, show_change


@pytest.mark.parametrize(
    ("value", "unit", "long", "short"),
    [
        (252, "seconds", "4 min 12 s", "4.2 min"),
        (900, "seconds", "15 min", "15 min"),
        (3_600, "seconds", "1 h", "1 h"),
        (11_520, "seconds", "3.2 h", "3.2 h"),
        (172_800, "seconds", "2 days", "2 d"),
        (86_400, "seconds", "1 day", "1 d"),
        (0.25, "seconds", "0.25 s", "0.25 s"),
        (812.5, "milliseconds", "812 ms", "812 ms"),
        (3.14159, "milliseconds", "3.1 ms", "3.1 ms"),
        (1_234, "milliseconds", "1.23 s", "1.23 s"),
        (0.123, "share", "12.3 %", "12.3 %"),
        (1.342, "share", "134.2 %", "134.2 %"),
        (-0.05, "share", "−5.0 %", "−5.0 %"),
        (1_234, "count", "1,234", "1.2k"),
        (48_812_345, "count", "48,812,345", "48.8M"),
        (12, "count", "12", "12"),
        (4.5, "ratio", "4.5 : 1", "4.5 : 1"),
        (12.34, "per_month", "12.3 per month", "12.3 per month"),
    ],
)
def test_a_value_is_written_in_its_unit(value: float, unit: str, long: str, short: str) -> None:
    """Long in tables and sentences, short where room is scarce."""
    assert show(value, unit) == long
    assert show(value, unit, short=True) == short


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (59.97, "seconds", "1 min"),
        (3_599.7, "seconds", "1 h"),
        (86_399, "seconds", "1 d"),
        (999.6, "milliseconds", "1 s"),
        (999_950, "count", "1M"),
    ],
)
def test_rounding_carries_into_the_next_step(value: float, unit: str, text: str) -> None:
    """Nothing is ever 60 s, 60 min, 24 h, 1000 ms or 1000k."""
    assert show(value, unit, short=True) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (1, "100 %"),
        (0.9995, "99.95 %"),
        (0.001, "0.1 %"),
        (0.00096, "0.096 %"),
        (0.000001, "< 0.001 %"),
        (1e-17, "0 %"),
        (0.999999, "> 99.999 %"),
    ],
)
def test_only_nothing_is_0_percent_and_only_all_is_100(share: float, text: str) -> None:
    """A share near the ends gets more decimals instead of a false 0 or 100."""
    assert show(share, "share") == text


@pytest.mark.parametrize(
    ("amount", "currency", "long", "short"),
    [
        ("1234.50", "EUR", "EUR 1,234.50", "€1.2k"),
        ("184211", "EUR", "EUR 184,211.00", "€184.2k"),
        ("1234", "JPY", "JPY 1,234", "¥1.2k"),
        ("1.2345", "KWD", "KWD 1.234", "KWD 1.234"),
        ("-12345.5", "CHF", "CHF −12,345.50", "−CHF 12.3k"),
        ("123456789012345678.91", "USD", "USD 123,456,789,012,345,678.91", "$123,456.8T"),
    ],
)
def test_money_has_the_decimals_of_its_currency(amount: str, currency: str, long: str, short: str) -> None:
    """Yen have none, dinars three; no digit is lost on the way."""
    assert show(Decimal(amount), "money", currency=currency) == long
    assert show({"amount": amount, "currency": currency}, "money", short=True) == short


def test_no_value_is_a_dash_never_zero() -> None:
    """What is not there is not 0, and not a number is not there."""
    assert [show(value, "share") for value in (None, float("nan"), float("inf"))] == ["–", "–", "–"]


@pytest.mark.parametrize(
    ("now", "before", "unit", "text"),
    [
        (0.12, 0.10, "share", "+2.0 pts"),
        (0.9995, 0.9996, "share", "−0.01 pts"),
        (4.5, 4.0, "ratio", "+0.50"),
        (110, 100, "count", "+10.0 %"),
        (Decimal(90), Decimal(100), "money", "−10.0 %"),
        (5, 5, "count", "0.0 %"),
        (-50, -100, "count", "+50.0 %"),
    ],
)
def test_a_change_is_said_in_points_difference_or_percent(
    now: float, before: float, unit: str, text: str
) -> None:
    """Shares change in points, ratios in ratio units, money and counts in percent."""
    assert show_change(now, before, unit) == text


def test_a_change_without_a_base_is_a_dash() -> None:
    """From nothing, from zero, and from another currency there is no percent."""
    euro, dollar = ({"amount": "2", "currency": code} for code in ("EUR", "USD"))
    assert change(1, 0, "count") is None
    assert change(euro, dollar, "money") is None
    assert show_change(1, None, "share") == "–"


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("1h", "seconds", 3_600.0),
        ("15 min", "seconds", 900.0),
        ("200 ms", "milliseconds", 200.0),
        ("1 s", "milliseconds", 1_000.0),
        ("99.95 %", "share", 0.9995),
        ("1,000", "count", 1_000.0),
        (0.5, "share", 0.5),
    ],
)
def test_a_number_with_its_unit_is_read_in_the_unit_asked(
    text: float | str, unit: str, number: float
) -> None:
    """What people write in the settings becomes what answers hold."""
    assert read(text, unit) == number


@pytest.mark.parametrize(
    ("text", "unit"), [("1h", "share"), ("5 %", "seconds"), ("soon", None), (True, None)]
)
def test_what_is_no_number_of_the_unit_is_refused(text: object, unit: str | None) -> None:
    """The message gives an example of what is allowed."""
    with pytest.raises(ValueError, match="as in"):
        read(text, unit)


def test_an_unknown_unit_names_the_nearest() -> None:
    """A misspelt unit is an error where it stands."""
    with pytest.raises(UnknownName, match="Did you mean seconds"):
        show(1, "secnds")


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_every_unit_can_be_shown_and_compared(unit: str) -> None:
    """No unit is listed that the printers do not know."""
    assert show(2, unit, currency="EUR") not in {"", "–"}
    assert show_change(2, 1, unit).startswith("+")
