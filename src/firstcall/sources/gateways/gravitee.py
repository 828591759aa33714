"""How are Gravitee's metrics read: Elasticsearch documents, the file reporter's JSON, or its CSV, of V2 and V4 APIs?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from firstcall.literals import quoted_all
from firstcall.sources.parsing.call_columns import OWN_ID, address, count, first, milliseconds, select, status
from firstcall.sources.parsing.json_log import objects
from firstcall.sources.parsing.moments import moment
from firstcall.sources.parsing.object_log import fields, identity, refusal, shape_at, values_at, which_id
from firstcall.sources.parsing.outcomes import GRAVITEE, gateway_made, timed_out_by_status
from firstcall.sources.secrets import secret
from firstcall.sources.source import Conformed, Source, Variant

NAMES = {
    "began": ('"@timestamp"', "timestamp"), "code": ("status",),
    "verb": ("method", '"http-method"', "httpMethod"),
    "uri": ("uri", '"path-info"', "pathInfo", "path"), "mapped": ('"mapped-path"', "mappedPath"),
    "total": ('"response-time"', '"gateway-response-time-ms"', "proxyResponseTimeMs", "gatewayResponseTimeMs"),
    "upstream": ('"api-response-time"', '"endpoint-response-time-ms"', "apiResponseTimeMs", "endpointResponseTimeMs"),
    "received": ('"request-content-length"', "requestContentLength"),
    "sent": ('"response-content-length"', "responseContentLength"),
    "application": ('"application-id"', "applicationId", "application"),
    "subscription": ('"subscription-id"', "subscriptionId", "subscription"), "person": ("user",),
    "token": ('"security-token"', "securityToken"),
    "api": ('"api-name"', "apiName", '"api-id"', "apiId", "api"),
    "env": ('"env-id"', "environmentId", "env"), "hosted": ("host",),
    "ip": ('"remote-address"', "remoteAddress"), "agent": ('"user-agent"', "userAgent"),
    "request": ('"request-id"', "requestId", "id"), "error": ('"error-key"', "errorKey"),
    "backend": ("endpoint",), "finished": ('"request-ended"', "requestEnded"),
    "trace": ('"transaction-id"', "transactionId", "transaction"),
}  # fmt: skip
"""Name → what it is called: Elasticsearch V2 and V4, then the file reporter's V2 and V4."""

CSV = (
    "transactionId", "requestId", "timestamp", "remoteAddress", "localAddress", "api", "apiName", "org", "env",
    "application", "plan", "subscription", "user", "tenant", "uri", "path", "mappedPath", "method", "status",
    "endpoint", "errorKey", "message", "userAgent", "host", "requestContentLength", "responseContentLength",
    "apiResponseTimeMs", "proxyResponseTimeMs", "proxyLatencyMs", "securityType", "printed",
)  # fmt: skip
"""Columns of a V2 API's CSV. The last is called security token and holds the API's id, so it is not read as one."""
V4_ADDS = CSV.index("endpoint")
"""Where a V4 API's CSV has one column more: the entrypoint."""

METHODS = (
    "CONNECT",
    "DELETE",
    "GET",
    "HEAD",
    "OPTIONS",
    "PATCH",
    "POST",
    "PUT",
    "TRACE",
)
"""By the code that stands in Elasticsearch, from 1."""

MILLISECONDS = 13
"""Digits of a time in epoch milliseconds."""
KEYLESS = "1"
IDENTITIES = {
    "application": ("known", "subscription", "person", "hidden"),
    "subscription": ("subscription", "known", "person", "hidden"),
    "user": ("person", "known", "subscription", "hidden"),
}


def recognise(lines: Sequence[str]) -> str | None:
    """Return why the lines are Gravitee's, None when nothing says so."""
    for item in map(_inner, objects(lines)):
        if "printed" in item:
            if _is_printed(item):
                return "31 or 32 fields: ids, milliseconds, addresses, then method and status in Gravitee's order"
            continue
        if "gateway" in item and {"gateway-response-time-ms", "proxy-latency", "response-time"} & item.keys():
            return "the objects have gateway and its response time"
        if {"gatewayResponseTimeMs", "proxyLatencyMs", "gatewayLatencyMs"} & item.keys():
            return "the objects have the file reporter's latencies"
    return None


def _is_printed(item: Mapping[str, Any]) -> bool:
    """Whether a row without a line of names has what the file reporter writes, each in its place."""
    began, code = str(item["timestamp"]), str(item["status"])
    return (
        len(began) == MILLISECONDS
        and began.isdigit()
        and len(code) == len("200")
        and code.isdigit()
        and item["method"] in METHODS
        and str(item["uri"]).startswith("/")
        and f"column_{len(CSV) + 2}" not in item
    )


