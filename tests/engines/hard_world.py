"""Which small world holds every trap once?

Two partners are one by now; a key changes hands at noon; calls sit a microsecond before a local midnight and in the
hour that a clock change repeats; names hold quotes and backslashes; hours are no binary fractions; an exchange rate
has ten places and another is missing.
"""

from __future__ import annotations

from tests.reference.question import World
from tests.reference.tiny import at, call, developer, effort, key, line, on, partner, sandbox, span

SIGNALS: World = {
    "tickets": [
        {
            "ticket_id": "T1",
            "partner_id": "P2",
            "opened_at": at("2025-01-31 22:59:59.999999"),
            "topic": "it's \\",
        },
        {
            "ticket_id": "T2",
            "developer_id": "D3",
            "opened_at": at("2025-03-30 00:30"),
            "resolved_at": at("2025-03-30 01:30:00.000001"),
            "product": "payments",
            "method": "GET",
            "route": "/pets",
        },
        {"ticket_id": "T3", "partner_id": "P4", "opened_at": at("2025-03-01")},
    ],
    "surveys": [
        {
            "response_id": f"S{n}",
            "wave": "2025Q1",
            "developer_id": ("D1", "D1", "D2", "D3", None, None, None)[n],
            "submitted_at": at(f"2025-03-{n + 1:02} 23:00"),
            "documentation": 0.1 + n,
            "reliability": 7,
            "support": 8 if n else None,
            "ease": 9.7,
            "comment": "it's \\" if n == 2 else None,
        }
        for n in range(1, 7)
    ],
    "survey_invites": [
        {"wave": "2025Q1", "developer_id": name, "sent_at": at("2025-02-28 23:00")} for name in ("D1", "D2")
    ],
    "feedback": [
        {
            "time": at(f"2025-03-{n:02}"),
            "kind": "docs",
            "subject": "it's \\",
            "partner_id": "P1",
            "rating": n % 5 + 1,
        }
        for n in range(1, 8)
    ],
    "requests": [
        {
            "request_id": f"R{n}",
            "partner_id": "P1",
            "kind": "bug" if n < 7 else "feature",
            "opened_at": at(f"2025-03-{n:02} 12:00:00.000001"),
            "deployed_at": at(f"2025-03-{n + 9:02} 11:00") if n != 3 else None,
        }
        for n in range(1, 8)
    ],
    "contributions": [
        {
            "time": at(f"2025-03-{n:02}"),
            "kind": ("issue", "adapter", "issue")[n % 3],
            "external": n != 4,
            "accepted_at": at(f"2025-03-{n + 3:02} 00:00:00.5") if n % 2 else None,
            "resolved_at": at("2025-03-30 01:00:00.000001") if n != 5 else None,
        }
        for n in range(1, 12)
    ],
    "integrations": [
        {
            "integration_id": f"I{n}",
            "partner_id": ("P1", "P2", "P3", "P4")[n % 4],
            "type": ("marketplace", "adapter", "sample", "custom", "custom")[n % 5],
            "target": ("it's \\", "aws", None)[n % 3],
            "started_at": at("2025-01-31 22:59:59.999999"),
            "live_at": at(f"2025-03-{2 * n + 1:02} 23:00") if n != 6 else None,
            "installs": n if n != 5 else None,
            "active_installs": n // 2,
        }
        for n in range(10)
    ],
    "incidents": [
        {
            "incident_id": f"X{n}",
            "title": "it's \\",
            "severity": ("major", None)[n % 2],
            "started_at": at("2025-02-27 22:59:59.999999") if n else at("2025-03-29 23:30"),
            "resolved_at": at("2025-03-02 00:00") if n else None,
            "integration_related": True,
        }
        for n in range(3)
    ],
    "product_stages": [
        {"product": "payments", "stage": "preview", "since": at("2025-01-31 23:00")},
        {"product": "payments", "stage": "public", "since": at("2025-03-15")},
        {"product": "messages", "stage": "design", "since": at("2025-03-30 01:30")},
    ],
}
"""Tickets, opinions and the ecosystem, some of nobody, some of the test account."""

