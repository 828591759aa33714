"""Do steps and stuck partners say what a person works out in the head?"""

from __future__ import annotations

from tests.metrics.small import ask, split
from tests.reference.question import World
from tests.reference.tiny import call, key, partner, sandbox

DAY = 86_400


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


def test_those_who_still_wait_in_a_step_count_by_kaplan_meier() -> None:
    """Six wait for the sandbox: five get there after 1 to 5 days, P6 never, watched for 90.

    Those left are 5/6, 4/6, 3/6 after three days: the median; a sixth is left in the end, so that the 90th percentile
    is not reached. Without P6 it is the fifth day. The last step is followed by none.
    """
    values = {point.by["step"]: point.values for point in ask(stayed(), "funnel_step_times").points}
    assert (values["registered"]["km_median"], values["registered"]["km_p90"]) == (3 * DAY, None)
    assert (values["production"]["km_median"], values["production"]["median"]) == (None, None)
    five = {**stayed(), "partners": stayed()["partners"][:5]}
    values = {point.by["step"]: point.values for point in ask(five, "funnel_step_times").points}
    assert (values["registered"]["km_median"], values["registered"]["km_p90"]) == (3 * DAY, 5 * DAY)


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
