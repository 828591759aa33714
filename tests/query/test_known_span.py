"""Is nothing said of days of which nothing is known, whatever is asked and whoever asks?"""

from __future__ import annotations

from typing import Any

import pytest

from firstcall.answers import Answer
from firstcall.periods import Question
from tests.metrics.small import program, said
from tests.reference.question import World
from tests.reference.tiny import Draft, at, call, effort, key, line, on, partner, sandbox

P1: World = {"partners": [partner()], "credentials": [key()]}
CALLS: World = {**P1, "calls": [call("2026-08-03"), call("2026-09-30 12:00")]}
MONEY: World = {
    "partners": [partner()],
    "invoice_lines": [
        line("a", "2026-07-01", "2026-08-01", "31"),
        line("b", "2026-08-01", "2026-09-01", "31"),
    ],
}
SUMMER: dict[str, Any] = {"start": on("2026-06-01"), "end": on("2026-12-01")}
BEFORE = "no production calls are known before 3 Aug 2026"
AFTER = "not over yet: data until 30 Sep 2026"


def ask(world: World, metric: str, zone: str = "UTC", since: Draft | None = None, **more: Any) -> Answer:  # noqa: ANN401  Question's fields
    """Return the answer of a store whose beginnings are those of its rows, but for those that `since` says."""
    return program(world, zone, known_since=since or {}).ask(Question(metric, **more))


def absences(answer: Answer) -> list[str | None]:
    """Return why each point has no value."""
    return [point.absent for point in answer.points]


@pytest.mark.parametrize("metric", ["active_partners", "uptime", "growth_accounting", "revenue_per_partner"])
def test_nothing_is_counted_before_the_first_row_and_after_the_last(metric: str) -> None:
    """Calls from 3 August to the end of September: June and July, October and November say so, and are no 0."""
    world = {**CALLS, "invoice_lines": [line("a", "2026-06-01", "2026-12-01", "183")]}
    answer = ask(world, metric, **SUMMER)
    why = absences(answer)
    assert [each is None for each in why] == [False, False, True, True, False, False]
    assert {why[0], why[1]} <= {BEFORE, "no calls are known before 3 Aug 2026"}
    assert why[4:] == [AFTER, AFTER]
    assert all(set(each.values.values()) <= {None} for each in answer.points if each.absent)
    assert answer.verdict in {None, "too few to judge"}


def test_a_bucket_of_which_a_part_is_known_is_partial() -> None:
    """August begins on the 3rd, September is not over; inside, a day without calls has none."""
    assert [(p.value, p.partial) for p in ask(CALLS, "call_volume", **SUMMER).points[2:4]] == [
        (1, True),
        (1, True),
    ]
    days = ask(CALLS, "call_volume", grain="day", start=on("2026-08-03"), end=on("2026-08-05"))
    assert [(p.value, p.partial) for p in days.points] == [(1, False), (0, False)]


def test_a_scope_that_nobody_bounded_begins_with_what_is_known() -> None:
    """Money since July, calls since August: what needs both begins in August."""
    assert said(ask({**CALLS, **MONEY}, "program_revenue"))[0] == ("2026-07-01", 31)
    assert said(ask({**CALLS, **MONEY}, "revenue_per_partner")) == [
        ("2026-08-01", 31),
        ("2026-09-01", None),
    ]


def test_the_month_after_the_last_invoice_is_not_one_without_revenue() -> None:
    """Calls go on until September; whether September was billed, nobody knows yet."""
    for metric in ("program_revenue", "net_revenue_retention", "gross_revenue_retention", "leakage"):
        answer = ask({**CALLS, **MONEY, "plans": [], "subscriptions": []}, metric, **SUMMER)
        assert answer.points[3].value is None
    assert absences(ask({**CALLS, **MONEY}, "program_revenue", **SUMMER))[3] == (
        "not over yet: invoice lines until 31 Aug 2026"
    )


def test_a_store_with_money_alone_knows_as_far_as_its_invoices() -> None:
    """July and August; nothing before, nothing after."""
    answer = ask(MONEY, "program_revenue", start=on("2026-06-01"), end=on("2026-10-01"))
    assert said(answer) == [
        ("2026-06-01", None),
        ("2026-07-01", 31),
        ("2026-08-01", 31),
        ("2026-09-01", None),
    ]
    assert absences(answer)[0] == "no invoice lines are known before 1 Jul 2026"


def test_an_empty_store_says_what_it_needs() -> None:
    """And counts nothing."""
    answer = ask({}, "active_partners", **SUMMER)
    assert {point.value for point in answer.points} == {None}
    assert "needs rows in calls" in str(answer.points[0].absent)


def test_a_month_without_tickets_has_none_while_calls_go_on() -> None:
    """What happens seldom is known to the watermark."""
    world = {**CALLS, "tickets": [{"ticket_id": "T", "opened_at": at("2026-08-10"), "topic": "auth"}]}
    answer = ask(world, "tickets_by_topic", by=(), start=on("2026-07-01"), end=on("2026-11-01"))
    assert [point.absent for point in answer.points if point.period == on("2026-07-01")] in (
        [],
        ["no tickets are known before 10 Aug 2026"],
    )
    incidents = {**CALLS, "incidents": [{"incident_id": "I", "started_at": at("2026-08-10"), "products": ""}]}
    counted = ask(incidents, "incidents", start=on("2026-07-01"), end=on("2026-11-01"))
    assert said(counted) == [("2026-07-01", None), ("2026-08-01", 1), ("2026-09-01", 0), ("2026-10-01", None)]


