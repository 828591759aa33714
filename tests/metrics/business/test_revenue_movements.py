"""Do movements of revenue add up, and do per-head figures say what a person works out in the head?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.metrics.small import ask, only, said, split
from tests.reference.tiny import Draft, call, key, line, on, partner, span

MONTHS = [f"2025-{month:02}-01" for month in range(1, 13)]


def month(number: int, amount: str, owner: str = "P1", kind: str = "subscription") -> Draft:
    """Return a line over one month of 2025 or early 2026; 1 is January 2025, 13 January 2026."""
    start, end = (f"{2025 + (n - 1) // 12}-{(n - 1) % 12 + 1:02}-01" for n in (number, number + 1))
    return line(f"{owner}-{number}-{kind}", start, end, amount, kind, partner_id=owner)


MOVING = {
    "invoice_lines": [
        month(1, "100"),
        month(2, "150"),
        month(3, "120"),
        month(5, "80"),
        month(2, "40", "P2"),
        month(2, "999", "P2", "one_off"),
    ]
}
"""P1 pays 100, 150, 120, nothing, 80; P2 pays 40 in February only, and 999 once."""


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


def test_the_highest_accounts_come_first_with_their_share() -> None:
    """P2 paid 1,039 of 1,489."""
    answer = ask(MOVING, "highest_value_accounts")
    assert [(p.by["partner"], p.value) for p in answer.points] == [("P2", 1039), ("P1", 450)]
    assert answer.points[0].values["share"] == pytest.approx(1039 / 1489)


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


def test_a_lifetime_is_what_a_cohort_has_brought_so_far() -> None:
    """P1 came in January and paid 450 to May, P2 in February and paid 40; at 50 % margin half of it."""
    cohorts = said(ask(MOVING, "lifetime_value"))
    assert cohorts[:2] == [("2025-01-01", 450), ("2025-02-01", 40)]
    half = ask(MOVING, "lifetime_value", variants=(("margin", "50"),))
    assert said(half)[0] == ("2025-01-01", 225)


def test_an_extrapolated_lifetime_is_capped() -> None:
    """February lost nothing: 95 per partner × 60. March lost 70 of 190: 120 × 190 ÷ 70, one partner paying."""
    points = ask(MOVING, "lifetime_value", variants=(("method", "simple"),)).points
    assert points[1].value == 95 * 60
    assert float(points[2].value or 0) == pytest.approx(120 * 190 / 70)


def test_a_discounted_lifetime_ends_without_a_cap() -> None:
    """February kept everything: 95 × 1 ÷ (1 + 0.01 − 1)."""
    points = ask(MOVING, "lifetime_value", variants=(("method", "discounted"),)).points
    assert float(points[1].value or 0) == pytest.approx(9500)


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


def test_usage_of_an_instant_counts_on_its_day_alone() -> None:
    """A usage line whose period begins and ends at the midnight that opens September is September's, whole."""
    lines = [
        line("a", "2025-09-01", "2025-09-01", "50", "usage"),
        line("b", "2025-08-05", "2025-08-06", "7", "usage"),
    ]
    assert said(ask({"invoice_lines": lines}, "program_revenue", end=on("2025-10-01"))) == [
        ("2025-08-01", 7),
        ("2025-09-01", 50),
    ]


def test_accounts_can_be_split_by_what_partners_have() -> None:
    """Both partners are small."""
    world = {**MOVING, "partners": [partner("P1", segment="small"), partner("P2", segment="small")]}
    answer = ask(world, "highest_value_accounts", by=("segment",))
    assert split(answer, "segment") == {"small": Decimal(1489)}
