"""Are errors that callers got out of told from those that they did not?"""

from __future__ import annotations

import pytest

from tests.metrics.small import ask, only, split
from tests.reference.question import Row, World
from tests.reference.tiny import call, on


def calls(*told: tuple[str, int], consumer: str = "k1") -> list[Row]:
    """Return calls of one caller on 1 March, each with its time and status."""
    return [call(f"2025-03-01 {time}", consumer, status) for time, status in told]


def episodes() -> World:
    """Six callers fail at noon: k1 at once and again, k2 for an hour, k3 elsewhere, k4 in vain, k5 never again.

    k6 gets through to the microsecond after ten minutes; somebody unknown fails as well.
    """
    return {
        "calls": [
            *calls(("12:00", 400), ("12:00", 200), ("12:09:59", 400), ("12:30", 400), ("12:31", 200)),
            *calls(("12:00", 500), ("12:05", 500), ("12:14", 500), ("13:00", 201), consumer="k2"),
            *calls(("12:00", 404), consumer="k3"),
            call("2025-03-01 12:01", "k3", route="/owners"),
            *calls(("12:00", 401), ("12:20", 304), consumer="k4"),
            *calls(("12:00", 400), consumer="k5"),
            *calls(("12:00", 503), ("12:10:00.000001", 200), consumer="k6"),
            call("2025-03-01 12:00", None, 500),
            call("2025-03-10", "k9"),
        ]
    }


def test_an_episode_ends_with_a_success_at_the_same_endpoint() -> None:
    """Seven: k1's third error belongs to the first, its fourth does not. k1 is out twice within ten minutes.

    k2 and k6 are out within the day, after 60 and 10 minutes; k3 and k5 gave up, k4 did not.
    """
    point = only(ask(episodes(), "error_recovery", grain="all"))
    assert (point.value, point.cases, point.values["episodes"]) == (2 / 7, 7, 7)
    names = ("within_a_day", "gave_up", "kept_failing")
    assert [point.values[name] for name in names] == [4 / 7, 2 / 7, 1 / 7]


def test_the_time_of_a_recovery_is_a_median_of_five() -> None:
    """0, 60, 600.000001 and 3,600 seconds are four; with a fifth of two minutes it is the middle one."""
    made = episodes()
    assert only(ask(made, "error_recovery", grain="all")).values["median"] is None
    more = [*made["calls"], *calls(("20:00", 400), ("20:02", 200), consumer="k7")]
    assert only(ask({"calls": more}, "error_recovery", grain="all")).values["median"] == pytest.approx(120)


def test_episodes_are_told_apart_by_their_first_error() -> None:
    """Of 400 k1 got out twice and k5 did not; a filter by status leaves the success that follows in sight."""
    answer = ask(episodes(), "error_recovery", grain="all", by=("status",))
    assert split(answer, "status")["400"] == 2 / 3
    alone = ask(episodes(), "error_recovery", grain="all", where=(("status", ("400",)),))
    assert only(alone).value == 2 / 3


def test_what_is_not_over_is_not_judged() -> None:
    """Ten minutes after noon the first errors are judged, and none by the day."""
    world = {"calls": [*calls(("12:00", 400), ("12:30", 400), ("12:35", 304))]}
    point = only(ask(world, "error_recovery", start=on("2025-03-01"), grain="all"))
    assert (point.value, point.cases, point.values["episodes"], point.partial) == (0, 1, 2, True)
    assert point.values["within_a_day"] is None
