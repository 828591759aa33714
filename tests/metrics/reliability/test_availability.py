"""Do uptime and error budgets say what a person works out in the head?"""

from __future__ import annotations

from typing import Any

import pytest

from firstcall.periods import Question
from tests.metrics.small import ask, only, program
from tests.reference.question import World
from tests.reference.tiny import at, call, on

APRIL: dict[str, Any] = {"start": on("2025-04-01"), "end": on("2025-05-01")}
NOW = call("2025-05-02", None)
"""A call that says what time it is."""


def probe(time: str, result: str) -> dict[str, Any]:
    """Return a probe of payments."""
    return {"target": "payments", "time": at(f"2025-04-01 {time}"), "result": result}


PROBES = [probe(f"0{n}:00", result) for n, result in enumerate(("up", "up", "up", "down", "unknown"))]
CALLS = [call("2025-04-02", None, status, product="payments") for status in (200, 404, 503, 504)]


def test_uptime_is_by_probes_when_there_are_any_and_says_so() -> None:
    """Three of four that knew; the fifth is unknown. By calls it would be a half: a 404 is the caller's."""
    answer = ask({"probes": PROBES, "calls": [*CALLS, NOW]}, "uptime", **APRIL)
    point = only(answer)
    assert (point.value, point.cases) == (0.75, 4)
    assert [point.values[name] for name in ("probes", "calls", "minutes", "unknown")] == [
        0.75,
        0.5,
        None,
        0.2,
    ]
    assert answer.notes == ("uptime by probes in 1 points; probes whose checker failed are left out",)


def test_uptime_is_by_calls_when_there_are_no_probes_in_the_period() -> None:
    """Probes of March do not speak for April."""
    march = [{**row, "time": at("2025-03-01")} for row in PROBES[:1]]
    answer = ask({"probes": march, "calls": [*CALLS, NOW]}, "uptime", **APRIL)
    assert only(answer).value == 0.5
    assert answer.notes == ("uptime by calls in 1 points: 1 - (5xx and timeouts) / all calls",)


def test_a_minute_is_down_when_more_than_five_percent_of_enough_calls_fail() -> None:
    """2 of 20 are too many, 1 of 20 is not more than 5 %, 9 calls are too few to tell: one of two."""
    failing = {"10:00": (20, 2), "10:01": (20, 1), "10:02": (9, 9)}
    calls = [
        call(f"2025-04-02 {minute}:30", None, 500 if n < bad else 200)
        for minute, (count, bad) in failing.items()
        for n in range(count)
    ]
    point = only(ask({"calls": [*calls, NOW]}, "uptime", variants=(("method", "minutes"),), **APRIL))
    assert (point.value, point.cases) == (0.5, 2)


def incident(severity: str, start: str, end: str | None) -> dict[str, Any]:
    """Return an incident of payments."""
    return {
        "incident_id": f"{severity} {start}",
        "title": "down",
        "severity": severity,
        "products": "payments",
        "started_at": at(f"2025-{start}"),
        "resolved_at": end and at(f"2025-{end}"),
    }


@pytest.mark.parametrize(
    ("incidents", "hours"),
    [
        ([incident("major", "04-02 00:00", "04-02 10:00")], 10),
        ([incident("partial", "04-02 00:00", "04-02 10:00")], 3),
        (
            [
                incident("partial", "04-02 00:00", "04-02 20:00"),
                incident("major", "04-02 05:00", "04-02 15:00"),
            ],
            13,
        ),
        (
            [
                incident("major", "04-02 00:00", "04-02 10:00"),
                incident("critical", "04-02 08:00", "04-02 12:00"),
            ],
            12,
        ),
        ([incident("degraded", "04-02 00:00", "04-20 10:00")], 0),
        ([incident("major", "03-30 00:00", "04-01 06:00"), incident("major", "04-30 18:00", None)], 12),
    ],
)
def test_uptime_by_incidents_weighs_them_and_merges_what_overlaps(
    incidents: list[dict[str, Any]], hours: float
) -> None:
    """April has 720 hours. A partial outage around a major one counts 0.3 where it stands alone."""
    answer = ask(
        {"incidents": incidents, "calls": [NOW]}, "uptime", variants=(("method", "incidents"),), **APRIL
    )
    assert only(answer).value == pytest.approx(1 - hours / 720)


def test_maintenance_alone_records_no_incident() -> None:
    """It is none."""
    world = {"incidents": [incident("maintenance", "04-02 00:00", "04-03 00:00")], "calls": [*CALLS, NOW]}
    point = only(ask(world, "uptime", variants=(("method", "incidents"),), **APRIL))
    assert (point.value, point.absent) == (None, "no incidents recorded")


@pytest.mark.parametrize(
    ("days", "seconds"), [(("2025-04-01", "2025-05-01"), 1296), (("2024-05-01", "2025-05-01"), 15768)]
)
def test_allowed_downtime_is_exact(days: tuple[str, str], seconds: float) -> None:
    """0.05 % of 30 days are 21.6 minutes, of 365 days 4.38 hours."""
    point = only(ask({"calls": [*CALLS, NOW]}, "uptime", start=on(days[0]), end=on(days[1]), grain="all"))
    assert point.values["allowed_downtime"] == pytest.approx(seconds)


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
