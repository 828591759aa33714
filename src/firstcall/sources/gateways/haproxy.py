"""How are HAProxy's HTTP logs read: httplog, httpslog and CLF, with what the captures hold named by the user?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from firstcall.errors import UnknownName, UsageError
from firstcall.sources.parsing.call_columns import (
    TIMEZONE,
    address,
    count,
    first,
    given,
    host_of,
    milliseconds,
    request_parts,
    select,
    status,
    zone_of,
)
from firstcall.sources.parsing.grpc import by_header, judged
from firstcall.sources.parsing.line_pattern import matched, refusal, share, taken_apart
from firstcall.sources.parsing.moments import moment, offsets_of_calls
from firstcall.sources.parsing.outcomes import haproxy_error, haproxy_timed_out
from firstcall.sources.secrets import secret
from firstcall.sources.source import REAL, Conformed, Option, Source, Variant
from firstcall.zones import to_utc

PREFIX = r'(?:[^\[\]"]*(?:\[\d+\])?: )?'
"""What syslog writes in front, where it is still there."""
HTTP = (
    PREFIX + r"(?P<client>\S+):\d+ \[(?P<stamp>\d{2}/\w{3}/\d{4}:[\d:.]+)\] (?P<frontend>\S+) "
    r"(?P<backend>[^ /]+)/(?P<server>\S+) "
    r"-?\d+/-?\d+/-?\d+/(?P<reply>-?\d+)/\+?(?P<total>-?\d+) (?P<status>-?\d+|-) \+?(?P<sent>-?\d+) "
    r"\S+ \S+ (?P<state>[A-Za-z-]{4}) \d+/\d+/\d+/\d+/\+?\d+ \d+/\d+"
    r"(?: (?P<one>\{[^}]*\}))?(?: (?P<two>\{[^}]*\}))? "
    r'"(?P<request>[^"]*)(?:"(?: [\dA-Fa-fx-]+(?:/[\dA-Fa-fx-]+){4} (?P<sni>[^ /]*)/\S*)?(?: .*)?)?'
)
"""Quotes and braces inside a value are written as #22, #7B and #7D; a line cut at its longest has no last quote."""
CLF = (
    PREFIX + r'(?P<client>\S+) - - \[(?P<stamp>[^\]]+)\] "(?P<request>[^"]*)" (?P<status>-?\d+|-) '
    r'\+?(?P<sent>-?\d+) "[^"]*" "[^"]*" \d+ (?P<millis>\d+) "(?P<frontend>[^"]*)" "(?P<backend>[^"]*)" '
    r'"(?P<server>[^"]*)" -?\d+ -?\d+ -?\d+ (?P<reply>-?\d+) \+?(?P<total>-?\d+) "?(?P<state>[A-Za-z-]{4})"?'
    r"(?P<more>(?: \+?\d+)*(?: .*)?)"
)
OTHERS = (
    (
        r"\] \S+ [^ /]+/\S+ -?\d+/-?\d+/\+?-?\d+ \+?\d+ [A-Za-z-]{2} \d+/",
        "a TCP connection, not a call",
    ),
    (r":\d+ \[[^\]]+\] [^ /]+/[^ :]+: ", "a connection that failed, not a call"),
    (
        r"(?:^|: )(?:Connect from |Proxy |Server |Backup Server |Health check |Stopping |Pausing |backend |New worker)",
        "a message of HAProxy, not a call",
    ),
)
SLOTS = (
    "host",
    "user_agent",
    "consumer",
    "api_key",
    "client_ip",
    "request_id",
    "trace_id",
    "product",
    "stage",
    "grpc_status",
    "-",
)
"""What a captured header may be: api_key is a consumer that is stored hashed, a dash is not read."""
CAPTURES = (
    Option("captures", "What the captured request headers are, in order: " + ", ".join(SLOTS) + "."),
    Option("response_captures", "What the captured response headers are, in order."),
)


def recognise(lines: Sequence[str]) -> str | None:
    """Say how many of the lines are HTTP log lines; None when fewer than half are of any kind HAProxy writes."""
    fits = max(share(HTTP, lines)[0], share(CLF, lines)[0])
    others = sum(any(re.search(pattern, line) for pattern, _ in OTHERS[:2]) for line in lines[:100])
    held = share(HTTP, lines)[1]
    if fits and 2 * (fits + others) >= held:
        return f"{fits} of the first {held} lines are HTTP lines of HAProxy"
    return None


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the file; the stamp is the start of the request, in the host's own zone without offset."""
    zone = zone_of(options)
    asked = {name: _slots(options, name) for name in ("captures", "response_captures")}
    http, held = share(HTTP, lines)
    clf, _ = share(CLF, lines)
    if held and not http and not clf:
        shown = next(line for line in lines if line.strip())[:120]
        raise UsageError(
            f"No line is an HTTP line of HAProxy; the file begins with {shown!r}. "
            "It needs `option httplog`, `option httpslog` or `option httplog clf`; TCP logs hold no calls."
        )
    matches = [match for match in matched(HTTP, lines) if match is not None]
    if clf > http:
        slots = _clf_slots(asked)
        return Conformed(
            _select(taken_apart(CLF), slots, _clf_time()),
            "clf",
            f"{clf} of the first {held} lines fit clf",
            ids=True,
        )
    notes = [f"times carry no offset; taken as {zone}; say --option timezone=… if it is another"]
    most = max((match["one"].count("|") + 1 for match in matches if match["one"]), default=0)
    if most and not any(asked.values()):
        # their values are not quoted: one of them may be a key
        notes.append(f"{most} captured headers are not read; say --option captures=… in their order")
    variant = "httpslog" if any(match["sni"] for match in matches) else "httplog"
    apart = f"SELECT *, {moment('stamp', 'haproxy')} AS wall FROM ({taken_apart(HTTP)})"
    select_ = _select(apart, _brace_slots(asked), to_utc("wall", offsets_of_calls(zone)), sni=True)
    return Conformed(
        select_, variant, f"{http} of the first {held} lines fit {variant}", tuple(notes), ids=True
    )


