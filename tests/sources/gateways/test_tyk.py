"""Do Tyk's records, from every pump, and its access log become calls that began before they were written?"""

from __future__ import annotations

import hashlib

import pytest

from firstcall.errors import UnknownName, UsageError
from firstcall.sources.gateways.tyk import SOURCE, recognise
from tests.sources.gateways.lines_read import at, read
from tests.sources.samples_read import records, sample

CALL = {
    "time": at(2022, 11, 16, 3, 1, 54, 586_000),
    "consumer": "partner-7",
    "product": "pets",
    "method": "GET",
    "path": "/pets/get?x=1",
    "status": 200,
    "latency_ms": 62.0,
    "upstream_ms": 61.0,
    "request_bytes": 10,
    "client_ip": "203.0.113.9",
    "user_agent": "pets-python/2.1",
    "host": "api.example.com",
    "stage": "o1",
}


def test_a_record_was_written_at_the_end() -> None:
    """62 ms before 54.648; the key of nobody is none; an MCP call is an agent's."""
    _, rows = read(SOURCE, sample("tyk/record.json"))
    agent = {
        "time": at(2022, 11, 16, 3, 1, 54, 995_000),
        "product": "a2",
        "method": "POST",
        "path": "/mcp",
        "version": "v2",
        "status": 403,
        "latency_ms": 5.0,
        "traffic_class": "agent",
        "stage": "o1",
    }
    assert rows == [CALL, agent]


def test_the_csv_pump_writes_gos_times_and_huge_lengths() -> None:
    """A length of minus one became 2 to the 64 less one there, and means unknown."""
    way, rows = read(SOURCE, records("tyk/2022-November-16-3.csv"))
    call = CALL | {"consumer": "oauth-7", "path": "/get", "version": "v1", "status": 504, "timed_out": True}
    assert way.variant == "csv"
    assert rows == [{name: value for name, value in call.items() if name != "request_bytes"}]


def test_a_raw_key_is_hashed_and_a_hashed_one_kept() -> None:
    """Eight digits are what Tyk's own hash looks like."""
    way, rows = read(SOURCE, sample("tyk/stdout.json"))
    assert (way.variant, rows[0]["consumer"]) == ("stdout", "f8b2a1c3")
    raw = b"54b53d3aeba6db5c35000002abc"
    _, rows = read(SOURCE, sample("tyk/record.json"), consumer="api_key")
    assert rows[0]["consumer"] == "sha256:" + hashlib.sha256(raw).hexdigest()
    _, rows = read(SOURCE, sample("tyk/record.json"), consumer="api_key", api_key="hashed")
    assert rows[0]["consumer"] == raw.decode()


def test_the_access_log_is_pairs() -> None:
    """Quotes inside a value end nothing; UCT is a timeout with status 500; other lines of the log are left out."""
    way, rows = read(SOURCE, sample("tyk/access.log"))
    assert way.variant == "access-log"
    assert rows[0] == {
        "time": at(2025, 1, 29, 8, 27, 8, 938_000),
        "consumer": "sha256:" + hashlib.sha256(b"54b5abc").hexdigest(),
        "product": 'my "pets" api',
        "method": "GET",
        "path": "/pets/get",
        "status": 200,
        "latency_ms": 62.0,
        "upstream_ms": 61.0,
        "client_ip": "::1",
        "user_agent": "curl/8.1 status=500",
        "host": "localhost:8080",
        "stage": "o1",
        "trace_id": "t1",
    }
    assert (rows[1]["timed_out"], rows[1]["error_code"], rows[1]["status"]) == (True, "UCT", 500)
    assert rows[2]["refusal"] == "blank line"
    _, rows = read(SOURCE, [*sample("tyk/access.log"), "torn"])
    assert rows[3]["refusal"] == "line does not fit the format"


def test_options_are_checked() -> None:
    """An unknown choice is an error that names the known ones."""
    with pytest.raises(UnknownName):
        read(SOURCE, [], consumer="key")
    with pytest.raises(UsageError, match="api_key=plain"):
        read(SOURCE, [], api_key="plain")


def test_its_own_keys_give_it_away() -> None:
    """In each of its shapes."""
    shapes = [sample("tyk/record.json"), sample("tyk/stdout.json"), sample("tyk/access.log")]
    assert all(recognise(lines) for lines in [*shapes, records("tyk/2022-November-16-3.csv")])
    assert recognise(['{"api_id": 1}', "x"]) is None
