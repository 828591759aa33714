"""Do the metrics of adoption and growth say what a person works out in the head?"""

from __future__ import annotations

from typing import Any

import pytest

from firstcall.periods import Question
from tests.metrics.small import ask, only, program, said, split
from tests.reference.tiny import Draft, at, call, developer, key, on, partner, sandbox

World = dict[str, list[Draft]]
YEAR: dict[str, Any] = {"start": on("2025-01-01"), "end": on("2026-01-01")}
CLOSED = call("2025-12-31 12:00", None)
"""A late call of nobody, after which every window of 90 days is over."""


def waiting(seconds: list[int]) -> World:
    """A world in which developers wait that long from 3 March 2025, 10:00, and one more call comes a week later."""
    came = at("2025-03-03 10:00")
    names = range(len(seconds))
    return {
        "partners": [partner()],
        "developers": [developer(f"D{n}", "2025-03-03 10:00") for n in names],
        "credentials": [key(f"k{n}", person=f"D{n}") for n in names],
        "calls": [
            *(
                {
                    **call("2025-03-03", f"k{n}"),
                    "time": came + (at("2025-01-01 00:00:01") - at("2025-01-01")) * s,
                }
                for n, s in enumerate(seconds)
            ),
            call("2025-03-09 12:00", None),
        ],
    }


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [
        (899, "excellent"),
        (900, "good"),
        (3_599, "good"),
        (3_600, "needs work"),
        (86_399, "needs work"),
        (86_400, "broken"),
    ],
)
def test_a_wait_on_the_line_of_a_band_is_in_the_next_one(seconds: int, verdict: str) -> None:
    """Ten developers who wait equally long have that median; 15 minutes, 1 hour and 1 day end their bands."""
    answer = ask(waiting([seconds] * 10), "time_to_first_call")
    assert (only(answer).value, answer.verdict) == (float(seconds), verdict)


def test_percentiles_of_ten_waits_are_of_type_seven() -> None:
    """Of 10, 20 … 100 s: the median lies between 50 and 60; P90 a tenth of the way from 90 to 100."""
    point = only(ask(waiting(list(range(10, 101, 10))), "time_to_first_call"))
    assert (point.value, point.values["p90"], point.cases) == (55.0, 91.0, 10)


@pytest.mark.parametrize(("count", "median", "p90"), [(4, False, False), (5, True, False), (10, True, True)])
def test_few_waits_have_no_percentile(count: int, median: bool, p90: bool) -> None:
    """Under five there is no median, under ten no P90; the reason says so."""
    point = only(ask(waiting([60] * count), "time_to_first_call"))
    assert (point.value is not None, point.values["p90"] is not None) == (median, p90)
    assert point.absent == (None if median else "fewer than 5 cases")


def test_those_still_waiting_move_the_median() -> None:
    """Five waits of 10 to 50 s: median 30. With three more still waiting the fourth of eight reaches a half: 40.

    Kaplan–Meier never falls to a tenth, as three of eight are waiting.
    """
    world = waiting([10, 20, 30, 40, 50])
    world["developers"] += [developer(f"E{n}", "2025-03-03 10:00") for n in range(3)]
    answer = ask(world, "time_to_first_call")
    assert only(answer).values == {"median": 30.0, "p90": None, "km_median": 40.0, "km_p90": None}
    assert "3 have not made a successful call yet" in answer.notes


def test_a_call_before_the_sign_up_is_left_out_and_said() -> None:
    """One of six called a minute early."""
    world = waiting([30] * 6)
    world["calls"].append(call("2025-03-03 09:59", "k0"))
    answer = ask(world, "time_to_first_call")
    assert only(answer).cases == 5
    assert answer.notes == ("1 called before they signed up; left out",)


def test_any_call_before_the_sign_up_leaves_her_out() -> None:
    """Asked of production, a refused sandbox call of a monitor a minute early says that she was there before."""
    world = waiting([30] * 6)
    world["calls"].append({**sandbox("2025-03-03 09:59", "k0", 401), "traffic_class": "synthetic"})
    assert only(ask(world, "time_to_first_call", environment="production")).cases == 5


def test_weeks_of_sign_up_begin_on_the_day_of_the_settings() -> None:
    """Monday 3 March 2025 lies in the week of Sunday the 2nd."""
    world = waiting([30] * 5)
    sunday = program(world, program={"week_starts": "sunday"}).ask(
        Question("time_to_first_call", start=on("2025-03-01"), end=on("2025-03-09"))
    )
    assert [point.period.isoformat() for point in sunday.points] == ["2025-02-23", "2025-03-02"]
    assert [point.partial for point in sunday.points] == [True, False]


