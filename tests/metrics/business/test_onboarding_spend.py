"""Is what onboarding cost in vain the amount worked out by hand?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.metrics.small import ask, only
from tests.reference.question import World
from tests.reference.tiny import at, call, effort, key, on, partner, span

QUARTER: dict[str, Any] = {"start": on("2025-01-01"), "end": on("2025-04-01")}


def spent() -> World:
    """January: 10 hours at 100 on each of P1 to P5 and on nobody; February: 500 for P2 and 300 to run things.

    P1 was live in time, P2 never, P3 a day after its 90 days, P4 came in March and its window is open, P5 is a test.
    """
    return {
        "partners": [
            partner("P1"),
            partner("P2"),
            partner("P3"),
            partner("P4", "2025-03-01"),
            partner("P5", status="test"),
        ],
        "credentials": [key(f"k{n}", f"P{n}") for n in range(1, 6)],
        "effort": [effort("2025-01-10", 10, "100", f"P{n}") for n in range(1, 6)]
        + [effort("2025-01-10", 10, "100")],
        "costs": [
            span("2025-02-01", "2025-03-01", "500", cost_id="c1", category="legal", activity="onboarding",
                 partner_id="P2"),
            span("2025-02-01", "2025-03-01", "300", cost_id="c2", category="tooling", activity="run"),
        ],
        "calls": [call("2025-02-01", "k1"), call("2025-04-02", "k3"), call("2025-05-01", None)],
    }  # fmt: skip


def test_what_was_spent_on_those_not_live_in_time_is_lost() -> None:
    """1,500 on P2 and 1,000 on P3, of 3,500 that can be judged; 1,000 on P4 is open, 2,000 are on nobody of ours."""
    point = only(ask(spent(), "unproductive_onboarding_cost", **QUARTER))
    assert (point.value, point.values["late"], point.values["productive"]) == (2500, 1000, 1000)
    assert point.values["share"] == 2500 / 3500
    assert (point.values["still_open"], point.values["unassigned"]) == (1000, 2000)
    assert (point.cases, point.partial) == (4, True)


def test_all_parts_are_what_onboarding_cost() -> None:
    """Productive, unproductive, open and unassigned add up to the spend behind the cost per partner onboarded."""
    names = ("unproductive", "productive", "still_open", "unassigned")
    values = only(ask(spent(), "unproductive_onboarding_cost", **QUARTER)).values
    spend = only(ask(spent(), "cost_per_partner_onboarded", grain="all", **QUARTER)).values["spend"]
    assert sum(Decimal(str(values[name])) for name in names) == Decimal(str(spend)) == 6500


def test_another_window_judges_otherwise() -> None:
    """Within 120 days P3 was in time: P2 alone is lost."""
    asked = ask(spent(), "unproductive_onboarding_cost", variants=(("window_days", "120"),), **QUARTER)
    assert (only(asked).value, only(asked).values["late"]) == (1500, 0)


def test_as_of_a_day_nobody_is_lost_yet() -> None:
    """On 2 March P1 is live and every other window open: 1,500 for P2 and 1,000 each for P3 and P4."""
    values = only(ask(spent(), "unproductive_onboarding_cost", as_of=at("2025-03-02"), **QUARTER)).values
    assert [values[name] for name in ("unproductive", "productive", "still_open")] == [0, 1000, 3500]
