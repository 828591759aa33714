"""Does every shape of an Apache log become the calls that its lines say?"""

from __future__ import annotations

import pytest

from firstcall.errors import UsageError
from firstcall.sources.gateways.apache import SOURCE, looks_like_apache, recognise
from tests.sources.gateways.lines_read import at, key, read
from tests.sources.samples_read import sample

COMMON = '192.0.2.7 - frank [10/Oct/2025:13:55:36 +0200] "POST /orders HTTP/1.1" 201 -'
COMBINED = COMMON + ' "https://a.example/" "okhttp/4.12.0"'
CALL = {
    "time": at(2025, 10, 10, 11, 55, 36),
    "consumer": "frank",
    "method": "POST",
    "path": "/orders",
    "status": 201,
    "response_bytes": 0,
    "client_ip": "192.0.2.7",
}
AGENT = {"user_agent": "okhttp/4.12.0"}


@pytest.mark.parametrize(
    ("variant", "line", "more"),
    [
        ("common", COMMON, {}),
        ("combined", COMBINED, AGENT),
        ("combined_microseconds", COMBINED + " 1500", AGENT | {"latency_ms": 1.5}),
        ("combined_seconds", COMBINED + " 2", AGENT | {"latency_ms": 2000.0}),
        ("common_microseconds", COMMON + " 250000", {"latency_ms": 250.0}),
        ("vhost_common", "api.example.com " + COMMON, {"host": "api.example.com"}),
        ("vhost_combined_io", "api.example.com:443 " + COMBINED, AGENT | {"host": "api.example.com"}),
        ("combined_io", COMBINED + " 310 5120", AGENT | {"request_bytes": 310, "response_bytes": 5120}),
    ],
)
def test_each_shape_is_recognised_and_read(variant: str, line: str, more: dict[str, object]) -> None:
    """Apache stamps the start, so that a latency moves nothing."""
    way, rows = read(SOURCE, [line])
    assert recognise([line])[0] == way.variant == variant
    assert rows == [CALL | more]


def test_a_log_format_of_ones_own_is_compiled() -> None:
    """Directives with arguments and modifiers, milliseconds, a header as consumer."""
    _, rows = read(
        SOURCE,
        ['[10/Oct/2025:13:55:36 +0200] k-9 POST "/orders" 201 77ms'],
        log_format='%t %{X-Api-Key}i %m "%U%q" %>s %{ms}Tms',
    )
    assert rows == [
        {
            "time": at(2025, 10, 10, 11, 55, 36),
            "consumer": key("k-9"),
            "method": "POST",
            "path": "/orders",
            "status": 201,
            "latency_ms": 77.0,
        }
    ]


SAMPLE = {
    "time": at(2023, 6, 10, 15, 36, 28),
    "method": "GET",
    "path": "/pets/7",
    "status": 200,
    "response_bytes": 612,
    "client_ip": "10.2.1.185",
    "user_agent": "pets-python/2.1",
}


def test_keyed_fields_after_combined_are_read_by_their_keys() -> None:
    """The forwarded address is the client's; a dash says that there was none, and no bytes are 0 bytes."""
    way, rows = read(SOURCE, sample("apache/keyed.log"))
    assert way.variant == "keyed"
    second = {"time": at(2023, 6, 10, 15, 36, 29), "path": "/pets", "response_bytes": 0}
    assert rows == [SAMPLE | {"client_ip": "192.168.0.2"}, SAMPLE | second]


def test_an_aborted_connection_is_said() -> None:
    """%X is X when the client left before the answer was whole."""
    form = '%h %l %u %t "%r" %>s %b %X'
    line = '10.2.1.185 - - [10/Jun/2023:15:36:28 +0000] "GET /a HTTP/1.1" 200 -'
    _, rows = read(SOURCE, [f"{line} X", f"{line} +"], log_format=form)
    assert [row.get("error_code") for row in rows] == ["client_aborted", None]


def test_an_ssl_request_log_is_refused_in_words() -> None:
    """Nobody could say which of its calls failed."""
    line = '[10/Jun/2023:15:36:28 +0000] 10.2.1.185 TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384 "GET /a HTTP/1.1" 612'
    with pytest.raises(UsageError, match="has no status"):
        read(SOURCE, [line, line])


def test_an_answer_nobody_got_is_no_sign_of_nginx() -> None:
    """%O, which Debian's vhost_combined has, is 0 when the client was gone; %b would be a dash."""
    line = '192.0.2.7 - - [10/Oct/2025:13:55:36 +0200] "GET /orders HTTP/1.1" 200 0 "-" "curl/8"'
    assert looks_like_apache([f"api.example.com:80 {line}"])
    assert looks_like_apache([line]) is None
