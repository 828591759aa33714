"""Do the console's formats of AWS API Gateway, and JSON with any keys, become calls?"""

from __future__ import annotations

import pytest

from firstcall.sources.gateways.aws_api_gateway import SOURCE, recognise
from tests.sources.gateways.lines_read import at, read, without
from tests.sources.samples_read import sample

STAMP = "10/Jun/2023:15:36:28 +0000"
CALL = {
    "time": at(2023, 6, 10, 15, 36, 28),
    "method": "GET",
    "route": "/pets/{petId}",
    "status": 200,
    "response_bytes": 12,
    "client_ip": "1.2.3.4",
    "request_id": "abc-1",
}
XML = (
    '<request id="abc-1"> <ip>1.2.3.4</ip> <caller>-</caller> <user>-</user> '
    f"<requestTime>{STAMP}</requestTime> <httpMethod>GET</httpMethod> <resourcePath>/pets/{{petId}}</resourcePath> "
    "<status>200</status> <protocol>HTTP/1.1</protocol> <responseLength>12</responseLength> </request>"
)


@pytest.mark.parametrize(
    ("variant", "line"),
    [
        ("clf", f'1.2.3.4 - - [{STAMP}] "GET /pets/{{petId}} HTTP/1.1" 200 12 abc-1'),
        ("http_clf", f'1.2.3.4 - - [{STAMP}] "GET GET /pets/{{petId}} HTTP/1.1" 200 12 abc-1'),
        ("csv", f"1.2.3.4,-,-,{STAMP},GET,/pets/{{petId}},HTTP/1.1,200,12,abc-1"),
        ("http_csv", f"1.2.3.4,{STAMP},GET,GET /pets/{{petId}},HTTP/1.1,200,12,abc-1"),
        ("xml", XML),
    ],
)
def test_each_preset_is_recognised_and_read(variant: str, line: str) -> None:
    """The route comes as a template; nobody is named, so the caller is anonymous."""
    way, rows = read(SOURCE, [line])
    assert recognise([line])[0] == way.variant == variant
    assert rows == [CALL]


def test_the_default_route_is_no_route() -> None:
    """`$default` says that no route matched."""
    _, rows = read(SOURCE, [f'1.2.3.4 - - [{STAMP}] "GET $default HTTP/1.1" 404 12 abc-1'])
    assert "route" not in rows[0]


def test_json_is_read_whatever_its_keys_are_called() -> None:
    """Unset variables are dashes, even where a number stands without quotes; an export puts the time in front."""
    line = (
        f'{{"requestId":"abc-1","ip":"1.2.3.4","apiKeyId":"key-1","caller":"-","requestTime":"{STAMP}",'
        '"httpMethod":"GET","resourcePath":"/pets/{petId}","status":"200","responseLength":"12",'
        '"responseLatency":81,"integrationLatency":"70","stage":"prod","error.responseType":"-"}'
    )
    unset = line.replace(":81,", ":-,").replace('"70"', '"-"')
    _, rows = read(SOURCE, [line, unset, "2023-06-10T15:36:28.000Z " + line])
    more = {"consumer": "key-1", "stage": "prod"}
    timed = {"latency_ms": 81.0, "upstream_ms": 70.0}
    assert rows == [CALL | more | timed, CALL | more, CALL | more | timed]


def test_a_format_of_ones_own_is_compiled() -> None:
    """$context variables in any order."""
    _, rows = read(
        SOURCE,
        ["1686411388000 GET /prod/pets 504 key-1 29000 INTEGRATION_TIMEOUT"],
        log_format="$context.requestTimeEpoch $context.httpMethod $context.path $context.status "
        "$context.identity.apiKeyId $context.responseLatency $context.error.responseType",
    )
    assert rows == [
        {
            "time": at(2023, 6, 10, 15, 36, 28),
            "method": "GET",
            "path": "/prod/pets",
            "status": 504,
            "consumer": "key-1",
            "latency_ms": 29_000.0,
            "timed_out": True,
            "error_code": "INTEGRATION_TIMEOUT",
        }
    ]


def test_an_integration_that_failed_did_not_time_out() -> None:
    """Both are a 504; the response type tells them apart."""
    keys = '"requestTimeEpoch":"1686411388000","routeKey":"GET /pets","status":"504","error.responseType":'
    _, rows = read(
        SOURCE, [f'{{{keys}"INTEGRATION_FAILURE"}}', f'{{{keys}"INTEGRATION_TIMEOUT"}}', f"{{{keys}-}}"]
    )
    assert [row.get("timed_out") for row in rows] == [False, True, None]


def test_a_message_of_a_websocket_has_its_route_key() -> None:
    """It has neither method nor path."""
    _, rows = read(SOURCE, sample("aws-api-gateway/websocket.log"))
    assert [(row["method"], row["route"], row["status"]) for row in rows] == [
        ("_OTHER", "$connect", 200),
        ("_OTHER", "sendMessage", 500),
    ]


NESTED = (
    f'{{"requestId":"abc-1","requestTime":"{STAMP}","httpMethod":"GET","resourcePath":"/pets/{{petId}}",'
    '"status":"504","responseLength":"12","identity":{"sourceIp":"1.2.3.4","userAgent":"curl/8","apiKeyId":"key-1"},'
    '"authorizer":{"claims":{"sub":"u-1","tenant":"acme"}},"integration":{"latency":"70"},'
    '"error":{"responseType":"INTEGRATION_TIMEOUT"}}'
)


def test_variables_may_stand_in_objects_as_their_names_have_dots() -> None:
    """`$context.identity.sourceIp` written as `identity: {sourceIp: …}`; an object that is empty says nothing."""
    bare = NESTED.replace(
        '"identity":{"sourceIp":"1.2.3.4","userAgent":"curl/8","apiKeyId":"key-1"}', '"identity":{}'
    )
    _, rows = read(SOURCE, [NESTED, bare])
    told = {
        **CALL,
        "status": 504,
        "upstream_ms": 70.0,
        "error_code": "INTEGRATION_TIMEOUT",
        "timed_out": True,
    }
    assert rows == [
        {**told, "user_agent": "curl/8", "consumer": "key-1"},
        {**without(told, "client_ip"), "consumer": "u-1"},
    ]


def test_the_consumer_may_be_a_path_into_an_object() -> None:
    """A claim of one's own, named with dots."""
    _, rows = read(SOURCE, [NESTED], consumer="authorizer.claims.tenant")
    assert rows[0]["consumer"] == "acme"


def test_a_key_with_dots_goes_before_a_path() -> None:
    """Both may be there; what is written out is what was meant."""
    line = NESTED.replace('"requestId"', '"identity.apiKeyId":"key-2","requestId"')
    _, rows = read(SOURCE, [line])
    assert rows[0]["consumer"] == "key-2"
