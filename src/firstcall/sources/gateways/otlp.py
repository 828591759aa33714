"""How are OpenTelemetry's traces and logs (OTLP/JSON) read: server spans, by their old and their stable names?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from firstcall.literals import quoted, quoted_all
from firstcall.sources.parsing.call_columns import (
    BLANK,
    NOT_AN_OBJECT,
    address,
    count,
    event_stream,
    first,
    given,
    select,
    status,
)
from firstcall.sources.parsing.grpc import by_shape, judged
from firstcall.sources.parsing.json_log import objects, relation
from firstcall.sources.parsing.moments import moment
from firstcall.sources.parsing.object_log import SAMPLED, sampled
from firstcall.sources.parsing.outcomes import otel_timed_out
from firstcall.sources.secrets import credential, secret
from firstcall.sources.source import REAL, Conformed, Option, Source, Variant

ATTRIBUTES = {
    "verb": ("http.request.method", "http.method"), "verb_original": ("http.request.method_original",),
    "code": ("http.response.status_code", "http.status_code"),
    "uri": ("url.path", "http.target", "url.full", "http.url"), "template": ("http.route",),
    "hosted": ("server.address", "http.host", "net.host.name"),
    "ip": ("client.address", "http.client_ip", "net.sock.peer.addr", "net.peer.ip", "network.peer.address"),
    "agent": ("user_agent.original", "http.user_agent"), "synthetic": ("user_agent.synthetic.type",),
    "received": ("http.request.body.size", "http.request.size", "http.request_content_length"),
    "sent": ("http.response.body.size", "http.response.size", "http.response_content_length", "http.wrote_bytes"),
    "error": ("error.type",), "grpc": ("rpc.grpc.status_code",),
    "answered": ("rpc.response.status_code", "rpc.connect_rpc.error_code"),
    "system": ("rpc.system.name", "rpc.system"), "rpc_service": ("rpc.service",), "rpc_method": ("rpc.method",),
    "content": ("http.request.header.content-type", "http.request.header.content_type"),
    "answer": ("http.response.header.content-type", "http.response.header.content_type"),
    "protocol": ("network.protocol.name", "net.protocol.name"),
    "person": ("user.id", "enduser.id"), "client": ("client.id",),
    "api_key": ("http.request.header.x-api-key", "http.request.header.x_api_key"),
    "request": ("http.request.header.x-request-id", "http.request.header.x_request_id"),
}  # fmt: skip
"""Name → attributes, the stable name first."""
RESOURCE = {
    "service": ("service.name",), "version": ("service.version",),
    "env": ("deployment.environment.name", "deployment.environment"),
}  # fmt: skip
SPAN = {
    "trace": "$.traceId", "span": "$.spanId", "kind": "$.kind", "title": "$.name",
    "began": "$.startTimeUnixNano", "ended": "$.endTimeUnixNano",
    "logged": "$.timeUnixNano", "observed": "$.observedTimeUnixNano", "state": "$.traceState",
    "failed": "$.status.code",
}  # fmt: skip
SERVER = ("2", "SPAN_KIND_SERVER")
FAILED = ("2", "STATUS_CODE_ERROR")
RAISED = f"CASE WHEN verb IS NOT NULL AND failed IN {FAILED} THEN 500 END"
"""Of a call that ended in an exception some instrumentations see no status: the server answers 500 around them."""
HELD = ("resourceSpans", "resourceLogs")
INNER = {
    "resourceSpans": (("scopeSpans", "spans"), ("instrumentationLibrarySpans", "spans")),
    "resourceLogs": (("scopeLogs", "logRecords"), ("instrumentationLibraryLogs", "logRecords")),
}


def spans(value: Any) -> Iterable[Any]:  # noqa: ANN401 - a parsed JSON document
    """Return one document per span or log record, each with its resource; other documents as they are."""
    if not isinstance(value, dict) or not any(outer in value for outer in HELD):
        return [value]
    return [
        {outer: [{"resource": held.get("resource"), scopes: [{leaf: [item]}]}]}
        for outer in HELD
        for held in value.get(outer) or ()
        for scopes, leaf in INNER[outer]
        for scope in held.get(scopes) or ()
        for item in scope.get(leaf) or ()
    ]


def recognise(lines: Sequence[str]) -> str | None:
    """Return why the lines are OTLP's, None when nothing says so."""
    held = next((outer for item in objects(lines) for outer in HELD if outer in item), None)
    return f"the documents have {held}" if held else None


