"""Is a gRPC call judged by its code, and nothing else by one?"""

from __future__ import annotations

import json

import pytest

from firstcall.sources.gateways import apache, caddy, envoy, haproxy, har, kong, moesif, nginx, otlp, traefik
from firstcall.sources.parsing import grpc
from firstcall.sources.source import Source
from tests.sources.gateways.lines_read import Row, evaluated, read

UNAVAILABLE = {"status": 503, "route": "/pkg.Svc/Do", "error_code": "UNAVAILABLE"}


@pytest.mark.parametrize(
    ("code", "status"),
    [("0", 200), ("OK", 200), ("14", 503), ("UNAVAILABLE", 503), ("Unavailable", 503), ("InvalidArgument", 400),
     ("INVALID_ARGUMENT", 400), ("1", 499), ("Canceled", 499), ("4", 504), ("13", 500), ("16", 401), ("7", 403),
     ("99", None), ("-", None)],
)  # fmt: skip
def test_every_spelling_of_a_code_has_its_status(code: str, status: int | None) -> None:
    """As a number, in capitals, in CamelCase; what is no code says nothing."""
    assert evaluated(grpc.http_status, code) == status


def told(source: Source, *lines: object, **options: str) -> list[Row]:
    """Return status, route and error code of the calls in some lines."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    _, rows = read(source, texts, **options)
    return [{name: row[name] for name in UNAVAILABLE if name in row} for row in rows]


def test_envoy_writes_a_code_beside_plain_http_too() -> None:
    """Only a call of a method is judged by it."""
    shared = {"start_time": "2026-05-15T10:00:00.000Z", "response_code": 200, "response_flags": "-"}
    call = {**shared, "method": "POST", "path": "/pkg.Svc/Do", "protocol": "HTTP/2"}
    rest = {**shared, "method": "GET", "path": "/rest", "grpc_status": "Unknown", "grpc_status_number": 2}
    orders = {**call, "path": "/v1/orders", "grpc_status": "Unknown"}
    web = {**orders, "path": "/x", "content-type": "application/grpc-web+proto", "grpc_status": "Unavailable"}
    named, numbered = (
        {**call, key: code} for key, code in (("grpc_status", "Unavailable"), ("grpc_status_number", 14))
    )
    assert told(envoy.SOURCE, named, numbered) == [UNAVAILABLE, UNAVAILABLE]
    assert told(envoy.SOURCE, rest, orders) == [{"status": 200}, {"status": 200}]
    assert told(envoy.SOURCE, web, call | {"grpc_status": "OK"}) == [
        {**UNAVAILABLE, "route": "/x"},
        {"status": 200, "route": "/pkg.Svc/Do"},
    ]


def test_a_log_format_of_envoy_names_the_code() -> None:
    """By its operator, in whatever way it is asked to write it."""
    form = (
        '[%START_TIME%] "%REQ(:METHOD)% %REQ(:PATH)% %PROTOCOL%" %RESPONSE_CODE% %GRPC_STATUS(SNAKE_STRING)%'
    )
    line = '[2026-05-15T10:00:00.000Z] "POST /pkg.Svc/Do HTTP/2" 200 UNAVAILABLE'
    assert told(envoy.SOURCE, line, log_format=form) == [UNAVAILABLE]


def span(**attributes: object) -> dict[str, object]:
    """Return a document with one server span."""
    listed = [
        {"key": key.replace("__", "."), "value": {"stringValue": str(value)}}
        for key, value in attributes.items()
    ]
    one = {
        "traceId": "0" * 31 + "1",
        "spanId": "0" * 15 + "1",
        "name": "pkg.Svc/Do",
        "kind": 2,
        "attributes": listed,
    }
    times = {"startTimeUnixNano": "1778840000000000000", "endTimeUnixNano": "1778840000012000000"}
    return {"resourceSpans": [{"scopeSpans": [{"spans": [one | times]}]}]}


def test_spans_of_old_and_new_conventions_are_read() -> None:
    """The method stands in two attributes, in one, or only in the span's name."""
    old = {
        "rpc__system": "grpc",
        "rpc__service": "pkg.Svc",
        "rpc__method": "Do",
        "rpc__grpc__status_code": 14,
    }
    new = {
        "rpc__system__name": "grpc",
        "rpc__method": "pkg.Svc/Do",
        "rpc__response__status_code": "UNAVAILABLE",
    }
    bare = {"rpc__system": "grpc", "rpc__grpc__status_code": 14}
    both = {"http__request__method": "POST", "url__path": "/pkg.Svc/Do", "http__response__status_code": 200}
    assert told(otlp.SOURCE, *(span(**each) for each in (old, new, bare))) == [UNAVAILABLE] * 3
    assert told(otlp.SOURCE, span(**both, rpc__grpc__status_code=14)) == [UNAVAILABLE]
    assert told(otlp.SOURCE, span(**both)) == [{"status": 200}]
    _, rows = read(otlp.SOURCE, [json.dumps(span(**old))])
    assert (rows[0]["method"], rows[0]["path"]) == ("POST", "/pkg.Svc/Do")


