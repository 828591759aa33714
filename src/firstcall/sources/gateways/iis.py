"""How are IIS logs read: the W3C's extended format, milliseconds, stamped when the answer had been sent?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from firstcall.errors import UsageError
from firstcall.literals import quoted_all
from firstcall.sources.parsing import w3c
from firstcall.sources.parsing.call_columns import BLANK, address, count, first, milliseconds, select, status
from firstcall.sources.parsing.moments import moment, started
from firstcall.sources.parsing.outcomes import WINDOWS, timed_out_by_status
from firstcall.sources.secrets import credential, secret
from firstcall.sources.source import Conformed, Option, Source, Variant

NEEDS = {
    "day": ("date",), "clock": ("time",), "verb": ("cs-method",), "stem": ("cs-uri-stem", "cs-uri"),
    "code": ("sc-status",), "sub": ("sc-substatus",), "system": ("sc-win32-status",), "took": ("time-taken",),
    "sent": ("sc-bytes",), "received": ("cs-bytes",), "agent": ("cs(user-agent)",), "hosted": ("cs-host", "cs(host)"),
    "ip": ("x-forwarded-for", "cs(x-forwarded-for)", "c-ip"), "site": ("s-sitename",),
    "caller": ("cs(x-consumer-id)", "x-consumer-id", "cs(x-client-id)", "x-client-id", "cs-username"),
    "api_key": ("cs(x-api-key)", "x-api-key"),
}  # fmt: skip
GONE = ("64", "1236")
"""Windows' words for a connection that the client had closed."""
UNITS = ("ms", "s")
HEADLESS = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:\S+ )*?[A-Z]+ /\S* (?:\S+ )+\d{3} \d+ \d+(?: \d+)*\s*$"
)
FTP = (
    "ABOR", "ALLO", "APPE", "CDUP", "CWD", "DELE", "EPSV", "FEAT", "LIST", "MDTM", "MKD", "MLSD", "NLST", "NOOP",
    "OPTS", "PASS", "PASV", "PORT", "PWD", "QUIT", "REST", "RETR", "RMD", "RNFR", "RNTO", "SIZE", "STOR", "SYST",
    "TYPE", "USER", "ControlChannelOpened", "ControlChannelClosed", "DataChannelOpened", "DataChannelClosed",
)  # fmt: skip
"""Commands that the FTP service of the same server writes into logs of the same shape; older ones with a session in
front, as in [3]USER."""


def recognise(lines: Sequence[str]) -> str | None:
    """Say what gives the file away: fields that only IIS names, or its name in #Software."""
    if any(line.startswith("#Software: Microsoft Internet Information") for line in lines):
        return "#Software names Internet Information Services"
    held = [line for line in lines if line.strip()]
    if held and not any(line.startswith("#") for line in held) and all(map(HEADLESS.match, held)):
        return "the lines are those of IIS, without the line #Fields: that names their fields"
    found = {"s-ip", "s-sitename", "sc-win32-status", "sc-substatus"}.intersection(w3c.named_fields(lines))
    return f"#Fields has {', '.join(sorted(found))}" if found else None


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the file; raises UsageError when neither it nor the user names the fields."""
    own = w3c.own_fields(options)
    names = tuple(dict.fromkeys((*own, *w3c.named_fields(lines))))
    w3c.demand(names, lines, NEEDS["clock"], NEEDS["code"], NEEDS["stem"])
    if (unit := options.get("latency_unit", "ms")) not in UNITS:
        raise UsageError(
            f"The option latency_unit={unit} is no unit of time-taken. Use {' or '.join(UNITS)}."
        )
    refused, ftp = w3c.refused(), f"regexp_replace(verb, '^[\\[][0-9]+[\\]]', '') IN ({quoted_all(FTP)})"
    took, code, chosen = milliseconds("took", unit), status("code"), options.get("consumer")
    values = {
        "time": started(moment("coalesce(day, given_day) || ' ' || clock || 'Z'", "iso"), took),
        "method": "coalesce(verb, '_OTHER')",
        "path": "stem",
        "host": "hosted",
        "stage": "site",
        "status": code,
        "latency_ms": took,
        "request_bytes": count("received"),
        "response_bytes": count("sent"),
        "consumer": credential(chosen, "caller") if chosen else first(("caller", secret("api_key"))),
        "client_ip": address("ip"),
        "user_agent": "replace(agent, '+', ' ')",
        "timed_out": f"CASE WHEN system IN ({quoted_all(WINDOWS)}) THEN true ELSE {timed_out_by_status(code)} END",
        "error_code": f"CASE WHEN system IN {GONE} THEN 'client_closed' "
        f"WHEN {code} >= 400 AND sub <> '0' THEN code || '.' || sub END",
        "content": "line",
        **refused,
        "refusal": f"CASE WHEN matched AND {ftp} THEN '{BLANK}' ELSE {refused['refusal']} END",
    }
    relation = w3c.taken_apart(w3c.chosen(NEEDS, names, options), own)
    why = "the option fields names them" if own else f"#Fields names {len(names)} fields"
    # each line is read by the last #Fields before it, so the order of the file must be kept
    return Conformed(select(relation, values), "w3c", why, ids=True)


SOURCE = Source(
    name="iis",
    title="IIS log (W3C extended format)",
    fills="calls",
    needs="u_ex….log files in the W3C format; #Fields may change within a file. FTP commands are left out.",
    identity="A custom field X-Consumer-Id or X-Client-Id, else cs-username, else X-Api-Key (stored hashed).",
    call_id="None is logged, so the line.",
    certainty="Fields and milliseconds read in the vendor's documents; that the stamp is the end, in whole seconds, "
    "was seen in practice and is what the format's own definition says. Samples built from documentation.",
    reads="lines",
    variants=(Variant("w3c", "Fields as the line #Fields: names them, divided by blanks."),),
    options=(
        w3c.FIELDS,
        Option("consumer", "The field, such as cs(X-Partner), that names the consumer."),
        Option("latency_unit", "Unit of time-taken: ms, or s for servers that keep to the W3C's own.", "ms"),
    ),
    conform=conform,
    recognise=recognise,
)
