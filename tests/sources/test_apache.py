"""Does every shape of an Apache log become the calls that its lines say?"""

from __future__ import annotations

import pytest

from firstcall.sources.apache import SOURCE, recognise
from tests.sources.lines_read import at, read

COMMON = '192.0.2.7 - frank [10/Oct/2025:13:55:36 +0200] "POST /orders HTTP/1.1" 201 -'
COMBINED = COMMON + ' "https://a.example/" "okhttp/4.12.0"'
CALL = {
    "time": at(2025, 10, 10, 11, 55, 36),
    "consumer": "frank",
    "method": "POST",
    "path": "/orders",
    "status": 201,
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
            "consumer": "k-9",
            "method": "POST",
            "path": "/orders",
            "status": 201,
            "latency_ms": 77.0,
        }
    ]
