"""Which small world holds every trap once?

Two partners are one by now; a key changes hands at noon; calls sit a microsecond before a local midnight and in the
hour that a clock change repeats; names hold quotes and backslashes; hours are no binary fractions; an exchange rate
has ten places and another is missing.
"""

from __future__ import annotations

from tests.reference.question import World
from tests.reference.tiny import at, call, developer, effort, key, line, on, partner, sandbox, span

HARD: World = {
    "partners": [
        partner("P1", "2024-12-31 22:59:59.999999", segment="it's \\", country="DE"),
        partner("P2", "2025-01-01", segment=None, merged_into="P1"),
        partner("P3", "2025-02-10", "pending", segment="\\n"),
        partner("P4", "2025-02-10", "test"),
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
        span("2025-03-01", "2025-03-08", "7", cost_id="C2", activity="onboarding", partner_id="P1"),
    ],
    "effort": [effort("2025-03-03", 0.29, "99.99", "P2"), effort("2025-03-04", 7.1, "33.333333")],
    "value": [span("2025-02-01", "2025-04-01", "10.01", kind="cost_avoidance", confidence="assumed")],
    "exchange_rates": [
        {"date": on("2025-03-01"), "currency": "USD", "rate": "0.9234567895"},
        {"date": on("2025-02-28"), "currency": "USD", "rate": "0.9"},
    ],
}
