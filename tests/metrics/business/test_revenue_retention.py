"""Does revenue retention say what a person works out in the head?"""

from __future__ import annotations

import pytest

from tests.metrics.business.months_paid import month
from tests.metrics.small import ask, only
from tests.reference.tiny import line, on

JANUARY = ("2025-01-01", "2025-02-01")


YEARS = {
    "invoice_lines": [
        month(1, "100"),
        month(13, "150"),
        month(1, "100", "P2"),
        month(13, "40", "P2"),
        month(13, "500", "P3"),
    ]
}
"""A year on: P1 150 of 100, P2 40 of 100, P3 is new."""


def test_gross_retention_counts_no_gains_and_expansion_nothing_else() -> None:
    """Gross: (100 + 40) ÷ 200. Expansion: 50 ÷ 200. Net: 190 ÷ 200 = gross + expansion."""
    found = {
        name: ask(YEARS, name).points[-1].value
        for name in ("gross_revenue_retention", "expansion_rate", "net_revenue_retention")
    }
    assert found == {
        "gross_revenue_retention": 0.7,
        "expansion_rate": 0.25,
        "net_revenue_retention": pytest.approx(0.95),
    }


def test_twelve_months_against_the_twelve_before_need_both() -> None:
    """10 a month in 2025, 20 a month in 2026: December 2026 is 240 ÷ 120; November 2026 lacks a month."""
    lines = [month(n, "10" if n <= 12 else "20") for n in range(1, 25)]
    points = ask({"invoice_lines": lines}, "net_revenue_retention", variants=(("method", "ttm"),)).points
    assert [(str(point.period), point.value) for point in points] == [("2026-12-01", 2)]


def test_retention_is_of_those_who_paid_a_year_ago() -> None:
    """January 2024: P1 100, P2 50. A year on P1 pays 150, P2 nothing, P3 is new: net 150/150, gross 100/150.

    A one-off of 999 never counts.
    """
    world = {
        "invoice_lines": [
            line("a", "2024-01-01", "2024-02-01", "100"),
            line("b", "2024-01-01", "2024-02-01", "50", partner_id="P2"),
            line("c", *JANUARY, "150"),
            line("d", *JANUARY, "70", partner_id="P3"),
            line("e", *JANUARY, "999", "one_off"),
            line("f", "2025-02-01", "2025-03-01", "70", partner_id="P3"),
        ],
    }
    january, february = ask(
        world, "net_revenue_retention", start=on("2025-01-01"), end=on("2025-03-01")
    ).points
    assert (january.value, january.cases) == (1.0, 2)
    assert january.values["gross"] == pytest.approx(2 / 3)
    assert (february.value, february.absent) == (None, "no revenue in the base period")


def test_retention_against_the_month_before_can_be_chosen() -> None:
    """100 in January, 80 in February."""
    world = {"invoice_lines": [line("a", *JANUARY, "100"), line("b", "2025-02-01", "2025-03-01", "80")]}
    answer = ask(world, "net_revenue_retention", start=on("2025-02-01"), variants=(("method", "period"),))
    assert only(answer).value == pytest.approx(0.8)
