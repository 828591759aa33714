"""Does the reference say what a person works out in the head, for who calls and how calls go?"""

from __future__ import annotations

import math

import pytest

from tests.reference.question import Milestone
from tests.reference.tiny import ask, at, call, developer, key, on, only, partner, said, sandbox

YEAR = {"start": on("2025-01-01"), "end": on("2026-01-01")}


def test_active_partners_made_a_call_that_was_not_refused() -> None:
    """P1 calls, P2 only gets 401, P3 is internal, P4 is a test partner: one active, one attempting."""
    world = {
        "partners": [partner(), partner("P2"), partner("P3"), partner("P4", status="test")],
        "credentials": [key(f"k{n}", f"P{n}") for n in (1, 2, 3, 4)],
        "calls": [
            call("2025-03-01", status=404),
            call("2025-03-02", "k2", 401),
            call("2025-03-03", "k3", traffic_class="internal"),
            call("2025-03-04", "k4"),
            sandbox("2025-03-05", "k2"),
            call("2025-04-01 12:00", None),
        ],
    }
    march, april = ask(world, "active_partners")
    assert (march.value, march.values, march.partial) == (1, {"active": 1, "attempting": 1}, False)
    assert (april.value, april.partial) == (0, True)


def test_a_day_is_local_on_the_day_clocks_change() -> None:
    """22:30 UTC on 29 March is still Saturday in Berlin, 22:30 UTC on 30 March is Monday: CEST began between."""
    world = {
        "partners": [partner()],
        "credentials": [key()],
        "calls": [call("2025-03-29 22:30"), call("2025-03-30 22:30")],
    }
    points = ask(world, "call_volume", grain="day", zone="Europe/Berlin")
    assert said(points) == [("2025-03-29", 1), ("2025-03-30", 0), ("2025-03-31", 1)]


def test_a_merged_duplicate_calls_for_the_partner_it_became() -> None:
    """P2 is a duplicate merged into P1; its call is P1's and external. P2 is nobody's registration."""
    world = {
        "partners": [partner(), partner("P2", status="duplicate", merged_into="P1")],
        "credentials": [key("k2", "P2")],
        "calls": [call("2025-03-01", "k2")],
    }
    point = only(ask(world, "active_partners", by=("partner",)))
    assert (point.by, point.value) == ((("partner", "P1"),), 1)
    assert sum(int(p.value or 0) for p in ask(world, "new_signups", **YEAR)) == 1


def test_a_credential_that_moves_takes_its_later_calls_along() -> None:
    """k1 is P1's until noon, then P2's: the call at noon is P2's; k1 belongs to nobody after two o'clock."""
    world = {
        "partners": [partner(), partner("P2")],
        "credentials": [
            key(valid_to=at("2025-03-01 12:00")),
            key(owner="P2", valid_from=at("2025-03-01 12:00"), valid_to=at("2025-03-01 14:00")),
        ],
        "calls": [call("2025-03-01 11:59"), call("2025-03-01 12:00"), call("2025-03-01 14:00")],
    }
    points = ask(world, "call_volume", by=("partner",))
    assert [(p.by[0][1], p.value) for p in points] == [("P1", 1), ("P2", 1), (None, 1)]


def test_registered_partners_at_the_end_of_each_month() -> None:
    """January P1; February also P2 (pending); P3 is deleted and P4 rejected: never counted."""
    world = {
        "partners": [
            partner(),
            partner("P2", "2025-02-28 23:59", "pending"),
            partner("P3", "2025-01-05", "deleted"),
            partner("P4", "2025-01-05", "rejected"),
        ],
        "calls": [call("2025-02-10")],
    }
    assert said(ask(world, "registered_partners")) == [("2025-01-01", 1), ("2025-02-01", 2)]
    assert said(ask(world, "new_signups")) == [("2025-01-01", 2), ("2025-02-01", 1)]


def test_sandbox_activation_is_ever_in_the_sandbox() -> None:
    """Four registered, P1 was in the sandbox in January, P2 got only 403: 1 of 4 in February too."""
    world = {
        "partners": [partner(f"P{n}") for n in (1, 2, 3, 4)],
        "credentials": [key(), key("k2", "P2")],
        "calls": [sandbox("2025-01-10"), sandbox("2025-01-11", "k2", 403), call("2025-02-20")],
    }
    january, february = ask(world, "sandbox_activation")
    assert (january.value, january.cases) == (0.25, 4)
    assert february.values == {"ever": 1, "in_period": 0, "registered": 4}
    assert february.value == 0.25


def growing() -> dict[str, list[dict[str, object]]]:
    """Return a world: P1 and P2 call in January, P1 and P3 in February, P2 alone in March."""
    return {
        "partners": [partner(f"P{n}") for n in (1, 2, 3)],
        "credentials": [key(f"k{n}", f"P{n}") for n in (1, 2, 3)],
        "calls": [
            call("2025-01-10"),
            call("2025-01-11", "k2"),
            call("2025-02-10"),
            call("2025-02-11", "k3"),
            call("2025-03-11", "k2"),
        ],
    }


