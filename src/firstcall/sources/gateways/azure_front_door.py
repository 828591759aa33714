"""How are the access logs of Azure Front Door, Application Gateway and App Service read?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from firstcall.errors import UnknownName
from firstcall.literals import quoted_all
from firstcall.sources.parsing.call_columns import (
    OWN_ID,
    address,
    count,
    first,
    host_of,
    milliseconds,
    select,
    status,
)
from firstcall.sources.parsing.json_log import objects
from firstcall.sources.parsing.moments import moment, started
from firstcall.sources.parsing.object_log import Places, fields, refusal, values_at
from firstcall.sources.parsing.outcomes import AZURE, gateway_made, timed_out_by_status
from firstcall.sources.source import Conformed, Option, Source, Variant

OUTSIDE: Places = {
    "began": ("$.time", "$.timeStamp", "$.timestamp", "$.TimeGenerated"), "category": ("$.category", "$.Category"),
    "properties": ("$.properties",), "resource": ("$.resourceId", "$.ResourceId"),
}  # fmt: skip
INSIDE: Places = {
    "code": ("$.httpStatusCode", "$.httpStatus", "$.ScStatus"), "verb": ("$.httpMethod", "$.CsMethod"),
    "uri": ("$.requestUri", "$.CsUriStem"), "hosted": ("$.hostName", "$.originalHost", "$.host", "$.CsHost"),
    "taken": ("$.timeTaken", "$.TimeTaken"), "upstream": ("$.serverResponseLatency",),
    "server_code": ("$.serverStatus",), "received": ("$.requestBytes", "$.receivedBytes", "$.CsBytes"),
    "sent": ("$.responseBytes", "$.sentBytes", "$.ScBytes"),
    "ip": ("$.clientIp", "$.clientIP", "$.CIp"), "agent": ("$.userAgent", "$.UserAgent"),
    "person": ("$.CsUsername",), "request": ("$.trackingReference", "$.transactionId"),
    "error": ("$.errorInfo", "$.error_info"), "origin": ("$.originName", "$.originIp"),
    "place": ("$.routingRuleName", "$.routeName", "$.ruleName"),
}  # fmt: skip
KINDS = {
    "front-door": ("FrontDoorAccessLog", "FrontdoorAccessLog"),
    "application-gateway": ("ApplicationGatewayAccessLog",),
    "app-service": ("AppServiceHTTPLogs",),
}
UNITS = {"front-door": "s", "app-service": "ms"}
V2 = (
    "serverResponseLatency",
    "transactionId",
    "WAFMode",
    "serverRouted",
    "serverStatus",
    "clientResponseTime",
)
"""Fields that only version 2 has; `originalHost` both have."""
NO_ERROR = ("NoError", "ERRORINFO_NO_ERROR")


INSTANCE = ("$.properties.instanceId",)
"""Machines of version 1 are called ApplicationGatewayRole_IN_0, those of version 2 appgw_0."""


def _category(item: Mapping[str, object]) -> str:
    return str(item.get("category") or item.get("Category") or "")


def recognise(lines: Sequence[str]) -> str | None:
    """Return why the lines are of one of the three services, None when nothing says so."""
    known = [name for names in KINDS.values() for name in names]
    category = next((_category(item) for item in objects(lines) if _category(item) in known), None)
    return f"the category is {category}" if category else None


def _kind(found: Sequence[Mapping[str, object]]) -> str:
    categories = {_category(item) for item in found}
    return next((kind for kind, names in KINDS.items() if categories & set(names)), "front-door")


def _unit(
    kind: str, found: Sequence[Mapping[str, object]], options: Mapping[str, str]
) -> tuple[str, tuple[str, ...]]:
    """Return (unit of timeTaken, notes): Application Gateway changed from milliseconds to seconds with v2."""
    chosen = options.get("latency_unit")
    if chosen not in {"s", "ms", None}:
        raise UnknownName("latency unit of Azure", str(chosen), ("s", "ms"))
    if chosen or kind in UNITS:
        return chosen or UNITS[kind], ()
    named = any(str(value).startswith("ApplicationGatewayRole") for value in values_at(found, INSTANCE))
    fine = any("." in value for value in values_at(found, ["$.properties.timeTaken"]))
    newer = not named and (fine or any(values_at(found, [f"$.properties.{name}"]) for name in V2))
    version, unit = ("v2", "s") if newer else ("v1", "ms")
    return unit, (
        f"timeTaken taken as {unit} (Application Gateway {version}); else say --option latency_unit=…",
    )


PLAIN = {
    "method": "verb",
    "path": "uri",
    "host": first(("hosted", host_of("uri"))),
    "upstream_ms": milliseconds("upstream", "s"),
    "request_bytes": count("received"),
    "response_bytes": count("sent"),
    "consumer": "person",
    "product": "place",
    "client_ip": address("ip"),
    "request_id": "request",
    "event_id": OWN_ID,
    "stage": "nullif(lower(regexp_extract(resource, '([^/]+)$', 1)), '')",
    "content": "line",
}
"""What is taken as every variant has it."""


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the file: Front Door's time is when the answer had been delivered, the others' the start."""
    found = objects(lines)
    kind = _kind(found)
    unit, notes = _unit(kind, found, options)
    latency, code = milliseconds("taken", unit), status("code")
    began = moment("began", "iso")
    made = {
        "front-door": "origin IS NULL",
        "application-gateway": "server_code IS NULL",
        "app-service": "false",
    }[kind]
    nothing = quoted_all(NO_ERROR)
    error = f"CASE WHEN error NOT IN ({nothing}) THEN error END"
    timeouts = quoted_all(AZURE)
    agent = "replace(agent, '+', ' ')" if kind == "app-service" else "agent"
    others = quoted_all(KINDS[kind])
    values = {
        **PLAIN,
        "time": started(began, latency) if kind == "front-door" else began,
        "status": code,
        "timed_out": f"CASE WHEN error IN ({timeouts}) THEN true ELSE {timed_out_by_status(code)} END",
        "error_code": first((error, gateway_made(made, code, f"azure-{kind}"))),
        "latency_ms": latency,
        "user_agent": agent,
        "refusal": refusal(f"category NOT IN ({others})"),
    }
    relation = fields(OUTSIDE, inside="properties", within=INSIDE)
    return Conformed(
        select(relation, values), kind, f"the category is that of {kind}", notes, ids=True, expands=True
    )


SOURCE = Source(
    name="azure-front-door",
    title="Azure Front Door, Application Gateway and App Service access logs",
    fills="calls",
    needs="Diagnostic records as JSON of one of the three; other categories in the same file are left out.",
    identity="None but App Service's CsUsername: name the consumer at the gateway behind it.",
    call_id="trackingReference or transactionId, which are the service's own; else the line.",
    certainty="Shapes and units seen in samples and read in the vendor's documents; the samples are built from them. "
    "The names of errors, and that Application Gateway's time is the start, are defaults to check.",
    reads="lines",
    variants=(
        Variant("front-door", "FrontDoorAccessLog; timeTaken in seconds, every number as text."),
        Variant(
            "application-gateway",
            "ApplicationGatewayAccessLog; milliseconds in v1 (told by instanceId), seconds in v2 (its fields, or "
            "fractions).",
        ),
        Variant("app-service", "AppServiceHTTPLogs; milliseconds, + for spaces in the user agent."),
    ),
    options=(
        Option("latency_unit", "Unit of timeTaken, s or ms, when the version is not told by the fields."),
    ),
    conform=conform,
    recognise=recognise,
)
