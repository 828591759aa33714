"""Are durations that are written as text the milliseconds they say?"""

from __future__ import annotations

import pytest

from firstcall.sources.parsing.durations import duration
from tests.sources.gateways.lines_read import evaluated


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("247ms", 247),
        ("0.007911s", 7.911),
        ("968.030256ms", 968.030256),
        ("1.2s", 1200),
        ("13.6µs", 0.0136),
        ("800ns", 0.0008),
        ("1m2.5s", 62_500),
        ("1h0m0.5s", 3_600_500),
        ("00:00:00.1520000", 152),
        ("1.02:03:04.5", 93_784_500),
        ("PT0.5S", 500),
        ("PT1H2M3S", 3_723_000),
        ("12", 12),
        ("-1", None),
        ("-", None),
        ("PT", None),
        ("soon", None),
    ],
)
def test_a_duration_is_milliseconds(text: str, milliseconds: float | None) -> None:
    """Go's, protobuf's, .NET's, ISO's and a bare number."""
    assert evaluated(duration, text) == milliseconds


def test_a_bare_number_has_the_unit_that_is_said() -> None:
    """Seconds where the format says so."""
    assert evaluated(lambda value: duration(value, "s"), "0.25") == 250
