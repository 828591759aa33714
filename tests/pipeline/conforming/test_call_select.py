"""Does a call that never completed, or that is no longer HTTP, become the same whichever gateway says it?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from firstcall.sources.gateways import (
    apache,
    apigee,
    aws_load_balancer,
    azure_api_management,
    azure_front_door,
    cloudflare,
    cloudfront,
    envoy,
    google_cloud,
    gravitee,
    haproxy,
    iis,
    kong,
    nginx,
    tyk,
)
from firstcall.sources.source import Source
from tests.pipeline.admission import admission, line

LATER = datetime(2026, 6, 1)  # noqa: DTZ001 - the store's times are UTC without zone
ALB = (
    "https 2026-05-15T06:42:30.051646Z app/LB/1 192.0.2.10:41542 10.0.0.2:80 0.001 {} 233 0 "
    '"GET https://api.example:443/v1/a HTTP/2.0" "ua" ECDHE TLSv1.2 arn:aws:x:eu:1:targetgroup/api/1 '
    '"Root=1-2-1" "api.example" "arn:x" 0 2026-05-15T06:41:30.050000Z "forward" "-" "-" "10.0.0.2:80" "-" "-" "-"'
)
TAKEN = '10.0.0.1:5000 [15/May/2026:10:00:00.000] web~ api/s1 0/0/1/4/5 200 117 - - {} 1/1/1/1/0 0/0 "GET /a HTTP/1.1"'
FIELDS = "#Fields: date time cs-method cs-uri-stem sc-status {} time-taken"
WINDOWS = FIELDS.format("sc-win32-status") + "\n2026-05-15 10:00:00 GET /a 200 {} 5"
FRONT = FIELDS.format("x-edge-detailed-result-type") + "\n2026-05-15\t10:00:00\tGET\t/a\t{}\t0.5"
LOGGED = {"time": "2026-05-15T10:00:00Z"}
URL = "https://a.example/a"
MANAGED = {
    **LOGGED, "category": "GatewayLogs",
    "properties": {"method": "GET", "url": URL, "responseCode": 200, "lastError": {"reason": "?"}},
}  # fmt: skip
DOOR = {
    **LOGGED, "category": "FrontDoorAccessLog",
    "properties": {"httpMethod": "GET", "requestUri": URL, "httpStatusCode": "200", "errorInfo": "?"},
}  # fmt: skip
BALANCED = {
    "timestamp": LOGGED["time"], "insertId": "?", "jsonPayload": {"statusDetails": "?"},
    "httpRequest": {"requestMethod": "GET", "requestUrl": URL, "status": 200},
}  # fmt: skip
SPREAD = {
    "client_received_start_timestamp": 1778840000000, "request_verb": "GET", "proxy_basepath": "/a",
    "response_status_code": 400, "ax_edge_execution_fault_code": "messaging.adaptors.http.flow.?",
}  # fmt: skip
METRIC = {
    "@timestamp": LOGGED["time"],
    "http-method": 3,
    "uri": "/a",
    "gateway": "g",
    "status": 500,
    "error-key": "?",
}
ANALYTICS = {
    "api_id": "a",
    "timestamp": LOGGED["time"],
    "path": "/a",
    "response_code": 500,
    "response_flag": "?",
}
START = {
    "start_time": LOGGED["time"],
    "method": "GET",
    "path": "/a",
    "response_code": 200,
    "response_flags": "?",
}
EDGE = {"EdgeStartTimestamp": LOGGED["time"], "ClientRequestURI": "/a", "EdgeResponseStatus": "?"}
PLUGIN = {"started_at": 1778840000000, "request": {"uri": "/a"}, "response": {"status": "?"}, "latencies": {}}


def said(source: Source, document: object, *words: str) -> Iterator[tuple[Source, str]]:
    """Yield the lines in which a gateway says each of its words, in the place of the question mark."""
    for word in words:
        plain = (
            document.format(word) if isinstance(document, str) else json.dumps(document).replace("?", word)
        )
        yield source, plain


WORDS = (
    *((nginx.SOURCE, line("/a", status=status)) for status in (408, 460, 499, 504)),
    *said(aws_load_balancer.SOURCE, ALB, "-1 -1 460 -", "-1 -1 504 -"),
    *said(haproxy.SOURCE, TAKEN, "cD--", "CD--", "sH--"),
    (haproxy.SOURCE, TAKEN.format("SC--").replace(" 200 ", " -1 ")),
    *said(iis.SOURCE, WINDOWS, "64", "1236", "121"),
    *said(cloudfront.SOURCE, FRONT, "200\tClientCommError", "000\tClientHungUpRequest"),
    *said(azure_api_management.SOURCE, MANAGED, "ClientConnectionFailure", "Timeout"),
    *said(azure_front_door.SOURCE, DOOR, "ClientDisconnected", "OriginTimeout"),
    *said(google_cloud.SOURCE, BALANCED, "client_disconnected_after_partial_response", "backend_timeout"),
    *said(apigee.SOURCE, SPREAD, "RequestTimeOut", "GatewayTimeout"),
    *said(gravitee.SOURCE, METRIC, "CLIENT_ABORTED_DURING_RESPONSE_ERROR", "REQUEST_TIMEOUT"),
    *said(tyk.SOURCE, ANALYTICS, "CDC", "URT"),
    *said(envoy.SOURCE, START, "DC", "URX,UT", "DownstreamRemoteReset"),
    *said(cloudflare.SOURCE, EDGE, "499", "522", "0"),
    *said(kong.SOURCE, PLUGIN, "-1", "499"),
)


def test_a_call_that_never_completed_is_one_outcome(tmp_path: Path) -> None:
    """Whoever waited in vain, and whoever left, whatever the gateway calls it."""
    with admission(tmp_path, now=LATER) as at:
        for number, (source, text) in enumerate(WORDS):
            assert at.admit(text.split("\n"), source, name=f"{number}").landed == 1, text
        told = at.rows("SELECT source, outcome FROM calls WHERE outcome <> 'timeout' OR status < 0")
        assert [WORDS[int(str(number))][1] for number, _ in told] == []


def test_apache_says_that_the_connection_was_aborted(tmp_path: Path) -> None:
    """By %X, beside a status of success."""
    with admission(tmp_path) as at:
        form = {"log_format": '%h %l %u %t "%r" %>s %b %X'}
        lines = [f'1.2.3.4 - - [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 5 {sign}' for sign in "X+-"]
        at.admit(lines, apache.SOURCE, options=form)
        assert at.rows("SELECT outcome, count(*) FROM calls GROUP BY ALL ORDER BY ALL") == [
            ("success", 2),
            ("timeout", 1),
        ]


def test_an_upgraded_connection_counts_and_has_no_latency(tmp_path: Path) -> None:
    """Ninety-five calls of 20 ms, six sockets of half an hour: their lifetime is kept apart."""
    with admission(tmp_path) as at:
        call = '192.0.2.1 - - [10/Oct/2025:10:{:02}:{:02} +0000] "GET /v1/{} HTTP/1.1" {} 5 "-" "x" {}'
        calls = [call.format(n // 60, n % 60, "a", 200, "0.020") for n in range(95)]
        sockets = [call.format(n + 5, 0, "ws", 101, "1800.000") for n in range(6)]
        counts = at.admit([*calls, *sockets])
        assert (
            "6 upgraded or streaming connections count as calls; their lifetime is no latency" in counts.notes
        )
        assert at.rows(
            "SELECT count(*), count(latency_ms), max(latency_ms), min(latency_bucket) FROM calls"
        ) == [(101, 95, 20.0, 152)]
        assert at.value("SELECT sum(calls) FROM latency_by_day") == 95
        assert at.rows("SELECT DISTINCT attributes FROM calls WHERE status = 101") == [
            ('{"lifetime_ms":1800000.0}',)
        ]
        tunnel = line("api.example:443", method="CONNECT") + " 9.000"
        at.admit([tunnel])
        assert at.rows("SELECT outcome, latency_ms FROM calls WHERE method = 'CONNECT'") == [
            ("success", None)
        ]


def test_a_stream_that_the_log_marks_has_no_latency(tmp_path: Path) -> None:
    """A socket of a load balancer, events that are sent as they come."""
    with admission(tmp_path, now=LATER) as at:
        at.admit(
            [ALB.format("0.010 0.001 101 101").replace("https 2026", "wss 2026")], aws_load_balancer.SOURCE
        )
        form = {
            "log_format": '$remote_addr - - [$time_local] "$request" $status $request_time "$sent_http_content_type"'
        }
        text = (
            '1.2.3.4 - - [10/Oct/2025:13:55:36 +0000] "GET /events HTTP/1.1" 200 90.000 "text/event-stream"'
        )
        at.admit([text, text.replace("text/event-stream", "application/json")], options=form)
        assert at.rows("SELECT path, latency_ms, attributes ->> 'lifetime_ms' FROM calls ORDER BY ALL") == [
            ("/events", 90_000.0, None),
            ("/events", None, "90000.0"),
            ("/v1/a", None, "60001.646"),
        ]
