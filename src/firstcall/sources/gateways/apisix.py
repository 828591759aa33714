"""How are APISIX's loggers and its access log read: the default object, keys of one's own, or text?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from firstcall.sources.parsing.call_columns import (
    address,
    count,
    event_stream,
    first,
    host_of,
    milliseconds,
    named_by_client,
    select,
    status,
)
from firstcall.sources.parsing.grpc import by_header, judged
from firstcall.sources.parsing.json_log import looks_like_json, objects
from firstcall.sources.parsing.moments import moment
from firstcall.sources.parsing.object_log import fields, header, one, refusal, shape_at, traced
from firstcall.sources.parsing.outcomes import gateway_made, timed_out_by_status
from firstcall.sources.parsing.text_log import OPTIONS, Preset, looks_like, text_conformed
from firstcall.sources.source import Conformed, Source, Variant

PLACES = {
    "began": ("$.start_time",), "code": ("$.response.status",), "verb": ("$.request.method",),
    "uri": ("$.request.uri",), "url": ("$.request.url",), "total": ("$.latency",), "upstream": ("$.upstream_latency",),
    "received": ("$.request.size",), "sent": ("$.response.size",), "caller": ("$.consumer.username",),
    "service": ("$.service_id",), "route_id": ("$.route_id",), "ip": ("$.client_ip",),
    "agent": header("User-Agent"), "hosted": header("Host"), "trace": header("traceparent"),
    "content": header("Content-Type"), "answer": header("Content-Type", of="$.response.headers"),
    "grpc": header("grpc-status", of="$.response.headers"),
    "request": header("X-Request-Id"), "own": header("X-APISIX-Request-Id", of="$.response.headers"),
}  # fmt: skip

SYNONYMS = {
    "apisix_request_id": "request_id", "start_time": "epoch_ms", "route_id": "route_id", "service_id": "service",
    "upstream_latency": "upstream_ms", "latency": "latency_ms", "consumer_name": "consumer", "http_host": "host",
}  # fmt: skip
"""Variables and keys of APISIX → the names that every access log shares."""

APPENDED = {"service_id", "upstream_latency", "start_time", "@timestamp"}
"""What stands beside route_id: a log_format of one's own has its keys, to which the loggers add the two ids."""
NEVER = re.compile(r"(?!)")

TEXT = Preset(
    "access.log",
    "The access log as nginx writes it in APISIX.",
    '$remote_addr - $remote_user [$time_local] $http_host "$request" $status $body_bytes_sent $request_time '
    '"$http_referer" "$http_user_agent" $upstream_addr $upstream_status $upstream_response_time '
    '"$upstream_scheme://$upstream_host$upstream_uri" "$apisix_request_id"',
)


def _is_default(found: Sequence[Mapping[str, object]]) -> bool:
    return any(isinstance(item.get("request"), dict) and "response" in item for item in found)


def recognise(lines: Sequence[str]) -> str | None:
    """Return why the lines are APISIX's, None when nothing says so."""
    for item in objects(lines):
        if {"apisix_latency", "apisix_request_id"} & item.keys():
            return "the objects have apisix_latency or apisix_request_id"
        if found := sorted(APPENDED & item.keys()) if "route_id" in item else []:
            return f"the objects have route_id and {', '.join(found)}"
        if _is_default([item]) and {"start_time", "latency", "client_ip"} <= item.keys():
            return "the objects have request, response, start_time and latency"
    return looks_like((TEXT,), lines, NEVER, SYNONYMS)


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the file: start_time is the start, latencies are milliseconds."""
    found = objects(lines)
    if "log_format" in options or (found and not _is_default(found)) or not looks_like_json([*lines, "{"]):
        return text_conformed((TEXT,), lines, options, ends=True, synonyms=SYNONYMS)
    code = status("code")
    values = {
        "time": moment("began", shape_at(found, PLACES["began"], "ms")),
        "status": code,
        "method": "verb",
        "path": first(("uri", "url")),
        "latency_ms": milliseconds("total", "ms"),
        "upstream_ms": milliseconds("upstream", "ms"),
        "request_bytes": count("received"),
        "response_bytes": count("sent"),
        "consumer": "caller",
        "product": "service",
        "timed_out": timed_out_by_status(code),
        "error_code": gateway_made("upstream IS NULL", code, "apisix"),
        "host": first((one("hosted"), host_of("url"))),
        "client_ip": address("ip"),
        "user_agent": one("agent"),
        "request_id": first((one("own"), one("request"))),
        "event_id": f"CASE WHEN own IS NULL THEN {named_by_client(one('request'))} END",
        "trace_id": traced(one("trace")),
        "streamed": event_stream(one("answer")),
        "content": "line",
        "refusal": refusal(),
    }
    values = judged(values, one("grpc"), by_header(one("content"), "grpc"))
    return Conformed(
        select(fields(PLACES), values),
        "default",
        "the objects have request and response",
        ids=True,
        expands=True,
    )


SOURCE = Source(
    name="apisix",
    title="Apache APISIX (http-logger, file-logger, kafka-logger, access.log)",
    fills="calls",
    needs="What a logger plugin writes or posts, one object or array a line, or the access log.",
    identity="consumer.username; absent when the caller was anonymous.",
    call_id="The answer's X-APISIX-Request-Id or apisix_request_id, which are its own; X-Request-Id only "
    "with its line.",
    certainty="The default object and the access log read in the project's source; the samples are built from it. "
    "Keys of one's own are known by their names. A failure without upstream latency counts as APISIX's own.",
    reads="lines",
    variants=(
        Variant("default", "The loggers' default object, alone or in arrays."),
        Variant("json", "A log_format of one's own as JSON, known by its keys."),
        TEXT.variant,
    ),
    options=OPTIONS,
    conform=conform,
    recognise=recognise,
)
