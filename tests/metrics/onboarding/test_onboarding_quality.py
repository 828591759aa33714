"""Do the metrics of smooth onboarding say what a person works out in the head?"""

from __future__ import annotations

import pytest

from tests.metrics.small import ask, only, split
from tests.reference.question import World
from tests.reference.tiny import Draft, at, call, developer, effort, key, partner


def step(name: str, time: str, who: str = "P1", **more: object) -> Draft:
    """Return a row of a partner's journey."""
    return {"time": at(time), "partner_id": who, "step": name, **more}


def live(*names: str, day: str = "2025-01-10") -> World:
    """Return partners of 1 January that go live on one day, and a last call much later."""
    return {
        "partners": [partner(name) for name in names],
        "credentials": [key(f"k{name}", name) for name in names],
        "calls": [*(call(f"{day} 12:00", f"k{name}") for name in names), call("2025-06-30", None)],
    }


def test_self_service_is_without_ticket_step_or_hour() -> None:
    """P1 had a ticket, P2 an approval, P3 an hour on the day itself; P4's help came after; P5 had none."""
    world = {
        **live("P1", "P2", "P3", "P4", "P5"),
        "tickets": [
            {"ticket_id": "T1", "partner_id": "P1", "opened_at": at("2025-01-10 11:59")},
            {"ticket_id": "T2", "partner_id": "P4", "opened_at": at("2025-01-10 12:00")},
        ],
        "journey": [step("approved", "2025-01-09", "P2"), step("approved", "2025-01-11", "P4")],
        "effort": [effort("2025-01-10", 1, "80", "P3"), effort("2025-01-11", 1, "80", "P4")],
    }
    point = ask(world, "self_service_rate").points[0]
    assert (point.value, point.cases) == (2 / 5, 5)
    kinds = ("with_ticket", "with_manual_step", "with_staff_hours")
    assert [point.values[kind] for kind in kinds] == [1, 1, 1]


def test_the_first_call_works_or_not() -> None:
    """Of five developers two succeed at once; the others fail 1, 2 and 3 times before: the median is 1."""
    names = [f"D{n}" for n in range(1, 6)]
    world: World = {
        "partners": [partner()],
        "developers": [developer(name, "2025-01-01") for name in names],
        "credentials": [key(f"k{n}", person=f"D{n}") for n in range(1, 6)],
        "calls": [
            *(call(f"2025-01-02 0{hour}:00", f"k{n}", 404) for n in (3, 4, 5) for hour in range(1, n - 1)),
            *(call("2025-01-02 05:00", f"k{n}") for n in range(1, 6)),
            call("2025-01-02 06:00", "k1", 500),
        ],
    }
    point = only(ask(world, "first_attempt_success_rate"))
    assert (point.value, point.values["errors_before_success"], point.values["attempts"]) == (2 / 5, 1, 5)


def test_success_is_the_milestone_without_a_ticket() -> None:
    """P1 and P2 are live, P2 with a ticket; P3 is not: one third, or two with help."""
    world = live("P1", "P2")
    world = {
        **world,
        "partners": [*world["partners"], partner("P3")],
        "tickets": [{"ticket_id": "T", "partner_id": "P2", "opened_at": at("2025-01-05")}],
    }
    point = ask(world, "onboarding_success_rate").points[0]
    assert (point.value, point.values["with_help"]) == (1 / 3, 1)
    chosen = (("predicate", "milestone"),)
    assert ask(world, "onboarding_success_rate", variants=chosen).points[0].value == 2 / 3


def proofs() -> World:
    """P1 completes in 10 days and is live in 5 more, P2 in 20 and buys, P3 in 30 and was live before, P4 never."""
    world = live("P1", day="2025-01-16")
    return {
        **world,
        "partners": [partner(f"P{n}") for n in range(1, 5)],
        "credentials": [key("kP1"), key("kP3", "P3")],
        "calls": [*world["calls"], call("2025-01-02", "kP3")],
        "journey": [
            *(step("poc_started", "2025-01-01", f"P{n}") for n in range(1, 5)),
            *(step("poc_completed", f"2025-01-{n}1", f"P{n}") for n in (1, 2, 3)),
            step("poc_completed", "2025-01-02", subject="another"),
        ],
        "subscriptions": [
            {
                "subscription_id": name,
                "partner_id": name,
                "plan_id": "x",
                "started_at": at(since),
                "kind": kind,
            }
            for name, since, kind in (
                ("P2", "2025-01-21", "paid"),
                ("P3", "2025-02-03", "trial"),
            )
        ],
    }


def test_proofs_of_concept_end_and_convert() -> None:
    """Three of four are completed, within 15 days one; of the three two convert."""
    assert ask(proofs(), "poc_completion_rate").points[0].value == 3 / 4
    chosen = (("window_days", "15"),)
    assert ask(proofs(), "poc_completion_rate", variants=chosen).points[0].value == 1 / 4
    assert ask(proofs(), "poc_conversion_rate").points[0].value == 2 / 3


def test_an_open_proof_of_concept_is_still_running() -> None:
    """With P5 done in 40 and P6 in 50 days, the median of five is 30; among six, one open, four of six are 40."""
    world = proofs()
    more = [
        step("poc_started", "2025-01-01", "P5"),
        step("poc_completed", "2025-02-10", "P5"),
        step("poc_started", "2025-01-01", "P6"),
        step("poc_completed", "2025-02-20", "P6"),
    ]
    world = {
        **world,
        "partners": [*world["partners"], partner("P5"), partner("P6")],
        "journey": [*world["journey"], *more],
    }
    point = ask(world, "poc_completion_time").points[0]
    day = 86_400
    assert (point.value, point.values["km_median"], point.cases) == (30 * day, 30 * day, 5)


