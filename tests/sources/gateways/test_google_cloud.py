"""Do Google Cloud's log entries become calls, and say who answered?"""

from __future__ import annotations

import hashlib

import pytest

from firstcall.errors import UnknownName
from firstcall.sources.gateways.google_cloud import SOURCE, recognise
from tests.sources.gateways.lines_read import at, read
from tests.sources.samples_read import sample


def test_a_load_balancers_entry_is_a_call() -> None:
    """Sizes are text, latency a duration; nine digits of a second are cut to six."""
    way, rows = read(SOURCE, sample("google-cloud/load-balancer.json"))
    assert way.variant == "load-balancer"
    assert rows[0] == {
        "time": at(2020, 6, 8, 23, 41, 30, 588_272),
        "product": "pets",
        "method": "GET",
        "path": "https://api.example.com/pets/7?x=1",
        "status": 200,
        "latency_ms": 25.376,
        "request_bytes": 120,
        "response_bytes": 300,
        "client_ip": "203.0.113.9",
        "user_agent": "pets-python/2.1",
        "request_id": "i-1",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736:00f067aa0ba902b7",
        "host": "api.example.com",
        "stage": "p-1",
    }


def test_status_details_say_who_answered() -> None:
    """A backend that was too slow; a client that left before any answer; an entry without a request."""
    _, rows = read(SOURCE, sample("google-cloud/load-balancer.json"))
    assert (rows[1]["status"], rows[1]["timed_out"], rows[1]["error_code"]) == (502, True, "backend_timeout")
    assert (rows[2]["status"], rows[2]["error_code"]) == (0, "client_disconnected_before_any_response")
    assert rows[3]["refusal"] == "blank line"


def test_espv2_names_key_and_operation() -> None:
    """The key is hashed; one that was not verified is nobody."""
    way, rows = read(SOURCE, sample("google-cloud/espv2.json"))
    assert way.variant == "espv2"
    assert rows == [
        {
            "time": at(2024, 4, 10, 23, 0, 0, 100_000),
            "consumer": "sha256:" + hashlib.sha256(b"AIzaKey").hexdigest(),
            "product": "library",
            "method": "GET",
            "path": "/shelves/1",
            "route": "1.library.GetShelf",
            "version": "v1",
            "status": 200,
            "latency_ms": 250.0,
            "request_id": "i-5",
            "stage": "p-1",
        },
        {
            "time": at(2024, 4, 10, 23, 0, 1),
            "method": "GET",
            "path": "/shelves/1",
            "status": 401,
            "latency_ms": 1.0,
            "error_code": "service_control_bad_request{API_KEY_INVALID}",
            "request_id": "i-6",
        },
    ]


def test_route_consumer_and_rate_are_chosen() -> None:
    """A logged header names the consumer; every row of a halved log stands for two."""
    lines = sample("google-cloud/espv2.json")
    _, rows = read(SOURCE, lines, consumer="X-Client-Id", route="path", sample_rate="0.5")
    assert (rows[0]["consumer"], rows[0]["weight"], rows[0].get("route")) == ("partner-7", 2.0, None)
    with pytest.raises(UnknownName):
        read(SOURCE, lines, route="x")


def test_its_own_keys_give_it_away() -> None:
    """Other entries of the same log do not."""
    assert recognise(sample("google-cloud/load-balancer.json"))
    assert recognise(['{"insertId": "x"}']) is None
