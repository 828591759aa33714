"""Do retention and the adoption curve say what a person works out in the head?"""

from __future__ import annotations

from typing import Any

import pytest

from firstcall.periods import Question
from tests.metrics.small import ask, only, program, said
from tests.reference.tiny import Draft, call, developer, key, on, partner

World = dict[str, list[Draft]]
FIRST: dict[str, Any] = {"start": on("2025-01-06"), "end": on("2025-01-13")}
"""The week of Monday 6 January."""


def world(last: str, **days: tuple[str, ...]) -> World:
    """Return a world in which developers call on these days of 2025, and nobody once more at the end."""
    return {
        "partners": [partner()],
        "developers": [developer(name, "2025-01-01") for name in days],
        "credentials": [key(name, person=name) for name in days],
        "calls": [
            *(call(f"2025-{day}", name) for name, when in days.items() for day in when),
            call(f"2025-{last}", None),
        ],
    }


def test_a_cohort_is_active_again_in_the_weeks_after() -> None:
    """A, B and C begin on 6 to 12 January. Week 1 (13th to 19th): A and B. Week 4 (from 3 February): A alone.

    D begins a week later and is in another cohort. Week 12 (from 31 March) can be known after 13 + 1 weeks.
    """
    week = world(
        "02-24",
        A=("01-06", "01-13", "02-03"),
        B=("01-12 23:59", "01-19 23:59"),
        C=("01-08",),
        D=("01-13", "01-20"),
    )
    values = only(ask(week, "retention", **FIRST)).values
    assert values == {
        "share": pytest.approx(2 / 3),
        "after_1": pytest.approx(2 / 3),
        "after_4": pytest.approx(1 / 3),
        "after_12": None,
        "pooled": pytest.approx(2 / 3),
        "size": 3,
    }


def test_rolling_counts_whoever_comes_back_later() -> None:
    """A is silent in week 1 and back in week 2."""
    late = world("03-31", A=("01-06", "01-20"))
    assert only(ask(late, "retention", **FIRST)).value == 0.0
    assert only(ask(late, "retention", variants=(("kind", "rolling"),), **FIRST)).value == 1.0
    assert only(ask(late, "retention", variants=(("offset", "2"),), **FIRST)).value == 1.0


HOURS = ("windows", "hours")
MONDAY: dict[str, Any] = {"start": on("2025-01-06"), "end": on("2025-01-07"), "grain": "day"}


def test_hours_run_from_ones_own_first_call() -> None:
    """All begin on Monday. A is back after 23:59 h, on Tuesday, B after 24 sharp, C after 47:59, D after 48.

    By the calendar A and B came back the day after; in hours B and C, whose second 24 hours it was, and ever after D
    too. C was refused at first and begins with the call that was not.
    """
    days = world(
        "01-20",
        A=("01-06 12:00", "01-07 11:59"),
        B=("01-06 12:00", "01-07 12:00"),
        C=("01-06 23:00", "01-08 22:59"),
        D=("01-06 12:00", "01-08 12:00"),
    )
    days["calls"].append(call("2025-01-06 01:00", "C", 401))
    assert only(ask(days, "retention", **MONDAY)).value == 0.5
    assert only(ask(days, "retention", variants=(HOURS,), **MONDAY)).value == 0.5
    ever = (HOURS, ("kind", "rolling"))
    assert only(ask(days, "retention", variants=ever, **MONDAY)).value == 0.75
    rows = program(days).explain(Question("retention", variants=(HOURS,), **MONDAY))
    back = rows.columns.index("back")
    name = rows.columns.index("entity")
    assert {row[name]: row[back] for row in rows.rows} == {"A": False, "B": True, "C": True, "D": False}


@pytest.mark.parametrize(("last", "value"), [("03-30 22:59", None), ("03-30 23:00", 1.0)])
def test_hours_are_over_when_the_last_of_the_cohort_had_them(last: str, value: float | None) -> None:
    """Friday in Berlin ends at 23:00 UTC; 48 hours later it is 23:00 UTC on Sunday, 1:00 on Monday in summer time."""
    friday = {"start": on("2025-03-28"), "end": on("2025-03-29"), "grain": "day"}
    days = world(last, A=("03-28 12:00", "03-29 12:00"))
    assert only(ask(days, "retention", variants=(HOURS,), zone="Europe/Berlin", **friday)).value == value


@pytest.mark.parametrize(("last", "value"), [("01-26 23:59", None), ("01-27", 1.0)])
def test_a_share_is_shown_once_its_weeks_and_one_more_are_over(last: str, value: float | None) -> None:
    """The week ends with the 12th; two more end with the 26th."""
    point = only(ask(world(last, A=("01-06", "01-13")), "retention", **FIRST))
    assert (point.value, point.partial) == (value, value is None)
    assert point.absent == (None if value else "window not closed")


def test_the_pooled_share_sums_cohorts_that_can_be_known() -> None:
    """Of A and B one came back, C did not, D's week is open: one of three in every point."""
    pooled = world("02-04", A=("01-06", "01-13"), B=("01-06",), C=("01-13",), D=("01-27",))
    answer = ask(pooled, "retention", start=on("2025-01-06"))
    found = [point.values["pooled"] for point in answer.points if point.cases]
    assert found == [pytest.approx(1 / 3)] * 3


def test_the_curve_counts_everybody_once() -> None:
    """A in January and March, B in February, C in March: 1, 2, 3."""
    growing = world("03-31", A=("01-06", "03-06"), B=("02-06",), C=("03-06",))
    answer = ask(growing, "adoption_curve", entity="developer")
    assert said(answer) == [("2025-01-01", 1), ("2025-02-01", 2), ("2025-03-01", 3)]
    assert [point.values["new"] for point in answer.points] == [1, 1, 1]


def test_a_launch_is_seen_with_the_newcomers_around_it() -> None:
    """Two newcomers in the four weeks before the one of 3 February, one in it and two in the three after."""
    launch = world(
        "03-10",
        A=("01-06",),
        B=("01-27",),
        C=("02-03",),
        D=("02-24",),
        E=("03-02 23:59",),
        F=("03-03",),
        G=("01-05",),
    )
    launch["milestones"] = [{"date": on("2025-02-05"), "label": "Launch", "kind": "launch"}]
    answer = ask(launch, "adoption_curve", entity="developer", grain="week", start=on("2025-01-06"))
    marked = {point.period.isoformat(): point.values for point in answer.points if point.values["milestones"]}
    assert {name: (values["before"], values["after"]) for name, values in marked.items()} == {
        "2025-02-03": (0.5, 0.75)
    }
    assert answer.notes == ("milestones fall into these periods; the rows name them",)
