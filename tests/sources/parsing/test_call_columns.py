"""Are the values that all gateways share read alike: nothing there, lists of tries, addresses?"""

from __future__ import annotations

import pytest

from firstcall.errors import UsageError
from firstcall.sources.parsing.call_columns import address, given, host_of, tries, weight, zone_of
from tests.sources.gateways.lines_read import evaluated


@pytest.mark.parametrize(
    "nothing", ["", "-", '"-"', "null", "(not set)", "Not Versioned", "unknown", "{}", "[]"]
)
def test_a_token_for_nothing_is_nothing(nothing: str) -> None:
    """As gateways write it."""
    assert evaluated(given, nothing) is None


def test_nought_is_something() -> None:
    """A body of no bytes has a length."""
    assert evaluated(given, "0") == "0"


def test_a_zone_nobody_knows_is_refused() -> None:
    """Before it could stand in SQL."""
    with pytest.raises(UsageError, match="no time zone"):
        zone_of({"timezone": "Mars/Olympus'; DROP"})


def test_the_tries_of_an_upstream_add_up() -> None:
    """Commas separate tries, colons groups; what was not tried has a dash."""
    assert evaluated(tries, "0.001, 0.048 : 0.002") == 51
    assert evaluated(tries, "-, 0.048") == 48
    assert evaluated(tries, "-") is None


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.example.com:443/a?b", "api.example.com"),
        ("http://user:pw@h/a", "h"),
        ("http://[::1]:80/", "[::1]"),
        ("/a", None),
    ],
)
def test_the_host_of_a_url(url: str, host: str | None) -> None:
    """A path has none."""
    assert evaluated(host_of, url) == host


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("203.0.113.77:51234", "203.0.113.77"),
        ("[2001:db8::9]:51234", "2001:db8::9"),
        ("::ffff:203.0.113.79", "203.0.113.79"),
        ("[::ffff:203.0.113.79]:443", "203.0.113.79"),
        ("2001:0DB8:0000:1::9", "2001:db8:0:1::9"),
        ("fe80::1%eth0", "fe80::1"),
        ('for="1.2.3.4:80"', 'for="1.2.3.4:80"'),
        ("for=192.0.2.1", "192.0.2.1"),
        ("host.example", "host.example"),
    ],
)
def test_an_address_is_the_same_however_it_is_written(text: str, alone: str) -> None:
    """A port, brackets, a zone, zeros, version 4 inside 6; what is no address stays."""
    assert evaluated(address, text) == alone


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("1.2.3.4:80", "1.2.3.4"),
        ("[::1]:443", "::1"),
        ("::1", "::1"),
        ("1.2.3.4, 5.6.7.8", "1.2.3.4"),
        ("h", "h"),
    ],
)
def test_an_address_loses_its_port(text: str, alone: str) -> None:
    """And keeps the colons that are its own."""
    assert evaluated(address, text) == alone


def test_a_row_that_stands_for_itself_has_no_weight() -> None:
    """One in ten was kept: it stands for ten."""
    assert evaluated(weight, "10") == 10
    assert evaluated(weight, "1") is None
