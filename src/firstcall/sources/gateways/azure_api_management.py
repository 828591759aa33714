"""How are the gateway logs of Azure API Management read: diagnostic records, the Log Analytics table, its CSV?"""

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
from firstcall.sources.parsing.moments import moment
from firstcall.sources.parsing.object_log import Places, fields, identity, refusal, values_at, which_id
from firstcall.sources.parsing.outcomes import API_MANAGEMENT, gateway_made, timed_out_by_status
from firstcall.sources.source import Conformed, Option, Source, Variant


def _either(*names: str) -> tuple[str, ...]:
    """Return the places of a field: as the table and the oldest records have it, then in camel case."""
    both = (form for name in names for form in (name, name[0].lower() + name[1:]))
    return tuple(f"$.{name}" for name in dict.fromkeys(both))


TIMES = ("$.time", "$.TimeGenerated", '$."TimeGenerated [UTC]"')
OUTSIDE: Places = {
    "began": TIMES, "properties": ("$.properties",), "total_ms": _either("DurationMs", "TotalTime"),
    "ip": _either("CallerIpAddress"), "correlation": _either("CorrelationId"), "place": _either("Location", "Region"),
    "resource": ("$._ResourceId", "$.resourceId", "$.ResourceId"), "category": _either("Category", "Type"),
}  # fmt: skip
NAMES: Mapping[str, tuple[str, ...]] = {
    "code": ("ResponseCode",), "backend_code": ("BackendResponseCode",), "verb": ("Method",), "url": ("Url",),
    "backend_ms": ("BackendTime", "ServiceTime"), "received": ("RequestSize",), "sent": ("ResponseSize",),
    "api": ("ApiId",), "revision": ("ApiRevision",), "operation": ("OperationId",), "product_id": ("ProductId",),
    "person": ("UserId",), "subscription": ("ApimSubscriptionId", "SubscriptionId"),
    "reason": ("LastErrorReason",), "headers": ("RequestHeaders",),
}  # fmt: skip
INSIDE: Places = {name: _either(*names) for name, names in NAMES.items()}
REASONS = ("$.lastError.reason", "$.LastError.Reason")
TABLE: Places = {f"t_{name}": places for name, places in INSIDE.items()}
WITHIN: Places = {
    **{f"p_{name}": places for name, places in INSIDE.items()},
    "p_error": REASONS, "p_total": _either("TotalTime"), "p_correlation": _either("CorrelationId"),
    "p_ip": _either("CallerIpAddress"),
}  # fmt: skip

