"""How are Google Cloud's request logs read: those of load balancers, and of API Gateway and Endpoints (ESPv2)?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from firstcall.errors import UnknownName
from firstcall.literals import quoted, quoted_all
from firstcall.sources.parsing.call_columns import OWN_ID, address, count, first, host_of, select, status
from firstcall.sources.parsing.durations import duration
from firstcall.sources.parsing.grpc import by_shape, judged
from firstcall.sources.parsing.json_log import objects
from firstcall.sources.parsing.moments import moment
from firstcall.sources.parsing.object_log import SAMPLED, fields, refusal, sampled, shape_at, values_at
from firstcall.sources.parsing.outcomes import GOOGLE, gateway_made, timed_out_by_status
from firstcall.sources.secrets import credential, secret
from firstcall.sources.source import Conformed, Option, Source, Variant


def _http(*names: str) -> tuple[str, ...]:
    return tuple(
        f"$.{root}.{name}" for root, name in zip(("httpRequest", "http_request"), names, strict=True)
    )


PLACES = {
    "began": ("$.timestamp",), "code": (*_http("status", "status"), "$.jsonPayload.http_status_code",
                                        "$.jsonPayload.http_response_code"),
    "verb": (*_http("requestMethod", "request_method"), "$.jsonPayload.http_method"),
    "url": (*_http("requestUrl", "request_url"), "$.jsonPayload.url"),
    "total": _http("latency", "latency"), "total_ms": ("$.jsonPayload.request_latency_in_ms",),
    "received": (*_http("requestSize", "request_size"), "$.jsonPayload.request_size_in_bytes"),
    "sent": (*_http("responseSize", "response_size"), "$.jsonPayload.response_size_in_bytes"),
    "ip": _http("remoteIp", "remote_ip"), "agent": _http("userAgent", "user_agent"),
    "entry": ("$.insertId", "$.insert_id"), "trace": ("$.trace",), "span": ("$.spanId", "$.span_id"),
    "details": ("$.jsonPayload.statusDetails",), "detail": ("$.jsonPayload.response_code_detail",),
    "agent_name": ("$.jsonPayload.service_agent",), "kind": ("$.resource.type",),
    "balanced": ("$.resource.labels.backend_service_name", "$.resource.labels.url_map_name"),
    "api": ("$.jsonPayload.api_name",), "operation": ("$.jsonPayload.api_method",),
    "api_version": ("$.jsonPayload.api_version",), "project": ("$.resource.labels.project_id",),
    "number": ("$.jsonPayload.consumer_number", "$.labels.consumer_number", "$.resource.labels.consumer_number"),
    "api_key": ("$.jsonPayload.api_key",), "key_state": ("$.jsonPayload.api_key_state",),
    "claims": ("$.jsonPayload.jwt_payloads",), "headers": ("$.jsonPayload.request_headers",),
    "grpc": ("$.jsonPayload.grpc_status_code",),
}  # fmt: skip
BACKEND_MADE = ("response_sent_by_backend", "response_from_cache", "response_from_cache_validated")
GONE = ("client_disconnected_before_any_response",)
UPGRADED = "websocket_closed"
ROUTES = ("operation", "path")


def recognise(lines: Sequence[str]) -> str | None:
    """Return why the lines are Google Cloud's, None when nothing says so."""
    for item in objects(lines):
        payload = item.get("jsonPayload")
        if "insertId" in item and ("httpRequest" in item or "http_request" in item):
            return "the entries have insertId and httpRequest"
        if isinstance(payload, dict) and "api_key_state" in payload:
            return "the entries have api_key_state"
    return None


def _consumer(options: Mapping[str, str]) -> str:
    """Return the caller's project, else the key, else a header or claim that the user named and ESPv2 logged."""
    chosen = options.get("consumer")
    verified = "CASE WHEN coalesce(key_state, 'VERIFIED') = 'VERIFIED' THEN api_key END"
    known = f"number, {secret(verified)}"
    if not chosen:
        return f"coalesce({known})"
    # the name stands inside a pattern
    name = re.sub(r"[^\w.-]", "", chosen).replace(".", "[.]")
    pattern = quoted(f'(?i)(?:^|[;{{,])\\s*"?{name}"?\\s*[=:]\\s*"?([^;",}}]*)')
    found = ", ".join(f"nullif(regexp_extract({place}, {pattern}, 1), '')" for place in ("claims", "headers"))
    own = f"coalesce({found})"
    return f"coalesce({credential(chosen, own)}, {known})"


