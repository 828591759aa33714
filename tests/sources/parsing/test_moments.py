"""Is a moment read as gateways write it, whatever shape it has?"""

from __future__ import annotations

import pytest

from firstcall.sources.parsing.moments import moment, moment_shape, started, without_offset
from tests.sources.gateways.lines_read import at, evaluated


@pytest.mark.parametrize(
    ("text", "shape", "micro"),
    [
        ("2018-07-02T22:23:00.186641Z", "iso", 186_641),
        ("2018-07-02T22:23:00.1866412Z", "iso", 186_641),
        ("2018-07-02T22:23:00.186641999Z", "iso", 186_641),
        ("2018-07-02T22:23:00.186+0000", "iso", 186_000),
        ("2018-07-03T00:23:00.186+02:00", "iso", 186_000),
        ("2018-07-02T22:23:00", "iso", 0),
        ("2018-07-02 22:23:00", "iso", 0),
        ("2018-07-02 22:23:00.186 +0000 UTC", "go", 186_000),
        ("2018-07-03 00:23:00.186 +0200 CEST m=+0.12", "go", 186_000),
        ("02/Jul/2018:22:23:00.186", "haproxy", 186_000),
        ("[02/Jul/2018:22:23:00 +0000]", "clf", 0),
        ("1530570180", "s", 0),
        ("1530570180.186", "s", 186_000),
        ("1530570180186", "ms", 186_000),
        ("1530570180186641", "us", 186_641),
        ("1530570180186641999", "ns", 186_642),
    ],
)
def test_a_time_is_read_in_the_shape_it_shows(text: str, shape: str, micro: int) -> None:
    """2 July 2018, 22:23:00 UTC in every gateway's way."""
    assert moment_shape([text]) == shape
    assert evaluated(lambda value: moment(value, shape), text) == at(2018, 7, 2, 22, 23, 0, micro)


@pytest.mark.parametrize("broken", ["10/Oct/2000:13:55:36 -0700", "9e99", "x", "2026"])
def test_one_broken_time_changes_no_shape(broken: str) -> None:
    """Two milliseconds of three values say milliseconds."""
    assert moment_shape(["1753960000123", broken, "1753960000456"]) == "ms"


def test_a_time_of_haproxy_is_the_wall_clock_s() -> None:
    """It writes the host's local time without an offset."""
    found = evaluated(lambda value: moment(value, "haproxy"), "02/Jul/2018:14:00:00.000")
    assert found == at(2018, 7, 2, 14)


def test_a_time_that_does_not_say_its_offset_is_noted() -> None:
    """The journal then says that UTC was assumed."""
    assert without_offset("time", "iso", ["2024-10-30T04:45:42.914"]) == ("time has no offset; taken as UTC",)
    assert without_offset("time", "iso", ["2024-10-30T04:45:42Z", "2024-10-30T04:45:42+0000"]) == ()


def test_a_call_began_a_latency_before_its_end() -> None:
    """When the latency is known."""
    end = "TIMESTAMP '2024-01-01 00:00:01'"
    assert evaluated(lambda value: started(end, f"CAST({value} AS DOUBLE)"), "1000") == at(2024, 1, 1)
    assert evaluated(lambda value: started(end, f"TRY_CAST({value} AS DOUBLE)"), "-") == at(
        2024, 1, 1, 0, 0, 1
    )


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("[31/Dec/2016:23:59:60 +0000]", "clf"),
        ("2016-12-31T23:59:60.5Z", "iso"),
        ("[31/Dec/2016:23:59:60.123]", "haproxy"),
    ],
)
def test_a_leap_second_is_the_end_of_its_minute(text: str, shape: str) -> None:
    """As in tables; a minute has no more than 59 minutes."""
    assert evaluated(lambda value: moment(value, shape), text) == at(2016, 12, 31, 23, 59, 59, 999_999)
    assert evaluated(lambda value: moment(value, shape), text.replace("23:59:60", "23:60:00")) is None
