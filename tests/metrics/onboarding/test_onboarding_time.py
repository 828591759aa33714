"""Do the times of onboarding say what a person works out in the head?"""

from __future__ import annotations

from firstcall.periods import Question
from tests.metrics.small import ask, only, program, split
from tests.reference.question import World
from tests.reference.tiny import at, call, developer, key, partner, sandbox

HOUR = 3600
DAY = 24 * HOUR


def attempts() -> World:
    """Five developers of 1 March get a key after 1 to 5 hours, fail 10 hours later, succeed an hour after that.

    D5's key is told by the journey; her credential row came later.
    """
    names = [f"D{n}" for n in range(1, 6)]
    return {
        "partners": [partner()],
        "developers": [developer(name, "2025-03-01") for name in names],
        "credentials": [
            key(f"k{n}", person=name, valid_from=at(f"2025-03-01 0{n}:00"))
            for n, name in enumerate(names[:4], 1)
        ]
        + [key("k5", person="D5", valid_from=at("2025-03-01 08:00"))],
        "journey": [{"time": at("2025-03-01 05:00"), "developer_id": "D5", "step": "credentials_issued"}],
        "calls": [
            *(call(f"2025-03-01 {n + 10}:00", f"k{n}", 401) for n in range(1, 6)),
            *(call(f"2025-03-01 {n + 11}:00", f"k{n}") for n in range(1, 6)),
            call("2025-03-20", None),
        ],
    }


def test_the_wait_for_the_first_attempt_has_its_parts() -> None:
    """Medians: 13 hours to the attempt, of which 3 to the key and 10 from there; one more to the success."""
    point = only(ask(attempts(), "time_to_first_attempt", grain="month"))
    assert (point.value, point.cases) == (13 * HOUR, 5)
    parts = ("to_credential", "credential_to_attempt", "attempt_to_success")
    assert [point.values[part] for part in parts] == [3 * HOUR, 10 * HOUR, HOUR]
    assert (point.values["km_median"], point.values["p90"]) == (13 * HOUR, None)


def onboarded() -> World:
    """Five partners of 1 January live after 1, 2, 3, 4 and 10 days, each a day after a sandbox success."""
    days = {"P1": 2, "P2": 3, "P3": 4, "P4": 5, "P5": 11}
    return {
        "partners": [partner(name) for name in days],
        "credentials": [key(f"k{name}", name) for name in days],
        "calls": [
            *(sandbox(f"2025-01-{day - 1:02}", f"k{name}") for name, day in days.items()),
            *(call(f"2025-01-{day:02}", f"k{name}") for name, day in days.items()),
            call("2025-03-20", None),
        ],
    }


def test_onboarding_ends_in_production_or_with_the_first_call() -> None:
    """The median of 1, 2, 3, 4 and 10 days is 3; the sandbox was called a day earlier each."""
    assert ask(onboarded(), "onboarding_time").points[0].value == 3 * DAY
    chosen = (("until", "first_call"),)
    assert ask(onboarded(), "onboarding_time", variants=chosen).points[0].value == 2 * DAY


def test_the_rows_of_onboarding_tell_each_stage() -> None:
    """P5: registered on the 1st, sandbox on the 10th, live on the 11th."""
    told = program(onboarded()).explain(Question("onboarding_time"))
    place = {name: told.columns.index(name) for name in ("entity", "began_at", "first_success", "live_at")}
    (row,) = (row for row in told.rows if row[place["entity"]] == "P5")
    assert [str(row[place[name]])[:10] for name in ("began_at", "first_success", "live_at")] == [
        "2025-01-01",
        "2025-01-10",
        "2025-01-11",
    ]


def test_a_partner_is_compared_with_the_usual_time() -> None:
    """Against 3 days: P1 was two days faster, P5 a week slower."""
    answer = ask(onboarded(), "activation_speed")
    assert split(answer, "partner") == {
        "P1": 2 * DAY,
        "P2": DAY,
        "P3": 0,
        "P4": -DAY,
        "P5": -7 * DAY,
    }
    alone = ask(onboarded(), "activation_speed", where=(("partner", ("P5",)),))
    assert split(alone, "partner") == {"P5": -7 * DAY}


def test_meaningful_use_is_the_milestone() -> None:
    """Five developers call 1 to 5 hours after sign-up and again two hours later: medians of 3 and of 5 hours."""
    names = [f"D{n}" for n in range(1, 6)]
    world: World = {
        "partners": [partner()],
        "developers": [developer(name, "2025-03-01") for name in names],
        "credentials": [key(f"k{n}", person=f"D{n}") for n in range(1, 6)],
        "calls": [call(f"2025-03-01 0{n + more}:00", f"k{n}") for n in range(1, 6) for more in (0, 2)],
    }
    assert only(ask(world, "time_to_meaningful_use")).value == 3 * HOUR
    chosen = (("milestone", "2 successful production calls"),)
    assert only(ask(world, "time_to_meaningful_use", variants=chosen)).value == 5 * HOUR


def test_who_never_called_is_listed_after_two_weeks() -> None:
    """P1 called, P2 is gone for 19 days, P3 for 14 sharp and not yet; P2 had read the docs."""
    world: World = {
        "partners": [partner(manager="Ada"), partner("P2", manager="Ada"), partner("P3", "2025-01-06")],
        "credentials": [key()],
        "journey": [{"time": at("2025-01-02"), "partner_id": "P2", "step": "docs_viewed"}],
        "calls": [sandbox("2025-01-20", status=401)],
    }
    point = only(ask(world, "never_came_back"))
    assert (point.value, point.values["days"], point.values["waiting"], point.partial) == (1, 19, 1, True)
    assert split(ask(world, "never_came_back", by=("partner",)), "partner") == {"P2": 1}
    told = program(world).explain(Question("never_came_back"))
    rows = [dict(zip(told.columns, row, strict=True)) for row in told.rows]
    assert [(row["entity"], row["manager"], row["last_step"]) for row in rows] == [
        ("P2", "Ada", "docs_viewed")
    ]
