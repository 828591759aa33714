"""Do the metrics of the documentation say what a person works out in the head?"""

from __future__ import annotations

import pytest

from tests.metrics.small import ask, only
from tests.reference.question import World
from tests.reference.tiny import Draft, at, call, developer, key, partner


def view(time: str, who: str | None, page: str | None = "start", step: str = "docs_viewed") -> Draft:
    """Return a view of a page, by a developer or by the visitor `v`."""
    plain = {"time": at(time), "step": step, "subject": page}
    return {**plain, "developer_id": who} if who else {**plain, "anonymous_id": "v"}


def quickstarts() -> World:
    """D1 in a day sharp, D2 an instant later, D3 calls before, D4's day is not over, D5 was a visitor, w unknown."""
    names = [f"D{n}" for n in range(1, 6)]
    return {
        "partners": [partner()],
        "developers": [developer(name, "2025-03-01") for name in names],
        "credentials": [key(f"k{name}", person=name) for name in names],
        "journey": [
            *(view("2025-03-10 12:00", name, step="quickstart_viewed") for name in names[:3]),
            view("2025-03-19 12:00:01", "D4", step="quickstart_viewed"),
            view("2025-03-10 12:00", None, step="quickstart_viewed"),
            {"time": at("2025-03-12"), "anonymous_id": "v", "developer_id": "D5", "step": "identified"},
            {"time": at("2025-03-10"), "anonymous_id": "w", "step": "quickstart_viewed"},
        ],
        "calls": [
            call("2025-03-11 12:00", "kD1"),
            call("2025-03-11 12:00:00.000001", "kD2"),
            call("2025-03-10 11:59", "kD3", status=401),
            call("2025-03-10 12:30", "kD5"),
            call("2025-03-20 12:00", None),
        ],
    }


def test_a_success_within_a_day_of_the_quickstart_completes_it() -> None:
    """Of D1, D2 and D5 whose day is over, D1 and D5 completed."""
    answer = ask(quickstarts(), "docs_completion_rate")
    point = only(answer)
    assert (point.value, point.cases, point.partial) == (2 / 3, 3, True)
    assert point.values["unidentified"] == 1
    assert answer.notes == (
        "1 had called before they saw the quickstart; left out",
        "1 are still inside their hours and not counted yet",
        "1 visitors of the quickstart were never identified; left out",
    )


def test_the_hours_of_the_quickstart_can_be_chosen() -> None:
    """In one hour only D5 made it; D4's hour is over without a call: one of four."""
    chosen = (("docs_window_hours", "1"),)
    assert only(ask(quickstarts(), "docs_completion_rate", variants=chosen)).value == 1 / 4


def test_pages_before_success_are_told_from_those_before_giving_up() -> None:
    """D1 and D2 succeed; `start` was read by both and by D3, who gives up; `auth` by D3 alone, before and after."""
    world: World = {
        "partners": [partner()],
        "developers": [developer(f"D{n}", "2025-03-01") for n in (1, 2, 3, 4)],
        "credentials": [key(f"k{n}", person=f"D{n}") for n in (1, 2)],
        "journey": [
            view("2025-03-01", "D1"),
            view("2025-03-02", "D2"),
            view("2025-03-05", "D2", "auth"),
            view("2025-03-01", "D3"),
            view("2025-03-02", "D3", "auth"),
            view("2025-03-25", "D4"),
        ],
        "calls": [call("2025-03-02", "k1"), call("2025-03-04", "k2"), call("2025-03-28", None)],
    }
    answer = ask(world, "docs_paths")
    found = {point.by["topic"]: point for point in answer.points}
    assert {page: point.value for page, point in found.items()} == {"start": 0.0, "auth": -1.0}
    assert found["auth"].values["share_before_abandoning"] == 1.0
    assert (found["start"].cases, found["start"].partial) == (3, True)
    # Newcombe: Wilson of 0 of 2 is [0, 0.6576], of 1 of 1 [0.2065, 1].
    assert found["auth"].low == pytest.approx(-1.0)
    assert found["auth"].high == pytest.approx(-1 + (0.65762**2 + 0.79346**2) ** 0.5, abs=1e-4)