def _inner(item: Mapping[str, Any]) -> Mapping[str, Any]:
    held = item.get("_source")
    return held if isinstance(held, dict) else item


def _variant(found: Sequence[Mapping[str, Any]]) -> str:
    for item in map(_inner, found):
        if "printed" in item:
            # in the row of a V4 API the column of the security's type holds a latency
            return "csv-v4" if str(item.get("securityType", "")).lstrip("-").isdigit() else "csv-v2"
        if "gateway-response-time-ms" in item or "http-method" in item:
            return "elasticsearch-v4"
        if "gatewayResponseTimeMs" in item or "apiId" in item:
            return "file-v4"
        if "proxyResponseTimeMs" in item or "httpMethod" in item:
            return "file-v2"
    return "elasticsearch-v2"


def _places(variant: str, found: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    root = "$._source." if any("_source" in item for item in found) else "$."
    if variant == "csv-v4":
        moved = {name: CSV[n + 1] for n, name in enumerate(CSV[:-1]) if n >= V4_ADDS}
        places = {
            key: tuple("$." + moved.get(name, name) for name in names if name in CSV)
            for key, names in NAMES.items()
        }
        return {key: held or ("$.-",) for key, held in places.items()} | {"id": ("$._id",)}
    return {key: tuple(root + name for name in names) for key, names in NAMES.items()} | {"id": ("$._id",)}


PLAIN = {
    "path": "uri",
    "route": "mapped",
    "host": "hosted",
    "latency_ms": milliseconds("total", "ms"),
    "upstream_ms": milliseconds("upstream", "ms"),
    "request_bytes": count("received"),
    "response_bytes": count("sent"),
    "product": "api",
    "stage": "env",
    "client_ip": address("ip"),
    "user_agent": "agent",
    "request_id": first(("request", "id")),
    "event_id": OWN_ID,
    "trace_id": "trace",
    "content": "line",
    "refusal": refusal("lower(finished) = 'false'"),
}
"""What is taken as every variant has it."""


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the file: the timestamp is the start, durations are milliseconds and -1 when unset."""
    found = objects(lines)
    variant = _variant(found)
    places = _places(variant, found)
    shape = shape_at(found, places["began"], "ms")
    token = "NULL" if variant.startswith("csv") else secret("token")
    relation = (
        f"SELECT *, CASE WHEN application <> '{KEYLESS}' THEN application END AS known, {token} AS hidden "
        f"FROM ({fields(places)})"
    )
    code = status("code")
    methods = quoted_all(METHODS)
    timeouts = quoted_all(GRAVITEE)
    values = {
        **PLAIN,
        "time": moment("began", shape),
        "status": code,
        "timed_out": f"CASE WHEN error IN ({timeouts}) THEN true ELSE {timed_out_by_status(code)} END",
        "error_code": first(("error", gateway_made("backend IS NULL", code, "gravitee"))),
        "method": f"CASE WHEN TRY_CAST(verb AS INTEGER) IS NULL THEN verb "
        f"ELSE coalesce([{methods}][TRY_CAST(verb AS INTEGER)], '_OTHER') END",
        "consumer": identity(options, IDENTITIES, "Gravitee"),
    }
    why = f"the fields are those of {variant}"
    notes = (
        ()
        if values_at(found, places["agent"])
        else ("no user agent in the sample: the reporter leaves it out",)
    )
    return Conformed(select(relation, values), variant, why, notes if found else (), ids=True, expands=True)


SOURCE = Source(
    name="gravitee",
    title="Gravitee (Elasticsearch, file reporter)",
    fills="calls",
    needs="Documents of the request or v4-metrics index, or the file reporter's JSON or CSV.",
    identity="application (1, the keyless one, is nobody), else subscription, else user; a security token is stored "
    "hashed.",
    call_id="The request id, which is the gateway's own.",
    certainty="Templates, classes and CSV order read in the vendor's source, and the samples are built from them. "
    "That application 1 is keyless, and the names of timeouts, are defaults to check.",
    reads="csv",
    variants=(
        Variant("elasticsearch-v2", "Documents of V2 APIs, methods as numbers."),
        Variant("elasticsearch-v4", "Documents of V4 APIs, methods as numbers."),
        Variant("file-v2", "The file reporter's JSON for V2 APIs."),
        Variant("file-v4", "The file reporter's JSON for V4 APIs."),
        Variant("csv-v2", "The file reporter's CSV for V2 APIs, without header."),
        Variant("csv-v4", "The file reporter's CSV for V4 APIs, with one column more."),
    ),
    options=(which_id(IDENTITIES),),
    conform=conform,
    recognise=recognise,
    header=CSV,
)
