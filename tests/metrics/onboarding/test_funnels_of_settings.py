"""Can the program's own funnels be asked, with their own steps, window and mode?"""

from __future__ import annotations

from typing import Any

import pytest

from firstcall.errors import ScopeError, UnknownName
from firstcall.periods import Question
from tests.metrics.small import ask, only, program
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


MODES = [("ordered", 2 / 3, 2), ("strict", 1 / 3, 1), ("any", 1.0, 3), ("implied", 1.0, 3)]


@pytest.mark.parametrize(("mode", "converted", "accepted"), MODES)
def test_steps_follow_each_other_as_the_mode_says(mode: str, converted: float, accepted: int) -> None:
    """Ordered leaves out P3, strict P2 as well, any and implied nobody; --set mode stands over the settings."""
    steps = ["registered", "docs_viewed", "terms_accepted", "first_success"]
    point = own(ways(), steps=steps, mode=mode)
    assert (point.value, point.values["terms_accepted"]) == (converted, accepted)
    chosen = (("preset", "mine"), ("mode", mode))
    answer = program(ways(), funnels={"mine": {"steps": steps, "mode": "any"}}).ask(
        Question("onboarding_funnel", grain="year", variants=chosen)
    )
    assert (only(answer).value, answer.scope["set"]["mode"]) == (converted, mode)


def skipping() -> World:
    """P1 goes live without the sandbox, P2 tries it a day after, P3 first, P4 tries it and stops there."""
    return {
        "partners": [partner(f"P{n}") for n in (1, 2, 3, 4)],
        "credentials": [key(f"k{n}", f"P{n}") for n in (1, 2, 3, 4)],
        "calls": [
            call("2025-01-05", "k1"),
            call("2025-01-05", "k2"),
            sandbox("2025-01-06", "k2"),
            sandbox("2025-01-03", "k3"),
            call("2025-01-05", "k3"),
            sandbox("2025-01-03", "k4", 404),
            call("2025-06-01", None),
        ],
    }


@pytest.mark.parametrize(("mode", "steps"), [("ordered", [4, 3, 2, 1]), ("implied", [4, 4, 3, 3])])
def test_a_later_step_may_imply_those_before_it(mode: str, steps: list[int]) -> None:
    """In order P1 never came to the sandbox and P2 succeeded in it but not after; implied, both came to the end.

    Skipped then are the sandbox of P1 and of P2, who tried it too late.
    """
    answer = ask(skipping(), "onboarding_funnel", grain="year", variants=(("mode", mode),))
    names = ("registered", "sandbox_active", "first_success", "production")
    assert [only(answer).values[name] for name in names] == steps
    note = "2 times a step was skipped and counts, as a later one was reached"
    assert answer.notes == (() if mode == "ordered" else (note,))


def test_a_skipped_step_takes_no_time() -> None:
    """Implied, P3 alone was in the sandbox before it succeeded there: at once; P4 still is and lost there."""
    answer = ask(skipping(), "funnel_step_times", variants=(("mode", "implied"),))
    values = {point.by["step"]: point.values for point in answer.points}
    assert [values["sandbox_active"][name] for name in ("reached", "lost", "lost_share")] == [4, 1, 0.25]
    rows = program(skipping()).explain(Question("funnel_step_times", variants=(("mode", "implied"),)))
    named = [dict(zip(rows.columns, row, strict=True)) for row in rows.rows]
    sandboxes = {row["entity"]: row["lasted"] for row in named if row["step"] == "sandbox_active"}
    assert sandboxes == {"P1": None, "P2": None, "P3": 0.0, "P4": None}


@pytest.mark.parametrize(("chosen", "live"), [((), 0), ((("grace_seconds", "60"),), 1)])
def test_the_grace_can_be_chosen(chosen: tuple[tuple[str, str], ...], live: int) -> None:
    """The production call is stamped a minute before the sandbox call; the settings may say so too."""
    world = {
        "partners": [partner()],
        "credentials": [key()],
        "calls": [sandbox("2025-01-02 10:01"), call("2025-01-02 10:00"), call("2025-06-01", None)],
    }
    answer = ask(world, "onboarding_funnel", grain="year", variants=chosen)
    assert only(answer).values["production"] == live
    said = "1 steps were stamped shortly before the one they follow and count (grace_seconds)"
    assert (said in answer.notes) is bool(chosen)
    settings = program(world, definitions={"grace_seconds": 60 if chosen else 0})
    assert only(settings.ask(Question("onboarding_funnel", grain="year"))).values["production"] == live


def test_an_unknown_preset_suggests_near_ones() -> None:
    """The program's own funnel is among the names."""
    with pytest.raises(UnknownName, match="mine"):
        own(ways(), preset="mien", steps=["registered", "production"])


def test_a_step_has_to_be_a_name() -> None:
    """Quotes have no place in it, and a step stands once."""
    for steps in (["registered", "it's"], ["registered", "production", "production"]):
        with pytest.raises(ScopeError, match="a step stands once"):
            own(ways(), steps=steps)
