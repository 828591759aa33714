"""How are nginx access logs read: combined and its usual extensions, JSON, or a `log_format` of one's own?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from firstcall.sources.parsing.escapes import percent_encoded
from firstcall.sources.parsing.json_log import looks_like_json, objects
from firstcall.sources.parsing.text_log import KEYS as KEYED
from firstcall.sources.parsing.text_log import OPTIONS, Preset, looks_like, recognised, text_conformed
from firstcall.sources.source import REAL, Conformed, Source, Variant

COMMON = '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent'
COMBINED = COMMON + ' "$http_referer" "$http_user_agent"'
REQUEST = '"$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"'
REAL_IP = (
    f"$remote_addr - [$the_real_ip] - $remote_user [$time_local] {REQUEST} $request_length $request_time "
)
UPSTREAM = "$upstream_addr $upstream_response_length $upstream_response_time $upstream_status"
PRESETS = (
    Preset("combined", "nginx's own default.", COMBINED),
    Preset("main", "combined and the forwarded-for list.", COMBINED + ' "$http_x_forwarded_for"'),
    Preset("combined_time", "combined and $request_time.", COMBINED + " $request_time"),
    Preset(
        "combined_times",
        "combined, $request_time and $upstream_response_time.",
        COMBINED + " $request_time $upstream_response_time",
    ),
    Preset(
        "main_times",
        "main, $request_time and $upstream_response_time.",
        COMBINED + ' "$http_x_forwarded_for" $request_time $upstream_response_time',
    ),
    Preset(
        "main_keyed_times",
        "main, rt=… and urt=….",
        COMBINED + ' "$http_x_forwarded_for" rt=$request_time urt=$upstream_response_time',
    ),
    Preset(
        "combined_keyed_times",
        "combined, rt=… and urt=….",
        COMBINED + " rt=$request_time urt=$upstream_response_time",
    ),
    Preset(
        "ingress",
        "The ingress controller's default.",
        COMBINED + " $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] "
        "$upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id",
    ),
    Preset(
        "ingress_real_ip",
        "The ingress controller's default before 0.26.",
        f"{REAL_IP}[$proxy_upstream_name] {UPSTREAM} $req_id",
    ),
    Preset("ingress_oldest", "The same, without request ids.", f"{REAL_IP}[$proxy_upstream_name] {UPSTREAM}"),
    Preset(
        "ingress_alternative",
        "The same, with the alternative upstream.",
        f"{REAL_IP}[$proxy_upstream_name] [$proxy_alternative_upstream_name] {UPSTREAM} $req_id",
    ),
    Preset("kong", "combined with Kong's request id.", COMBINED + ' kong_request_id: "$request_id"'),
    Preset(
        "vhost_port_combined", "The host and its port in front of combined.", "$host:$server_port " + COMBINED
    ),
    Preset("vhost_combined", "The host in front of combined.", "$host " + COMBINED),
    Preset(
        "vhost_forwarded",
        "The host, its port and the quoted forwarded-for list in front of combined.",
        '$host:$server_port "$http_x_forwarded_for" ' + COMBINED,
    ),
    Preset(
        "forwarded_quoted",
        "The quoted forwarded-for list in front of combined.",
        '"$http_x_forwarded_for" ' + COMBINED,
    ),
    Preset(
        "forwarded_list",
        "The forwarded-for list in place of the address.",
        f"$http_x_forwarded_for - $remote_user [$time_local] {REQUEST}",
    ),
    Preset("common", "Without referrer and user agent.", COMMON),
    Preset("combined_more", "combined and more, of which nothing is read.", COMBINED, rest=True),
)


APACHE = re.compile(
    r'" \d{3} -(?: |$)|" \d{3} \d+ "[^"]*" "[^"]*" \d+$|^\S+ (?!- )\S+ \S+ \[|\\"|\\x[0-9a-f]*[a-f]'
    r"|^[\w.-]+:\d+ [\da-fA-F.:]+ \S+ \S+ \["
)
"""What only Apache writes: a dash for no bytes, an integer at the end, an ident, vhost:port, bytes in small letters."""
KEYS = {"request_uri", "uri", "request", "request_method", "remote_addr", "time_local", "body_bytes_sent",
        "http_user_agent", "upstream_response_time", "request_time", "time_iso8601", "msec"}  # fmt: skip
"""Names of nginx's own variables, as people keep them for keys."""


def looks_like_nginx(lines: Sequence[str]) -> str | None:
    """Return why the lines look like nginx's; None when they do not, or show signs of Apache."""
    rows = objects(lines)
    if rows:
        known = sorted(KEYS & {key.lower() for key in rows[0]})
        return f"JSON with nginx's own names: {', '.join(known)}" if len(known) > 2 else None
    return looks_like(PRESETS, lines, APACHE)


def recognise(lines: Sequence[str]) -> tuple[str, str]:
    """Return (variant, why) for the first lines of a file; raises UsageError when nothing fits."""
    if looks_like_json(lines):
        return "json", "the first line opens a JSON object"
    preset, why = recognised(PRESETS, lines)
    return preset.name, why


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the file; nginx stamps the end, so a known latency is taken off."""
    way = text_conformed(PRESETS, lines, options, ends=True)
    # JSON has taken its own escapes back already
    return way if way.variant == "json" else replace(way, select=percent_encoded(way.select))


SOURCE = Source(
    name="nginx",
    title="nginx access log",
    fills="calls",
    needs="An access log in a shape listed here, JSON lines, or the log_format it was written with.",
    identity="$remote_user, or the field named by the option consumer, such as $http_x_api_key (stored hashed).",
    call_id="$request_id, which is nginx's own; X-Request-Id, the ingress's $req_id and keys of JSON "
    "only with their line; else the line.",
    certainty="combined, JSON and ingress read in the vendors' documents; the extensions are common habits. The "
    "ingress controller's upstream (namespace-service-port) is product and stage: rules tell environments by it.",
    reads="lines",
    variants=(
        *(preset.variant for preset in PRESETS),
        KEYED,
        Variant("json", "One JSON object a line, by the names of its keys."),
    ),
    options=OPTIONS,
    conform=conform,
    samples=REAL,
    recognise=looks_like_nginx,
)
