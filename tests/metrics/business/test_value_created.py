"""Does the value made through the APIs say what a person works out in the head?"""

from __future__ import annotations

import pytest

from tests.metrics.business.months_paid import month
from tests.metrics.small import ask, only
from tests.reference.tiny import span


def worth(kind: str, amount: str, **more: object) -> dict[str, object]:
    """Return a row of value in January 2025."""
    return {**span("2025-01-01", "2025-02-01", amount), "kind": kind, "partner_id": "P1", **more}


def test_value_is_told_by_kind_and_what_of_it_is_earned() -> None:
    """2,000 of transactions, 300 attributed (50 of them in revenue already), 70 saved; 100 earned is 5 %."""
    world = {
        "invoice_lines": [month(1, "100")],
        "value": [
            worth("transaction", "2000"),
            worth("attributed_revenue", "250"),
            worth("attributed_revenue", "50", already_in_revenue=True),
            worth("cost_avoidance", "70"),
        ],
    }
    assert only(ask(world, "partner_transaction_value")).value == 2000
    assert only(ask(world, "attributed_revenue")).value == 250
    assert only(ask(world, "cost_avoidance")).value == 70
    assert only(ask(world, "value_captured")).value == pytest.approx(0.05)


def test_nothing_is_captured_of_nothing() -> None:
    """Without transactions there is no share."""
    world = {"invoice_lines": [month(1, "100")], "value": [worth("cost_avoidance", "1")]}
    assert only(ask(world, "value_captured")).absent == "no partner transactions recorded"
