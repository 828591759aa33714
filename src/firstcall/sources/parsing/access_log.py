"""How do the fields of an access log, whatever its format, become the columns of a call?

nginx, Apache and JSON logs name the same things differently. `ALIASES` is the one table of names; it serves format
strings and JSON keys alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from firstcall.errors import UsageError
from firstcall.literals import quoted
from firstcall.sources.parsing.call_columns import (
    BLANK,
    OWN_ID,
    UNREADABLE,
    address,
    count,
    event_stream,
    first,
    given,
    milliseconds,
    named_by_client,
    request_parts,
    select,
    status,
    tries,
)
from firstcall.sources.parsing.grpc import by_header, judged
from firstcall.sources.parsing.line_pattern import groups
from firstcall.sources.parsing.moments import moment, moment_shape, started, without_offset
from firstcall.sources.parsing.outcomes import AWS, named
from firstcall.sources.secrets import credential

ALIASES: Mapping[str, tuple[str, ...]] = {
    "time": ("time_local", "time_iso8601", "msec", "epoch_ms", "epoch_us", "time", "@timestamp", "timestamp", "ts",
             "date"),
    "request": ("request",),
    "method": ("request_method", "method", "verb", "http_method"),
    "path": ("request_uri", "uri", "path", "url"),
    "status": ("status", "status_code", "response_code"),
    "latency": ("request_time", "request_time_ms", "request_time_us", "duration", "response_time", "latency", "rt",
                "duration_ms", "latency_ms", "response_time_ms"),
    "upstream": ("upstream_response_time", "upstream_time", "urt", "upstream_ms"),
    "response_bytes": ("bytes_sent", "body_bytes_sent", "size", "bytes", "response_length"),
    "request_bytes": ("request_length",),
    "client_ip": ("http_x_forwarded_for", "x_forwarded_for", "proxy_add_x_forwarded_for", "remote_addr", "client_ip",
                  "ip"),
    "user_agent": ("http_user_agent", "user_agent", "agent", "useragent"),
    "consumer": ("consumer", "consumer_id", "client_id", "app_id", "http_x_consumer_custom_id",
                 "http_x_consumer_username", "http_x_client_id", "http_x_api_key", "x_api_key", "api_key", "apikey",
                 "remote_user", "api_key_id", "principal_id", "authorizer_sub", "user_arn", "iam_caller", "iam_user"),
    "request_id": ("request_id", "req_id", "x_request_id", "http_x_request_id", "kong_request_id"),
    "trace_id": ("trace_id", "http_traceparent", "traceparent"),
    "host": ("host", "http_host", "server_name", "vhost", "dotted_host"),
    "stage": ("stage", "env", "environment", "proxy_upstream_name"),
    "product": ("product", "service", "proxy_upstream_name", "api", "api_id"),
    "route": ("route", "resource_path", "route_key"),
    "error_code": ("error_code", "response_type"),
    "version": ("api_version",),
    "asked_version": ("http_x_api_version", "http_api_version", "http_accept_version", "x_api_version"),
    "event": ("event_type",),
    "connection": ("connection_status",),
    "grpc": ("grpc_status", "sent_http_grpc_status", "upstream_http_grpc_status", "sent_trailer_grpc_status",
             "upstream_trailer_grpc_status", "x_grpc_status"),
    "content": ("http_content_type", "content_type"),
    "answer": ("sent_http_content_type", "upstream_http_content_type", "x_content_type"),
}  # fmt: skip
"""What a call needs → the names it goes by, best first."""

SECONDS = 5.0
"""Fractions are seconds, unless half of the calls would have taken longer than this: then they are milliseconds."""
SUFFIXES = (("_ms", "ms"), ("_us", "us"), ("_ns", "ns"), ("_s", "s"))


@dataclass(frozen=True, slots=True)
class Fields:
    """A relation of text fields: `expressions` by name, `samples` of each, and where its lines failed.

    `ends` says that the time is when the answer had been sent: the call began a latency earlier. `dash_bytes` is
    what a dash means for the size of an answer: nothing known, or (0) nothing sent. `own_ids` name the ids that the
    gateway makes itself, so that no client can set them.
    """

    relation: str
    expressions: Mapping[str, str]
    samples: Mapping[str, tuple[str, ...]]
    ends: bool = False
    matched: str = "matched"
    reason: str = UNREADABLE
    dash_bytes: int | None = None
    own_ids: Sequence[str] = ()


def calls(fields: Fields, options: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return (SELECT of calls, notes); raises UsageError when the fields give no time or no status."""
    found = {need: _present(names, fields.expressions) for need, names in ALIASES.items()}
    if chosen := options.get("consumer"):
        found["consumer"] = (_chosen(chosen, fields.expressions),)
    _demand(found, fields.expressions)
    notes: list[str] = []
    values = _direct(found, fields)
    values |= _request(found, fields)
    values |= _timing(found, fields, options, notes)
    values = _told(found, fields, values)
    blank = "trim(line) = ''"
    values["content"] = "line"
    values["refusal"] = (
        f"CASE WHEN {fields.matched} THEN NULL WHEN coalesce({blank}, true) THEN {quoted(BLANK)} "
        f"ELSE {quoted(fields.reason)} END"
    )
    return select(fields.relation, values), tuple(notes)


