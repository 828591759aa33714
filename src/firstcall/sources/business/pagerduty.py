"""When was somebody called out, and when was it over?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from firstcall.sources.mapping.converters import CONVERTERS
from firstcall.sources.mapping.mapping import RecordMapping, Rows, Skip, always, constant, take
from firstcall.sources.paging import Offset
from firstcall.sources.pull import Endpoint, Pull
from firstcall.sources.signatures import signature
from firstcall.sources.source import Option, Source, Variant

PRIORITIES = {"p1": "critical", "p2": "major", "p3": "partial", "p4": "degraded", "p5": "degraded"}
URGENCIES = {"high": "major", "low": "degraded"}


def _severity(incident: Any, _currency: str) -> str | None:  # noqa: ANN401 - an incident
    """Return how bad it is by its priority, else by its urgency."""
    priority = incident.get("priority")
    named = priority.get("summary") if isinstance(priority, dict) else incident.get("priority_name")
    by_urgency = URGENCIES.get(str(incident.get("urgency") or "").lower())
    return PRIORITIES.get(str(named or "").lower(), by_urgency)


def _resolved(incident: Any, currency: str) -> str | None:  # noqa: ANN401 - an incident
    """Return when it was over; older answers of the API say it only as the last change of state."""
    moment = incident.get("resolved_at")
    if moment is None and incident.get("status") == "resolved":
        moment = incident.get("last_status_change_at")
    return CONVERTERS["utc"](moment, currency)


MERGED = Skip({"resolve_reason.type": ("merge_resolve_reason",)}, "incidents merged into others", ends=True)
MAPPING = RecordMapping(
    (
        Rows("incidents", {
            "incident_id": take("id"),
            "title": take("title", "description", "summary", "id"),
            "severity": take("", read=_severity),
            "products": take("service.summary", "service_name", option="products"),
            "started_at": take("created_at", read="utc"),
            "detected_at": take("created_at", read="utc"),
            "resolved_at": take("", read=_resolved),
            "detected_by": constant("monitoring"),
            "narrative_url": take("html_url"),
        }, {"created_at": True, "urgency": True}, version="updated_at", skip=(MERGED,)),
    ),
    "an incident of PagerDuty",
    lists=("incidents", "data"),
    inside=("event.data", "incident"),
)  # fmt: skip

PULL = Pull(
    base="https://api.pagerduty.com",
    auth="token",
    rights="a read-only REST API key",
    headers={"Accept": "application/vnd.pagerduty+json;version=2"},
    endpoints=(
        Endpoint("incidents", "/incidents", "incidents", (("limit", "100"), ("sort_by", "created_at:asc")),
                 (Offset("offset", more="more"),), ("since", "{since}"), changed="created_at",
                 lookback=timedelta(days=30), first=(("date_range", "all"),)),
    ),
)  # fmt: skip

SIGNATURES = (
    signature(
        "urgency",
        "created_at",
        "service.summary|service_name|incident_number|incident_key|last_status_change_at",
    ),
)

PAGERDUTY = Source(
    name="pagerduty",
    title="PagerDuty incidents",
    fills="incidents",
    needs="incidents of the REST API or of the raw analytics, or webhooks, as JSON",
    identity="none; the service is kept as product by its name",
    certainty="fields read in the vendor's OpenAPI document; it began and was noticed when the page went out",
    reads="json",
    variants=(
        Variant("REST", '`{"incidents": […], "more": …}`'),
        Variant("analytics", '`{"data": […]}`, times without offset are UTC'),
    ),
    options=(Option("products", "path that names the API products", "service.summary"),),
    maps=always(MAPPING),
    pull=PULL,
    signatures=SIGNATURES,
)
