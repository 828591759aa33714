"""Do Gravitee's metrics become calls, of V2 and V4 APIs, from Elasticsearch and from files?"""

from __future__ import annotations

import hashlib

import pytest

from firstcall.errors import UnknownName
from firstcall.sources.gateways.gravitee import CSV, SOURCE, recognise
from tests.sources.gateways.lines_read import at, read
from tests.sources.samples_read import records, sample

CALL = {
    "time": at(2024, 4, 10, 23, 0, 0, 100_000),
    "consumer": "app-7",
    "product": "Pets",
    "method": "GET",
    "path": "/pets/7?limit=1",
    "route": "/pets/:id",
    "status": 200,
    "latency_ms": 25.0,
    "upstream_ms": 20.0,
    "response_bytes": 300,
    "client_ip": "203.0.113.9",
    "user_agent": "pets-python/2.1",
    "request_id": "req-1",
    "trace_id": "tx-1",
    "host": "api.example.com",
    "stage": "DEFAULT",
}


def test_elasticsearch_writes_methods_as_numbers() -> None:
    """3 is GET and 7 is POST; application 1 is nobody; minus one is unknown; the key says that it timed out."""
    way, rows = read(SOURCE, sample("gravitee/elasticsearch-v2.json"))
    late = {
        "time": at(2024, 4, 10, 23, 0, 1),
        "product": "api-1",
        "method": "POST",
        "path": "/pets",
        "status": 504,
        "latency_ms": 30_000.0,
        "timed_out": True,
        "error_code": "GATEWAY_CLIENT_CONNECTION_TIMEOUT",
        "request_id": "req-2",
    }
    assert way.variant == "elasticsearch-v2"
    assert rows == [CALL, late]


def test_the_file_reporter_of_v4_writes_names() -> None:
    """No endpoint was asked, so the gateway made the 401; the token is hashed."""
    way, rows = read(SOURCE, sample("gravitee/file-v4.json"))
    assert way.variant == "file-v4"
    assert rows == [
        {
            "time": at(2024, 4, 10, 23, 0, 0, 100_000),
            "consumer": "sha256:" + hashlib.sha256(b"s3cret").hexdigest(),
            "product": "api-1",
            "method": "GET",
            "path": "/pets/7",
            "route": "/pets/:id",
            "status": 401,
            "latency_ms": 3.0,
            "error_code": "gravitee",
            "client_ip": "203.0.113.9",
            "request_id": "req-3",
            "trace_id": "tx-3",
            "stage": "DEFAULT",
        }
    ]


@pytest.mark.parametrize("version", ["v2", "v4"])
def test_csv_has_no_header(version: str) -> None:
    """V4 has one column more; the last column holds the API's id and is never a token."""
    names = [*CSV, "column_32"] if version == "v4" else CSV
    way, rows = read(SOURCE, records(f"gravitee/{version}.csv", ";", names))
    assert way.variant == f"csv-{version}"
    expected = CALL | {"path": "/pets/7?x=1", "user_agent": "curl/8", "request_id": "req-4"}
    assert rows == [expected | {"trace_id": "tx-4", "stage": "prod", "request_bytes": 12}]


def test_the_consumer_is_the_id_that_was_chosen() -> None:
    """The subscription instead of the application."""
    lines = sample("gravitee/elasticsearch-v2.json")
    assert read(SOURCE, lines, consumer="subscription")[1][0]["consumer"] == "sub-7"
    with pytest.raises(UnknownName, match="Known: application, subscription"):
        read(SOURCE, lines, consumer="app")


def test_its_own_keys_give_it_away() -> None:
    """Whether the documents were exported with their index or not."""
    assert recognise(sample("gravitee/elasticsearch-v2.json"))
    assert recognise(sample("gravitee/file-v4.json"))
    assert recognise(['{"gateway": "x"}']) is None