def _present(names: Iterable[str], expressions: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in expressions)


def _chosen(name: str, expressions: Mapping[str, str]) -> str:
    plain = name.lstrip("$%")
    if plain not in expressions:
        raise UsageError(
            f"The option consumer={name} names a field that the log does not have. It has: {', '.join(expressions)}."
        )
    return plain


def _demand(found: Mapping[str, tuple[str, ...]], expressions: Mapping[str, str]) -> None:
    for need, names in (
        ("time", ("time",)),
        ("status", ("status",)),
        ("request", ("request", "path", "route")),
    ):
        if not any(found[name] for name in names):
            known = ", ".join(ALIASES[names[0]][:4])
            raise UsageError(
                f"The log has no {need}: it needs a field such as {known}; it has {', '.join(expressions) or 'none'}."
            )


def _direct(found: Mapping[str, tuple[str, ...]], fields: Fields) -> dict[str, str]:
    """Return what is taken as it stands."""
    texts = (
        "consumer",
        "user_agent",
        "request_id",
        "trace_id",
        "host",
        "stage",
        "product",
        "version",
        "asked_version",
        "error_code",
    )
    values = {
        need: first(given(fields.expressions[name]) for name in found[need]) for need in texts if found[need]
    }
    if found["consumer"]:
        values["consumer"] = first(
            credential(name, given(fields.expressions[name])) for name in found["consumer"]
        )
    for need in ("response_bytes", "request_bytes"):
        if found[need]:
            values[need] = first(count(fields.expressions[name]) for name in found[need])
    if fields.dash_bytes is not None and found["response_bytes"]:
        size = fields.expressions[found["response_bytes"][0]]
        values["response_bytes"] = f"CASE WHEN {size} = '-' THEN {fields.dash_bytes} ELSE {count(size)} END"
    if found["client_ip"]:
        values["client_ip"] = address(first(given(fields.expressions[name]) for name in found["client_ip"]))
    if found["route"]:
        values["route"] = first(_template(fields.expressions[name]) for name in found["route"])
    if found["event"] and found["route"]:
        # a message of a WebSocket has neither method nor path: its route key is all there is
        values["route"] = first((values["route"], given(fields.expressions[found["route"][-1]])))
    values["status"] = status(fields.expressions[found["status"][0]])
    return values | _identity(found, fields) | _endings(found, fields, values)


def _identity(found: Mapping[str, tuple[str, ...]], fields: Fields) -> dict[str, str]:
    """Return what names the call where the gateway's own id is there; nothing where a client may have set all ids."""
    made, theirs = (
        [given(fields.expressions[name]) for name in found["request_id"] if (name in fields.own_ids) is own]
        for own in (True, False)
    )
    if not made:
        return {}
    named = f"CASE WHEN {first(made)} IS NULL THEN {named_by_client(first(theirs))} END" if theirs else OWN_ID
    return {"request_id": first((*made, *theirs)), "event_id": named}


def _endings(
    found: Mapping[str, tuple[str, ...]], fields: Fields, values: Mapping[str, str]
) -> dict[str, str]:
    """Return what is said of how the call ended: AWS's response type, Apache's state of the connection."""
    ended: dict[str, str] = {}
    if "response_type" in found["error_code"]:
        ended["timed_out"] = named(fields.expressions["response_type"], AWS)
    if found["connection"]:
        gone = f"{fields.expressions[found['connection'][0]]} = 'X'"
        aborted = f"CASE WHEN {gone} THEN 'client_aborted' END"
        ended["timed_out"] = f"CASE WHEN {gone} THEN true END"
        ended["error_code"] = first((values["error_code"], aborted) if "error_code" in values else (aborted,))
    return ended


