"""Do the gateway logs of Azure API Management become calls, in every shape they come in?"""

from __future__ import annotations

import pytest

from firstcall.errors import UnknownName
from firstcall.sources.gateways.azure_api_management import SOURCE, recognise
from tests.sources.gateways.lines_read import at, read, without
from tests.sources.samples_read import records, sample

CALL = {
    "time": at(2021, 12, 15, 3, 10, 11, 647_971),
    "consumer": "sub-7",
    "product": "starter",
    "method": "GET",
    "path": "https://api.example.com/pets/7?limit=1",
    "route": "get-pet",
    "version": "v2",
    "status": 200,
    "latency_ms": 152.0,
    "upstream_ms": 120.0,
    "request_bytes": 310,
    "response_bytes": 1024,
    "client_ip": "203.0.113.9",
    "user_agent": "pets-python/2.1",
    "request_id": "c-1",
    "host": "api.example.com",
    "stage": "pets-prod",
}


def test_a_diagnostic_record_is_a_call() -> None:
    """The built-in key is internal; what was limited never reached the backend; other categories are left out."""
    way, rows = read(SOURCE, sample("azure-api-management/diagnostic.json"))
    limited = {
        "time": at(2021, 12, 15, 3, 10, 12, 500_000),
        "consumer": "master",
        "product": "pets",
        "method": "GET",
        "path": "https://api.example.com/pets/8",
        "version": "rev3",
        "status": 429,
        "latency_ms": 3.0,
        "request_bytes": 10,
        "response_bytes": 90,
        "error_code": "RateLimitExceeded",
        "client_ip": "203.0.113.9",
        "traffic_class": "internal",
        "request_id": "c-2",
        "host": "api.example.com",
    }
    assert way.variant == "diagnostic"
    assert rows[:2] == [CALL, limited]
    assert rows[2]["refusal"] == "blank line"


def test_the_oldest_records_hold_text_in_properties() -> None:
    """With names in capitals and ServiceTime for the backend; no backend answered, so the gateway did."""
    _, rows = read(SOURCE, sample("azure-api-management/oldest.json"))
    assert rows == [
        {
            "time": at(2018, 1, 2, 3, 4, 5, 123_000),
            "consumer": "sub-9",
            "product": "echo",
            "method": "POST",
            "path": "https://api.example.com/echo",
            "status": 500,
            "latency_ms": 20.0,
            "upstream_ms": 15.0,
            "error_code": "azure-api-management",
            "request_id": "c-3",
            "host": "api.example.com",
        }
    ]


def test_the_portals_csv_has_english_dates() -> None:
    """Month before day; the import says so."""
    way, rows = read(SOURCE, records("azure-api-management/portal.csv"))
    assert way.variant == "log-analytics"
    assert rows == [
        without(CALL, "stage")
        | {
            "time": at(2024, 5, 31, 22, 5, 0, 250_000),
            "path": "https://api.example.com/pets/7",
            "version": "v1",
            "latency_ms": 40.0,
            "upstream_ms": 30.0,
            "request_bytes": 10,
            "response_bytes": 20,
            "user_agent": "curl/8.5.0",
            "request_id": "c-4",
            "stage": "West Europe",
        }
    ]
    assert "month/day/year" in way.notes[0]


def test_a_client_that_left_got_no_answer() -> None:
    """A record without a status; a backend that took too long timed out."""
    line = sample("azure-api-management/diagnostic.json")[1].replace('"responseCode":429,', "")
    _, rows = read(SOURCE, [line.replace("RateLimitExceeded", "ClientConnectionFailure")])
    assert (rows[0]["status"], rows[0]["error_code"]) == (0, "ClientConnectionFailure")
    late = sample("azure-api-management/diagnostic.json")[1].replace("429", "500")
    _, rows = read(SOURCE, [late.replace("RateLimitExceeded", "Timeout")])
    assert rows[0]["timed_out"] is True


def test_route_and_consumer_are_chosen() -> None:
    """The user's id instead of the subscription's, and no operation."""
    _, rows = read(SOURCE, sample("azure-api-management/diagnostic.json"), consumer="user", route="path")
    assert rows[0] == without(CALL, "route") | {"consumer": "1"}
    with pytest.raises(UnknownName, match="Did you mean subscription"):
        read(SOURCE, [], consumer="subscripton")
    with pytest.raises(UnknownName):
        read(SOURCE, [], route="x")


def test_its_category_gives_it_away() -> None:
    """Or the columns of its table."""
    assert recognise(sample("azure-api-management/diagnostic.json"))
    assert recognise(records("azure-api-management/portal.csv"))
    assert recognise(['{"category": "AuditLogs"}']) is None
