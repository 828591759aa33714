"""Do Logpush records become calls, whichever timestamps the job writes?"""

from __future__ import annotations

import hashlib

import pytest

from firstcall.errors import UnknownName, UsageError
from firstcall.sources.gateways.cloudflare import SOURCE, recognise
from tests.sources.gateways.lines_read import at, read
from tests.sources.samples_read import records, sample

CALL = {
    "time": at(2024, 4, 10, 23, 0, 0, 100_000),
    "consumer": "partner-7",
    "product": "example.com",
    "method": "GET",
    "path": "/pets/7?limit=1",
    "status": 200,
    "latency_ms": 250.0,
    "upstream_ms": 210.0,
    "request_bytes": 820,
    "response_bytes": 1200,
    "client_ip": "203.0.113.9",
    "user_agent": "pets-python/2.1",
    "request_id": "872f8f5d1b2c3d4e",
    "host": "api.example.com",
}


def test_nanoseconds_give_the_latency() -> None:
    """524 is Cloudflare giving up on the origin; a worker's subrequest is no call."""
    _, rows = read(SOURCE, sample("cloudflare/http_requests.json"))
    given_up = {
        "time": at(2024, 4, 10, 23, 0, 1, 200_000),
        "consumer": "sha256:" + hashlib.sha256(b"abc").hexdigest(),
        "method": "GET",
        "path": "/pets/8",
        "status": 524,
        "latency_ms": 100_000.0,
        "response_bytes": 0,
        "timed_out": True,
        "error_code": "cloudflare",
        "client_ip": "203.0.113.9",
        "traffic_class": "bot",
        "request_id": "872f8f5d1b2c3d4f",
        "host": "api.example.com",
    }
    assert rows[:2] == [CALL, given_up]
    assert rows[2]["refusal"] == "blank line"


def test_whole_seconds_are_no_latency() -> None:
    """The time to the first byte stands in, and the import says so; the user may choose the difference."""
    lines = records("cloudflare/seconds.csv")
    way, rows = read(SOURCE, lines)
    assert rows[0] == {
        "time": at(2022, 5, 25, 13, 25, 26),
        "method": "GET",
        "path": "/pets/7",
        "status": 200,
        "latency_ms": 87.0,
        "upstream_ms": 52.0,
        "client_ip": "203.0.113.9",
        "request_id": "r1",
    }
    assert rows[1]["error_code"] == "block"
    assert "whole seconds" in way.notes[0]
    assert read(SOURCE, lines, latency="edge")[1][0]["latency_ms"] == 1000.0


def test_unix_seconds_may_be_text() -> None:
    """As some jobs write them."""
    line = sample("cloudflare/http_requests.json")[0]
    line = line.replace("1712790000100000000", '"1712790000"').replace("1712790000350000000", '"1712790001"')
    _, rows = read(SOURCE, [line])
    assert rows == [CALL | {"time": at(2024, 4, 10, 23), "latency_ms": 240.0}]


def test_a_sampled_job_weighs_its_rows() -> None:
    """A tenth of the calls was logged: each stands for ten."""
    way, rows = read(SOURCE, sample("cloudflare/http_requests.json"), sample_rate="0.1")
    assert rows[0]["weight"] == 10.0
    assert "sampled at 0.1: each row stands for 10 calls" in way.notes
    with pytest.raises(UsageError, match="sample_rate=ten"):
        read(SOURCE, [], sample_rate="ten")


def test_another_header_may_name_the_consumer() -> None:
    """What is called a key is hashed whatever it looks like."""
    lines = sample("cloudflare/http_requests.json")
    assert read(SOURCE, lines, consumer="ClientIP")[1][0]["consumer"] == "203.0.113.9"
    hashed = "sha256:" + hashlib.sha256(b"abc").hexdigest()
    assert read(SOURCE, lines, consumer="X-Api-Key")[1][1]["consumer"] == hashed
    with pytest.raises(UnknownName):
        read(SOURCE, lines, latency="first")


def test_its_own_keys_give_it_away() -> None:
    """RayID is nobody else's."""
    assert recognise(sample("cloudflare/http_requests.json"))
    assert recognise(["{}"]) is None
