"""What happened to the program itself? Milestones, incidents, changes of the contract."""

from __future__ import annotations

from typing import Final

from firstcall.demo import story
from firstcall.demo.clock import at, iso
from firstcall.demo.ecosystem import told_at
from firstcall.demo.faults import SLOW
from firstcall.demo.tables import Cell, Table

MILESTONES: Final = Table(
    "milestones",
    ("date", "label", "kind", "url"),
    (
        ("2025-07-01", "Northwind APIs opened", "launch", ""),
        ("2025-11-18", "Quickstart rewritten", "docs", ""),
        (story.SELF_SERVICE, "Self-service portal launched", "launch", ""),
        (story.PRICE_LAUNCH, "Paid plans launched", "pricing", ""),
        (story.V2_RELEASE, "Payments v2 released", "launch", ""),
        ("2026-08-18", "Shipping outage", "incident", ""),
    ),
)

CONTRACT_CHANGES: Final = Table(
    "contract_changes",
    ("product", "version", "released_at", "kind", "behind_new_version", "notice_days", "detail"),
    (
        ("accounts", "v1", "2025-12-03", "addition", "false", "", "Transactions carry a category."),
        ("shipping", "v1", "2026-02-17", "fix", "false", "", "Rates are rounded to cents."),
        (
            "payments",
            "v2",
            story.V2_RELEASE,
            "breaking",
            "true",
            "50",
            "`amount` became an object; `source` went.",
        ),
        ("payments", "v1", story.V2_RELEASE, "deprecation", "false", "50", "v1 ends on 2026-06-30."),
        ("payments", "v1", story.V2_RELEASE, "breaking", "false", "0", "v1 refuses amounts that are texts."),
        ("identity", "v1", "2026-07-21", "addition", "false", "", "Documents can be uploaded in parts."),
    ),
)

_HEADER: Final = (
    "incident_id",
    "title",
    "severity",
    "products",
    "started_at",
    "detected_at",
    "resolved_at",
    "detected_by",
    "integration_related",
    "commitment_minutes",
    "narrative_url",
    "timeline",
    "cause",
    "reproducible_test",
    "postmortem_at",
    "actions_total",
    "actions_done",
    "actions_on_time",
    "recurrence_of",
)


def make_incidents() -> Table:
    """Incidents of 15 months; the outage of August 2026 is I005, and one maintenance is no incident."""
    rows: tuple[tuple[Cell, ...], ...] = (
        _incident(
            "I001", "Payments slow after a deploy", "partial", "payments", "2025-10-07 10:12", 14, 52, 120
        ),
        _incident("I002", "Sandbox keys rejected", "degraded", "accounts", "2026-01-22 08:30", 65, 180, 240),
        _incident(
            "I003",
            "Planned database upgrade",
            "maintenance",
            "payments,accounts",
            "2026-03-08 02:00",
            0,
            60,
            0,
        ),
        _incident("I004", "Accounts four times slower", "degraded", "accounts", SLOW[0], 20, 70, 120),
        _incident("I005", "Shipping unavailable", "major", "shipping", story.OUTAGE[0], 12, 105, 60),
        _incident("I006", "Webhook retries delayed", "partial", "payments", "2026-09-09 15:40", 8, 47, 120),
    )
    return Table("incidents", _HEADER, rows)


def _incident(
    identifier: str,
    title: str,
    severity: str,
    products: str,
    start: str,
    detected: int,
    resolved: int,
    within: int,
) -> tuple[Cell, ...]:
    """One incident: minutes to detection and to resolution count from its start."""
    started = at(start)
    told = severity != "maintenance"
    narrative: tuple[Cell, ...] = (
        "Deploy, alarm, rollback, green",
        "Retry loop exhausted the connection pool",
    )
    return (
        identifier,
        title,
        severity,
        products,
        iso(started),
        iso(started + detected * 60_000),
        iso(started + resolved * 60_000),
        "customer" if identifier in {"I002", "I004"} else "monitoring",
        "true" if told else "false",
        within or "",
        told_at(started) if identifier in {"I001", "I004", "I005"} else "",
        *(narrative if told else ("", "")),
        "tests/retries.http" if identifier in {"I001", "I005"} else "",
        iso(started + 5 * 86_400_000) if told else "",
        *((4, 3, 2) if told else ("", "", "")),
        "I001" if identifier == "I006" else "",
    )
