"""Does the time to the first call say the same under each of its variants as the reference, and as a head?"""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from tests.metrics.circles import hold
from tests.metrics.comparing import askable, differences
from tests.metrics.small import ask, said
from tests.reference.question import World
from tests.reference.questions import draw_question
from tests.reference.tiny import at, call, developer, key, partner
from tests.reference.worlds import onboarding_worlds as journeys
from tests.reference.worlds.small_worlds import drawn

VARIANTS = (
    {"net_of_approval": "yes"},
    {"cohort": "first_call"},
    {"net_of_approval": "yes", "cohort": "first_call"},
)


@pytest.mark.parametrize("seed", range(25))
def test_the_variants_equal_their_reference(seed: int) -> None:
    """Approvals taken off, or dated by the first call, or both."""
    world, zone = drawn((), "variants", seed)
    world = {**world, **journeys.rows(Random(seed), world, zone)}
    held = hold(seed, world, zone, store="")
    for chosen in VARIANTS:
        drawn_question = draw_question(seed, world, "time_to_first_call", zone, str(chosen))
        question = replace(askable(drawn_question), set=chosen)
        assert differences(world, question, held.ask(question)) == [], question


def waiting() -> World:
    """Five developers of 1 March: each asks for approval an hour after sign-up and gets it two hours later.

    They call 4, 5, 6, 7 and 8 hours after sign-up; D3's two requests before one approval are one wait.
    """
    names = [f"D{n}" for n in range(1, 6)]
    asked_at = [
        {"time": at("2025-03-01 01:00"), "developer_id": name, "step": "approval_requested"} for name in names
    ]
    again = {"time": at("2025-03-01 02:00"), "developer_id": "D3", "step": "approval_requested"}
    granted = [{"time": at("2025-03-01 03:00"), "developer_id": name, "step": "approved"} for name in names]
    return {
        "partners": [partner()],
        "developers": [developer(name, "2025-03-01") for name in names],
        "credentials": [key(f"k{name}", person=name) for name in names],
        "journey": [*asked_at, again, *granted],
        "calls": [
            *(call(f"2025-03-01 0{hour}:00", f"kD{hour - 3}") for hour in range(4, 9)),
            call("2025-03-20", None),
        ],
    }


def test_waiting_for_approval_is_taken_off() -> None:
    """The median of 4 to 8 hours is 6; without the two hours of each, 4."""
    hour = 3600
    plain = ask(waiting(), "time_to_first_call", grain="month")
    net = ask(waiting(), "time_to_first_call", grain="month", variants=(("net_of_approval", "yes"),))
    assert (said(plain), said(net)) == ([("2025-03-01", 6 * hour)], [("2025-03-01", 4 * hour)])
    assert net.points[0].values["km_median"] == 4 * hour


def test_newcomers_can_be_dated_by_their_first_call() -> None:
    """They sign up in February and call in March; Kaplan–Meier has nobody who waits."""
    world = waiting()
    world = {**world, "developers": [developer(f"D{n}", "2025-02-28") for n in range(1, 6)]}
    answer = ask(world, "time_to_first_call", grain="month", variants=(("cohort", "first_call"),))
    assert said(answer) == [("2025-03-01", 30 * 3600)]
    assert answer.points[0].values["km_median"] is None
    assert answer.notes == (
        "5 are dated by their first call; those who wait have none, so Kaplan–Meier cannot be told",
    )


@pytest.mark.parametrize(("called", "rate"), [("2025-04-01 10:00", 1.0), ("2025-04-01 10:00:01", 0.0)])
def test_the_window_ends_with_its_last_instant(called: str, rate: float) -> None:
    """Ninety days after a sign-up at ten, ten o'clock is inside and a second later is not."""
    world = {
        "partners": [partner()],
        "developers": [developer("D1", "2025-01-01 10:00")],
        "credentials": [key(person="D1")],
        "calls": [call(called), call("2025-12-01", None)],
    }
    assert said(ask(world, "activation_rate", grain="year")) == [("2025-01-01", rate)]