def _told(found: Mapping[str, tuple[str, ...]], fields: Fields, values: dict[str, str]) -> dict[str, str]:
    """Return the columns of the call with what the log says of gRPC and of streams of events."""
    content, code, answer = (
        first(given(fields.expressions[name]) for name in found[need]) if found[need] else None
        for need in ("content", "grpc", "answer")
    )
    if answer:
        values["streamed"] = event_stream(answer)
    if code and "path" in values:
        return judged(values, code, by_header(content or "NULL", code))
    return values


def _template(value: str) -> str:
    """Return a route without the method in front of it; `$default` and such are none."""
    return f"nullif(regexp_extract({value}, '^(?:[A-Z]+ )?(/.*)$', 1), '')"


def _request(found: Mapping[str, tuple[str, ...]], fields: Fields) -> dict[str, str]:
    """Return method and path: their own fields, else the words of the request line."""
    request = fields.expressions[found["request"][0]] if found["request"] else None
    method = [given(fields.expressions[name]) for name in found["method"][:1]]
    path = [given(fields.expressions[name]) for name in found["path"][:1]]
    if request is not None:
        parts = request_parts(request)
        method.append(parts["method"])
        path.append(parts["path"])
    elif path:
        # `url` or `request` sometimes holds the whole request line
        parts = request_parts(fields.expressions[found["path"][0]])
        whole = f"{path[0]} LIKE '% HTTP/%'"
        method.append(f"CASE WHEN {whole} THEN {parts['method']} END")
        path[0] = f"CASE WHEN {whole} THEN {parts['path']} ELSE {path[0]} END"
    if "route_key" in fields.expressions:
        method.append(f"nullif(regexp_extract({fields.expressions['route_key']}, '^([A-Z]+) /', 1), '')")
    values = {"method": f"coalesce({', '.join([*method, repr('_OTHER')])})"}
    if path:
        values["path"] = first(path)
    return values


def unit_of(name: str, samples: Iterable[str], options: Mapping[str, str], notes: list[str]) -> str:
    """Return the unit of a duration: declared, in its name, nginx's seconds, else told by the sample and noted."""
    if declared := options.get("latency_unit"):
        if declared not in {"s", "ms", "us", "ns"}:
            raise UsageError(f"The option latency_unit={declared} is no unit. Use s, ms, us or ns.")
        return declared
    for suffix, unit in SUFFIXES:
        if name.endswith(suffix):
            return unit
    if name.startswith(("request_time", "upstream_response_time", "rt", "urt", "upstream_time")):
        return "s"
    sizes = sorted(float(value) for value in samples if re.fullmatch(r"\d+(?:[.]\d+)?", value))
    middle = sizes[len(sizes) // 2] if sizes else 0.0
    unit = "s" if any("." in value for value in samples) and middle < SECONDS else "ms"
    notes.append(f"{name} taken as {unit}; say --option latency_unit=… if it is another unit")
    return unit


def _timing(
    found: Mapping[str, tuple[str, ...]], fields: Fields, options: Mapping[str, str], notes: list[str]
) -> dict[str, str]:
    """Return time, latency and upstream time; a time stamped at the end is set back by the latency."""
    values: dict[str, str] = {}
    name = found["time"][0]
    samples = fields.samples.get(name, ())
    fixed = {"time_local": "clf", "msec": "s", "epoch_ms": "ms", "epoch_us": "us"}
    shape = fixed.get(name) or moment_shape(samples)
    time = moment(fields.expressions[name], shape)
    notes += without_offset(name, shape, samples)
    if found["latency"]:
        latency = found["latency"][0]
        unit = unit_of(latency, fields.samples.get(latency, ()), options, notes)
        values["latency_ms"] = milliseconds(fields.expressions[latency], unit)
        if fields.ends:
            time = started(time, values["latency_ms"])
    if found["upstream"]:
        upstream = found["upstream"][0]
        values["upstream_ms"] = tries(fields.expressions[upstream], "ms" if upstream.endswith("_ms") else "s")
    values["time"] = time
    return values


def sampled(lines: Iterable[str], pattern: str, names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return the values of each name in the sample lines that fit."""
    matches = [match for match in groups(pattern, lines) if match is not None]
    return {name: tuple(match[n] for match in matches) for n, name in enumerate(names, 2)}


def brings_ids(names: Iterable[str]) -> bool:
    """Whether a format gives calls ids of their own."""
    return any(name in ALIASES["request_id"] + ALIASES["trace_id"] for name in names)
