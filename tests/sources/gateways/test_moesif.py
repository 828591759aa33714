"""Do Moesif's events become calls, with their weight, and without the calls that went out?"""

from __future__ import annotations

import hashlib

import pytest

from firstcall.errors import UnknownName
from firstcall.sources.gateways.moesif import SOURCE, recognise
from tests.sources.gateways.lines_read import at, read
from tests.sources.samples_read import sample


def test_an_event_is_a_call() -> None:
    """Times without Z are UTC, and the import says so; the latency lies between the two times."""
    way, rows = read(SOURCE, sample("moesif/events.json")[:1])
    assert rows == [
        {
            "event_id": "a3765025-46ec-45dd-bc83-b136c8d1d257",
            "time": at(2024, 10, 30, 4, 45, 42, 914_000),
            "consumer": "company-3",
            "method": "POST",
            "path": "https://api.example.com/items/83738/reviews?limit=2",
            "version": "1.1.0",
            "status": 201,
            "latency_ms": 250.0,
            "request_bytes": 126,
            "response_bytes": 1033,
            "client_ip": "61.48.220.123",
            "user_agent": "pets-python/2.1",
            "host": "api.example.com",
            "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736:00f067aa0ba902b7",
            "weight": 4.0,
        }
    ]
    assert way.notes == (
        "request.time has no offset; taken as UTC",
        "sampled: weight says how many calls an event stands for",
    )


def test_no_response_is_a_timeout_and_what_went_out_is_left_out() -> None:
    """A session token is a credential: only its hash is kept."""
    _, rows = read(SOURCE, sample("moesif/events.json")[1:])
    assert rows[0] == {
        "time": at(2024, 10, 30, 4, 45, 44),
        "consumer": "sha256:" + hashlib.sha256(b"s1").hexdigest(),
        "method": "GET",
        "path": "/ping",
        "status": 0,
        "timed_out": True,
    }
    assert rows[1]["refusal"] == "blank line"


def test_the_consumer_is_the_id_that_was_chosen() -> None:
    """The person instead of the company; an unknown id names the near one."""
    lines = sample("moesif/events.json")
    assert read(SOURCE, lines, consumer="user_id")[1][0]["consumer"] == "user-12"
    with pytest.raises(UnknownName, match="Did you mean user_id"):
        read(SOURCE, lines, consumer="userid")


def test_its_own_keys_give_it_away() -> None:
    """Other gateways have request, but no verb in it."""
    assert recognise(sample("moesif/events.json"))
    assert recognise(['{"request": {"method": "GET"}}']) is None
