"""Do movements of revenue add up, and does growth say what a person works out in the head?"""

from __future__ import annotations

import pytest

from tests.metrics.business.months_paid import MOVING, month
from tests.metrics.small import ask
from tests.reference.tiny import Draft, at, line, on


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
    recognised = (("basis", "recognised"),)
    august = ask({"invoice_lines": gaining}, "revenue_movements", variants=recognised).points[7].values
    assert (august["new"], august["quick_ratio"]) == (50, None)


def test_growth_is_against_the_month_before() -> None:
    """From nothing: none. 100 to 190 and 999 once: 1089 %. 1189 to 120: −1069 ÷ 1189."""
    points = ask(MOVING, "revenue_growth").points
    assert [point.value for point in points[:3]] == [None, pytest.approx(10.89), pytest.approx(-1069 / 1189)]
    assert points[0].absent == "no revenue in the period before"


def plan(start: str, ends: list[str], amount: str, owner: str = "P1") -> list[Draft]:
    """Return the lines of a plan billed from `start` on, each up to the next of `ends`."""
    starts = [start, *ends[:-1]]
    return [
        line(f"{owner} {first}", first, end, amount, "subscription", partner_id=owner)
        for first, end in zip(starts, ends, strict=True)
    ]


MID = plan("2025-01-15", [f"2025-{n:02}-15" for n in range(2, 13)] + ["2026-01-15"], "100")


@pytest.mark.parametrize("zone", ["UTC", "America/St_Johns", "Asia/Kolkata", "Pacific/Auckland"])
@pytest.mark.parametrize(
    "lines",
    [
        MID,
        plan("2025-01-01", ["2026-01-01"], "1200"),
        plan("2025-01-31", ["2025-02-28", "2025-03-31", "2025-04-30", "2025-05-31", "2025-06-30"], "100"),
        plan("2025-01-15", ["2025-04-15", "2025-07-15"], "300"),
        [
            line(name, f"2025-{name}-01", f"2025-{name}-{last} 23:59:59", "100")
            for name, last in (("01", 31), ("02", 28), ("03", 31))
        ],
    ],
    ids=["by month, on the 15th", "by year", "on the last of the month", "by quarter", "to the last second"],
)
def test_an_unchanged_plan_is_new_once_and_then_nothing(lines: list[Draft], zone: str) -> None:
    """Wherever in the month it began, and wherever on earth: 100 a month, until it ends."""
    for grain in ("month", "quarter"):
        points = ask({"invoice_lines": lines}, "revenue_movements", grain=grain, zone=zone).points
        known = [p for p in points if p.values["end"]]
        first, *rest = known
        assert (first.values["new"], first.values["end"]) == (100, 100)
        assert {(p.values["net"], p.values["expansion"], p.values["contraction"]) for p in rest} <= {
            (0, 0, 0)
        }
        assert [sum(float(p.values[name] or 0) for p in points) for name in ("new", "reactivation")] == [
            100,
            0,
        ]


def test_use_counts_in_the_month_in_which_its_period_ends() -> None:
    """From the middle of January to the middle of February; money back on one day is no contraction."""
    used = line("use", "2025-01-15", "2025-02-15", "30", "usage", partner_id="P1")
    back = line("back", "2025-02-10", "2025-02-10", "7", "refund", partner_id="P1")
    points = ask({"invoice_lines": [*MID, used, back]}, "revenue_movements", end=on("2025-04-01")).points
    assert [p.values["end"] for p in points] == [100, 130, 100]
    recognised = (("basis", "recognised"),)
    days = ask(
        {"invoice_lines": [*MID, used, back]}, "revenue_movements", end=on("2025-02-01"), variants=recognised
    )
    assert str(days.points[0].values["end"]) == "54.838709"  # 17 days of 31


def test_a_period_of_no_whole_months_counts_by_its_days() -> None:
    """42 for six weeks from the first of June: at the end of June 42 ÷ (42 ÷ 30.4375) = 30.4375, in July nothing."""
    six = line("six", "2025-06-01", "2025-07-13", "42", "subscription", partner_id="P1")
    points = ask(
        {"invoice_lines": [six, month(7, "1", "P2"), month(8, "1", "P2")]}, "revenue_movements"
    ).points
    assert [str(p.values["end"]) for p in points[:2]] == ["30.437500", "1.000000"]


def test_a_month_not_over_is_looked_at_on_the_last_day_known() -> None:
    """Nobody has left in February because the bill of the 15th is not there on the 10th."""
    points = ask({"invoice_lines": MID[:1]}, "revenue_movements", as_of=at("2025-02-10")).points
    assert [p.values["end"] for p in points] == [100, 100]
    assert points[-1].partial
