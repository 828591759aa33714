"""How are Envoy's access logs read: its default text, Istio's, JSON, or a format string of one's own?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from firstcall.errors import UnknownName, UsageError
from firstcall.literals import quoted
from firstcall.sources.parsing.call_columns import (
    BLANK,
    address,
    count,
    event_stream,
    first,
    given,
    milliseconds,
    select,
    status,
)
from firstcall.sources.parsing.grpc import by_shape, judged
from firstcall.sources.parsing.json_log import objects, path_of
from firstcall.sources.parsing.line_pattern import matched, refusal, share, taken_apart
from firstcall.sources.parsing.moments import moment, moment_shape
from firstcall.sources.parsing.object_log import fields, shape_at
from firstcall.sources.parsing.object_log import refusal as no_object
from firstcall.sources.parsing.outcomes import ENVOY, flag, flagged
from firstcall.sources.secrets import credential, secret
from firstcall.sources.source import Conformed, Option, Source, Variant

HEAD = '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS%'
REASON = ' "%UPSTREAM_TRANSPORT_FAILURE_REASON%"'
BODY = (
    " %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "
    '"%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%"'
)
MESH = (
    " %UPSTREAM_CLUSTER% %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% "
    "%REQUESTED_SERVER_NAME%"
)
DETAILS = " %RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS%"
FORMATS = {
    "istio": HEAD + DETAILS + REASON + BODY + MESH + " %ROUTE_NAME%",
    "istio_1_6": HEAD + REASON + BODY + MESH + " %ROUTE_NAME%",
    "istio_1_1": HEAD + REASON + BODY + MESH,
    "default": HEAD + BODY,
}
OPERATOR = re.compile(r"%([A-Z0-9_]+)(?:\((.*?)\))?(?::\d+)?%")
NAMES: Mapping[str, tuple[str, ...]] = {
    "began": ("start_time", "timestamp", "time"),
    "verb": ("method", "request_method"),
    "uri": ("x_envoy_original_path", "x_envoy_origin_path", "path"),
    "protocol": ("protocol",),
    "code": ("response_code", "status"),
    "flags": ("response_flags",),
    "details": ("response_code_details",),
    "received": ("bytes_received",),
    "sent": ("bytes_sent",),
    "total": ("duration", "duration_ms"),
    "upstream": ("x_envoy_upstream_service_time", "upstream_service_time", "response_duration"),
    "forwarded": ("x_forwarded_for",),
    "remote": ("downstream_remote_address", "downstream_remote_address_without_port"),
    "agent": ("user_agent",),
    "id": ("x_request_id", "request_id"),
    "authority": ("authority", "host"),
    "cluster": ("upstream_cluster", "upstream_cluster_name"),
    "named_route": ("route_name",),
    "content": ("content_type", "request_content_type"),
    "answer": ("resp_content_type", "response_content_type"),
    "grpc": ("grpc_status", "grpc_status_number", "grpc_status_camel_string", "grpc_status_snake_string",
             "trailer_grpc_status", "resp_grpc_status"),
    "trace": ("trace_id", "traceparent"),
    "caller": ("x_consumer_custom_id", "x_consumer_username", "x_consumer_id", "x_client_id", "client_id"),
    "api_key": ("x_api_key",), "peer": ("jwt_sub", "sub", "downstream_peer_uri_san"),
}  # fmt: skip
"""What a call needs → operators and JSON keys in small letters and underscores, best first."""
PSEUDO = ("method", "path", "authority")
SIDES = ("all", "inbound", "outbound")
MESSAGES = (
    (r"^\[[^\]]+\]\[\d+\]", "a message of Envoy, not a call"),
    (r"^\S+\s+(?:trace|debug|info|warn|warning|error|critical)\s", "a message of Envoy, not a call"),
)
TCP = "a TCP connection, not a call"


def _plain(name: str) -> str:
    return re.sub(r"\W", "_", name.lower()).strip("_")


def _named(operator: re.Match[str]) -> str:
    """Return the name of an operator: a header's own (the last of `A?B`), else the operator's."""
    word, argument = operator[1], operator[2]
    if argument is None or word == "START_TIME":
        return _plain(word)
    held = _plain(argument.split("?")[-1])
    plain = word in {"REQ", "REQUEST_HEADER"} or held == "x_envoy_upstream_service_time"
    return held if plain else _plain(f"{word}_{argument}")


def pattern_of(text: str) -> tuple[str, dict[str, str]]:
    """Return (regular expression, group by name) of a format string; a second value of one name is not read."""
    out: list[str] = []
    groups: dict[str, str] = {}
    end = 0
    for operator in OPERATOR.finditer(text):
        before, after = text[: operator.start()][-1:], text[operator.end() :][:1]
        out.append(re.escape(text[end : operator.start()]).replace("\\ ", " ").replace('\\"', '"'))
        name = _named(operator)
        # Envoy escapes no quotes, so that a value ends at the text that must follow it
        value = ".*?" if '"' in {before, after} or name == "path" else r"[^\]]*" if before == "[" else r"\S*?"
        if name in groups.values():
            out.append(value)
        else:
            groups[f"f{len(groups)}"] = name
            out.append(f"(?P<f{len(groups) - 1}>{value})")
        end = operator.end()
    out.append(re.escape(text[end:]))
    return "".join(out), {name: group for group, name in groups.items()}


PATTERNS = {name: pattern_of(text) for name, text in FORMATS.items()}


def recognise(lines: Sequence[str]) -> str | None:
    """Say which of the known shapes most of the lines have; None when none."""
    if found := objects(lines):
        keys = [{_plain(key) for key in item} for item in found]
        known = ("response_flags", "response_code_details", "upstream_cluster")
        if any("start_time" in held and held.intersection(known) for held in keys):
            return "the objects have start_time and Envoy's response flags, details or cluster"
        return None
    for name, (pattern, _) in PATTERNS.items():
        fits, held = share(pattern, lines)
        if fits and 2 * fits >= held:
            return f"{fits} of the first {held} lines fit {name}"
    return None


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the file; START_TIME is the start, durations are milliseconds."""
    text = options.get("log_format")
    # a line of text opens with a bracket too, so only what parses is JSON
    if text is None and (found := objects(lines)):
        places = {name: _paths(names) for name, names in NAMES.items()}
        if chosen := options.get("consumer"):
            places["caller"] = (path_of(chosen),)
        shape = shape_at(found, places["began"])
        skip, notes = _side(lines, options)
        refused = f"CASE WHEN matched AND {_tcp()} THEN '{TCP}' ELSE {no_object(skip)} END"
        sql = select(fields(places), _values(shape, options.get("consumer")) | {"refusal": refused})
        return Conformed(sql, "json", "the first line opens a JSON object", notes, ids=True, expands=True)
    name, pattern, groups, why = _text_shape(lines, text)
    relation = _columns(taken_apart(pattern), _chosen(groups, options))
    matches = [match for match in matched(pattern, lines) if match is not None]
    stamp = next((groups[each] for each in NAMES["began"] if each in groups), None)
    shape = moment_shape(match[stamp] for match in matches) if stamp else "iso"
    skip, notes = _side(lines, options)
    refused = (
        f"CASE WHEN matched AND {_tcp()} THEN '{TCP}' WHEN matched AND {skip or 'false'} THEN '{BLANK}' "
    )
    refused += f"ELSE {refusal('matched', *MESSAGES)} END"
    return Conformed(
        select(relation, _values(shape, options.get("consumer")) | {"refusal": refused}),
        name,
        why,
        notes,
        ids=True,
    )


