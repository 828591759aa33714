"""How are Moesif's events read: what the API was asked and answered, by which user of which company?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from firstcall.sources.parsing.call_columns import (
    address,
    count,
    event_stream,
    host_of,
    select,
    status,
    weight,
)
from firstcall.sources.parsing.grpc import by_header, judged
from firstcall.sources.parsing.json_log import objects
from firstcall.sources.parsing.moments import moment, without_offset
from firstcall.sources.parsing.object_log import (
    fields,
    header,
    identity,
    one,
    refusal,
    shape_at,
    values_at,
    which_id,
)
from firstcall.sources.parsing.outcomes import timed_out_by_status
from firstcall.sources.secrets import secret
from firstcall.sources.source import Conformed, Source, Variant

PLACES = {
    "began": ("$.request.time",), "ended": ("$.response.time",), "code": ("$.response.status",),
    "verb": ("$.request.verb",), "uri": ("$.request.uri",), "api_version": ("$.request.api_version",),
    "ip": ("$.request.ip_address",), "agent": header("User-Agent"),
    "received": header("Content-Length"), "sent": header("Content-Length", of="$.response.headers"),
    "company": ("$.company_id",), "person": ("$.user_id",), "subscription": ("$.subscription_id",),
    "token": ("$.session_token",), "transaction": ("$.transaction_id",), "trace": ("$.trace_id",),
    "span": ("$.span.id",), "direction": ("$.direction",), "weighed": ("$.weight",), "answer": ("$.response",),
    "content": header("Content-Type"), "grpc": header("grpc-status", of="$.response.headers"),
    "answer_type": header("Content-Type", of="$.response.headers"),
}  # fmt: skip

IDENTITIES = {
    "company_id": ("company", "person", "subscription", secret("token")),
    "user_id": ("person", "company", "subscription", secret("token")),
    "subscription_id": ("subscription", "company", "person", secret("token")),
}


def recognise(lines: Sequence[str]) -> str | None:
    """Return why the lines are Moesif's, None when nothing says so."""
    for item in objects(lines):
        request = item.get("request")
        if isinstance(request, dict) and {"verb", "uri", "time"} <= request.keys():
            return "the objects have request.verb, request.uri and request.time"
    return None


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the events: the latency is what lies between the two times; no response is a timeout."""
    found = objects(lines)
    shapes = {name: shape_at(found, PLACES[name]) for name in ("began", "ended")}
    began, ended = (moment(name, shape) for name, shape in shapes.items())
    code = f"CASE WHEN answer IS NULL THEN 0 ELSE {status('code')} END"
    values = {
        "time": began,
        "status": code,
        "timed_out": f"CASE WHEN answer IS NULL THEN true ELSE {timed_out_by_status(status('code'))} END",
        "latency_ms": f"epoch_us({ended} - {began}) / 1000.0",
        "method": "verb",
        "path": "uri",
        "host": host_of("uri"),
        "version": "api_version",
        "consumer": identity(options, IDENTITIES, "Moesif"),
        "client_ip": address("ip"),
        "user_agent": one("agent"),
        "request_bytes": count(one("received")),
        "response_bytes": count(one("sent")),
        "event_id": "transaction",
        "trace_id": "CASE WHEN span IS NOT NULL AND trace IS NOT NULL THEN trace || ':' || span ELSE trace END",
        "weight": weight("weighed"),
        "streamed": event_stream(one("answer_type")),
        "content": "line",
        "refusal": refusal("lower(direction) <> 'incoming'"),
    }
    path = "regexp_replace(uri, '^[a-z]+://[^/]*', '')"
    values = judged({**values, "path": path}, one("grpc"), by_header(one("content"), "grpc")) | {
        "path": "uri"
    }
    notes = without_offset("request.time", shapes["began"], values_at(found, PLACES["began"]))
    if any(
        item.get("weight", 1) not in {1, None} for item in found if not isinstance(item.get("weight"), dict)
    ):
        notes += ("sampled: weight says how many calls an event stands for",)
    why = "the objects have request and response"
    return Conformed(select(fields(PLACES), values), "event", why, notes, ids=True, expands=True)


SOURCE = Source(
    name="moesif",
    title="Moesif events",
    fills="calls",
    needs="API events as sent to /v1/events, one a line or in an array; other directions than Incoming are left out.",
    identity="company_id, else user_id, else subscription_id; session_token is stored hashed.",
    call_id="transaction_id of the event.",
    certainty="Read in the vendor's API documents, and the samples are built from them. Sizes are taken from "
    "Content-Length where it was logged: a default to check.",
    reads="lines",
    variants=(Variant("event", "API events, alone or in batches."),),
    options=(which_id(IDENTITIES),),
    conform=conform,
    recognise=recognise,
)