def test_a_header_of_the_answer_is_the_code() -> None:
    """Where a log keeps it: in Kong, Caddy, Traefik, Moesif, HAProxy, archives, and the variables of text logs."""
    text = '1.2.3.4 - - [15/May/2026:10:00:00 +0000] "POST /pkg.Svc/Do HTTP/2.0" 200 5 14'
    form = '$remote_addr - - [$time_local] "$request" $status $body_bytes_sent $sent_http_grpc_status'
    assert told(nginx.SOURCE, text, log_format=form) == [UNAVAILABLE]
    assert told(apache.SOURCE, text, log_format='%h %l %u %t "%r" %>s %b %{grpc-status}^to') == [UNAVAILABLE]
    assert told(
        kong.SOURCE,
        {"started_at": 1778840000000, "request": {"uri": "/pkg.Svc/Do"}, "service": {"protocol": "grpc"},
         "response": {"status": 200, "headers": {"grpc-status": "14"}}, "latencies": {"request": 5}},
    ) == [UNAVAILABLE]  # fmt: skip
    assert told(
        caddy.SOURCE,
        {"logger": "http.log.access", "ts": 1778840000.5, "status": 200, "duration": 0.1,
         "request": {"method": "POST", "uri": "/pkg.Svc/Do", "headers": {"Content-Type": ["application/grpc"]}},
         "resp_headers": {"Grpc-Status": ["14"]}},
    ) == [UNAVAILABLE]  # fmt: skip
    assert told(
        traefik.SOURCE,
        {"StartUTC": "2026-05-15T10:00:00Z", "DownstreamStatus": 200, "RequestMethod": "POST", "Duration": 5000000,
         "RequestPath": "/pkg.Svc/Do", "OriginStatus": 200, "downstream_Grpc-Status": "14"},
    ) == [UNAVAILABLE]  # fmt: skip
    assert told(
        moesif.SOURCE,
        {"request": {"time": "2026-05-15T10:00:00Z", "verb": "POST", "uri": "https://api.example/pkg.Svc/Do"},
         "response": {"time": "2026-05-15T10:00:01Z", "status": 200, "headers": {"grpc-status": "14"}}},
    ) == [UNAVAILABLE]  # fmt: skip
    assert told(
        har.SOURCE,
        {"startedDateTime": "2026-05-15T10:00:00Z", "time": 5, "timings": {},
         "request": {"method": "POST", "url": "https://api.example/pkg.Svc/Do", "headers": []},
         "response": {"status": 200, "headers": [{"name": "grpc-status", "value": "14"}]}},
    ) == [UNAVAILABLE]  # fmt: skip
    line = (
        "10.0.0.1:5000 [15/May/2026:10:00:00.000] web~ api/s1 0/0/1/4/5 200 117 - - ---- 1/1/1/1/0 0/0 {14} "
        '"POST /pkg.Svc/Do HTTP/2.0"'
    )
    assert told(haproxy.SOURCE, line, response_captures="grpc_status") == [UNAVAILABLE]
