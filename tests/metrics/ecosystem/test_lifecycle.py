"""Does the matrix of stages say what a person works out in the head?"""

from __future__ import annotations

from tests.metrics.ecosystem.built import MARCH
from tests.metrics.small import ask
from tests.reference.tiny import at, call, key, partner


def test_the_matrix_of_stages() -> None:
    """Payments turned public in March: two partners, one of four calls wrong, a ticket, five ratings of 4.

    Messages is in design and has nothing yet; the opinions of P3, who calls nothing, stand nowhere.
    """
    rated = {"time": at("2025-03-10"), "kind": "docs", "rating": 4}
    world = {
        "partners": [partner("P1"), partner("P2"), partner("P3")],
        "credentials": [key(), key("k2", "P2")],
        "calls": [
            call("2025-03-02", product="payments"),
            call("2025-03-03", product="payments"),
            call("2025-03-04", product="payments", status=500),
            call("2025-03-05", "k2", product="payments"),
        ],
        "product_stages": [
            {"product": product, "stage": stage, "since": at(since)}
            for product, stage, since in (
                ("payments", "preview", "2025-01-01"),
                ("payments", "public", "2025-03-15"),
                ("messages", "design", "2025-01-01"),
            )
        ],
        "tickets": [{"ticket_id": "T", "opened_at": at("2025-03-09"), "product": "payments"}],
        "feedback": [
            *({**rated, "partner_id": ("P1", "P2")[n % 2]} for n in range(5)),
            {**rated, "partner_id": "P3", "rating": 1},
            {**rated, "partner_id": "P1", "kind": "sdk"},
        ],
    }
    answer = ask(world, "lifecycle_stages", **MARCH)
    found = {(point.by["product"], point.by["kind"]): point.values for point in answer.points}
    counts = {"active_partners": 2, "calls": 4, "error_rate": 0.25, "tickets": 1}
    ratings = {"documentation": 4.0, "sdk": None, "examples": None}
    assert found["payments", "public"] == {**counts, **ratings}
    assert found["messages", "design"]["active_partners"] == 0
    assert set(found) == {("payments", "public"), ("messages", "design")}