def test_a_partner_that_only_gets_401_is_attempting() -> None:
    """P1 gets 404 and is active, P2 401 and 403; P3 is the test account; P4's calls are internal."""
    world = {
        "partners": [partner(), partner("P2"), partner("P3", status="test"), partner("P4")],
        "credentials": [key(f"k{n}", f"P{n}") for n in (1, 2, 3, 4)],
        "calls": [
            call("2025-03-01", status=404),
            call("2025-03-02", "k2", 401),
            call("2025-03-02", "k2", 403),
            call("2025-03-03", "k3"),
            call("2025-03-04", "k4", traffic_class="internal"),
            call("2025-03-05", "k4", traffic_class="bot"),
            call("2025-03-31 12:00", None),
        ],
    }
    answer = ask(world, "active_partners")
    point = only(answer)
    assert (point.values["active"], point.values["attempting"]) == (1, 1)
    assert answer.scope["traffic"] == "external"
    everything = only(ask(world, "active_partners", variants=(("traffic", "all"),)))
    assert everything.values["active"] == 3


def test_too_few_calls_are_no_attempt() -> None:
    """P1 was let in once where two calls make active: neither active nor at a closed door; P2 was refused."""
    world = {
        "partners": [partner(), partner("P2")],
        "credentials": [key(), key("k2", "P2")],
        "calls": [call("2025-03-01"), call("2025-03-02", "k2", 401), call("2025-03-31 12:00", None)],
    }
    asked = program(world, definitions={"min_calls": 2}).ask(Question("active_partners"))
    assert only(asked).values == {"active": 0, "attempting": 1, "attributed": pytest.approx(2 / 3)}


def test_an_agent_is_a_user() -> None:
    """Calls of an agent count, those of a monitor do not."""
    world = {
        "partners": [partner(), partner("P2")],
        "credentials": [key(), key("k2", "P2")],
        "calls": [
            call("2025-03-01", traffic_class="agent"),
            call("2025-03-02", "k2", traffic_class="synthetic"),
        ],
    }
    assert only(ask(world, "active_partners")).value == 1


def test_unattributed_calls_stay_visible() -> None:
    """Of four calls one is anonymous and one of an unknown key: half is attributed, and null is a split."""
    world = {
        "partners": [partner()],
        "credentials": [key()],
        "calls": [
            call("2025-03-01"),
            call("2025-03-02"),
            call("2025-03-03", None),
            call("2025-03-04", "ghost"),
        ],
    }
    assert only(ask(world, "active_partners")).values["attributed"] == 0.5
    assert split(ask(world, "call_volume", by=("partner",)), "partner") == {"P1": 2, None: 2}


def test_a_variant_asks_for_successful_calls() -> None:
    """Only 404s make P1 active by the rule, and not with active=success."""
    world = {"partners": [partner()], "credentials": [key()], "calls": [call("2025-03-01", status=404)]}
    assert only(ask(world, "active_partners")).value == 1
    assert only(ask(world, "active_partners", variants=(("active", "success"),))).value == 0


def test_registered_counts_who_stands_and_signups_who_came() -> None:
    """P2 is pending, P3 suspended; P4 deleted keeps its sign-up; P5 rejected, P6 test, P7 duplicate are nobody."""
    statuses = ("approved", "pending", "suspended", "deleted", "rejected", "test", "duplicate")
    world = {
        "partners": [partner(f"P{n}", "2025-02-01", status) for n, status in enumerate(statuses)],
        "calls": [call("2025-02-10", None)],
    }
    assert said(ask(world, "registered_partners")) == [("2025-02-01", 3)]
    assert said(ask(world, "new_signups")) == [("2025-02-01", 4)]


def test_a_merged_duplicate_is_the_partner_it_became() -> None:
    """P2 was merged into P1: one registration, one active partner, and its calls are P1's."""
    world = {
        "partners": [partner(), partner("P2", status="duplicate", merged_into="P1")],
        "credentials": [key("k2", "P2")],
        "calls": [call("2025-01-20", "k2")],
    }
    assert split(ask(world, "active_partners", by=("partner",)), "partner") == {"P1": 1}
    assert said(ask(world, "registered_partners")) == [("2025-01-01", 1)]


