"""How are Caddy's access logs read: one JSON object a line, with times and durations as the encoder was told?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from firstcall.errors import UsageError
from firstcall.sources.parsing.call_columns import (
    TIMEZONE,
    address,
    count,
    event_stream,
    first,
    select,
    status,
    zone_of,
)
from firstcall.sources.parsing.durations import duration
from firstcall.sources.parsing.grpc import by_header, judged
from firstcall.sources.parsing.json_log import objects, path_of
from firstcall.sources.parsing.moments import moment, moment_shape, offsets_of_calls, started, without_offset
from firstcall.sources.parsing.object_log import fields, header, one, refusal, values_at
from firstcall.sources.parsing.outcomes import timed_out_by_status
from firstcall.sources.secrets import credential
from firstcall.sources.source import REAL, Conformed, Option, Source, Variant
from firstcall.zones import Changes, to_utc

CONSUMERS = ("X-Consumer-Custom-Id", "X-Consumer-Username", "X-Client-Id")
PLACES = {
    "ended": ("$.ts",), "took": ("$.duration",), "code": ("$.status",), "logger": ("$.logger",),
    "verb": ("$.request.method",), "uri": ("$.request.uri",), "hosted": ("$.request.host",),
    "received": ("$.bytes_read",), "sent": ("$.size",),
    "ip": ("$.request.client_ip", "$.request.remote_ip", "$.request.remote_addr"),
    "agent": header("User-Agent"),
    "id": ("$.request_id", "$.uuid", *header("X-Request-Id"), *header("X-Request-Id", of="$.resp_headers")),
    "trace": ("$.traceID",), "span": ("$.spanID",),
    "account": ("$.user_id",), **{f"caller_{n}": header(name) for n, name in enumerate(CONSUMERS)},
    "api_key": header("X-Api-Key"), "content": header("Content-Type"),
    "answer": header("Content-Type", of="$.resp_headers"), "grpc": header("Grpc-Status", of="$.resp_headers"),
}  # fmt: skip
MESSAGE = "a message of Caddy, not a call"
UNITS = ("s", "ms", "us", "ns")
NANOSECONDS = 1e6
"""A whole number from here on is a duration in nanoseconds: as milliseconds it would be a quarter of an hour."""


def recognise(lines: Sequence[str]) -> str | None:
    """Say what gives the file away: a logger of access logs, or Caddy's way of naming a request."""
    for item in objects(lines):
        if str(item.get("logger", "")).startswith("http.log.access"):
            return "the objects are of the logger http.log.access"
        request = item.get("request")
        own = isinstance(request, dict) and {"remote_ip", "remote_addr", "proto"} & request.keys()
        if own and {"resp_headers", "bytes_read", "user_id"} & item.keys():
            return "the objects have request, resp_headers and user_id as Caddy's have"
    return None


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the file; Caddy stamps the end, so the duration is taken off."""
    found = objects(lines)
    zone = zone_of(options)
    access = [item for item in found if "status" in item]
    times = values_at(access, PLACES["ended"])
    ended, offsets, notes = _ended(times, zone)
    unit, more = _unit(access, options)
    latency = f"CASE WHEN took <> '-1' THEN {duration('took', unit)} END"
    places = dict(PLACES)
    if chosen := options.get("consumer"):
        places["chosen"] = (*header(chosen), path_of(chosen))
    code = status("code")
    values = {
        "time": started(to_utc("wall", offsets), latency),
        "method": "coalesce(verb, '_OTHER')",
        "path": "uri",
        "host": "hosted",
        "status": code,
        "latency_ms": latency,
        "request_bytes": count("received"),
        "response_bytes": count("sent"),
        "consumer": _consumer(chosen),
        "client_ip": address("ip"),
        "user_agent": one("agent"),
        "request_id": one("id"),
        "trace_id": first(("trace || ':' || span", "trace")),
        "timed_out": timed_out_by_status(code),
        "streamed": event_stream(one("answer")),
        "content": "line",
        "refusal": f"CASE WHEN matched AND {_other()} THEN '{MESSAGE}' ELSE {refusal()} END",
    }
    values = judged(values, one("grpc"), by_header(one("content"), "grpc"))
    why = "the first line opens a JSON object" if found else "the file is empty"
    relation = f"SELECT *, {ended} AS wall FROM ({fields(places)})"
    return Conformed(select(relation, values), "json", why, (*notes, *more), ids=True, expands=True)


def _other() -> str:
    """Return whether an object is of another logger; errors are logged twice, of which the access log is one."""
    logger = "coalesce(logger, 'http.log.access')"
    return f"(NOT starts_with({logger}, 'http.log.access') OR (code IS NULL AND verb IS NULL))"


def _consumer(chosen: str | None) -> str:
    names = ["account", *(f"caller_{n}" for n in range(len(CONSUMERS))), "api_key"]
    fields = {"chosen": chosen} if chosen else {name: name for name in names}
    return first(credential(field, f"nullif({one(name)}, 'REDACTED')") for name, field in fields.items())


def _ended(times: Sequence[str], zone: str) -> tuple[str, Changes, tuple[str, ...]]:
    """Return (SQL of the time, its offsets, notes); `2024/05/01 10:00:00` is a wall clock's, which has none."""
    if any(re.match(r"\d{4}/", value) for value in times):
        wall = moment("replace(ended, '/', '-')", "iso")
        return (
            wall,
            offsets_of_calls(zone),
            (f"ts has no offset; taken as {zone}; say --option timezone=… if it is another",),
        )
    shape = moment_shape(times) if times else "s"
    return moment("ended", shape), offsets_of_calls("UTC"), without_offset("ts", shape, times)


def _unit(found: Sequence[Mapping[str, Any]], options: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return (unit of a duration that does not say, notes): seconds with a fraction unless the encoder was told."""
    if declared := options.get("latency_unit"):
        if declared not in UNITS:
            raise UsageError(f"The option latency_unit={declared} is no unit. Use {', '.join(UNITS)}.")
        return declared, ()
    whole = [float(value) for value in values_at(found, PLACES["took"]) if re.fullmatch(r"\d+", value)]
    if len(whole) < len(found) or not any(whole):
        return "s", ()
    unit = "ns" if max(whole) >= NANOSECONDS else "ms"
    return unit, (
        f"duration is a whole number; taken as {unit}; say --option latency_unit=… if it is another unit",
    )


SOURCE = Source(
    name="caddy",
    title="Caddy access log",
    fills="calls",
    needs="The `log` directive with its JSON encoder. Lines that an encoder wrote as combined text are read as apache.",
    identity="The user who signed in (user_id), else a header X-Consumer-Custom-Id, -Username, X-Client-Id or "
    "X-Api-Key (stored hashed).",
    call_id="request_id, uuid or X-Request-Id, which a client may set, with its line; else the line.",
    certainty="Fields and units read in the vendor's source; which header names the caller is a default to check. "
    "Samples built from documentation.",
    reads="lines",
    variants=(
        Variant("json", "One JSON object a line, times and durations in any of the encoder's formats."),
    ),
    options=(
        Option("consumer", "The request header, such as X-Partner, or the key that names the consumer."),
        Option("latency_unit", "Unit of whole durations: " + ", ".join(UNITS) + "."),
        TIMEZONE,
    ),
    conform=conform,
    samples=REAL,
    recognise=recognise,
)
