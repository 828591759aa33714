"""Do movements of revenue add up, and does growth say what a person works out in the head?"""

from __future__ import annotations

import pytest

from tests.metrics.business.months_paid import MOVING, month
from tests.metrics.small import ask
from tests.reference.tiny import line


def test_every_change_has_a_name_and_all_add_up() -> None:
    """February: +50 expansion, +40 new. March: −30 contraction, −40 churn. April: −120 churn. May: 80 back again."""
    points = {str(p.period)[5:7]: p.values for p in ask(MOVING, "revenue_movements").points}
    names = ("new", "expansion", "contraction", "churn", "reactivation", "net", "start", "end")
    assert [points["01"][name] for name in names] == [100, 0, 0, 0, 0, 100, 0, 100]
    assert [points["02"][name] for name in names] == [40, 50, 0, 0, 0, 90, 100, 190]
    assert [points["03"][name] for name in names] == [0, 0, -30, -40, 0, -70, 190, 120]
    assert [points["04"][name] for name in names] == [0, 0, 0, -120, 0, -120, 120, 0]
    assert [points["05"][name] for name in names] == [0, 0, 0, 0, 80, 80, 0, 80]


def test_what_use_did_is_told_from_what_plans_did() -> None:
    """P1 moves to a plan 50 dearer and uses 20 less: +30, of it −20 by use. P2 keeps its plan and uses 5 less."""
    lines = [
        month(1, "100"), month(1, "30", kind="usage"), month(2, "150"), month(2, "10", kind="overage"),
        month(1, "40", "P2"), month(1, "9", "P2", "usage"), month(2, "40", "P2"), month(2, "4", "P2", "usage"),
    ]  # fmt: skip
    found = ask({"invoice_lines": lines}, "revenue_movements").points[1].values
    names = ("expansion", "expansion_by_use", "contraction", "contraction_by_use", "net")
    assert [found[name] for name in names] == [30, -20, -5, -5, 25]


def test_the_quick_ratio_needs_losses() -> None:
    """Nothing was lost in February; in March nothing was gained: 0 ÷ 70."""
    points = ask(MOVING, "revenue_movements").points
    assert [points[n].values["quick_ratio"] for n in (1, 2)] == [None, 0]


def test_millionths_of_a_spread_amount_are_no_loss() -> None:
    """60 for a year of 365 days: July and August have 31 each, and August gets a millionth less."""
    year = line("whole", "2025-01-01", "2026-01-01", "60", "subscription", partner_id="P1")
    gaining = [year, month(8, "50", "P2")]
    august = ask({"invoice_lines": gaining}, "revenue_movements").points[7].values
    assert (august["new"], august["quick_ratio"]) == (50, None)


def test_growth_is_against_the_month_before() -> None:
    """From nothing: none. 100 to 190 and 999 once: 1089 %. 1189 to 120: −1069 ÷ 1189."""
    points = ask(MOVING, "revenue_growth").points
    assert [point.value for point in points[:3]] == [None, pytest.approx(10.89), pytest.approx(-1069 / 1189)]
    assert points[0].absent == "no revenue in the period before"
