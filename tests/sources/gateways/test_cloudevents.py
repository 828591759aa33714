"""Do CloudEvents become calls that are known by their source and id?"""

from __future__ import annotations

import hashlib

import pytest

from firstcall.errors import UsageError
from firstcall.sources.gateways.cloudevents import SOURCE, recognise
from tests.sources.gateways.lines_read import at, read
from tests.sources.samples_read import sample

CALL = {
    "event_id": "/gateway/eu e-1",
    "time": at(2024, 4, 10, 23, 0, 0, 100_000),
    "consumer": "partner-7",
    "product": "pets",
    "method": "GET",
    "path": "/pets/7?x=1",
    "route": "/pets/{id}",
    "version": "v1",
    "status": 200,
    "latency_ms": 12.5,
    "upstream_ms": 10.0,
    "request_bytes": 12,
    "response_bytes": 300,
    "units": 3,
    "client_ip": "203.0.113.9",
    "user_agent": "pets-python/2.1",
    "request_id": "r-1",
    "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
    "host": "api.example.com",
    "stage": "prod",
}
USAGE = {
    "event_id": "/gateway/eu e-2",
    "time": at(2024, 4, 10, 23, 0, 1),
    "consumer": "sha256:" + hashlib.sha256(b"abc").hexdigest(),
    "method": "GET",
    "path": "/x",
}


def test_an_event_is_a_call_and_a_batch_several() -> None:
    """Data may be base64; data that is a text is never read as JSON a second time."""
    _, rows = read(SOURCE, sample("cloudevents/events.json"))
    assert rows[:2] == [CALL, USAGE]
    assert "method" not in rows[2]


def test_types_and_a_status_are_chosen() -> None:
    """Usage events name no status; other types are left out, not refused."""
    way, rows = read(SOURCE, sample("cloudevents/events.json"), type="api.call, api.usage", status="200")
    assert rows[1] == USAGE | {"status": 200}
    assert rows[2]["refusal"] == "blank line"
    assert way.notes == ("status 200 taken where an event names none",)


def test_the_consumer_may_stand_in_the_data() -> None:
    """Before the subject, when that names something else."""
    line = sample("cloudevents/events.json")[0].replace('"method":"GET"', '"method":"GET","consumer":"app-1"')
    assert read(SOURCE, [line])[1][0]["consumer"] == "partner-7"
    assert read(SOURCE, [line], consumer="data")[1][0]["consumer"] == "app-1"


def test_options_are_checked() -> None:
    """A status is a number."""
    with pytest.raises(UsageError, match="status=ok"):
        read(SOURCE, [], status="ok")
    with pytest.raises(UsageError, match="consumer=id"):
        read(SOURCE, [], consumer="id")


def test_its_own_keys_give_it_away() -> None:
    """The three that every event must have."""
    assert recognise(sample("cloudevents/events.json"))
    assert recognise(['{"type": "x"}']) is None
