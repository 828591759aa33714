"""Do Kong's objects, alone or in arrays, old or new, become the calls they describe?"""

from __future__ import annotations

import json
from copy import deepcopy

import pytest

from firstcall.errors import UnknownName
from firstcall.sources.gateways.kong import SOURCE
from tests.sources.gateways.lines_read import at, read, without
from tests.sources.samples_read import sample

ENTRY = {
    "started_at": 1726783839538,
    "request": {
        "id": "r1",
        "method": "GET",
        "uri": "/pets/1?apikey=s3cret",
        "size": 120,
        "headers": {"user-agent": ["pets-python/2.1", "x"], "host": "api.example.com"},
    },
    "response": {"status": 200, "size": "300"},
    "latencies": {"request": 12.5, "proxy": 9, "kong": 1},
    "consumer": {"id": "c-1", "username": "bob", "custom_id": "partner-7"},
    "authenticated_entity": {"id": "cred-1", "consumer_id": "c-1"},
    "service": {"name": "pets", "id": "s-1"},
    "workspace_name": "default",
    "client_ip": "1.2.3.4",
    "source": "upstream",
}
CALL = {
    "time": at(2024, 9, 19, 22, 10, 39, 538_000),
    "consumer": "partner-7",
    "product": "pets",
    "method": "GET",
    "path": "/pets/1?apikey=s3cret",
    "status": 200,
    "latency_ms": 12.5,
    "upstream_ms": 9.0,
    "request_bytes": 120,
    "response_bytes": 300,
    "client_ip": "1.2.3.4",
    "user_agent": "pets-python/2.1",
    "request_id": "r1",
    "host": "api.example.com",
    "stage": "default",
}


def test_an_object_a_line_is_a_call() -> None:
    """As the file-log plugin writes them."""
    way, rows = read(SOURCE, [json.dumps(ENTRY)])
    assert way.variant == "file-log"
    assert rows == [CALL]


def test_an_array_a_line_is_as_many_calls() -> None:
    """As http-log sends them in batches; what is no object is refused beside the others."""
    way, rows = read(SOURCE, [json.dumps([ENTRY, ENTRY]), "nope", "[]", ""])
    assert way.variant == "http-log"
    assert rows == [CALL, CALL, {"refusal": "not a JSON object"}, *[{"refusal": "blank line"}] * 2]


def test_a_call_that_kong_answered_itself_has_no_upstream_time() -> None:
    """Minus one is unknown; nobody was authenticated; empty tables are objects or arrays alike."""
    entry = deepcopy(ENTRY) | {"source": "kong", "service": [], "consumer": {}, "authenticated_entity": []}
    entry["latencies"] = {"request": 3, "proxy": -1}
    entry["response"] = {"status": 401, "size": 10}
    _, rows = read(SOURCE, [json.dumps(entry)])
    expected = without(CALL, "consumer", "product", "upstream_ms") | {
        "status": 401,
        "latency_ms": 3.0,
        "response_bytes": 10,
        "error_code": "kong",
    }
    assert rows == [expected]


@pytest.mark.parametrize(
    ("choice", "consumer"),
    [("username", "bob"), ("consumer_id", "c-1"), ("credential_id", "cred-1"), ("custom_id", "partner-7")],
)
def test_the_consumer_is_the_id_that_was_chosen(choice: str, consumer: str) -> None:
    """The partner list decides which id is useful."""
    _, rows = read(SOURCE, [json.dumps(ENTRY)], consumer=choice)
    assert rows[0]["consumer"] == consumer


def test_an_unknown_choice_names_the_near_one() -> None:
    """A typing error is answered with the word that was meant."""
    with pytest.raises(UnknownName, match="Did you mean username"):
        read(SOURCE, [json.dumps(ENTRY)], consumer="usrname")


def test_a_call_never_proxied_was_answered_by_kong() -> None:
    """Before 3.6 nothing else says so."""
    entry = deepcopy(ENTRY)
    del entry["source"]
    entry |= {"latencies": {"request": 3, "proxy": -1}, "response": {"status": 429}}
    _, rows = read(SOURCE, [json.dumps(entry)])
    assert rows[0]["error_code"] == "kong"


def test_the_oldest_places_are_known() -> None:
    """An api in place of the service, the uri under another name, sizes as text."""
    _, rows = read(SOURCE, sample("kong/file.log"))
    oldest = rows[2]
    assert (oldest["product"], oldest["path"], oldest["request_bytes"]) == ("old-pets", "/old", 120)
    assert (rows[0]["host"], rows[1]["error_code"]) == ("api.example.com", "kong")


def test_an_agent_that_only_opens_like_a_list_is_kept() -> None:
    """Callers send what they like."""
    entry = deepcopy(ENTRY)
    entry["request"] = {"id": "r", "method": "GET", "uri": "/", "headers": {"user-agent": "[[robot"}}
    _, rows = read(SOURCE, [json.dumps(entry)])
    assert rows[0]["user_agent"] == "[[robot"