def _text_shape(lines: Sequence[str], text: str | None) -> tuple[str, str, dict[str, str], str]:
    if text is not None:
        pattern, groups = pattern_of(text)
        if not {"response_code", "start_time"} <= set(groups):
            raise UsageError(
                f"The log_format {text!r} has no %START_TIME% or no %RESPONSE_CODE%. "
                "Give it as Envoy's configuration has it."
            )
        return "log_format", pattern, groups, "log_format was given"
    scores = {name: share(pattern, lines) for name, (pattern, _) in PATTERNS.items()}
    best = max(scores, key=lambda name: scores[name][0])
    fits, held = scores[best]
    if held and not fits:
        shown = next(line for line in lines if line.strip())[:120]
        raise UsageError(
            f"The file has none of the known shapes ({', '.join(FORMATS)}, json); it begins with {shown!r}. "
            "Give --option log_format='…' as in Envoy's configuration."
        )
    return best, *PATTERNS[best], f"{fits} of the first {held} lines fit {best}"


def _chosen(groups: Mapping[str, str], options: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the groups that each thing a call needs may be in."""
    found = {need: [groups[name] for name in names if name in groups] for need, names in NAMES.items()}
    if chosen := options.get("consumer"):
        operator = OPERATOR.fullmatch(chosen if chosen.startswith("%") else f"%{chosen}%")
        name = _named(operator) if operator else _plain(chosen)
        if name not in groups:
            raise UnknownName("field of the log", name, groups)
        found["caller"] = [groups[name]]
    return found


def _columns(relation: str, found: Mapping[str, Sequence[str]]) -> str:
    columns = ", ".join(
        f"{first(given(group) for group in groups) if groups else 'CAST(NULL AS VARCHAR)'} AS {need}"
        for need, groups in found.items()
    )
    return f"SELECT line, matched, {columns} FROM ({relation})"


def _paths(names: Iterable[str]) -> tuple[str, ...]:
    """Return the JSON paths of keys as Istio, Envoy Gateway and the headers themselves spell them."""
    out: list[str] = []
    for name in names:
        out.append(f'$."{name}"')
        if "_" in name and name.startswith(("x_", "user_", "content_")):
            out.append(f'$."{name.replace("_", "-")}"')
        if name in PSEUDO:
            out.append(f'$.":{name}"')
    return tuple(out)


def _side(lines: Sequence[str], options: Mapping[str, str]) -> tuple[str | None, tuple[str, ...]]:
    """Return (condition of calls left out, notes): a mesh logs each call where it leaves and where it arrives."""
    seen = {side for side in SIDES[1:] if any(f"{side}|" in line for line in lines)}
    chosen = options.get("side") or ("inbound" if len(seen) == 2 else "all")
    if chosen not in SIDES:
        raise UnknownName("side of a mesh", chosen, SIDES)
    if chosen == "all":
        return None, ()
    other = SIDES[3 - SIDES.index(chosen)]
    why = "" if "side" in options else "; say --option side=all or side=outbound for the others"
    return f"coalesce(starts_with(cluster, {quoted(other + '|')}), false)", (
        f"{other} calls are left out{why}",
    )


def _tcp() -> str:
    return f"verb IS NULL AND uri IS NULL AND protocol IS NULL AND {status('code')} = 0"


def _values(shape: str, chosen: str | None) -> dict[str, str]:
    code = status("code")
    cluster = "rtrim(CASE WHEN contains(cluster, '|') THEN split_part(cluster, '|', 4) ELSE cluster END, ';')"
    own = f"CASE WHEN details <> 'via_upstream' AND ({code} >= 400 OR {code} = 0) THEN details END"
    late = "CASE WHEN details LIKE '%timeout%' THEN true END"
    values = {
        "time": moment("began", shape),
        "method": "coalesce(verb, '_OTHER')",
        "path": "uri",
        "route": "CASE WHEN starts_with(named_route, '/') THEN named_route END",
        "status": code,
        "latency_ms": milliseconds("total", "ms"),
        "upstream_ms": milliseconds("upstream", "ms"),
        "request_bytes": count("received"),
        "response_bytes": count("sent"),
        "consumer": credential(chosen, "caller") if chosen else first(("caller", secret("api_key"), "peer")),
        "product": f"nullif({cluster}, '')",
        "host": "authority",
        "client_ip": f"coalesce({address('forwarded')}, {address('remote')})",
        "user_agent": "agent",
        "request_id": "id",
        "trace_id": "trace",
        "timed_out": f"coalesce({late}, {flagged('flags', ENVOY)})",
        "error_code": f"coalesce({flag('flags')}, {own})",
        "streamed": event_stream("answer"),
        "content": "line",
    }
    return judged(values, "grpc", by_shape("content", "grpc", "verb", "uri", "agent"))


SOURCE = Source(
    name="envoy",
    title="Envoy and Istio access log",
    fills="calls",
    needs="An access log in Envoy's or Istio's default text, JSON with their keys, or the format it was written with.",
    identity="A logged header X-Consumer-Custom-ID, -Username, X-Client-Id or X-Api-Key (stored hashed), a claim or "
    "the peer's certificate; the default formats log none of them.",
    call_id="X-Request-Id, which goes from hop to hop and a client may set, with its line; else the line.",
    certainty="Operators, flags and the two text formats read in the vendors' documents; JSON keys of Istio seen in "
    "samples, those of Envoy Gateway general knowledge. Samples built from documentation.",
    reads="lines",
    variants=(
        Variant("default", "Envoy's own default text."),
        Variant("istio", "Istio's text since 1.7."),
        Variant("istio_1_6", "Istio's text before, with the route's name."),
        Variant("istio_1_1", "Istio's text before the route's name."),
        Variant("json", "One JSON object a line, numbers as numbers or text."),
    ),
    options=(
        Option("log_format", "The format as Envoy's configuration has it, when it is not one of these."),
        Option("consumer", "The operator, such as REQ(X-PARTNER), or the JSON key that names the consumer."),
        Option("side", "Which calls of a mesh: " + ", ".join(SIDES) + "; inbound when the file has both."),
    ),
    conform=conform,
    recognise=recognise,
)
