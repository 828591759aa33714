"""Does the onboarding funnel say what a person works out in the head?"""

from __future__ import annotations

import pytest

from firstcall.periods import Question
from tests.metrics.small import ask, only, program
from tests.reference.tiny import at, call, developer, key, on, partner, sandbox


def test_steps_are_counted_in_their_order() -> None:
    """P1 goes all the way, P2 stops in the sandbox with 404, P3 skips the sandbox, P4's window is open."""
    world = {
        "partners": [partner(), partner("P2"), partner("P3"), partner("P4", "2025-03-01")],
        "credentials": [key(f"k{n}", f"P{n}") for n in (1, 2, 3)],
        "calls": [
            sandbox("2025-01-02"),
            call("2025-01-03"),
            sandbox("2025-01-02", "k2", 404),
            call("2025-01-02", "k3"),
            call("2025-04-10", None),
        ],
    }
    answer = ask(world, "onboarding_funnel", grain="year")
    point = only(answer)
    assert point.values == {
        "converted": 1 / 3,
        "registered": 3,
        "sandbox_active": 2,
        "first_success": 1,
        "production": 1,
        "open": 1,
        "dropped": 2,
    }
    assert (point.cases, point.partial) == (3, True)
    assert answer.notes == ("1 are still inside their window; steps count the others",)


@pytest.mark.parametrize(
    ("second", "converted"), [("2025-01-02 09:59:58", 1.0), ("2025-01-02 09:59:57", 0.0)]
)
def test_a_step_may_be_stamped_two_seconds_early(second: str, converted: float) -> None:
    """The production call that counts may seem to come up to two seconds before the sandbox call at ten."""
    world = {
        "partners": [partner()],
        "credentials": [key()],
        "calls": [sandbox("2025-01-02 10:00"), call(second), call("2025-12-01", None)],
    }
    assert ask(world, "onboarding_funnel").points[0].value == converted


def test_one_sandbox_call_is_two_steps() -> None:
    """A success in the sandbox is sandbox activity and a first success at once."""
    world = {
        "partners": [partner()],
        "credentials": [key()],
        "calls": [sandbox("2025-01-02"), call("2025-12-01", None)],
    }
    point = ask(world, "onboarding_funnel").points[0]
    assert [point.values[step] for step in ("sandbox_active", "first_success", "production")] == [1, 1, 0]


@pytest.mark.parametrize(("second", "requested"), [("2025-01-02 09:59:58", 1), ("2025-01-02 09:59:57", 0)])
def test_a_row_of_the_journey_may_be_stamped_two_seconds_early(second: str, requested: int) -> None:
    """Credentials asked for two seconds before the page is opened at ten still come after it."""
    steps = (("docs_viewed", "2025-01-02 10:00"), ("credentials_requested", second))
    world = {
        "partners": [partner()],
        "credentials": [key()],
        "journey": [{"time": at(time), "partner_id": "P1", "step": step} for step, time in steps],
        "calls": [call("2024-12-31", None), call("2025-12-01", None)],
    }
    point = ask(world, "onboarding_funnel", start=on("2025-01-01"), variants=(("preset", "journey"),)).points[
        0
    ]
    assert (point.values["docs_viewed"], point.values["credentials_requested"]) == (1, requested)


def test_an_anonymous_reader_is_joined_to_who_she_becomes() -> None:
    """D1 read the docs as a visitor and identified herself a day later; her partner's journey has the step."""
    world = {
        "partners": [partner()],
        "developers": [developer("D1", "2025-01-01")],
        "credentials": [key(person="D1")],
        "journey": [
            {"time": at("2025-01-02"), "anonymous_id": "v", "step": "docs_viewed"},
            {"time": at("2025-01-03"), "anonymous_id": "v", "developer_id": "D1", "step": "identified"},
            {"time": at("2025-01-04"), "partner_id": "P1", "step": "credentials_requested"},
        ],
        "calls": [call("2025-04-01"), call("2025-05-01")],
    }
    point = only(ask(world, "onboarding_funnel", grain="year", variants=(("preset", "journey"),)))
    assert [point.values[step] for step in ("docs_viewed", "credentials_requested", "production")] == [
        1,
        1,
        1,
    ]


def test_the_developers_funnel_ends_at_the_programs_milestone() -> None:
    """D1 calls on day 90 sharp: a first call, but the second one that activation asks for comes too late."""
    world = {
        "partners": [partner()],
        "developers": [developer("D1", "2025-01-01")],
        "credentials": [key(person="D1")],
        "calls": [call("2025-04-01"), call("2025-05-01")],
    }
    own = program(world, definitions={"milestone": {"endpoint": "GET /pets", "count": 2}})
    answer = own.ask(Question("onboarding_funnel", grain="year", variants=(("preset", "developer"),)))
    assert (answer.scope["entity"], only(answer).values["first_call"]) == ("developer", 1)
    assert only(answer).values["activation"] == 0


def test_the_window_can_be_chosen() -> None:
    """Live on day 20: converted within 90 days and not within 10."""
    world = {
        "partners": [partner()],
        "credentials": [key()],
        "calls": [sandbox("2025-01-02"), call("2025-01-21"), call("2025-12-01", None)],
    }
    assert ask(world, "onboarding_funnel").points[0].value == 1.0
    assert ask(world, "onboarding_funnel", variants=(("window_days", "10"),)).points[0].value == 0.0


def test_activation_counts_calls_in_the_milestones_environment() -> None:
    """Two production calls make the milestone; one of D1's two is a sandbox call."""
    world = {
        "partners": [partner()],
        "developers": [developer("D1", "2025-01-01")],
        "credentials": [key(person="D1")],
        "calls": [sandbox("2025-01-02"), call("2025-01-03"), call("2025-12-01", None)],
    }
    for said, activated in (
        ("2 successful production calls", 0),
        ("2 successful calls", 1),
        ("first call", 1),
    ):
        chosen = (("preset", "developer"), ("milestone", said))
        assert ask(world, "onboarding_funnel", variants=chosen).points[0].values["activation"] == activated


def test_scaling_is_met_on_the_day_the_running_total_is() -> None:
    """Three production successes on 3, 5 and 5 January, a failure between: the third call is on the 5th."""
    world = {
        "partners": [partner()],
        "developers": [developer("D1", "2025-01-01"), developer("D2", "2025-01-01")],
        "credentials": [key(person="D1"), key("k2", person="D2")],
        "calls": [
            call("2025-01-03"),
            call("2025-01-04", status=500),
            call("2025-01-05 08:00"),
            call("2025-01-05 09:00"),
            call("2025-01-03", "k2"),
            call("2025-12-01", None),
        ],
    }
    for least, scaled in (("3", 1), ("4", 0), ("1", 2)):
        chosen = (("preset", "developer"), ("scaling_calls", least))
        point = ask(world, "onboarding_funnel", variants=chosen).points[0]
        assert (point.values["activation"], point.values["scaling"]) == (2, scaled)
        assert point.value == scaled / 2