def _variant(found: Sequence[Mapping[str, object]]) -> tuple[str, str]:
    if values_at(found, [*PLACES["agent_name"], "$.jsonPayload.api_key_state", *PLACES["operation"]]):
        return "espv2", "the payload is that of an endpoints_log"
    return "load-balancer", "the entries have httpRequest"


PLAIN = {
    "method": "verb",
    "path": "url",
    "host": host_of("url"),
    "latency_ms": first((duration("total", "s"), "TRY_CAST(total_ms AS DOUBLE)")),
    "request_bytes": count("received"),
    "response_bytes": count("sent"),
    "product": first(("api", "balanced")),
    "version": "api_version",
    "stage": "project",
    "client_ip": address("ip"),
    "user_agent": "agent",
    "request_id": "entry",
    "event_id": OWN_ID,
    "trace_id": "CASE WHEN trace IS NOT NULL THEN regexp_extract(trace, '([^/]+)$', 1) "
    "|| coalesce(':' || span, '') END",
    "content": "line",
    "refusal": refusal("code IS NULL AND verb IS NULL AND url IS NULL"),
}
"""What is taken as every variant has it."""


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the file: the entry's timestamp is the start, latency is a duration as text."""
    found = objects(lines)
    if (chosen := options.get("route", "operation")) not in ROUTES:
        raise UnknownName("route of Google Cloud", chosen, ROUTES)
    rate, notes = sampled(options)
    code = status("code")
    own = f"details NOT IN ({quoted_all(BACKEND_MADE)})"
    values = {
        **PLAIN,
        "time": moment("began", shape_at(found, PLACES["began"])),
        "status": f"CASE WHEN code IS NULL AND details IN ({quoted_all(GONE)}) THEN 0 ELSE {code} END",
        "timed_out": f"CASE WHEN details IN ({quoted_all(GOOGLE)}) THEN true "
        f"ELSE {timed_out_by_status(code)} END",
        "error_code": f"coalesce(CASE WHEN {own} THEN details END, "
        f"CASE WHEN {code} >= 400 AND detail <> 'via_upstream' THEN detail END, "
        f"{gateway_made('agent_name IS NOT NULL AND api IS NULL', code, 'espv2')})",
        "consumer": _consumer(options),
        "streamed": f"CASE WHEN details = '{UPGRADED}' THEN true END",
    }
    path = "regexp_replace(url, '^[a-z]+://[^/]*', '')"
    values = judged({**values, "path": path}, "grpc", by_shape("NULL", "grpc", "verb", path, "agent")) | {
        "path": "url"
    }
    if chosen == "operation":
        values["route"] = first(("operation", values["route"]))
    if rate:
        values["weight"] = rate
    variant, why = _variant(found)
    return Conformed(select(fields(PLACES), values), variant, why, notes, ids=True, expands=True)


SOURCE = Source(
    name="google-cloud",
    title="Google Cloud (load balancer, API Gateway, Endpoints)",
    fills="calls",
    needs="Log entries as JSON, one a line or in an array; entries without a request are left out.",
    identity="ESPv2: the consumer's project, else the API key, stored hashed, when it was verified; the option "
    "consumer names a logged header or claim. A load balancer names nobody.",
    call_id="insertId, which is the log's own.",
    certainty="Fields read in the vendor's documents and ESPv2's source, and the samples are built from them. That an "
    "entry's timestamp is the start, and the list of statusDetails, are defaults to check.",
    reads="lines",
    variants=(
        Variant("load-balancer", "HTTP(S) load balancers: no consumer, statusDetails say who answered."),
        Variant("espv2", "API Gateway and Endpoints: endpoints_log with the API's operation."),
    ),
    options=(
        Option("consumer", "Request header or claim, logged by ESPv2, that names the consumer."),
        Option("route", "operation: the API's method; path: as other gateways, by the path.", "operation"),
        SAMPLED,
    ),
    conform=conform,
    recognise=recognise,
)
