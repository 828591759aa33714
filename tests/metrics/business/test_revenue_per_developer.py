"""Does revenue per developer, and its change, say what a person works out in the head?"""

from __future__ import annotations

from tests.metrics.business.months_paid import month
from tests.metrics.small import ask
from tests.reference.tiny import call, key, partner

HEADS = {
    "partners": [partner("P1"), partner("P2")],
    "credentials": [
        key("k1", "P1", "D1"),
        key("k2", "P1", "D2"),
        key("k3", "P2", "D3"),
        key("k4", "P2"),
    ],
    "calls": [
        call("2025-01-05", "k1"),
        call("2025-01-05", "k3"),
        call("2025-02-05", "k1"),
        call("2025-02-05", "k2"),
        call("2025-02-05", "k3", 401),
        call("2025-02-05", "k4"),
    ],
    "invoice_lines": [month(1, "100"), month(2, "120")],
}
"""January: D1 (paying P1) and D3 (free P2). February: D1 and D2 of P1; P2 calls without a developer."""


def test_revenue_per_developer_divides_by_those_who_call() -> None:
    """100 ÷ 2 developers and 2 partners; 120 ÷ 2 developers and 2 partners."""
    points = ask(HEADS, "revenue_per_developer").points
    assert [(p.value, p.values["developers"], p.values["per_active_partner"]) for p in points] == [
        (50, 2, 50),
        (60, 2, 60),
    ]


def test_mix_and_price_add_up_to_the_change() -> None:
    """Share 1/2 → 1, revenue per paying developer 100 → 60: mix ½ × 80 = 40, price −40 × ¾ = −30, change 10."""
    point = ask(HEADS, "revenue_per_developer_change").points[-1]
    assert (point.value, point.values["mix_effect"], point.values["price_effect"]) == (10, 40, -30)
    assert point.values["paid_share"] == 1