def test_calls_are_known_by_environment_and_source() -> None:
    """Kong's production calls since August, tyk's sandbox calls since July."""
    world = {**P1, "calls": [*CALLS["calls"], sandbox("2026-07-02") | {"source": "tyk"}]}
    july: Draft = {"start": on("2026-07-01"), "end": on("2026-08-01")}
    assert said(ask(world, "call_volume", **july)) == [("2026-07-01", 1)]
    assert absences(ask(world, "call_volume", environment="production", **july)) == [BEFORE]
    assert absences(ask(world, "call_volume", where=(("source", ("kong",)),), **july)) == [
        "no calls of kong are known before 3 Aug 2026"
    ]
    plain = {**P1, "calls": [sandbox("2026-07-02")]}
    assert absences(ask(plain, "active_partners", **july)) == ["no production calls are known"]


def test_a_day_is_one_of_the_program() -> None:
    """One in the morning of 3 August in UTC is the evening of the 2nd in New York."""
    world = {**P1, "calls": [call("2026-08-03 01:00"), call("2026-08-05")]}
    first: Draft = {"grain": "day", "start": on("2026-08-01"), "end": on("2026-08-03")}
    assert said(ask(world, "call_volume", "America/New_York", **first)) == [
        ("2026-08-01", None),
        ("2026-08-02", 1),
    ]
    assert absences(ask(world, "call_volume", "America/New_York", **first))[0] == (
        "no calls are known before 2 Aug 2026"
    )


def test_the_settings_may_say_since_when() -> None:
    """Nobody called in July, and the log was complete; or its first days were not."""
    july: Draft = {"start": on("2026-07-01"), "end": on("2026-08-01")}
    assert said(ask(CALLS, "active_partners", since={"calls": on("2026-07-01")}, **july)) == [
        ("2026-07-01", 0)
    ]
    august: Draft = {"start": on("2026-08-01"), "end": on("2026-09-01")}
    assert absences(ask(CALLS, "active_partners", since={"calls": on("2026-09-01")}, **august)) == [
        "no production calls are known before 1 Sep 2026"
    ]


def test_an_as_of_knows_nothing_after_it_and_no_more_than_there_is() -> None:
    """On 1 September August is over; on 1 December nothing is known of October."""
    early = ask(CALLS, "call_volume", as_of=at("2026-09-01"), **SUMMER)
    assert absences(early)[3] == "not over yet: data until 31 Aug 2026"
    late = ask(CALLS, "call_volume", as_of=at("2026-12-01"), **SUMMER)
    assert absences(late)[4] == AFTER


def test_a_split_says_in_a_note_what_it_has_no_point_for() -> None:
    """There is nothing to split in June."""
    answer = ask(CALLS, "active_partners", by=("partner",), **SUMMER)
    assert {point.period for point in answer.points} == {on("2026-08-01"), on("2026-09-01")}
    assert answer.notes[-2:] == (BEFORE, AFTER)


def test_what_looks_back_needs_the_period_before() -> None:
    """Nobody knows who of August is new; September stands against a part of August, October against September."""
    world = {**P1, "calls": [*CALLS["calls"], call("2026-10-31 12:00")]}
    found = ask(world, "growth_accounting").points
    assert [(p.value, p.values["new"], p.values["retained"], p.partial) for p in found] == [
        (1, None, None, True),
        (1, 0, 1, True),
        (1, 0, 1, True),
    ]
    growth = ask(
        world, "partner_growth_rate", start=on("2026-08-01"), end=on("2026-11-01"), as_of=at("2026-11-01")
    )
    assert said(growth) == [("2026-08-01", None), ("2026-09-01", 0), ("2026-10-01", 0)]
    assert [p.partial for p in growth.points] == [True, True, False]
    assert absences(growth)[0] == BEFORE


EARLY: World = {
    "partners": [partner("P1", "2023-04-01"), partner("P2", "2026-08-10")],
    "credentials": [key(), key("k2", "P2")],
    "calls": [call("2026-08-03"), call("2026-08-12", "k2"), call("2026-12-30", "k2")],
    "effort": [effort("2026-08-05", 10, "100")],
}
"""P1 registered three years before the log begins, P2 a week after it."""
AUGUST: Draft = {"start": on("2026-08-01"), "end": on("2026-09-01")}
LEFT_OUT = "1 registered before calls are known (3 Aug 2026); left out"


@pytest.mark.parametrize(
    ("metric", "cases", "value"),
    [
        ("cost_per_partner_onboarded", 1, 1000),
        ("self_service_rate", 1, 1.0),
        ("first_attempt_success_rate", 1, 1.0),
        ("production_activation_rate", 1, 1.0),
        ("onboarding_funnel", 1, 0.0),
    ],
)
def test_whose_clock_did_not_start_in_our_sight_is_left_out(metric: str, cases: int, value: float) -> None:
    """P1 did not go live on the day the log begins, nor did it wait three years; a note counts it."""
    whole = {"start": on("2023-01-01"), "end": on("2027-01-01"), "grain": "all", "entity": "partner"}
    answer = ask(EARLY, metric, **(AUGUST if "cost" in metric else whole))
    (point,) = answer.points
    assert (point.cases, point.value) == (cases, value)
    assert LEFT_OUT in answer.notes


def test_they_are_users_all_the_same() -> None:
    """Their calls are use, and of two registered both have gone live."""
    assert said(ask(EARLY, "active_partners", **AUGUST)) == [("2026-08-01", 2)]
    (point,) = ask(EARLY, "production_activation_rate", **AUGUST).points
    assert point.values["to_date"] == 1.0


def test_a_log_that_is_complete_leaves_nobody_out() -> None:
    """The settings say that calls are known since 2023: P1 waited three years."""
    answer = ask(EARLY, "cost_per_partner_onboarded", since={"calls": on("2023-01-01")}, **AUGUST)
    assert [(point.value, point.cases) for point in answer.points] == [(500, 2)]
    assert LEFT_OUT not in answer.notes
