"""Do the access logs in front of Azure's services become calls, each in its own unit?"""

from __future__ import annotations

import json

import pytest

from firstcall.errors import UnknownName
from firstcall.sources.gateways.azure_front_door import SOURCE, recognise
from tests.sources.gateways.lines_read import at, read
from tests.sources.samples_read import sample

CALL = {
    "product": "pets",
    "method": "GET",
    "status": 200,
    "client_ip": "203.0.113.9",
    "user_agent": "pets-python/2.1",
    "host": "api.example.com",
}


def test_front_door_writes_seconds_as_text_at_the_end() -> None:
    """An origin that did not answer in time is a timeout whatever the status."""
    way, rows = read(SOURCE, sample("azure-front-door/front-door.json"))
    assert way.variant == "front-door"
    assert rows[0] == CALL | {
        "time": at(2024, 5, 2, 12, 34, 56, 750_000),
        "path": "https://api.example.com:443/pets/7?limit=1",
        "latency_ms": 250.0,
        "request_bytes": 120,
        "response_bytes": 300,
        "request_id": "ref-1",
        "stage": "edge",
    }
    assert rows[1] == {
        "time": at(2024, 5, 2, 12, 35, 27),
        "method": "GET",
        "path": "https://api.example.com/x",
        "status": 503,
        "latency_ms": 30_000.0,
        "timed_out": True,
        "error_code": "OriginTimeout",
        "request_id": "ref-2",
        "host": "api.example.com",
    }
    assert rows[2]["refusal"] == "blank line"


def test_application_gateway_v2_writes_seconds() -> None:
    """Told by the fields that v1 does not have; a pool without a live server gave no answer."""
    way, rows = read(SOURCE, sample("azure-front-door/application-gateway.json"))
    assert way.variant == "application-gateway"
    assert way.notes == ("timeTaken taken as s (Application Gateway v2); else say --option latency_unit=…",)
    assert rows[0] == {name: value for name, value in CALL.items() if name != "product"} | {
        "time": at(2021, 10, 14, 22, 17, 11),
        "path": "/pets/7",
        "latency_ms": 205.0,
        "upstream_ms": 197.0,
        "request_bytes": 65,
        "response_bytes": 553,
        "request_id": "tx-1",
        "stage": "gw",
    }
    assert rows[1]["error_code"] == "ERRORINFO_UPSTREAM_NO_LIVE"


def test_application_gateway_v1_writes_milliseconds() -> None:
    """The same field, another unit; the user may say which."""
    lines = sample("azure-front-door/application-gateway-v1.json")
    assert read(SOURCE, lines)[1][0]["latency_ms"] == 205.0
    assert read(SOURCE, lines, latency_unit="s")[1][0]["latency_ms"] == 205_000.0
    with pytest.raises(UnknownName):
        read(SOURCE, lines, latency_unit="us")


def test_app_service_writes_milliseconds_and_plus_signs() -> None:
    """Properties are text; the user name is the only identity."""
    way, rows = read(SOURCE, sample("azure-front-door/app-service.json"))
    assert way.variant == "app-service"
    assert rows == [
        {
            "time": at(2021, 2, 1, 10),
            "consumer": "bob",
            "method": "GET",
            "path": "/pets",
            "status": 200,
            "latency_ms": 47.0,
            "request_bytes": 12,
            "response_bytes": 34,
            "client_ip": "203.0.113.9",
            "user_agent": "Pets App/1",
            "host": "pets.example.com",
            "stage": "pets",
        }
    ]


def test_the_category_gives_them_away() -> None:
    """API Management has another."""
    assert recognise(sample("azure-front-door/front-door.json"))
    assert recognise(['{"category": "GatewayLogs"}']) is None


def test_a_field_that_both_versions_have_is_no_sign() -> None:
    """Version 1 has originalHost too, and machines of another name; a fraction of a second is version 2's."""
    own = {"httpMethod": "GET", "requestUri": "/a", "httpStatus": 200, "originalHost": "a.example"}
    entry = {"time": "2024-05-02T12:34:56Z", "category": "ApplicationGatewayAccessLog"}
    older = {"instanceId": "ApplicationGatewayRole_IN_0", "timeTaken": 52}
    for more, latency in ((older, 52.0), ({"timeTaken": 52}, 52.0), ({"timeTaken": "0.052"}, 52.0)):
        _, rows = read(SOURCE, [json.dumps({**entry, "properties": {**own, **more}})])
        assert rows[0]["latency_ms"] == latency