IDENTITIES = {
    "subscription": ("subscription", "person"),
    "user": ("person", "subscription"),
    "product": ("product_id", "subscription", "person"),
}
ROUTES = ("operation", "path")
PORTAL = ("%m/%d/%Y, %I:%M:%S.%f %p", "%m/%d/%Y, %I:%M:%S %p", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S")
ABORTED = "ClientConnectionFailure"
LEFT = f"reason IN ({quoted_all(API_MANAGEMENT)})"


def recognise(lines: Sequence[str]) -> str | None:
    """Return why the lines are API Management's, None when nothing says so."""
    for item in objects(lines):
        if "GatewayLogs" in (item.get("category"), item.get("Category")):
            return "the category is GatewayLogs"
        if "ApimSubscriptionId" in item or item.get("Type") == "ApiManagementGatewayLogs":
            return "the columns are those of ApiManagementGatewayLogs"
    return None


def _variant(found: Sequence[Mapping[str, object]]) -> tuple[str, str]:
    if any("properties" in item for item in found):
        return "diagnostic", "the objects have properties"
    return "log-analytics", "the objects have the table's columns"


def _relation() -> str:
    """Return one row per call, its fields named alike whether they stood inside `properties` or not."""
    inner = fields({**OUTSIDE, **TABLE}, inside="properties", within=WITHIN)
    merged = ", ".join(f"coalesce(p_{name}, t_{name}) AS {name}" for name in INSIDE if name != "reason")
    return (
        "SELECT line, matched, began, coalesce(ip, p_ip) AS ip, coalesce(correlation, p_correlation) AS correlation, "
        "coalesce(total_ms, p_total) AS total_ms, place, resource, category, "
        f"coalesce(p_error, p_reason, t_reason) AS reason, {merged} FROM ({inner})"
    )


def _began(found: Sequence[Mapping[str, object]]) -> tuple[str, tuple[str, ...]]:
    if any("/" in value for value in values_at(found, TIMES)):
        read = first(f"try_strptime(began, '{form}')" for form in PORTAL)
        return read, ("TimeGenerated read as month/day/year in UTC, as the portal exports it in English",)
    return moment("began", "iso"), ()


PLAIN = {"method": "verb", "path": "url", "host": host_of("url")}
"""What is taken as every variant has it."""


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the file: the time is the start, every duration is milliseconds."""
    found = objects(lines)
    if (chosen := options.get("route", "operation")) not in ROUTES:
        raise UnknownName("route of Azure API Management", chosen, ROUTES)
    began, notes = _began(found)
    code, backend = status("code"), "TRY_CAST(backend_code AS INTEGER)"
    version = "nullif(regexp_extract(api, '-(v[0-9][A-Za-z0-9.-]*)$', 1), '')"
    gone = f"reason = '{ABORTED}'"
    values = {
        "time": began,
        "status": f"CASE WHEN code IS NULL AND {gone} THEN 0 ELSE {code} END",
        "timed_out": f"CASE WHEN {LEFT} THEN true ELSE {timed_out_by_status(code)} END",
        "error_code": first(
            ("reason", gateway_made(f"coalesce({backend}, 0) = 0", code, "azure-api-management"))
        ),
        **PLAIN,
        "latency_ms": milliseconds("total_ms", "ms"),
        "upstream_ms": f"CASE WHEN coalesce({backend}, 0) > 0 OR TRY_CAST(backend_ms AS DOUBLE) > 0 "
        f"THEN {milliseconds('backend_ms', 'ms')} END",
        "request_bytes": count("received"),
        "response_bytes": count("sent"),
        "consumer": identity(options, IDENTITIES, "Azure API Management"),
        "traffic_class": "CASE WHEN subscription = 'master' THEN 'internal' END",
        "product": first(("product_id", "api")),
        "version": f"coalesce({version}, CASE WHEN revision <> '1' THEN 'rev' || revision END)",
        "stage": "coalesce(nullif(lower(regexp_extract(resource, '(?i)/service/([^/]+)', 1)), ''), place)",
        "client_ip": address("ip"),
        "user_agent": 'nullif(regexp_extract(headers, \'(?i)"user-agent"\\s*:\\s*"([^"]*)"\', 1), \'\')',
        "request_id": "correlation",
        "event_id": OWN_ID,
        "content": "line",
        "refusal": refusal("category NOT IN ('GatewayLogs', 'ApiManagementGatewayLogs')"),
    }
    if chosen == "operation":
        values["route"] = "operation"
    variant, why = _variant(found)
    return Conformed(select(_relation(), values), variant, why, notes, ids=True, expands=True)


SOURCE = Source(
    name="azure-api-management",
    title="Azure API Management (GatewayLogs)",
    fills="calls",
    needs="Diagnostic records as JSON, the table ApiManagementGatewayLogs as JSON or CSV; other categories are left "
    "out.",
    identity="apimSubscriptionId (master, the built-in key, counts as internal), else userId.",
    call_id="CorrelationId, which is the gateway's own.",
    certainty="Fields, units and the start time read in the vendor's documents, and the samples are built from them. "
    "The names of errors, the date format of the portal's CSV, and versions read from -v1 at the end of an API's id "
    "are defaults to check.",
    reads="csv",
    variants=(
        Variant("diagnostic", "Records with properties (an object, or text in the oldest)."),
        Variant("log-analytics", "Columns of ApiManagementGatewayLogs, as JSON or CSV."),
    ),
    options=(
        which_id(IDENTITIES),
        Option("route", "operation: the operation's id; path: as other gateways, by the path.", "operation"),
    ),
    conform=conform,
    recognise=recognise,
)
