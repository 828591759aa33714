"""How are Apache access logs read: common, combined, with request times, with hosts, or a `LogFormat` of one's own?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from firstcall.errors import UsageError
from firstcall.sources.parsing.escapes import percent_encoded
from firstcall.sources.parsing.json_log import looks_like_json
from firstcall.sources.parsing.text_log import KEYS, OPTIONS, Preset, looks_like, recognised, text_conformed
from firstcall.sources.source import REAL, Conformed, Source, Variant

COMMON = '%h %l %u %t "%r" %>s %b'
COMBINED = COMMON + ' "%{Referer}i" "%{User-agent}i"'
PRESETS = (
    Preset(
        "host_after",
        "The host behind the address, as OVH writes it.",
        '$remote_addr $dotted_host $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
        '"$http_user_agent"',
    ),
    Preset(
        "host_seconds",
        "The host in front and the seconds behind the request, as Gandi writes them.",
        '$host $remote_addr $ident $remote_user [$time_local] "$request" (${request_time}s) $status $body_bytes_sent '
        '"$http_referer" "$http_user_agent"',
    ),
    Preset("combined", "With referrer and user agent.", COMBINED),
    Preset("common", "Without referrer and user agent.", COMMON),
    Preset("combined_microseconds", "combined and %D.", COMBINED + " %D"),
    Preset("combined_seconds", "combined and %T.", COMBINED + " %T"),
    Preset("common_microseconds", "common and %D.", COMMON + " %D"),
    Preset("vhost_combined_io", "vhost:port, bytes with headers.", "%v:%p " + COMBINED.replace("%b", "%O")),
    Preset("vhost_common", "The host in front of common.", "%v " + COMMON),
    Preset("vhost_combined", "The host in front of combined.", "%v " + COMBINED),
    Preset(
        "vhost_forwarded",
        "vhost:port and the quoted forwarded-for list in front of combined.",
        '%v:%p "%{X-Forwarded-For}i" ' + COMBINED,
    ),
    Preset(
        "forwarded_quoted",
        "The quoted forwarded-for list in front of combined.",
        '"%{X-Forwarded-For}i" ' + COMBINED,
    ),
    Preset(
        "forwarded_list",
        "The forwarded-for list in place of the address.",
        COMBINED.replace("%h", "%{X-Forwarded-For}i"),
    ),
    Preset("combined_io", "combined, %I and %O.", COMBINED + " %I %O"),
    Preset("combined_more", "combined and more, of which nothing is read.", COMBINED, rest=True),
)
SSL_REQUEST = re.compile(r'^\[[^\]]+\] \S+ (?:TLS|SSL)v\S+ \S+ "')
TAIL = re.compile(r'" (\d+)\s*$')
MICROSECONDS = 1000
"""A request that took a thousand seconds is rarer than one that took a millisecond: from here on it is %D."""
SECONDS = 60
"""So is a log of which half the requests took a minute: it is %D of requests that took less than a millisecond."""
TIMED = {"combined_microseconds": "%D in microseconds", "common_microseconds": "%D in microseconds",
         "combined_seconds": "%T in seconds"}  # fmt: skip


NGINX = re.compile(
    r'^(?![\w.-]+:\d+ [\da-fA-F.:]+ ).*" \d{3} 0 "'
    r'|" (?:499|444|494|497) \d|\\x[0-9A-F]*[A-F]|" \d+[.]\d{3}(?:$| [\d.-]+(?:, |$))|" \d+ \d+[.]\d{3} \['
    r"|\b(?:u?rt|request_time|upstream_response_time)="
)
"""What only nginx writes: 0 for no bytes, its own statuses, bytes in capitals, seconds with three decimals.

Behind vhost:port the bytes are %O, which Apache writes as 0 too when nobody was left to answer.
"""


def looks_like_apache(lines: Sequence[str]) -> str | None:
    """Return why the lines look like Apache's; None when they do not, or show signs of nginx."""
    held = [line for line in lines if line.strip()]
    if held and all(map(SSL_REQUEST.match, held)):
        return "the lines are those of an ssl_request_log"
    return looks_like(_ordered(lines), lines, NGINX)


def recognise(lines: Sequence[str]) -> tuple[str, str]:
    """Return (variant, why) for the first lines of a file; raises UsageError when nothing fits."""
    if looks_like_json(lines):
        return "json", "the first line opens a JSON object"
    preset, why = recognised(_ordered(lines), lines)
    return preset.name, why


def _ordered(lines: Sequence[str]) -> tuple[Preset, ...]:
    """Return the presets, %T before %D when the numbers at the ends of the lines are small."""
    tails = [int(match[1]) for line in lines if (match := TAIL.search(line))]
    if not tails or max(tails) >= MICROSECONDS or sorted(tails)[len(tails) // 2] >= SECONDS:
        return PRESETS
    micro = next(n for n, preset in enumerate(PRESETS) if preset.name == "combined_microseconds")
    return (*PRESETS[:micro], PRESETS[micro + 1], PRESETS[micro], *PRESETS[micro + 2 :])


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the file; Apache stamps the moment the request came in."""
    if (
        "log_format" not in options
        and lines
        and all(SSL_REQUEST.match(line) for line in lines if line.strip())
    ):
        raise UsageError(
            "An ssl_request_log has no status, so nobody could say which calls failed. Import the access log of the "
            "same server, or let its LogFormat write %>s."
        )
    way = text_conformed(_ordered(lines), lines, options, ends=False, dash_bytes=0)
    if way.variant in TIMED:
        said = f"the number at the end taken as {TIMED[way.variant]}; say --option latency_unit=… if it is another unit"
        way = replace(way, notes=(*way.notes, said))
    # JSON has taken its own escapes back already
    return way if way.variant == "json" else replace(way, select=percent_encoded(way.select))


SOURCE = Source(
    name="apache",
    title="Apache access log",
    fills="calls",
    needs="An access log in a shape listed here, JSON lines, or the LogFormat it was written with.",
    identity="%u, or the field named by the option consumer; of a header such as X-Api-Key the hash is stored.",
    call_id="%L or UNIQUE_ID, which are the server's own; X-Request-Id, which a client sets, only with "
    "its line; else the line.",
    certainty="Read in the vendor's documents; whether a bare number is %D or %T is told by its size.",
    reads="lines",
    variants=(
        *(preset.variant for preset in PRESETS),
        KEYS,
        Variant("json", "One JSON object a line, by the names of its keys."),
    ),
    options=OPTIONS,
    conform=conform,
    samples=REAL,
    recognise=looks_like_apache,
)
