"""How are CloudEvents read whose data is an API call, alone or in batches?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from firstcall.errors import UsageError
from firstcall.literals import quoted_all
from firstcall.sources.parsing.call_columns import (
    address,
    count,
    first,
    given,
    host_of,
    milliseconds,
    select,
    status,
    weight,
)
from firstcall.sources.parsing.grpc import judged
from firstcall.sources.parsing.json_log import objects
from firstcall.sources.parsing.moments import moment, moment_shape
from firstcall.sources.parsing.object_log import Places, fields, opened, refusal, traced, values_at
from firstcall.sources.parsing.outcomes import timed_out_by_status
from firstcall.sources.secrets import secret
from firstcall.sources.source import Conformed, Option, Source, Variant

ENVELOPE: Places = {
    "event": ("$.id",), "origin": ("$.source",), "spec": ("$.specversion",), "kind": ("$.type",),
    "subject": ("$.subject",), "stamped": ("$.time",), "data": ("$.data",), "data64": ("$.data_base64",),
    "parent": ("$.traceparent",),
}  # fmt: skip
KEYS = {
    "began": ("time", "started_at", "timestamp"), "code": ("status", "status_code", "response_code"),
    "verb": ("method", "http_method"), "uri": ("path", "uri", "url"), "template": ("route",),
    "total": ("latency_ms", "duration_ms"), "upstream": ("upstream_ms",),
    "received": ("request_bytes",), "sent": ("response_bytes", "bytes"),
    "caller": ("consumer", "consumer_id", "client_id", "app_id"), "api_key": ("api_key",),
    "product_name": ("product", "service", "api"), "api_version": ("version", "api_version"),
    "env": ("environment", "env", "stage"), "billed": ("units", "tokens"), "hosted": ("host",),
    "ip": ("client_ip", "ip"), "agent": ("user_agent",), "request": ("request_id",), "trace": ("trace_id",),
    "problem": ("error_code",), "weighed": ("weight",), "grpc": ("grpc_status", "grpc_status_code"),
}  # fmt: skip
DATA: Places = {name: tuple(f"$.{key}" for key in keys) for name, keys in KEYS.items()}
TYPES = ("api.call", "api.usage")
CONSUMERS = ("subject", "data")


def recognise(lines: Sequence[str]) -> str | None:
    """Return why the lines are CloudEvents, None when nothing says so."""
    if any({"specversion", "type", "source"} <= item.keys() for item in objects(lines)):
        return "the objects have specversion, type and source"
    return None


def _relation() -> str:
    """Return the envelope's columns and those of its data; a text in `data` is a text and never read again."""
    decoded = "TRY(decode(from_base64(data64)))"
    payload = f"CASE WHEN json_type(doc, '$.data') = 'OBJECT' THEN data WHEN data IS NULL THEN {decoded} END"
    return opened(f"SELECT *, {payload} AS payload FROM ({fields(ENVELOPE)})", "payload", DATA)


def _wanted(options: Mapping[str, str]) -> tuple[str | None, str, tuple[str, ...]]:
    """Return (condition of what is left out, status where the event names none, consumer's order)."""
    types = [part.strip() for part in options.get("type", "").split(",") if part.strip()]
    skipped = f"kind NOT IN ({quoted_all(types)})" if types else None
    assumed = options.get("status", "")
    if assumed and not (assumed.isdecimal() and int(assumed) <= 999):
        raise UsageError(f"The option status={assumed} is no HTTP status. Give a number such as 200.")
    order = {"subject": ("subject", "caller"), "data": ("caller", "subject")}
    if (chosen := options.get("consumer", "subject")) not in order:
        raise UsageError(f"The option consumer={chosen} is unknown. Use {' or '.join(CONSUMERS)}.")
    return skipped, assumed or "NULL", order[chosen]


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the events: the time is that of the data, else the envelope's; source and id are the key."""
    found = objects(lines)
    skipped, assumed, order = _wanted(options)
    shape = moment_shape(values_at(found, [path.replace("$.", "$.data.") for path in DATA["began"]]))
    code = f"coalesce({status('code')}, {assumed})"
    values = {
        "time": first((moment("began", shape), moment("stamped", "iso"))),
        "event_id": "origin || ' ' || event",
        "status": code,
        "timed_out": timed_out_by_status(status("code")),
        "error_code": "problem",
        "method": "verb",
        "path": "uri",
        "route": "template",
        "host": first(("hosted", host_of("uri"))),
        "latency_ms": milliseconds("total", "ms"),
        "upstream_ms": milliseconds("upstream", "ms"),
        "request_bytes": count("received"),
        "response_bytes": count("sent"),
        "consumer": first((*order, secret("api_key"))),
        "product": "product_name",
        "version": "api_version",
        "stage": "env",
        "units": count("billed"),
        "client_ip": address("ip"),
        "user_agent": "agent",
        "request_id": "request",
        "trace_id": first((given("trace"), traced("parent"))),
        "weight": weight("weighed"),
        "content": "line",
        "refusal": refusal(skipped),
    }
    values = judged(values, "grpc", "grpc IS NOT NULL")
    notes = (f"status {assumed} taken where an event names none",) if assumed != "NULL" else ()
    why = "the objects are CloudEvents"
    return Conformed(select(_relation(), values), "structured", why, notes, ids=True, expands=True)


SOURCE = Source(
    name="cloudevents",
    title="CloudEvents 1.0",
    fills="calls",
    needs="Events in structured mode, one a line or in batches, whose data is an object such as method, path (or "
    f"route), status and latency_ms; suggested types are {' and '.join(TYPES)}.",
    identity="The event's subject, else consumer in its data; api_key in the data is stored hashed.",
    call_id="source and id of the event.",
    certainty="The envelope read in the specification, and the samples are built from it. The keys of the data are "
    "ours: a default to check.",
    reads="lines",
    variants=(Variant("structured", "Events in JSON, alone or in a batch; data as an object or in base64."),),
    options=(
        Option("consumer", "subject, or data: where the consumer is looked for first.", "subject"),
        Option("type", "Types that are calls, separated by commas; other events are left out."),
        Option("status", "Status of events that name none, as usage events do; without it they are refused."),
    ),
    conform=conform,
    recognise=recognise,
)
