"""Do error budgets, burn rates and objectives say what a person works out in the head?"""

from __future__ import annotations

from typing import Any

import pytest

from firstcall.periods import Question
from tests.metrics.small import ask, only, program
from tests.reference.question import World
from tests.reference.tiny import call, on

APRIL: dict[str, Any] = {"start": on("2025-04-01"), "end": on("2025-05-01")}
NOW = call("2025-05-02", None)
"""A call that says what time it is."""


def failing(count: int, bad: int, time: str = "2025-04-02", **more: object) -> list[dict[str, Any]]:
    """Return calls of which some fail."""
    return [call(time, None, 500 if n < bad else 200, **more) for n in range(count)]


@pytest.mark.parametrize(("bad", "remaining"), [(0, 1.0), (1, 0.0), (3, -2.0)])
def test_an_error_budget_is_spent_by_failures(bad: int, remaining: float) -> None:
    """2,000 calls at 99.95 % may fail once."""
    point = only(ask({"calls": [*failing(2000, bad), NOW]}, "error_budget", **APRIL))
    assert point.value == pytest.approx(remaining, abs=1e-9)
    assert [point.values[name] for name in ("consumed", "burn_rate")] == [pytest.approx(bad)] * 2


def test_every_product_spends_by_its_own_objective() -> None:
    """1,000 payments at 99.9 % and 2,000 others at 99.95 % may fail twice together."""
    world = {"calls": [*failing(1000, 1, product="payments"), *failing(2000, 0), NOW]}
    settled = program(world, slo={"payments": {"availability": 0.999}})
    assert only(settled.ask(Question("error_budget", **APRIL))).value == pytest.approx(0.5)
    by = settled.ask(Question("availability_objective", **APRIL)).points
    assert {point.by["product"]: (point.value, point.values["met"]) for point in by} == {
        "payments": (0.999, 1),
        None: (0.9995, 1),
    }


def test_few_calls_say_nothing_of_a_budget() -> None:
    """One failure among 99 calls would have spent it twenty times."""
    point = only(ask({"calls": [*failing(99, 1), NOW]}, "error_budget", **APRIL))
    assert (point.value, point.cases) == (None, 99)
    assert point.absent == "too few calls; --set least_calls says how many are enough"


def test_a_rolling_budget_looks_back_thirty_days() -> None:
    """The failure of 31 March is 30 days before the end of 29 April, and 31 before that of the 30th."""
    world = {"calls": [*failing(2000, 1, "2025-03-31"), *failing(2000, 0, "2025-04-20"), NOW]}
    rolling: dict[str, Any] = {"variants": (("window", "rolling"),), "grain": "day"}
    asked = {
        end: ask(world, "error_budget", start=on(f"2025-04-{end - 1}"), end=on(f"2025-04-{end}"), **rolling)
        for end in (29, 30)
    }
    assert [only(asked[end]).values["failed"] for end in (29, 30)] == [1, 1]
    last = ask(world, "error_budget", start=on("2025-04-30"), end=on("2025-05-01"), **rolling)
    assert only(last).values["failed"] == 0


def test_without_a_period_the_budget_is_that_of_the_last_thirty_days() -> None:
    """As of 1 May noon the failure of 2 April counts for May, which has no failure of its own."""
    world = {
        "calls": [
            *failing(2000, 1, "2025-04-02"),
            *failing(2000, 0, "2025-05-01"),
            call("2025-05-01 12:00", None),
        ]
    }
    assert ask(world, "error_budget").points[-1].values["failed"] == 1
    assert ask(world, "error_budget", variants=(("window", "period"),)).points[-1].values["failed"] == 0


@pytest.mark.parametrize(("count", "fires"), [(100, 1), (99, 0)])
def test_a_page_needs_both_windows_and_enough_calls(count: int, fires: int) -> None:
    """2 of 100 within five minutes burn 40 times too fast, and 14.4 pages."""
    world: World = {"calls": failing(count, 2)}
    values = only(ask(world, "burn_rates")).values
    assert values["page_fast"] == pytest.approx(2 / count / 0.0005)
    assert [values[f"{name}_fires"] for name in ("page_fast", "ticket_slow")] == [fires, fires]


def test_what_is_over_pages_nobody() -> None:
    """The failures are 20 minutes old: the hour burns, its last five minutes do not; the day's two hours still do."""
    world: World = {"calls": [*failing(100, 4, "2025-04-02 11:40"), call("2025-04-02 12:00", None)]}
    values = only(ask(world, "burn_rates")).values
    fires = ("page_fast_fires", "page_slow_fires", "ticket_fast_fires", "ticket_slow_fires")
    assert [values[name] for name in fires] == [0, 1, 1, 1]