def test_the_sandbox_is_tried_once_and_for_all() -> None:
    """Four registered; P1 called the sandbox in January, P2 got 403 there: one of four, in February too."""
    world = {
        "partners": [partner(f"P{n}") for n in (1, 2, 3, 4)],
        "credentials": [key(), key("k2", "P2")],
        "calls": [sandbox("2025-01-10"), sandbox("2025-01-11", "k2", 403), call("2025-02-20")],
    }
    january, february = ask(world, "sandbox_activation").points
    assert (january.value, january.values["in_period"], january.values["gap"]) == (0.25, 1, 3)
    assert (february.value, february.values["in_period"]) == (0.25, 0)


def coming_and_going() -> World:
    """P1 and P2 call in January, P1 and P3 in February, P2 alone in March."""
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


def test_growth_from_nothing_has_no_rate() -> None:
    """2, 2, 1 active: no rate for January, and says why; 0 %, −50 %."""
    answer = ask(coming_and_going(), "partner_growth_rate", start=on("2025-01-01"))
    assert said(answer) == [("2025-01-01", None), ("2025-02-01", 0.0), ("2025-03-01", -0.5)]
    assert [point.absent for point in answer.points] == ["no prior-period actives", None, None]


def test_growth_of_a_quarter_is_a_monthly_rate() -> None:
    """One active in March, eight in June: three months of doubling."""
    world = {
        "partners": [partner(f"P{n}") for n in range(8)],
        "credentials": [key(f"k{n}", f"P{n}") for n in range(8)],
        "calls": [call("2025-03-01", "k0"), *(call("2025-06-30", f"k{n}") for n in range(8))],
    }
    quarters = ask(world, "partner_growth_rate", grain="quarter").points
    assert quarters[-1].value == pytest.approx(1.0)
    cut = ask(world, "partner_growth_rate", grain="quarter", as_of=at("2025-05-20")).points[-1]
    assert (cut.value, cut.absent) == (None, "the quarter's last month has not begun")


def test_growth_accounting_names_every_movement() -> None:
    """February: P3 new, P1 retained, P2 churned. March: P2 resurrected, P1 and P3 churned, ratio 1 to 2."""
    january, february, march = ask(coming_and_going(), "growth_accounting").points
    names = ("active", "new", "retained", "resurrected", "churned", "quick_ratio")
    assert [january.values[name] for name in names] == [2, 2, 0, 0, 0, None]
    assert [february.values[name] for name in names] == [2, 1, 1, 0, 1, 1.0]
    assert [march.values[name] for name in names] == [1, 0, 0, 1, 2, 0.5]


def test_forty_of_two_hundred_are_a_fifth() -> None:
    """200 registered on 1 January, 40 of them live ten days later, 10 more after the window: 20 %, to date 25 %."""
    world = {
        "partners": [partner(f"P{n}") for n in range(200)],
        "credentials": [key(f"k{n}", f"P{n}") for n in range(50)],
        "calls": [
            *(call("2025-01-11", f"k{n}") for n in range(40)),
            *(call("2025-05-01", f"k{n}") for n in range(40, 50)),
            CLOSED,
        ],
    }
    point = only(ask(world, "production_activation_rate", grain="year", **YEAR))
    assert (point.value, point.values["to_date"], point.cases) == (0.2, 0.25, 200)
    assert point.low == pytest.approx(0.1504, abs=1e-4)
    assert point.high == pytest.approx(0.2608, abs=1e-4)


def test_an_open_window_is_neither_success_nor_failure() -> None:
    """P1 came on 1 January and is live, P2 came in May and is not yet: one of one, and partial."""
    world = {
        "partners": [partner(), partner("P2", "2025-05-20")],
        "credentials": [key()],
        "calls": [call("2025-01-11"), call("2025-06-01", None)],
    }
    point = only(ask(world, "production_activation_rate", grain="year"))
    assert (point.value, point.cases, point.values["open"], point.partial) == (1.0, 1, 1, True)
    april, may = ask(world, "production_activation_rate").points[3:5]
    assert (may.value, may.absent) == (None, "window not closed")
    assert (april.value, april.absent) == (None, "nobody entered in this period")


@pytest.mark.parametrize(("moment", "share"), [("2025-04-01 00:00", 1.0), ("2025-04-01 00:00:01", 0.0)])
def test_the_window_includes_its_last_moment(moment: str, share: float) -> None:
    """Registered on 1 January, 90 days of 24 hours end on 1 April, 00:00."""
    world = {"partners": [partner()], "credentials": [key()], "calls": [call(moment), CLOSED]}
    assert only(ask(world, "production_activation_rate", grain="year", **YEAR)).value == share