OFFERED: World = {
    "endpoints": [
        {
            "product": ("payments", "it's \\")[n % 2],
            "method": "GET",
            "route": "/pets" if n < 4 else f"/{n}",
            "version": (None, "v1")[n % 3 // 2],
            "feature": ("it's \\", None, "pay")[n % 3],
            "released_at": at("2025-01-31 23:00") if n == 1 else None,
            "deprecated_at": at("2025-02-28 22:59:59.999999") if n in {0, 2} else None,
            "sunset_at": at(f"2025-0{n + 2}-30 22:00") if n in {2, 3} else None,
        }
        for n in range(6)
    ],
    "plans": [
        {"plan_id": "basic", "product": "payments", "valid_from": at("2025-01-01"), "currency": "EUR"},
        {"plan_id": "all", "product": None, "valid_from": None, "currency": "EUR"},
        {
            "plan_id": "basic",
            "product": "payments",
            "valid_from": at("2025-03-10"),
            "currency": "USD",
            "interval": "year",
            "fee": "7.77",
            "tiers": '[{"up_to": 1, "unit_price": "0.0000000001", "flat_fee": 9.99}, {"unit_price": 2}]',
        },
        {
            "plan_id": "metered",
            "valid_to": at("2026-01-01"),
            "currency": "EUR",
            "bills": "all",
            "included_units": 1,
            "tier_mode": "volume",
            "tiers": '[{"unit_price": "0.5", "up_to": null}]',
        },
        {
            "plan_id": "draft",
            "currency": "EUR",
            "status": "proposed",
            "tiers": '[{"unit_price": "0.333333"}]',
        },
    ],
    "subscriptions": [
        {
            "subscription_id": f"S{n}",
            "partner_id": ("P1", "P2", "P3", "P4", "gone")[n],
            "plan_id": ("basic", "all", "gone", "basic", "all")[n],
            "started_at": at("2025-01-31 23:00"),
            "ended_at": at("2025-03-31 22:00") if n == 2 else None,
        }
        for n in range(5)
    ]
    + [
        {
            "subscription_id": f"T{n}",
            "partner_id": ("P1", "P3", "P3", "P2")[n],
            "plan_id": "metered",
            "started_at": at(("2025-02-28 23:00", "2025-02-10", "2025-03-12", "2025-02-10")[n]),
            "ended_at": at("2025-03-12 00:00:00.000001") if n == 1 else None,
            "kind": ("paid", "trial", "free", "reverse_trial")[n],
            "trial_ends_at": at("2025-03-10 12:00") if n == 1 else None,
            "contracted_units": (3, None, None, 0)[n],
        }
        for n in range(4)
    ],
    "credit_packs": [
        {"pack_id": "K1", "partner_id": "P2", "units": 5, "purchased_at": at("2025-01-01")},
        {
            "pack_id": "K2",
            "partner_id": "P1",
            "units": 3,
            "purchased_at": at("2025-01-31 22:00"),
            "expires_at": at("2025-03-30 01:00"),
        },
    ],
}
"""What is on offer, and who subscribed to it."""

WALKED = [
    {
        "time": at("2025-01-02 00:00:00.000001"),
        "developer_id": "D1",
        "step": "quickstart_viewed",
        "subject": "it's \\",
    },
    {"time": at("2025-01-03"), "anonymous_id": "v", "step": "quickstart_viewed", "subject": "auth"},
    {
        "time": at("2025-03-05 11:59:59.999999"),
        "developer_id": "D3",
        "step": "docs_viewed",
        "subject": "auth",
    },
    {"time": at("2025-01-04"), "anonymous_id": "w", "step": "quickstart_viewed"},
    {"time": at("2025-01-02"), "developer_id": "D1", "step": "credentials_issued"},
    {"time": at("2025-01-02"), "developer_id": "D1", "step": "approval_requested"},
    {"time": at("2025-01-03 00:00:00.5"), "developer_id": "D1", "step": "approved"},
    {"time": at("2025-01-31 23:00"), "partner_id": "P2", "step": "poc_started"},
    {"time": at("2025-03-05 12:00"), "partner_id": "P1", "step": "poc_completed"},
    {"time": at("2025-02-28 23:00"), "partner_id": "P1", "step": "trial_started"},
    {"time": at("2025-03-01"), "partner_id": "P3", "step": "webhook_configured"},
    {"time": at("2025-02-10"), "partner_id": "P3", "step": "product_selected", "subject": "it's \\"},
    {"time": at("2025-02-10 00:00:00.000001"), "partner_id": "P3", "step": "product_selected"},
]
"""What people did in the portal before and between their calls."""

HARD: World = {
    "partners": [
        partner("P1", "2024-12-31 22:59:59.999999", segment="it's \\", country="DE"),
        partner("P2", "2025-01-01", segment=None, merged_into="P1"),
        partner("P3", "2025-02-10", "pending", segment="\\n"),
        partner("P4", "2025-02-10", "test"),
        partner("P5", "2025-01-15", segment="\\n"),
    ],
    "developers": [
        developer("D1", "2025-01-01"),
        developer("D2", "2025-01-02", "P2"),
        developer("D3", "2025-02-10", None),
    ],
    "credentials": [
        key("k1", "P1", "D1", app="one", valid_to=at("2025-03-05 12:00")),
        key("k1", "P3", "D3", app="two", valid_from=at("2025-03-05 12:00")),
        key("k2", "P2", "D2"),
        key("k4", "P4"),
    ],
    "calls": [
        call("2025-01-31 22:59:59.999999", latency_ms=0.4),
        call("2025-01-31 23:00", latency_ms=99.9, units=7),
        sandbox("2025-01-05 08:00"),
        sandbox("2025-01-06 08:00", "k2", 401),
        call("2025-03-05 11:59:59.999999", status=504, latency_ms=30_000.0),
        call("2025-03-05 12:00", status=404, product="payments", version="v1"),
        call("2025-03-30 00:30", "k2", product="payments"),
        call("2025-03-30 01:30", "k2", 500, latency_ms=480.5),
        call("2025-03-31 21:59:59.999999", None),
        call("2025-03-31 22:00", "k4", 403),
    ],
    "journey": [
        {"time": at("2025-01-01 00:00:01"), "anonymous_id": "v", "step": "docs_viewed"},
        {"time": at("2025-01-02"), "anonymous_id": "v", "developer_id": "D2", "step": "identified"},
        *WALKED,
    ],
    "invoice_lines": [
        line("L0", "2024-03-01", "2024-04-01", "50"),
        line("L1", "2024-12-31 23:00", "2025-03-30 22:00", "100.000001", product="payments", plan_id="basic"),
        line("L2", "2025-02-01", "2025-02-28", "33.333333", "credit"),
        line("L3", "2025-03-01", "2025-03-02", "-0.000001", "usage", currency="USD"),
        line("L4", "2025-03-10", "2025-04-01", "1200", "overage", currency="CHF", partner_id="P2"),
        line("L5", "2025-03-10", "2025-04-01", "19", "tax"),
    ],
    "costs": [
        span(
            "2025-01-01", "2026-01-01", "999999999999.999999", cost_id="C1", category="people", activity="run"
        ),
        span(
            "2025-03-01",
            "2025-03-08",
            "7",
            cost_id="C2",
            category="support",
            activity="onboarding",
            partner_id="P1",
        ),
    ],
    "effort": [effort("2025-03-03", 0.29, "99.99", "P2"), effort("2025-03-04", 7.1, "33.333333")],
    "headcount": [
        {"month": on(f"2025-0{month}-01"), "team": team, "fte": 0.1 * month, "confidence": "estimated"}
        for month in (1, 3)
        for team in ("api", "it's \\")
    ],
    "value": [span("2025-02-01", "2025-04-01", "10.01", kind="cost_avoidance", confidence="assumed")],
    "exchange_rates": [
        {"date": on("2025-03-01"), "currency": "USD", "rate": "0.9234567895"},
        {"date": on("2025-02-28"), "currency": "USD", "rate": "0.9"},
    ],
    **SIGNALS,
    **OFFERED,
    "probes": [
        {"target": "payments", "time": at("2025-03-30 00:59:59.999999"), "result": "up", "latency_ms": 80.5},
        {"target": "payments", "time": at("2025-03-30 01:00"), "result": "down", "region": "it's \\"},
        {"target": "payments", "time": at("2025-03-30 01:15"), "result": "unknown"},
    ],
    "webhook_deliveries": [
        {
            "event_id": "w1",
            "partner_id": "P2",
            "triggered_at": at("2025-03-30"),
            "delivered_at": at("2025-03-30 00:00:30"),
        },
        {
            "event_id": "w2",
            "partner_id": "P9",
            "triggered_at": at("2025-03-30 01:29:59"),
            "product": "payments",
        },
    ],
    "contract_changes": [
        {
            "product": "payments",
            "version": "v1",
            "released_at": at("2025-03-30 00:59:59"),
            "kind": "breaking",
        },
        {"product": "payments", "version": "v1", "released_at": at("2025-03-30 01:00"), "kind": "fix"},
    ],
}