def test_partner_growth_rate_month_by_month() -> None:
    """2, 2, 1 active: nothing before, 0 %, −50 %."""
    points = ask(growing(), "partner_growth_rate")
    assert said(points) == [("2025-01-01", None), ("2025-02-01", 0.0), ("2025-03-01", -0.5)]
    assert points[0].absent == "no prior-period actives"
    assert [p.cases for p in points] == [0, 2, 2]


def test_partner_growth_rate_of_a_quarter_is_its_monthly_equivalent() -> None:
    """One active in March, eight in June: the cube root of 8 is 2, so growth of 100 % a month."""
    world = {
        "partners": [partner(f"P{n}") for n in range(8)],
        "credentials": [key(f"k{n}", f"P{n}") for n in range(8)],
        "calls": [call("2025-03-01", "k0"), *(call("2025-06-30", f"k{n}") for n in range(8))],
    }
    assert ask(world, "partner_growth_rate", grain="quarter")[-1].value == pytest.approx(1.0)
    half = ask(world, "partner_growth_rate", grain="quarter", as_of=at("2025-05-20"))[-1]
    assert half.absent == "the quarter's last month has not begun"


def test_growth_accounting_adds_up() -> None:
    """February: P3 new, P1 retained, P2 churned. March: P2 resurrected, P1 and P3 churned."""
    _, february, march = ask(growing(), "growth_accounting")
    assert february.values == {
        "active": 2,
        "new": 1,
        "retained": 1,
        "resurrected": 0,
        "churned": 1,
        "quick_ratio": 1.0,
    }
    assert (march.values["resurrected"], march.values["churned"], march.values["quick_ratio"]) == (1, 2, 0.5)


def test_time_to_first_call_of_five_and_one_still_waiting() -> None:
    """Waits of 10 to 50 s: median 30. With one watched for an hour: S after 30 s is 3/6, so KM median 30 s.

    D7 called before signing up and is left out. S never falls to 0.1: one of six is still waiting.
    """
    people = [developer(f"D{n}", "2025-03-03 10:00") for n in range(1, 8)]
    world = {
        "partners": [partner()],
        "developers": people,
        "credentials": [key(f"k{n}", person=f"D{n}") for n in range(1, 8)],
        "calls": [
            *(call(f"2025-03-03 10:00:{n}0", f"k{n}") for n in range(1, 6)),
            call("2025-03-03 10:00:05", "k1", 401),
            call("2025-03-03 09:59", "k7"),
            call("2025-03-03 11:00", None),
        ],
    }
    point = only(ask(world, "time_to_first_call", grain="week"))
    assert point.values == {"median": 30.0, "p90": None, "km_median": 30.0, "km_p90": None}
    assert (point.value, point.cases, point.period.isoformat()) == (30.0, 5, "2025-03-03")


def test_onboarding_funnel_in_the_order_of_the_steps() -> None:
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
    point = only(ask(world, "onboarding_funnel", grain="year"))
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


def test_the_funnel_of_the_journey_and_of_developers() -> None:
    """D1 read the docs as a visitor, then identified; got keys; called on day 90 sharp, its success at the edge."""
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
    journey = only(ask(world, "onboarding_funnel", set={"preset": "journey"}, grain="year"))
    assert journey.values["production"] == 1
    people = only(
        ask(
            world,
            "onboarding_funnel",
            set={"preset": "developer"},
            grain="year",
            milestone=Milestone("GET /pets", 2),
        )
    )
    assert (people.values["first_call"], people.values["activation"]) == (1, 0)


def test_production_activation_in_the_window_and_to_date() -> None:
    """Five registered on 1 January: P1 live on day 10, P2 on day 100; P3's is a sandbox call. 1/5, and 2/5."""
    world = {
        "partners": [partner(f"P{n}") for n in range(1, 6)],
        "credentials": [key(f"k{n}", f"P{n}") for n in range(1, 4)],
        "calls": [call("2025-01-11"), call("2025-04-11", "k2"), sandbox("2025-01-11", "k3")],
    }
    point = only(ask(world, "production_activation_rate", grain="year"))
    assert point.values == {"cohort": 0.2, "to_date": 0.4}
    assert (point.value, point.cases) == (0.2, 5)
    early = only(ask(world, "production_activation_rate", grain="year", as_of=at("2025-02-01")))
    assert (early.value, early.absent, early.partial) == (None, "window not closed", True)


def test_activation_rate_of_developers_at_their_milestone() -> None:
    """The milestone is two calls of GET /pets: D1 made two, D2 one. Half of the developers."""
    world = {
        "partners": [partner()],
        "developers": [developer("D1", "2025-01-01"), developer("D2", "2025-01-01")],
        "credentials": [key(person="D1"), key("k2", person="D2")],
        "calls": [call("2025-01-02"), call("2025-01-03"), call("2025-01-02", "k2"), call("2025-06-01", None)],
    }
    point = only(ask(world, "activation_rate", grain="year", milestone=Milestone("GET /pets", 2)))
    assert (point.value, point.cases) == (0.5, 2)
    assert only(ask(world, "activation_rate", grain="year")).value == 1.0