def test_what_was_bought_is_used_or_not() -> None:
    """Both partners may use payments, one does; P1 may use messages and only tries the sandbox."""
    world = live("P1", "P2")
    world = {
        **world,
        "calls": [
            call("2025-03-05", "kP1", product="payments"),
            call("2025-03-05", "kP2", 403, product="payments"),
            call("2025-03-06", "kP1", environment="sandbox", product="messages"),
        ],
        "plans": [
            {"plan_id": "pay", "product": "payments", "currency": "EUR"},
            {"plan_id": "chat", "product": "messages", "currency": "EUR"},
        ],
        "subscriptions": [
            {"subscription_id": f"S{n}", "partner_id": who, "plan_id": plan, "started_at": at("2025-03-01")}
            for n, (who, plan) in enumerate((("P1", "pay"), ("P2", "pay"), ("P1", "chat")))
        ],
    }
    assert split(ask(world, "product_adoption_rate"), "product") == {"payments": 1 / 2, "messages": 0.0}


def test_the_slow_are_compared_with_the_others() -> None:
    """Of ten the last waits longest: three days for her key, two 401s and a page read twice; the others nothing."""
    names = [f"D{n}" for n in range(10)]
    world: World = {
        "partners": [partner()],
        "developers": [developer(name, "2025-01-01") for name in names],
        "credentials": [
            key(f"k{n}", person=name, valid_from=at("2025-01-01" if n < 9 else "2025-01-04"))
            for n, name in enumerate(names)
        ],
        "journey": [
            {"time": at("2025-01-02"), "developer_id": "D9", "step": "docs_viewed", "subject": "auth"},
            {"time": at("2025-01-03"), "developer_id": "D9", "step": "docs_viewed", "subject": "auth"},
            {"time": at("2025-01-03"), "developer_id": "D9", "step": "webhook_configured"},
        ],
        "calls": [
            *(call(f"2025-01-02 0{n}:00", f"k{n}") for n in range(9)),
            call("2025-01-05 01:00", "k9", 401),
            call("2025-01-05 02:00", "k9", 401),
            call("2025-01-05 03:00", "k9"),
        ],
    }
    answer = ask(world, "first_call_drivers")
    assert split(answer, "kind") == {
        "key_wait": 3 * 86_400,
        "auth_errors_before_success": 2,
        "docs_rereads": 1,
        "webhook_setup": 1,
        "first_error": 1,
    }


def test_leverage_is_beside_that_of_a_year_before() -> None:
    """Three went live with an average of 2 heads, one the year before with 2.5; teams add up within a month."""
    world = live("P1", "P2", "P3")
    heads = {"2024-01-01": 2.5, "2025-01-01": 1.0, "2025-02-01": 2.0}
    world = {
        **world,
        "partners": [*world["partners"], partner("P0", "2024-01-01")],
        "credentials": [*world["credentials"], key("kP0", "P0")],
        "calls": [*world["calls"], call("2024-02-29", "kP0")],
        "headcount": [
            *({"month": at(month).date(), "team": "api", "fte": fte} for month, fte in heads.items()),
            {"month": at("2025-02-01").date(), "team": "support", "fte": 1.0},
        ],
    }
    points = {point.period.isoformat(): point for point in ask(world, "onboarding_leverage").points}
    point = points["2025-01-01"]
    assert (point.value, point.values["fte"]) == (1.5, 2.0)
    assert point.values["year_before"] == pytest.approx(0.4)
    assert (points["2025-04-01"].value, points["2025-04-01"].absent) == (None, "no headcount")


def test_the_budget_is_a_scenario() -> None:
    """8,000 over two partners are 4,000 each: 200,000 for fifty, 12,000 for three."""
    world = {**live("P1", "P2"), "effort": [effort("2025-01-02", 80, "100")]}
    answer = ask(world, "onboarding_budget")
    assert (answer.points[0].value, answer.confidence) == (200_000, "estimated")
    assert answer.notes == (
        "a scenario, not a measurement: what 2 partners that went live cost, for those planned",
    )
    assert ask(world, "onboarding_budget", variants=(("planned_partners", "3"),)).points[0].value == 12_000


def test_adoption_can_be_seen_by_feature() -> None:
    """Both may use refunds and reports of payments; P1 calls refunds, nobody reports."""
    world = live("P1", "P2")
    world = {
        **world,
        "calls": [call("2025-03-05", "kP1", product="payments")],
        "endpoints": [
            {"product": "payments", "method": "GET", "route": route, "feature": feature}
            for route, feature in (("/pets", "refunds"), ("/reports", "reports"))
        ],
        "plans": [{"plan_id": "pay", "product": "payments", "currency": "EUR"}],
        "subscriptions": [
            {"subscription_id": who, "partner_id": who, "plan_id": "pay", "started_at": at("2025-03-01")}
            for who in ("P1", "P2")
        ],
    }
    answer = ask(world, "product_adoption_rate", by=("feature",))
    assert split(answer, "feature") == {"refunds": 1 / 2, "reports": 0.0}
