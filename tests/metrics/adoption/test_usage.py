"""Do volume and popularity say what a person works out in the head?"""

from __future__ import annotations

from firstcall.periods import Question
from tests.metrics.small import ask, only, program, said, split
from tests.reference.tiny import at, call, key, on, partner


def test_a_day_is_local_on_the_day_clocks_change() -> None:
    """22:30 UTC on 29 March is still Saturday in Berlin, 22:30 UTC on 30 March is Monday: CEST began between."""
    world = {"calls": [call("2025-03-29 22:30"), call("2025-03-30 22:30")]}
    berlin = ask(world, "call_volume", grain="day", zone="Europe/Berlin")
    assert said(berlin) == [("2025-03-29", 1), ("2025-03-30", 0), ("2025-03-31", 1)]
    assert said(ask(world, "call_volume", grain="day")) == [("2025-03-29", 1), ("2025-03-30", 1)]


def test_the_hour_that_comes_twice_is_one_day() -> None:
    """26 October 2025 has 25 hours in Berlin: from 22:00 UTC on the 25th up to 23:00 UTC on the 26th."""
    moments = (
        "2025-10-25 21:59",
        "2025-10-25 22:00",
        "2025-10-26 00:30",
        "2025-10-26 01:30",
        "2025-10-26 22:59",
    )
    world = {"calls": [call(moment) for moment in (*moments, "2025-10-26 23:00")]}
    days = ask(world, "call_volume", grain="day", zone="Europe/Berlin")
    assert said(days) == [("2025-10-25", 1), ("2025-10-26", 4), ("2025-10-27", 1)]


def test_every_call_counts_and_units_beside() -> None:
    """Refused, failed and internal ones too; a batch of ten is one call of ten units. Three were blocked."""
    world = {
        "calls": [
            call("2025-01-01", status=401),
            call("2025-01-01", status=403),
            call("2025-01-01", status=429),
            call("2025-01-01", status=404),
            call("2025-01-02", status=500),
            call("2025-01-03", traffic_class="internal"),
            call("2025-01-04", units=10),
        ]
    }
    point = only(ask(world, "call_volume"))
    assert point.values == {"calls": 7, "units": 16, "blocked": 3}


def test_a_fiscal_year_moves_quarters_and_years() -> None:
    """With a year from February, January 2025 is in the quarter of November and the year of February 2024."""
    world = {"calls": [call("2025-01-31"), call("2025-02-01")]}
    fiscal = program(world, program={"fiscal_year_starts": 2})
    quarters = fiscal.ask(Question("call_volume", grain="quarter"))
    years = fiscal.ask(Question("call_volume", grain="year"))
    assert said(quarters) == [("2024-11-01", 1), ("2025-02-01", 1)]
    assert said(years) == [("2024-02-01", 1), ("2025-02-01", 1)]


def test_weeks_begin_on_the_day_of_the_settings() -> None:
    """Sunday 5 January 2025 ends the ISO week of 30 December and begins the one of Sunday."""
    world = {"calls": [call("2025-01-04"), call("2025-01-05"), call("2025-01-06")]}
    for starts, weeks in (
        ("monday", [("2024-12-30", 2), ("2025-01-06", 1)]),
        ("sunday", [("2024-12-29", 1), ("2025-01-05", 2)]),
        ("saturday", [("2025-01-04", 3)]),
    ):
        answer = program(world, program={"week_starts": starts}).ask(Question("call_volume", grain="week"))
        assert said(answer) == weeks


def test_a_bucket_that_is_cut_or_not_over_is_partial() -> None:
    """January from the 2nd is cut; February is whole; March is not over when the last call comes."""
    world = {"calls": [call("2025-01-01"), call("2025-01-05"), call("2025-02-05"), call("2025-03-05")]}
    points = ask(world, "call_volume", start=on("2025-01-02")).points
    assert [(point.value, point.partial) for point in points] == [(1, True), (1, False), (1, True)]


def test_as_of_hides_what_came_later() -> None:
    """At noon on 5 January one of two calls had been made."""
    world = {"calls": [call("2025-01-05 11:59"), call("2025-01-05 12:00")]}
    point = only(ask(world, "call_volume", as_of=at("2025-01-05 12:00")))
    assert (point.value, point.partial) == (1, True)


def test_a_credential_that_moves_takes_its_later_calls_along() -> None:
    """k1 is P1's until noon, then P2's, and nobody's from two o'clock."""
    world = {
        "partners": [partner(), partner("P2")],
        "credentials": [
            key(valid_to=at("2025-03-01 12:00")),
            key(owner="P2", valid_from=at("2025-03-01 12:00"), valid_to=at("2025-03-01 14:00")),
        ],
        "calls": [call("2025-03-01 11:59"), call("2025-03-01 12:00"), call("2025-03-01 14:00")],
    }
    assert split(ask(world, "call_volume", by=("partner",)), "partner") == {"P1": 1, "P2": 1, None: 1}


def test_calls_of_the_test_account_are_internal() -> None:
    """Whatever the gateway says of them; a call without a class is external."""
    world = {
        "partners": [partner(), partner("P2", status="test")],
        "credentials": [key(), key("k2", "P2")],
        "calls": [call("2025-01-01"), call("2025-01-02", "k2"), call("2025-01-03", None)],
    }
    found = split(ask(world, "call_volume", by=("traffic_class",)), "traffic_class")
    assert found == {"external": 2, "internal": 1}


def test_a_quote_in_a_name_is_a_name() -> None:
    """A filter by a consumer called k'1 keeps its calls and is never read as SQL."""
    world = {"calls": [call("2025-01-01", "k'1"), call("2025-01-02", "k2")]}
    assert only(ask(world, "call_volume", where=(("consumer", ("k'1",)),))).value == 1


def test_endpoints_are_ranked_by_calls_and_by_partners() -> None:
    """GET /pets has three of four calls, of two partners; POST /pets one of one."""
    world = {
        "partners": [partner(), partner("P2")],
        "credentials": [key(), key("k2", "P2")],
        "calls": [
            call("2025-01-01"),
            call("2025-01-02"),
            call("2025-01-03", "k2"),
            call("2025-01-04", method="POST"),
        ],
    }
    points = ask(world, "endpoint_popularity").points
    assert [(p.by["endpoint"], p.value, p.values["share"], p.values["partners"]) for p in points] == [
        ("GET /pets", 3, 0.75, 2),
        ("POST /pets", 1, 0.25, 1),
    ]
