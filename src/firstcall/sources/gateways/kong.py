"""How are Kong's file-log and http-log read: one JSON object a line, or an array of them?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from firstcall.errors import UnknownName
from firstcall.sources.parsing.call_columns import (
    BLANK,
    NOT_AN_OBJECT,
    address,
    count,
    event_stream,
    first,
    given,
    host_of,
    milliseconds,
    named_by_client,
    select,
    status,
)
from firstcall.sources.parsing.grpc import judged
from firstcall.sources.parsing.json_log import extracted, objects
from firstcall.sources.parsing.moments import moment
from firstcall.sources.parsing.object_log import which_id
from firstcall.sources.parsing.outcomes import gateway_made
from firstcall.sources.source import Conformed, Source, Variant

PATHS = {
    "started": "$.started_at", "status": "$.response.status", "method": "$.request.method",
    "id": "$.request.id", "header_id": '$.request.headers."x-kong-request-id"',
    "uri": "$.request.uri", "old_uri": "$.request.request_uri", "url": "$.request.url",
    "total": "$.latencies.request", "proxy": "$.latencies.proxy",
    "sent": "$.response.size", "received": "$.request.size",
    "custom": "$.consumer.custom_id", "username": "$.consumer.username", "consumer": "$.consumer.id",
    "entity": "$.authenticated_entity.consumer_id", "credential": "$.authenticated_entity.id",
    "service": "$.service.name", "api": "$.api.name", "service_id": "$.service.id",
    "workspace": "$.workspace_name", "ip": "$.client_ip", "agent": '$.request.headers."user-agent"',
    "host": "$.request.headers.host", "by": "$.source", "trace": "$.trace_id.w3c",
    "correlation": "$.correlation_id", "old_workspace": "$.workspace", "protocol": "$.service.protocol",
    "content": '$.request.headers."content-type"', "answer": '$.response.headers."content-type"',
    "grpc": '$.response.headers."grpc-status"',
}  # fmt: skip
"""Name → where it stands; the older places of 0.10 are kept."""

IDENTITIES = {
    "custom_id": ("custom", "username", "consumer", "entity", "credential"),
    "username": ("username", "custom", "consumer", "entity", "credential"),
    "consumer_id": ("consumer", "entity", "custom", "username", "credential"),
    "credential_id": ("credential", "consumer", "custom", "username"),
}


def _called(at: Mapping[str, str]) -> str:
    """Return whether a method of a gRPC service was called: what the service is, else what was sent."""
    by_service = f"coalesce({at['protocol']} IN ('grpc', 'grpcs'), false)"
    return f"({by_service} OR starts_with({at['content']}, 'application/grpc'))"


def _variant(lines: Sequence[str]) -> tuple[str, str]:
    if any(line.lstrip().startswith("[") for line in lines):
        return "http-log", "the lines hold arrays of objects"
    return "file-log", "one object a line"


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the file: started_at is the start, latencies are milliseconds, -1 was not proxied."""
    relation, at = extracted(PATHS)
    if (chosen := options.get("consumer", "custom_id")) not in IDENTITIES:
        raise UnknownName("consumer id of Kong", chosen, IDENTITIES)
    order = IDENTITIES[chosen]
    by_header = first(given(at[name]) for name in ("header_id", "correlation"))
    several = f"starts_with({at['agent']}, '[') AND json_valid({at['agent']})"
    agent = f"CASE WHEN {several} THEN json_extract_string({at['agent']}, '$[0]') ELSE {at['agent']} END"
    # before 3.6 nothing says who answered; a call that was never proxied has no upstream time
    made = f"coalesce({at['by']}, CASE WHEN {at['proxy']} = '-1' THEN 'kong' END) = 'kong'"
    values = {
        "time": moment(at["started"], "ms"),
        "status": status(at["status"]),
        "method": given(at["method"]),
        "path": first(given(at[name]) for name in ("uri", "old_uri", "url")),
        "request_id": first(given(at[name]) for name in ("id", "header_id", "correlation")),
        # Kong's own id since 3.5; what came in a header is the client's word
        "event_id": f"CASE WHEN {given(at['id'])} IS NULL THEN {named_by_client(by_header)} END",
        "latency_ms": milliseconds(at["total"], "ms"),
        "upstream_ms": milliseconds(at["proxy"], "ms"),
        "request_bytes": count(at["received"]),
        "response_bytes": count(at["sent"]),
        "consumer": first(given(at[name]) for name in order),
        "product": first(given(at[name]) for name in ("service", "api", "service_id")),
        "stage": first(given(at[name]) for name in ("workspace", "old_workspace")),
        "host": first((given(at["host"]), host_of(at["url"]))),
        "client_ip": address(given(at["ip"])),
        "user_agent": given(agent),
        "trace_id": given(at["trace"]),
        "error_code": gateway_made(made, f"TRY_CAST({at['status']} AS INTEGER)", "kong"),
        "streamed": f"{event_stream(at['answer'])} OR {at['protocol']} IN ('ws', 'wss')",
        "content": "line",
        "refusal": f"CASE WHEN matched THEN NULL WHEN coalesce(trim(line) IN ('', '[]'), true) THEN '{BLANK}' "
        f"ELSE '{NOT_AN_OBJECT}' END",
    }
    values = judged(values, at["grpc"], _called(at))
    variant, why = _variant(lines)
    return Conformed(select(relation, values), variant, why, ids=True, expands=True)


def recognise(lines: Sequence[str]) -> str | None:
    """Return why the lines look like Kong's log."""
    for row in objects(lines):
        own = [key for key in ("latencies", "started_at", "service", "route", "api", "tries") if key in row]
        if "latencies" in own and len(own) > 1 and "request" in row:
            return f"JSON with {', '.join(own)}"
    return None


SOURCE = Source(
    name="kong",
    title="Kong Gateway (file-log, http-log)",
    fills="calls",
    needs="What the file-log plugin writes, or the bodies that http-log sends, one a line.",
    identity="consumer.custom_id, else username, else the consumer's id, else the credential's.",
    call_id="request.id, which is Kong's own since 3.5; a correlation id or X-Kong-Request-Id only with "
    "its line.",
    certainty="Read in the vendor's source and documents.",
    reads="lines",
    variants=(
        Variant("file-log", "One JSON object a line."),
        Variant("http-log", "An array of objects a line, as sent in batches."),
    ),
    options=(which_id(IDENTITIES),),
    conform=conform,
    recognise=recognise,
)
