"""Do Apigee's records become calls, with the path that the client asked for?"""

from __future__ import annotations

import hashlib
import json

import pytest

from firstcall.errors import UnknownName, UsageError
from firstcall.sources.gateways.apigee import SOURCE, recognise
from tests.sources.gateways.lines_read import at, read
from tests.sources.samples_read import records, sample

HASHED = "sha256:" + hashlib.sha256(b"Key123").hexdigest()
CALL = {
    "time": at(2024, 4, 10, 23, 0, 0, 100_000),
    "consumer": "pets-app",
    "product": "pets",
    "method": "GET",
    "path": "/v1/pets/7",
    "version": "4",
    "status": 200,
    "latency_ms": 250.0,
    "upstream_ms": 200.0,
    "request_bytes": 10,
    "response_bytes": 300,
    "units": 2,
    "client_ip": "203.0.113.9",
    "user_agent": "pets-python/2.1",
    "request_id": "rrt329ea-12575-114653952-1",
    "stage": "prod",
}


def test_a_record_is_a_call() -> None:
    """Without metrics the latencies lie between the timestamps; a key that was not verified is only hashed."""
    way, rows = read(SOURCE, sample("apigee/export.json"))
    refused = {
        "time": at(2024, 4, 10, 23, 0, 1),
        "consumer": HASHED,
        "product": "pets-v1",
        "method": "GET",
        "path": "/v1",
        "status": 401,
        "latency_ms": 2.0,
        "error_code": "apigee",
    }
    assert rows[:2] == [CALL, refused]
    assert rows[2]["timed_out"] is True
    assert rows[2]["error_code"] == "messaging.adaptors.http.flow.GatewayTimeout"
    assert "x_apigee_mintng_price not read" in way.notes[0]


def test_csv_has_times_as_text() -> None:
    """Only the target's path is known there, and the import says so."""
    way, rows = read(SOURCE, records("apigee/export.csv"))
    assert rows == [
        {
            "time": at(2024, 4, 10, 23, 0, 0, 100_000),
            "consumer": "pets-app",
            "method": "GET",
            "path": "/pets/7",
            "status": 200,
            "latency_ms": 250.0,
            "upstream_ms": 200.0,
        }
    ]
    assert any("the path is the target's" in note for note in way.notes)


def test_the_consumer_is_the_id_that_was_chosen() -> None:
    """The key's hash, or the developer's address (which admission hashes)."""
    lines = sample("apigee/export.json")
    assert read(SOURCE, lines, consumer="client_id")[1][0]["consumer"] == HASHED
    assert read(SOURCE, lines, consumer="email")[1][0]["consumer"] == "ann@example.com"
    with pytest.raises(UnknownName):
        read(SOURCE, lines, consumer="key")


def test_a_report_is_no_export() -> None:
    """Sums per day have no time of a call."""
    with pytest.raises(UsageError, match="a report and not one row per call"):
        read(SOURCE, ['{"apiproxy": "pets", "sum(message_count)": 5}'])


def test_its_own_keys_give_it_away() -> None:
    """The time the client was received."""
    assert recognise(sample("apigee/export.json"))
    assert recognise(["{}"]) is None


@pytest.mark.parametrize("said", ["1e999", "1e30", "NaN", "-2", "0.5"])
def test_a_multiplier_that_is_no_count_leaves_the_units_unknown(said: str) -> None:
    """An infinite one, or one past all counts, does not end the import."""
    record = json.loads(sample("apigee/export.json")[0]) | {"x_apigee_mintng_price_multiplier": said}
    assert "units" not in read(SOURCE, [json.dumps(record)])[1][0]
