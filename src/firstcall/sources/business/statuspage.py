"""When was the service disturbed, as the public status page told it?"""

from __future__ import annotations

from typing import Any

from firstcall.sources.mapping.converters import moment, text
from firstcall.sources.mapping.mapping import RecordMapping, Rows, always, take
from firstcall.sources.pull import Endpoint, Pull
from firstcall.sources.signatures import signature
from firstcall.sources.source import Source, Variant

SEVERITIES = {
    "critical": "critical",
    "major": "major",
    "minor": "degraded",
    "none": "",
    "maintenance": "maintenance",
}


def _timeline(updates: object, _currency: str) -> str | None:
    """Return the updates as lines, the first one first."""
    listed = [each for each in updates if isinstance(each, dict)] if isinstance(updates, list) else []
    lines = [
        f"{text(each.get('display_at')) or text(each.get('created_at'))} {text(each.get('status'))}: "
        f"{text(each.get('body')) or ''}".rstrip(": ")
        for each in listed
    ]
    return "\n".join(sorted(lines)) or None


def _begun(maintenance: Any, _currency: str) -> str | None:  # noqa: ANN401 - a maintenance
    """Return when a maintenance began: when it was first said to be in progress, else when it was scheduled for.

    `started_at` is when it was announced, which may be weeks before.
    """
    updates = maintenance.get("incident_updates")
    listed = [each for each in updates if isinstance(each, dict)] if isinstance(updates, list) else []
    said = [
        text(each.get("display_at") or each.get("created_at"))
        for each in listed
        if each.get("status") == "in_progress"
    ]
    begun = [(at, each) for each in said if each and (at := moment(each)) is not None]
    return min(begun)[1] if begun else text(maintenance.get("scheduled_for"))


INCIDENT = {
    "incident_id": take("id"),
    "title": take("name"),
    "severity": take("impact", values=SEVERITIES),
    "products": take("components.*.name"),
    "started_at": take("started_at", "created_at"),
    "resolved_at": take("resolved_at", "scheduled_until"),
    "narrative_url": take("shortlink"),
    "timeline": take("incident_updates", read=_timeline),
    "postmortem_at": take("postmortem_published_at", "incident_updates[status=postmortem].display_at"),
}
OPEN = {**INCIDENT, "resolved_at": take("resolved_at")}
MAPPING = RecordMapping(
    (
        Rows("incidents", OPEN, {"impact": True, "name": True, "scheduled_for": False}, version="updated_at"),
        Rows("incidents", INCIDENT | {"severity": take(otherwise="maintenance"), "started_at": take("", read=_begun)},
             {"name": True, "scheduled_for": True}, version="updated_at"),
    ),
    "an incident of Statuspage",
    lists=("incidents", "scheduled_maintenances"),
    inside=("incident",),
)  # fmt: skip

PULL = Pull(
    auth="none",
    address="https://status.example.com",
    endpoints=(
        Endpoint("incidents", "/api/v2/incidents.json", "incidents"),
        Endpoint("maintenances", "/api/v2/scheduled-maintenances.json", "scheduled_maintenances"),
    ),
)

SIGNATURES = (
    signature("impact", "incident_updates|shortlink|scheduled_for"),
    signature("page.id", "incidents|scheduled_maintenances"),
)

STATUSPAGE = Source(
    name="statuspage",
    title="Statuspage incidents and maintenance",
    fills="incidents",
    needs="`/api/v2/incidents.json` of a status page, its API's answers or webhooks, as JSON",
    identity="none; components are kept as products by their names",
    certainty="seen in public feeds; when an incident was noticed is not told, so it stays empty",
    reads="json",
    variants=(Variant("feed", '`{"page": …, "incidents": […]}`, at most the 50 latest'),),
    maps=always(MAPPING),
    pull=PULL,
    signatures=SIGNATURES,
)