def _listed(place: str, path: str) -> str:
    return f"coalesce(CAST(json_extract({place}, '{path}') AS VARCHAR[]), [])"


def _expanded() -> str:
    """Return (line, resource, item): one row per span or log record, one with a null item for what has none."""
    outer = " || ".join(_listed("doc", f"$.{name}[*]") for name in HELD)
    items = " || ".join(
        _listed("held", f"$.{scopes}[*].{leaf}[*]") for pairs in INNER.values() for scopes, leaf in pairs
    )
    resources = f"SELECT line, doc, unnest(CASE WHEN len({outer}) = 0 THEN [NULL] ELSE {outer} END) AS held"
    return (
        "SELECT line, doc, json_extract(held, '$.resource') AS resource, "
        f"unnest(CASE WHEN len({items}) = 0 THEN [NULL] ELSE {items} END) AS item "
        f"FROM ({resources} FROM ({relation()}))"
    )


def _value(keys: str, values: str, names: Sequence[str]) -> str:
    """Return the first attribute that is there, its value as text whatever its type; the first of an array."""
    found = (f"{values}[list_position({keys}, {quoted(name)})]" for name in names)
    return first(given(_plain(value)) for value in found)


def _plain(value: str) -> str:
    kinds = ("stringValue", "intValue", "doubleValue", "boolValue", "arrayValue.values[0].stringValue")
    listed = quoted_all(f"$.{kind}" for kind in kinds)
    return f"list_filter(json_extract_string({value}, [{listed}]), lambda one: one IS NOT NULL)[1]"


def _relation(own: str | None) -> str:
    """Return one row per item with a column per name: the span's fields, its attributes, its resource's."""
    pairs = ", ".join(
        f"{_listed(place, f'$.attributes[*].{part}')} AS {name}_{part}"
        for name, place in (("a", "item"), ("r", "resource"))
        for part in ("key", "value")
    ).replace("json_extract(item, '$.attributes[*].key')", "json_extract_string(item, '$.attributes[*].key')")
    pairs = pairs.replace(
        "json_extract(resource, '$.attributes[*].key')",
        "json_extract_string(resource, '$.attributes[*].key')",
    )
    paths = quoted_all(SPAN.values())
    fields = ", ".join(f"v[{n}] AS {name}" for n, name in enumerate(SPAN, 1))
    named = {name: _value("a_key", "a_value", keys) for name, keys in ATTRIBUTES.items()}
    named |= {name: _value("r_key", "r_value", keys) for name, keys in RESOURCE.items()}
    named["own"] = (
        credential(own, first((_value("a_key", "a_value", (own,)), _value("r_key", "r_value", (own,)))))
        if own
        else "NULL"
    )
    columns = ", ".join(f"{expression} AS {name}" for name, expression in named.items())
    return (
        f"SELECT line, doc, item, {fields}, {columns} FROM (SELECT *, json_extract_string(item, [{paths}]) AS v, "
        f"{pairs} FROM ({_expanded()}))"
    )


