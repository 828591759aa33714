"""Do APISIX's objects, its access log and keys of one's own become the calls they describe?"""

from __future__ import annotations

import time

from firstcall.sources.gateways.apisix import SOURCE, recognise
from tests.sources.gateways.lines_read import at, read, without
from tests.sources.samples_read import sample

CALL = {
    "time": at(2023, 12, 30, 3, 38, 5, 819_500),
    "consumer": "partner-7",
    "product": "pets",
    "method": "GET",
    "path": "/pets/7?limit=1",
    "status": 200,
    "latency_ms": 12.5,
    "upstream_ms": 9.0,
    "request_bytes": 82,
    "response_bytes": 306,
    "client_ip": "203.0.113.9",
    "user_agent": "pets-python/2.1",
    "request_id": "req-1",
    "host": "api.example.com",
}


def test_the_default_object_is_a_call() -> None:
    """The second came in an array, was turned away by a plugin, and so never reached an upstream."""
    way, rows = read(SOURCE, sample("apisix/default.json"))
    refused = {
        "time": at(2023, 12, 30, 3, 38, 6),
        "method": "POST",
        "path": "/pets",
        "status": 401,
        "latency_ms": 1.0,
        "request_bytes": 40,
        "response_bytes": 90,
        "client_ip": "203.0.113.9",
        "host": "api.example.com",
        "error_code": "apisix",
    }
    assert way.variant == "default"
    assert [without(row, "event_id") for row in rows] == [CALL, refused]


def test_the_access_log_is_stamped_at_the_end() -> None:
    """The call began a quarter of a second earlier; two tries add up to 240 ms."""
    way, rows = read(SOURCE, sample("apisix/access.log"))
    assert way.variant == "access.log"
    assert rows[0] == {
        "time": at(2023, 12, 30, 3, 38, 4, 750_000),
        "method": "GET",
        "path": "/pets/7?limit=1",
        "status": 200,
        "latency_ms": 250.0,
        "upstream_ms": 240.0,
        "response_bytes": 306,
        "client_ip": "203.0.113.9",
        "user_agent": "pets-python/2.1",
        "request_id": "req-1",
        "host": "api.example.com",
    }
    assert rows[1]["status"] == 404
    assert "upstream_ms" not in rows[1]


def test_keys_of_ones_own_are_known_by_their_names() -> None:
    """With a log_format only route_id and service_id are added by APISIX."""
    way, rows = read(SOURCE, sample("apisix/custom.json"))
    assert way.variant == "json"
    assert rows == [
        {
            "time": at(2023, 12, 30, 3, 38, 4, 750_000),
            "product": "pets",
            "method": "GET",
            "path": "/pets/7",
            "status": 200,
            "latency_ms": 250.0,
            "client_ip": "203.0.113.9",
            "host": "api.example.com",
        }
    ]


def test_what_is_no_object_is_refused_and_blank_lines_are_not() -> None:
    """Beside a good line."""
    _, rows = read(SOURCE, [sample("apisix/default.json")[0], "nope", "", "[]"])
    assert [row.get("refusal") for row in rows] == [None, "not a JSON object", "blank line", "blank line"]


def test_its_own_keys_give_it_away() -> None:
    """Other gateways' objects do not."""
    assert recognise(sample("apisix/default.json"))
    assert recognise(['{"status": 200}', "text"]) is None


def test_a_long_line_of_many_fields_is_told_at_once() -> None:
    """Two fields without a sign between them, as host and path are, were tried at every place for both."""
    line = '10.0.0.1 - - [10/Oct/2025:13:55:36 +0000] api "GET / HTTP/1.1" 200 1 0.1 "-" "-" ' + "a," * 20_000
    began = time.process_time()
    assert recognise([line]) is None
    assert recognise([line + ' 200 0.1 "http://' + "a" * 20_000 + '" x']) is None
    assert time.process_time() - began < 2
