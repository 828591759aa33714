"""How are CloudFront's access logs read: the W3C's extended format with tabs, JSON, or real-time records?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from firstcall.literals import quoted_all
from firstcall.sources.parsing import w3c
from firstcall.sources.parsing.call_columns import OWN_ID, address, count, milliseconds, select, status
from firstcall.sources.parsing.json_log import objects, path_of
from firstcall.sources.parsing.moments import moment, started
from firstcall.sources.parsing.object_log import fields, refusal
from firstcall.sources.parsing.outcomes import CLOUDFRONT, timed_out_by_status
from firstcall.sources.secrets import credential
from firstcall.sources.source import Conformed, Option, Source, Variant

NEEDS = {
    "day": ("date",), "clock": ("time",), "epoch": ("timestamp",), "epoch_ms": ("timestamp(ms)",),
    "verb": ("cs-method",), "stem": ("cs-uri-stem",), "code": ("sc-status",),
    "took": ("time-taken",), "origin": ("origin-lbl",), "sent": ("sc-bytes",), "received": ("cs-bytes",),
    "agent": ("cs(user-agent)", "cs-user-agent"), "hosted": ("x-host-header", "cs(host)", "cs-host"),
    "ip": ("x-forwarded-for", "c-ip"), "id": ("x-edge-request-id",),
    "result": ("x-edge-detailed-result-type", "x-edge-result-type"), "caller": (),
}  # fmt: skip
REAL_TIME = re.compile(r"\d{9,10}\.\d{3}\t[\da-fA-F.:]{3,}\t(?:[^\t]*\t)*?\d{3}\t(?:[^\t]*\t)*?[A-Z]{3,10}\t")
"""Real-time records have no line of names; the fields that were chosen stand in the vendor's order."""
PLAIN = ("Hit", "RefreshHit", "OriginShieldHit", "Miss", "Redirect", "Error")
"""Results that say no more than the status does."""


def recognise(lines: Sequence[str]) -> str | None:
    """Say what gives the file away: fields of the edge, which only CloudFront has."""
    named = w3c.named_fields(lines) or tuple(key.lower() for item in objects(lines) for key in item)
    found = sorted({name for name in named if name.startswith("x-edge-")})
    if found:
        return f"the fields have {', '.join(found)}"
    held = [line for line in lines if line.strip()]
    if held and all(REAL_TIME.match(line) for line in held):
        return "the fields are divided by tabs: epoch seconds, address, …, status, …, method, as real-time records are"
    return None


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the file; raises UsageError when neither it nor the user names the fields."""
    values = _values(options.get("consumer", ""))
    if found := objects(lines):
        keys = {key.lower(): key for item in found for key in item}
        needs = w3c.chosen(NEEDS, tuple(keys), options)
        # the spelling of the sample first: keys keep the capitals of the header they name
        places = {
            need: tuple(path_of(keys.get(name, name)) for name in names)
            for need, names in needs.items()
            if names
        }
        absent = ", ".join(
            f"CAST(NULL AS VARCHAR) AS {need}" for need in ("given_day", *needs) if need not in places
        )
        select_ = select(
            f"SELECT *, {absent} FROM ({fields(places)})",
            values | {"refusal": refusal()},
        )
        return Conformed(select_, "json", "the lines are JSON objects", ids=True, expands=True)
    own = w3c.own_fields(options)
    names = tuple(dict.fromkeys((*own, *w3c.named_fields(lines))))
    w3c.demand(names, lines, ("time", "timestamp", "timestamp(ms)"), NEEDS["code"], NEEDS["stem"])
    relation = w3c.taken_apart(w3c.chosen(NEEDS, names, options), own)
    select_ = select(relation, values | w3c.refused())
    if own:
        return Conformed(select_, "real-time", "the option fields names them", ids=True)
    return Conformed(select_, "standard", f"#Fields names {len(names)} fields", ids=True)


def _values(chosen: str) -> dict[str, str]:
    took, code = milliseconds("took", "s"), status("code")
    stamp = moment("coalesce(day, given_day) || ' ' || clock || 'Z'", "iso")
    ended = f"coalesce({stamp}, {moment('epoch_ms', 'ms')}, {moment('epoch', 's')})"
    return {
        "time": started(ended, took),
        "method": "coalesce(verb, '_OTHER')",
        "path": "stem",
        "host": "hosted",
        "status": code,
        "latency_ms": took,
        "upstream_ms": milliseconds("origin", "s"),
        "request_bytes": count("received"),
        "response_bytes": count("sent"),
        "consumer": credential(chosen, "caller"),
        "client_ip": address("ip"),
        # older files escape the escapes: a blank is %2520
        "user_agent": "CASE WHEN contains(agent, '%') THEN coalesce(TRY(url_decode(url_decode(agent))), agent) "
        "ELSE agent END",
        "request_id": "id",
        "event_id": OWN_ID,
        "timed_out": f"CASE WHEN result IN ({quoted_all(CLOUDFRONT)}) THEN true ELSE {timed_out_by_status(code)} END",
        "error_code": f"CASE WHEN ({code} >= 400 OR {code} = 0) AND result NOT IN {PLAIN} THEN result END",
        "content": "line",
    }


SOURCE = Source(
    name="cloudfront",
    title="Amazon CloudFront access log",
    fills="calls",
    needs="Standard logs (W3C or JSON) from S3, or real-time records with the names of their fields.",
    identity="None in the standard fields; the option consumer names a field that holds one.",
    call_id="x-edge-request-id, which is CloudFront's own.",
    certainty="Fields, seconds and the stamp as the end of the answer read in the vendor's documents; the keys of "
    "JSON logs are the same names. Samples built from documentation.",
    reads="lines",
    variants=(
        Variant("standard", "Divided by tabs, fields as the line #Fields: names them."),
        Variant("real-time", "Divided by tabs, fields as the option fields names them."),
        Variant("json", "One JSON object a line, the fields' names as keys."),
    ),
    options=(w3c.FIELDS, Option("consumer", "The field that names the consumer, when one does.")),
    conform=conform,
    recognise=recognise,
)
