"""Do cost, value and the cost of onboarding say what a person works out in the head?"""

from __future__ import annotations

from tests.metrics.small import ask, only, said
from tests.reference.tiny import Draft, call, effort, key, line, on, partner, span

JANUARY = ("2025-01-01", "2025-02-01")


def test_costs_are_spread_and_hours_have_their_day() -> None:
    """590 over the 59 days of January and February, and two hours at 80 in February: 310, then 280 + 160."""
    world = {
        "costs": [span("2025-01-01", "2025-03-01", "590", category="support", activity="run")],
        "effort": [effort("2025-02-14", 2.0, "80")],
    }
    answer = ask(world, "program_cost")
    assert said(answer) == [("2025-01-01", 310), ("2025-02-01", 440)]
    february = answer.points[1]
    assert (february.values["run"], february.values["onboarding"], february.cases) == (280, 160, 2)


def test_quarter_hours_are_exact() -> None:
    """2.25 hours at 95.50 are 214.875."""
    assert (
        str(only(ask({"effort": [effort("2025-01-02", 2.25, "95.50")]}, "program_cost")).value)
        == "214.875000"
    )


def test_both_ratios_are_printed() -> None:
    """The example of the CFO page: 400 of cost, 600 direct and 1,200 attributed: 4.5 and 1.5.

    What is in revenue already adds nothing; transactions count only where nothing is sold.
    """
    value: list[Draft] = [
        span(*JANUARY, "1200", kind="attributed_revenue"),
        span(*JANUARY, "77", kind="attributed_revenue", already_in_revenue=True),
        span(*JANUARY, "5000", kind="transaction"),
    ]
    world = {
        "costs": [span(*JANUARY, "400", category="other", activity="run")],
        "invoice_lines": [line("a", *JANUARY, "600")],
        "value": value,
    }
    point = only(ask(world, "cost_value_ratio"))
    assert (point.value, point.values["direct_only"]) == (4.5, 1.5)


def test_value_over_no_cost_is_absent() -> None:
    """January costs, February does not."""
    world = {
        "costs": [
            span(*JANUARY, "400", category="other", activity="run"),
            span("2025-03-01", "2025-04-01", "400", category="other", activity="run"),
        ],
        "invoice_lines": [line("a", "2025-01-01", "2025-03-01", "590")],
    }
    january, february = ask(world, "cost_value_ratio", end=on("2025-03-01")).points
    assert january.value == 310 / 400
    assert (february.value, february.absent) == (None, "no costs recorded")


def onboarding() -> dict[str, list[Draft]]:
    """50 hours at 100 for one partner in the first quarter, 80 hours at 100 for ten in the second."""
    return {
        "partners": [partner(f"P{n}") for n in range(11)],
        "credentials": [key(f"k{n}", f"P{n}") for n in range(11)],
        "calls": [
            call("2025-03-01", "k0"),
            *(call("2025-04-10", f"k{n}") for n in range(1, 11)),
            call("2025-07-02", "k0"),
        ],
        "effort": [effort("2025-02-01", 50, "100", "P0"), effort("2025-05-01", 80, "100")],
    }


def test_onboarding_falls_from_five_thousand_to_eight_hundred() -> None:
    """5,000 over one, 8,000 over ten; then nobody goes live, and the spend is still said."""
    first, second, third = ask(onboarding(), "cost_per_partner_onboarded").points
    assert [(point.value, point.values["onboarded"]) for point in (first, second)] == [(5000, 1), (800, 10)]
    assert (third.value, third.absent, third.values["spend"]) == (None, "no partner went live", 0)


def test_the_cohorts_cost_is_what_its_partners_cost() -> None:
    """Hours that name nobody are no partner's: P0's 5,000 remain, and nothing of the second quarter's."""
    cohort = ask(onboarding(), "cost_per_partner_onboarded", variants=(("method", "cohort"),)).points
    assert [point.value for point in cohort[:2]] == [5000, 0]


def test_a_failed_call_or_one_in_the_sandbox_is_not_live() -> None:
    """P1 only fails, P2 only tries the sandbox."""
    world = {
        "partners": [partner(), partner("P2")],
        "credentials": [key(), key("k2", "P2")],
        "calls": [call("2025-01-05", status=500), call("2025-01-06", "k2", environment="sandbox")],
        "effort": [effort("2025-01-02", 1, "80")],
    }
    point = only(ask(world, "cost_per_partner_onboarded", start=on("2025-01-01")))
    assert (point.value, point.values["spend"]) == (None, 80)


def test_days_before_the_scope_do_not_count() -> None:
    """From 2 January on: neither the hour of the 1st nor the partner that went live on it."""
    world = {
        "partners": [partner(), partner("P2")],
        "credentials": [key(), key("k2", "P2")],
        "calls": [call("2025-01-01 12:00"), call("2025-01-05", "k2")],
        "effort": [effort("2025-01-01", 1, "80"), effort("2025-01-02", 1, "90")],
    }
    point = only(ask(world, "cost_per_partner_onboarded", start=on("2025-01-02")))
    assert (point.value, point.values["onboarded"]) == (90, 1)