def test_call_volume_counts_every_traffic_class() -> None:
    """Three calls in January, none in February, one in March."""
    world = {
        "calls": [
            call("2025-01-01"),
            call("2025-01-02", traffic_class="bot"),
            sandbox("2025-01-31"),
            call("2025-03-01", None),
        ]
    }
    assert said(ask(world, "call_volume")) == [("2025-01-01", 3), ("2025-02-01", 0), ("2025-03-01", 1)]


def test_endpoint_popularity_by_calls_and_partners() -> None:
    """Three of four calls are GET /pets, by two partners; POST /pets by nobody known."""
    world = {
        "partners": [partner(), partner("P2")],
        "credentials": [key(), key("k2", "P2")],
        "calls": [
            call("2025-01-01"),
            call("2025-01-02"),
            call("2025-01-03", "k2"),
            call("2025-01-04", None, method="POST"),
        ],
    }
    get, post = ask(world, "endpoint_popularity", by=("endpoint",))
    assert get.by == (("endpoint", "GET /pets"),)
    assert get.values == {"calls": 3, "share": 0.75, "partners": 2}
    assert post.values == {"calls": 1, "share": 0.25, "partners": 0}


@pytest.mark.parametrize(
    ("metric", "share"),
    [("error_rate", 0.6), ("client_error_rate", 0.4), ("server_error_rate", 0.2), ("timeout_rate", 0.5)],
)
def test_rates_overlap_as_the_statuses_do(metric: str, share: float) -> None:
    """Of ten, four are client errors, two server errors, and five never completed.

    Client: 404, 408, 460, 499. Server: 500, 504. Never completed: 408, 460, 499, 504 and 0.
    """
    statuses = (200, 200, 301, 404, 408, 460, 499, 500, 504, 0)
    calls = [call("2025-01-01", None, status) for status in statuses]
    point = only(ask({"calls": calls}, metric))
    assert (point.value, point.cases) == (share, 10)
    assert ask({"calls": calls}, metric, start=on("2024-12-01"))[0].absent == "no calls"


def test_a_call_that_timed_out_never_completed_whatever_its_status() -> None:
    """One of two answered 200, and one of them was marked."""
    calls = [call("2025-01-01", None, 200, timed_out=marked) for marked in (True, False)]
    assert only(ask({"calls": calls}, "timeout_rate")).value == 0.5


def test_the_lifetime_of_a_socket_is_no_latency() -> None:
    """Of three calls one was upgraded and lived half an hour; the median is that of the other two."""
    calls = [call("2025-01-01", None, latency_ms=100.0) for _ in range(2)]
    calls += [call("2025-01-01", None, 101, latency_ms=1_800_000.0)]
    assert only(ask({"calls": calls}, "latency")).cases == 2
    assert only(ask({"calls": calls}, "call_volume")).value == 3


def test_latency_is_read_from_the_histogram() -> None:
    """Ten calls of 100 ms and one timeout: ln 100 / ln 1.02 is 232.55, so bucket 233, whose value is 99.9 ms."""
    calls = [call("2025-01-01", None, latency_ms=100.0) for _ in range(10)]
    calls += [call("2025-01-01", None, 504, latency_ms=9_000.0)]
    point = only(ask({"calls": calls}, "latency"))
    middle = 2 * 1.02**233 / 2.02
    assert middle == pytest.approx(99.9, abs=0.1)
    assert point.values == {"p50": middle, "p95": middle, "p99": middle, "timeouts": 1}
    late = only(ask({"calls": calls}, "latency", set={"timeouts": "censored"}))
    assert (late.values["p50"], late.values["p99"], late.cases) == (middle, middle, 11)
    assert math.floor(0.99 * 10) == 9


def test_developer_churn_after_thirty_full_days() -> None:
    """D1's last call is 1 March: churn date 31 March. D2 calls again on 31 March (day 30): no churn.

    At risk in March: both, as they called in February. In April D1 is gone: D2 alone is at risk.
    """
    world = {
        "partners": [partner()],
        "credentials": [key(person="D1"), key("k2", person="D2")],
        "calls": [
            *(call(day) for day in ("2025-02-10", "2025-03-01")),
            *(call(day, "k2") for day in ("2025-02-10", "2025-03-01", "2025-03-31", "2025-04-15 12:00")),
        ],
    }
    february, march, april = ask(world, "developer_churn_rate")
    assert (february.value, february.absent) == (None, "nobody at risk")
    assert (march.value, march.cases) == (0.5, 2)
    assert (april.value, april.cases) == (0.0, 1)
    on_the_day = ask(world, "developer_churn_rate", as_of=at("2025-03-31 23:59"))[-1]
    assert on_the_day.value == 0.0