RPC = (
    "coalesce(system IN ('grpc', 'connect_rpc'), "
    f"{by_shape('content', 'grpc', 'verb', 'uri', 'agent')} OR (verb IS NULL AND grpc IS NOT NULL))"
)
CALLED = (
    "CASE WHEN contains(rpc_method, '/') THEN '/' || ltrim(rpc_method, '/') "
    "WHEN rpc_method IS NOT NULL AND rpc_service IS NOT NULL THEN '/' || rpc_service || '/' || rpc_method "
    "WHEN contains(title, '/') THEN '/' || ltrim(title, '/') END"
)
"""The path of a call of a method, which spans name by its parts or by their own name."""
PLAIN = {
    "status": f"coalesce({status('code')}, CASE WHEN {RPC} AND failed IN {FAILED} THEN 500 WHEN {RPC} THEN 200 END, "
    f"{RAISED})",
    "timed_out": otel_timed_out("error"),
    "error_code": "CASE WHEN error NOT IN (coalesce(code, ''), coalesce(grpc, ''), coalesce(answered, '')) "
    "THEN error END",
    "method": "CASE WHEN verb = '_OTHER' THEN coalesce(verb_original, verb) "
    f"WHEN verb IS NULL AND {RPC} THEN 'POST' ELSE verb END",
    "path": f"coalesce(uri, CASE WHEN {RPC} THEN {CALLED} END)",
    "host": "hosted",
    "request_bytes": count("received"),
    "response_bytes": count("sent"),
    "consumer": first(("own", "person", "client", secret("api_key"))),
    "traffic_class": "CASE synthetic WHEN 'bot' THEN 'bot' WHEN 'test' THEN 'synthetic' END",
    "product": "service",
    "version": "version",
    "stage": "env",
    "client_ip": address("ip"),
    "user_agent": "agent",
    "request_id": "request",
    "event_id": "lower(trace) || ':' || lower(span)",
    "trace_id": "lower(trace) || coalesce(':' || lower(span), '')",
    "streamed": f"protocol = 'websocket' OR {event_stream('answer')}",
    "content": "coalesce(CAST(item AS VARCHAR), line)",
}
"""What is taken as every variant has it."""


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the documents: a span's start is the call's, what is no server span is left out."""
    own = options.get("consumer")
    rate, notes = sampled(options)
    span_at, log_at = moment("began", "ns"), moment("coalesce(nullif(logged, '0'), observed)", "ns")
    is_call = f"kind IN {SERVER} OR (kind IS NULL AND began IS NULL AND code IS NOT NULL)"
    threshold = "regexp_extract(state, '(?:^|,)ot=(?:[^,]*;)?th:([0-9a-f]{1,14})', 1)"
    kept = f"CASE WHEN {threshold} <> '' THEN CAST('0x' || rpad({threshold}, 14, '0') AS BIGINT) END"
    share = f"(1 - {kept} / 72057594037927936.0)"
    route = "CASE WHEN starts_with(template, '/') THEN template END"
    values = {
        **PLAIN,
        "time": first((span_at, log_at)),
        "route": route,
        "latency_ms": f"epoch_us({moment('ended', 'ns')} - {span_at}) / 1000.0",
        "weight": rate or f"CASE WHEN {share} > 0 AND {share} < 1 THEN 1 / {share} END",
        "refusal": f"CASE WHEN doc IS NULL AND coalesce(trim(line) NOT IN ('', '[]'), false) THEN '{NOT_AN_OBJECT}' "
        f"WHEN item IS NULL OR NOT coalesce({is_call}, false) THEN '{BLANK}' END",
    }
    values = judged(values, "coalesce(grpc, answered)", RPC)
    logs = any("resourceLogs" in item for item in objects(lines))
    variant = "logs" if logs else "traces"
    why = f"the documents have {'resourceLogs' if logs else 'resourceSpans'}"
    return Conformed(select(_relation(own), values), variant, why, notes, ids=True, expands=True)


SOURCE = Source(
    name="otlp",
    title="OpenTelemetry (OTLP/JSON traces and logs)",
    fills="calls",
    needs="Export requests as JSON, one a line: server spans, or log records with http.* attributes. Spans of "
    "clients and of inner work are left out.",
    identity="The attribute that the option consumer names, else user.id or enduser.id, client.id, else X-Api-Key, "
    "stored hashed.",
    call_id="Trace and span id of the server's span.",
    certainty="Names, stable and old, read in the semantic conventions and the protocol; the samples are built from "
    "them. Which attribute names the consumer is a default to check; log records without http.* attributes are left "
    "out.",
    reads="lines",
    variants=(
        Variant(
            "traces", "ExportTraceServiceRequest: resourceSpans, scopeSpans or instrumentationLibrarySpans."
        ),
        Variant("logs", "ExportLogsServiceRequest: resourceLogs with http.* attributes."),
    ),
    options=(Option("consumer", "Attribute of span or resource that names the consumer."), SAMPLED),
    conform=conform,
    samples=REAL,
    recognise=recognise,
    unpack=spans,
)
