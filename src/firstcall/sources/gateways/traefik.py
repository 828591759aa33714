"""How are Traefik's access logs read: its own text, the plain combined text of late, or JSON in nanoseconds?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from firstcall.errors import UsageError
from firstcall.sources.parsing.call_columns import (
    address,
    count,
    event_stream,
    first,
    given,
    host_of,
    milliseconds,
    request_parts,
    select,
    status,
)
from firstcall.sources.parsing.grpc import by_header, judged
from firstcall.sources.parsing.json_log import objects, path_of
from firstcall.sources.parsing.line_pattern import refusal, share, taken_apart
from firstcall.sources.parsing.moments import moment, started
from firstcall.sources.parsing.object_log import fields, one, shape_at
from firstcall.sources.parsing.object_log import refusal as no_object
from firstcall.sources.parsing.outcomes import timed_out_by_status
from firstcall.sources.secrets import credential, secret
from firstcall.sources.source import Conformed, Option, Source, Variant

TEXT = r'(?:[^"\\]|\\.)*'
GENERIC = (
    rf'(?P<client>\S+) - (?P<user>.*?) \[(?P<stamp>[^\]]+)\] "(?P<request>{TEXT})" (?P<code>\d+|-) (?P<sent>\d+|-) '
    rf'(?:"{TEXT}"|-) (?:"(?P<agent>{TEXT})"|-)'
)
COMMON = rf'{GENERIC} (?:\d+|-) (?:"(?P<router>{TEXT})"|-) (?:"(?P<server>{TEXT})"|-) (?P<total>-?\d+)ms'
CONSUMERS = ("X-Consumer-Custom-Id", "X-Consumer-Custom-ID", "X-Consumer-Username", "X-Client-Id")
PLACES = {
    "began": ("$.StartUTC", "$.StartLocal"), "logged": ("$.time",), "code": ("$.DownstreamStatus",),
    "verb": ("$.RequestMethod",), "uri": ("$.RequestPath",), "total": ("$.Duration",), "origin": ("$.OriginDuration",),
    "origin_code": ("$.OriginStatus",), "received": ("$.RequestContentSize",), "sent": ("$.DownstreamContentSize",),
    "hosted": ("$.RequestHost", "$.RequestAddr"),
    "ip": ('$."request_X-Forwarded-For"', "$.ClientHost", "$.ClientAddr"),
    "agent": ('$."request_User-Agent"', '$."request_user-agent"'),
    "id": ('$."request_X-Request-Id"', '$."request_X-Request-ID"'),
    "trace": ("$.trace_id", "$.TraceId"), "span": ("$.span_id", "$.SpanId"),
    "service": ("$.ServiceName", "$.BackendName", "$.RouterName", "$.FrontendName"),
    "caller": (*(f'$."request_{name}"' for name in CONSUMERS), "$.ClientUsername"),
    "api_key": ('$."request_X-Api-Key"',), "content": ('$."request_Content-Type"',),
    "answer": ('$."downstream_Content-Type"', '$."origin_Content-Type"'),
    "grpc": ('$."downstream_Grpc-Status"', '$."origin_Grpc-Status"'),
}  # fmt: skip
"""Name → where it stands; the names of 1.x come after those of today."""
MESSAGE = "a message of Traefik, not a call"
MESSAGES = (
    (r"^time=\S+ level=\w+ ", MESSAGE),
    (r"^\S+ (?:TRC|DBG|INF|WRN|ERR|FTL) ", MESSAGE),
)


def recognise(lines: Sequence[str]) -> str | None:
    """Say what gives the file away: Traefik's keys, or its tail of count, router, server and duration."""
    known = {"DownstreamStatus", "OriginDuration", "DownstreamContentSize", "OriginStatus"}
    if any(known & item.keys() for item in objects(lines)):
        return "the objects have Traefik's Downstream… or Origin… fields"
    fits, held = share(COMMON, lines)
    if fits and 2 * fits >= held:
        return f"{fits} of the first {held} lines end with count, router, server and milliseconds"
    return None


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the file; its times are starts, durations are nanoseconds in JSON, milliseconds in text."""
    if found := objects(lines):
        return _json(found, options)
    common, held = share(COMMON, lines)
    generic, _ = share(GENERIC, lines)
    if held and not common and not generic:
        shown = next(line for line in lines if line.strip())[:120]
        raise UsageError(
            f"No line is an entry of Traefik's access log; the file begins with {shown!r}. "
            "It needs accessLog with the format common, genericCLF or json."
        )
    if generic > common:
        why = f"{generic} of the first {held} lines are combined log lines"
        return Conformed(_text(GENERIC), "generic", why)
    why = f"{common} of the first {held} lines end with count, router, server and milliseconds"
    return Conformed(_text(COMMON), "common", why)


def _product(name: str) -> str:
    """Return a service or router without its provider: pets@docker is pets, `backend not found` is none."""
    return f"nullif(regexp_extract({name}, '^([^ ]+?)(?:@[a-z-]+)?$', 1), '')"


def _text(pattern: str) -> str:
    parts = request_parts("request")
    code = status("code")
    values = {
        "time": moment("stamp", "clf"),
        "method": f"coalesce({parts['method']}, '_OTHER')",
        "path": given(parts["path"]),
        "host": host_of(parts["path"]),
        "status": code,
        "response_bytes": count("sent"),
        "consumer": given('"user"'),
        "client_ip": address(given("client")),
        "user_agent": given("agent"),
        "timed_out": timed_out_by_status(code),
        "content": "line",
        "refusal": refusal("matched", *MESSAGES),
    }
    if pattern == COMMON:
        values["latency_ms"] = milliseconds("total", "ms")
        values["product"] = _product(given("router"))
        values["error_code"] = _own(code, f"{given('server')} IS NULL")
    return select(taken_apart(pattern), values)


def _own(code: str, made: str) -> str:
    """Return Traefik's word for a failure; only its number tells why it answered itself."""
    return f"CASE WHEN {code} = 499 THEN 'client_closed' WHEN {code} >= 400 AND {made} THEN 'traefik' END"


