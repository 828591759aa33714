"""Can the program's own funnels be asked, and do steps and stuck partners say what a head works out?"""

from __future__ import annotations

from typing import Any

import pytest

from firstcall.errors import ScopeError, UnknownName
from firstcall.periods import Question
from tests.metrics.small import ask, only, program, split
from tests.reference.question import World
from tests.reference.tiny import Draft, at, call, key, line, partner, sandbox

DAY = 86_400


def did(step: str, time: str, who: str = "P1") -> Draft:
    """Return a row of a partner's journey."""
    return {"time": at(time), "partner_id": who, "step": step}


def trials() -> World:
    """P1 pays on day 10 after its trial began, P2 on day 20; P3's trial stands in the subscriptions and never pays."""
    return {
        "partners": [partner(name) for name in ("P1", "P2", "P3")],
        "credentials": [key(f"k{name}", name) for name in ("P1", "P2", "P3")],
        "journey": [did("trial_started", "2025-02-01"), did("trial_started", "2025-02-01", "P2")],
        "subscriptions": [
            {
                "subscription_id": "S",
                "partner_id": "P3",
                "plan_id": "x",
                "started_at": at("2025-02-01"),
                "kind": "trial",
            }
        ],
        "calls": [
            *(call("2025-02-02", f"k{name}") for name in ("P1", "P2", "P3")),
            call("2025-06-01", None),
        ],
        "invoice_lines": [
            line("t", "2025-02-03", "2025-02-04", "9", "tax"),
            line("a", "2025-02-11", "2025-03-11", "50"),
            line("b", "2025-02-21", "2025-03-21", "50", partner_id="P2"),
            line("c", "2025-02-05", "2025-03-05", "0", partner_id="P3"),
        ],
    }


def own(world: World, question: str = "onboarding_funnel", preset: str = "mine", **funnel: Any) -> Any:  # noqa: ANN401
    """Return the point of a funnel of the settings."""
    told = program(world, funnels={"mine": funnel}).ask(
        Question(question, grain="year", variants=(("preset", preset),))
    )
    return only(told)


def test_a_trial_is_dated_by_its_beginning_and_ends_with_the_first_invoice() -> None:
    """Of three trials, all call, two pay within the default window; tax and nothing are no payment."""
    point = only(ask(trials(), "onboarding_funnel", grain="year", variants=(("preset", "trial"),)))
    assert point.values == {
        "converted": 2 / 3,
        "trial_started": 3,
        "first_success": 3,
        "paid": 2,
        "open": 0,
        "dropped": 1,
    }


def test_a_funnel_of_the_settings_has_its_own_window() -> None:
    """Within 15 days only P1 pays; --set window_days stands over the settings."""
    steps = ["trial_started", "first_success", "paid"]
    assert own(trials(), steps=steps, window_days=15).value == 1 / 3
    chosen = (("preset", "mine"), ("window_days", "30"))
    wider = program(trials(), funnels={"mine": {"steps": steps, "window_days": 15}})
    assert only(wider.ask(Question("onboarding_funnel", grain="year", variants=chosen))).value == 2 / 3


def ways() -> World:
    """P1 reads, accepts and calls; P2 asks for help between; P3 accepts before it reads."""
    return {
        "partners": [partner(name) for name in ("P1", "P2", "P3")],
        "credentials": [key(f"k{name}", name) for name in ("P1", "P2", "P3")],
        "journey": [
            did("docs_viewed", "2025-01-02"),
            did("terms_accepted", "2025-01-03"),
            did("docs_viewed", "2025-01-02", "P2"),
            did("asked_for_help", "2025-01-02 12:00", "P2"),
            did("terms_accepted", "2025-01-03", "P2"),
            did("terms_accepted", "2025-01-02", "P3"),
            did("docs_viewed", "2025-01-03", "P3"),
        ],
        "calls": [
            *(call("2025-01-04", f"k{name}") for name in ("P1", "P2", "P3")),
            call("2025-12-01", None),
        ],
    }


@pytest.mark.parametrize(
    ("mode", "converted", "accepted"), [("ordered", 2 / 3, 2), ("strict", 1 / 3, 1), ("any", 1.0, 3)]
)
def test_steps_follow_each_other_as_the_mode_says(mode: str, converted: float, accepted: int) -> None:
    """Ordered leaves out P3, strict P2 as well, any nobody."""
    steps = ["registered", "docs_viewed", "terms_accepted", "first_success"]
    point = own(ways(), steps=steps, mode=mode)
    assert (point.value, point.values["terms_accepted"]) == (converted, accepted)


def test_an_unknown_preset_suggests_near_ones() -> None:
    """The program's own funnel is among the names."""
    with pytest.raises(UnknownName, match="mine"):
        own(ways(), preset="mien", steps=["registered", "production"])


def test_a_step_has_to_be_a_name() -> None:
    """Quotes have no place in it, and a step stands once."""
    for steps in (["registered", "it's"], ["registered", "production", "production"]):
        with pytest.raises(ScopeError, match="a step stands once"):
            own(ways(), steps=steps)


def stayed() -> World:
    """Six partners of 1 January: five try the sandbox on days 1 to 5 and are live a day later, P6 never calls."""
    return {
        "partners": [partner(f"P{n}", manager="Ada") for n in range(1, 7)],
        "credentials": [key(f"k{n}", f"P{n}") for n in range(1, 6)],
        "calls": [
            *(sandbox(f"2025-01-{n + 1:02}", f"k{n}") for n in range(1, 6)),
            *(call(f"2025-01-{n + 2:02}", f"k{n}") for n in range(1, 5)),
            call("2025-06-01", None),
        ],
    }


def test_each_step_tells_its_loss_and_its_time() -> None:
    """P6 is lost at once, P5 after its first success; the median until the sandbox is three days."""
    answer = ask(stayed(), "funnel_step_times")
    assert split(answer, "step") == {
        "registered": 1 / 6,
        "sandbox_active": 0.0,
        "first_success": 1 / 5,
        "production": 0.0,
    }
    values = {point.by["step"]: point.values for point in answer.points}
    assert (values["registered"]["median"], values["registered"]["lost"]) == (3 * DAY, 1)
    assert [values[step]["place"] for step in ("registered", "production")] == [1, 4]


def test_stuck_partners_are_named_with_step_and_manager() -> None:
    """P6 has been registered for 151 days, P5 successful in the sandbox for 146."""
    answer = ask(stayed(), "stuck_partners")
    assert [(dict(point.by), point.value) for point in answer.points] == [
        ({"partner": "P6", "step": "registered", "manager": "Ada"}, 151 * DAY),
        ({"partner": "P5", "step": "first_success", "manager": "Ada"}, 146 * DAY),
    ]
    chosen = (("stalled_days", "150"),)
    assert [point.by["partner"] for point in ask(stayed(), "stuck_partners", variants=chosen).points] == [
        "P6"
    ]