def _slots(options: Mapping[str, str], name: str) -> tuple[str, ...]:
    chosen = tuple(part.strip() for part in options.get(name, "").split(",") if part.strip())
    for part in chosen:
        if part not in SLOTS:
            raise UnknownName("captured header", part, SLOTS)
    return chosen


def _brace_slots(asked: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the SQL of each named slot: `{a|b}`, request headers before response headers when both are captured."""
    only_response = asked["response_captures"] and not asked["captures"]
    alone = "CASE WHEN two <> '' THEN two ELSE one END" if only_response else "two"
    found: dict[str, str] = {}
    for name, group in (("captures", "one"), ("response_captures", alone)):
        for n, slot in enumerate(asked[name], 1):
            value = f"string_split(trim({group}, '{{}}'), '|')[{n}]"
            found[slot] = f"coalesce({found[slot]}, {given(value)})" if slot in found else given(value)
    return found


def _clf_slots(asked: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the SQL of each named slot: quoted one after the other, behind the two captured cookies."""
    slots = (*asked["captures"], *asked["response_captures"])
    values = ((slot, f"""string_split(more, '"')[{2 * n + 6}]""") for n, slot in enumerate(slots))
    return {slot: given(value) for slot, value in values}


def _clf_time() -> str:
    return f"{moment('stamp', 'clf')} + to_milliseconds(TRY_CAST(millis AS INTEGER))"


def _select(relation: str, slots: Mapping[str, str], time: str, *, sni: bool = False) -> str:
    parts = request_parts("request")
    path = f"regexp_replace({given(parts['path'])}, '#([0-9A-F]{{2}})', '%\\1', 'g')"
    code = status("CASE WHEN status = '-1' THEN '-' ELSE status END")
    unserved = "server = '<NOSRV>' AND backend = rtrim(frontend, '~')"
    hosts = [slots[name] for name in ("host",) if name in slots] + [host_of(parts["path"])]
    values = {
        name: value
        for name, value in slots.items()
        if name not in {"-", "host", "client_ip", "api_key", "grpc_status"}
    }
    if "api_key" in slots:
        named = [slots[name] for name in ("consumer",) if name in slots]
        values["consumer"] = first((*named, secret(slots["api_key"])))
    values |= {
        "time": time,
        "method": f"coalesce({parts['method']}, '_OTHER')",
        "path": f"CASE WHEN request <> '<BADREQ>' THEN {path} END",
        "status": code,
        "latency_ms": milliseconds("total", "ms"),
        "upstream_ms": milliseconds("reply", "ms"),
        "response_bytes": count("sent"),
        "client_ip": first(
            [address(slots[name]) for name in ("client_ip",) if name in slots] + [address("client")]
        ),
        "host": first([*hosts, given("sni")] if sni else hosts),
        "product": first(
            [slots[name] for name in ("product",) if name in slots]
            + [f"CASE WHEN NOT ({unserved}) THEN {given('backend')} END"]
        ),
        "timed_out": haproxy_timed_out("state"),
        # a redirect or page that HAProxy was told to answer with is no failure
        "error_code": f"CASE WHEN NOT (starts_with(state, 'L') AND {code} < 400) THEN {haproxy_error('state')} END",
        "content": "line",
        "refusal": refusal("matched", *OTHERS),
    }
    if grpc := slots.get("grpc_status"):
        values = judged(values, grpc, by_header("NULL", grpc))
    return select(relation, values)


SOURCE = Source(
    name="haproxy",
    title="HAProxy HTTP log",
    fills="calls",
    needs="Lines of `option httplog`, `option httpslog` or `option httplog clf`, with or without syslog in front.",
    identity="A captured request header, named by the option captures as consumer, or as api_key to be "
    "stored hashed; else none.",
    call_id="A captured header named request_id, with its line; else the line.",
    certainty="Fields, timers and termination states read in the vendor's documents. The time is the host's local "
    "time without offset: a default to check. With logasap sizes and times are those at the headers. "
    "Samples built from documentation.",
    reads="lines",
    variants=(
        Variant("httplog", "The HTTP log."),
        Variant("httpslog", "The HTTP log with TLS facts behind the request."),
        Variant("clf", "The HTTP log in the shape of Apache's, with an offset in its time."),
    ),
    options=(TIMEZONE, *CAPTURES),
    conform=conform,
    samples=REAL,
    recognise=recognise,
)