def _json(found: Sequence[Mapping[str, object]], options: Mapping[str, str]) -> Conformed:
    places = dict(PLACES)
    caller = first((one("caller"), secret(one("api_key"))))
    if chosen := options.get("consumer"):
        name = re.sub(r"^request_", "", chosen)
        caller = credential(name, one("caller"))
        places["caller"] = (path_of(f"request_{name}"), path_of(f"request_{name.lower()}"), path_of(chosen))
    code, total = status("code"), milliseconds("total", "ns")
    began = moment("began", shape_at(found, places["began"]))
    logged = started(moment("logged", shape_at(found, places["logged"])), total)
    nothing = "matched AND code IS NULL AND verb IS NULL AND uri IS NULL AND total IS NULL"
    values = {
        "time": f"coalesce({began}, {logged})",
        "method": "coalesce(verb, '_OTHER')",
        "path": "uri",
        "host": "hosted",
        "status": code,
        "latency_ms": total,
        "upstream_ms": f"CASE WHEN {count('origin_code')} > 0 THEN {milliseconds('origin', 'ns')} END",
        "request_bytes": count("received"),
        "response_bytes": count("sent"),
        "consumer": caller,
        "product": _product("service"),
        "client_ip": address(one("ip")),
        "user_agent": one("agent"),
        "request_id": one("id"),
        "trace_id": first(("trace || ':' || span", "trace")),
        "timed_out": timed_out_by_status(code),
        "error_code": _own(code, f"coalesce({count('origin_code')}, 0) = 0"),
        "streamed": event_stream(one("answer")),
        "content": "line",
        "refusal": f"CASE WHEN {nothing} THEN '{MESSAGE}' ELSE {no_object()} END",
    }
    values = judged(values, one("grpc"), by_header(one("content"), "grpc"))
    why = "the first line opens a JSON object"
    return Conformed(select(fields(places), values), "json", why, ids=True, expands=True)


SOURCE = Source(
    name="traefik",
    title="Traefik access log",
    fills="calls",
    needs="The accessLog in the format common, genericCLF or json, of 1.x to today.",
    identity="A kept header X-Consumer-Custom-Id, -Username or X-Client-Id, else the user who signed in, else the "
    "header X-Api-Key (stored hashed). Headers are logged in JSON only, and only those that are kept.",
    call_id="X-Request-Id with its line; else the line.",
    certainty="Fields, units and both texts read in the vendor's source and documents; in text the router stands for "
    "the service. Samples built from documentation.",
    reads="lines",
    variants=(
        Variant(
            "common", "Traefik's own text: count, router, server and milliseconds behind the user agent."
        ),
        Variant("generic", "genericCLF: a plain combined line, without latency."),
        Variant("json", "One JSON object a line, durations in nanoseconds."),
    ),
    options=(
        Option(
            "consumer", "The request header, such as X-Partner, or the key that names the consumer in JSON."
        ),
    ),
    conform=conform,
    recognise=recognise,
)