def test_a_milestone_of_the_program_counts_calls() -> None:
    """Two successful POSTs to /messages: D1 makes two, D2 one and a failed one."""
    post: dict[str, Any] = {"method": "POST", "route": "/messages"}
    world = {
        "partners": [partner()],
        "developers": [developer("D1", "2025-01-01"), developer("D2", "2025-01-01")],
        "credentials": [key(person="D1"), key("k2", person="D2")],
        "calls": [
            *(call(f"2025-01-0{day}", **post) for day in (2, 3)),
            call("2025-01-02", "k2", **post),
            call("2025-01-03", "k2", 500, **post),
            CLOSED,
        ],
    }
    own = program(world, definitions={"milestone": {"endpoint": "POST /messages", "count": 2}})
    scope: dict[str, Any] = {"grain": "year", **YEAR}
    assert only(own.ask(Question("activation_rate", **scope))).value == 0.5
    assert only(ask(world, "activation_rate", **scope)).value == 1.0
    chosen = (("milestone", "2 successful production calls to POST /messages"),)
    assert only(ask(world, "activation_rate", variants=chosen, **scope)).value == 0.5


def silent() -> World:
    """D1's last call is on 1 March; D2 calls again on day 30, the 31st, and in April."""
    return {
        "partners": [partner()],
        "developers": [developer("D1", "2025-01-01"), developer("D2", "2025-01-01")],
        "credentials": [key(person="D1"), key("k2", person="D2")],
        "calls": [
            *(call(day) for day in ("2025-02-10", "2025-03-01")),
            *(call(day, "k2") for day in ("2025-02-10", "2025-03-01", "2025-03-31", "2025-04-15 12:00")),
        ],
    }


def test_a_call_on_day_thirty_is_no_churn() -> None:
    """At risk in March: both; D1 churns on the 31st, D2 calls that day. In April D2 alone is at risk."""
    february, march, april = ask(silent(), "developer_churn_rate", start=on("2025-02-01")).points
    assert (february.value, february.absent) == (None, "nobody at risk")
    assert (march.value, march.values["churned"], march.values["at_risk"]) == (0.5, 1, 2)
    assert (april.value, april.cases) == (0.0, 1)


def test_nobody_is_churned_before_the_thirtieth_day_is_over() -> None:
    """As of 23:59 on 31 March D1 may still call; as of midnight it may not."""
    march: dict[str, Any] = {"start": on("2025-03-01"), "end": on("2025-04-01")}
    early = only(ask(silent(), "developer_churn_rate", as_of=at("2025-03-31 23:59"), **march))
    late = only(ask(silent(), "developer_churn_rate", as_of=at("2025-04-01"), **march))
    assert (early.value, late.value) == (0.0, 0.5)


def test_the_churn_window_can_be_chosen() -> None:
    """With seven days both are gone by 17 February and again by 8 March, but nobody was there when March began.

    Who is at risk in April is D2, who called on 31 March and not within seven days.
    """
    answer = ask(silent(), "developer_churn_rate", start=on("2025-02-01"), variants=(("churn_days", "7"),))
    assert [(point.values["churned"], point.values["at_risk"]) for point in answer.points] == [
        (0, 0),
        (0, 0),
        (1, 1),
    ]


def test_who_is_not_called_for_has_not_churned() -> None:
    """D3 never called: it is nobody's loss."""
    world = silent()
    world["developers"].append(developer("D3", "2025-01-01"))
    assert ask(world, "developer_churn_rate", start=on("2025-03-01")).points[0].cases == 2


def test_partners_and_apps_can_be_counted_instead() -> None:
    """Two developers of one partner with three apps."""
    world = {
        "partners": [partner()],
        "developers": [developer("D1", "2025-01-01"), developer("D2", "2025-01-01")],
        "credentials": [
            key("a", person="D1", app="one"),
            key("b", person="D1", app="two"),
            key("c", person="D2", app="three"),
        ],
        "calls": [call("2025-01-05", name) for name in "abc"],
    }
    counts = [
        only(ask(world, "active_partners", entity=who)).value for who in ("partner", "developer", "app")
    ]
    assert counts == [1, 2, 3]


def test_a_scope_nobody_began_begins_with_whom_it_asks_about() -> None:
    """Partners from January on, though developers signed up in March and nobody called before."""
    world = {
        "partners": [partner()],
        "developers": [developer("D1", "2025-03-10")],
        "credentials": [key(person="D1")],
        "calls": [call("2025-07-01")],
    }
    partners = ask(world, "activation_rate", entity="partner").points
    developers = ask(world, "activation_rate").points
    assert [points[0].period.isoformat() for points in (partners, developers)] == ["2025-01-01", "2025-03-01"]
