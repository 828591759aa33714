"""Does everybody stand where a person would say?"""

from __future__ import annotations

from typing import Any

from firstcall.periods import Question
from tests.metrics.small import ask, only, program, split
from tests.reference.question import World
from tests.reference.tiny import at, call, key, on, partner, sandbox

DAY = 86_400
NOW: dict[str, Any] = {"start": on("2025-01-01"), "end": on("2025-04-01")}


def stood() -> World:
    """P1 waits, P2 tried the sandbox in vain, P3 succeeded there, P4 went live without it, P5 was rejected.

    P6 went live before anybody registered it.
    """
    return {
        "partners": [
            *(partner(f"P{n}", manager="Ada") for n in range(1, 5)),
            partner("P5", status="rejected"),
            partner("P6", "2025-02-10"),
        ],
        "credentials": [key(f"k{n}", f"P{n}") for n in range(1, 7)],
        "calls": [
            call("2025-01-05", "k6"),
            sandbox("2025-02-01", "k2", 400),
            sandbox("2025-02-01", "k3", 400),
            sandbox("2025-02-11", "k3"),
            call("2025-02-20", "k4"),
            call("2025-03-01", "k5"),
            call("2025-03-31", None),
        ],
    }


def test_everybody_stands_at_the_furthest_step() -> None:
    """And every registered partner stands somewhere: five of them, the rejected one left out."""
    answer = ask(stood(), "onboarding_stages", **NOW)
    assert split(answer, "step") == {
        "registered": 1,
        "sandbox_active": 1,
        "first_success": 1,
        "production": 2,
    }
    assert only(ask(stood(), "onboarding_stages", by=("country",), **NOW)).value == 5


def test_a_stage_lasts_since_it_was_first_reached() -> None:
    """On 31 March P2 has been in the sandbox for 58 days, P3 successful for 48, P1 registered for 89."""
    answer = ask(stood(), "onboarding_stages", by=("partner", "step", "manager"), **NOW)
    lasted = {point.by["partner"]: point.values["longest"] for point in answer.points}
    assert {name: lasted[name] for name in ("P1", "P2", "P3", "P6")} == {
        "P1": 89 * DAY,
        "P2": 58 * DAY,
        "P3": 48 * DAY,
        "P6": 85 * DAY,
    }
    assert {point.by["manager"] for point in answer.points} == {"Ada", None}


def test_a_month_tells_where_they_stood_at_its_end() -> None:
    """January: four registered, nobody in sight but P6, who is not registered yet."""
    answer = ask(stood(), "onboarding_stages", grain="month", **NOW)
    january = {point.by["step"]: point.value for point in answer.points if point.period == on("2025-01-01")}
    assert january == {"registered": 4}


def test_those_live_are_those_of_the_activation_rate() -> None:
    """Two of five have made it to production, whatever metric is asked."""
    live = split(ask(stood(), "onboarding_stages", **NOW), "step")["production"]
    rate = only(ask(stood(), "production_activation_rate", grain="all", **NOW)).values["to_date"]
    assert (live, rate) == (2, 2 / 5)


def test_a_funnel_of_the_settings_has_its_own_stages() -> None:
    """Terms accepted is the furthest of two steps for P1; the other four only registered."""
    world = {
        **stood(),
        "journey": [{"time": at("2025-01-03"), "partner_id": "P1", "step": "terms_accepted"}],
    }
    asked = program(world, funnels={"legal": {"steps": ["registered", "terms_accepted"]}})
    answer = asked.ask(Question("onboarding_stages", variants=(("preset", "legal"),), **NOW))
    assert split(answer, "step") == {"registered": 4, "terms_accepted": 1}
