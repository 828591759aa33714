"""Are the numbers about support those worked out by hand?"""

from __future__ import annotations

from typing import Any

import pytest

from firstcall.errors import ScopeError
from tests.metrics.small import ask, only, said, split
from tests.reference.question import World
from tests.reference.tiny import at, call, developer, key, on, partner

MARCH: dict[str, Any] = {"start": on("2025-03-01"), "end": on("2025-04-01")}


def ticket(name: str, opened: str = "2025-03-10", **more: object) -> dict[str, object]:
    """Return a ticket of P1."""
    return {"ticket_id": name, "partner_id": "P1", "opened_at": at(opened), **more}


def four_callers() -> World:
    """Return two partners with two developers each, all calling in March; D1 and D2 in February too."""
    names = ("D1", "D2", "D3", "D4")
    owners = {"D1": "P1", "D2": "P1", "D3": "P2", "D4": "P2"}
    return {
        "partners": [
            partner("P1", segment="small"),
            partner("P2", segment="large"),
            partner("P3", status="test"),
        ],
        "developers": [developer(name, "2025-01-02", owners[name]) for name in names],
        "credentials": [key(name, owners[name], name) for name in names],
        "calls": [call("2025-03-05", name) for name in names] + [call("2025-02-05", n) for n in ("D1", "D2")],
    }


def test_tickets_per_hundred_active_developers() -> None:
    """Two tickets in March over four developers are 50 per hundred; those of a test account and of nobody are none."""
    world = {
        **four_callers(),
        "tickets": [
            ticket("T1"),
            ticket("T2", partner_id=None, developer_id="D3"),
            ticket("T3", partner_id=None),
            ticket("T4", partner_id="P3"),
        ],
    }
    answer = ask(world, "support_ticket_ratio", **MARCH)
    assert only(answer).values == {"ratio": 50.0, "tickets": 2, "active_developers": 4}
    by_segment = ask(world, "support_ticket_ratio", by=("segment",), **MARCH)
    assert split(by_segment, "segment") == {"small": 50.0, "large": 50.0}


def test_a_quarter_counts_developers_month_by_month() -> None:
    """Two developers in February and four in March are six developer-months; three tickets are 50 per hundred."""
    world = {**four_callers(), "tickets": [ticket("T1", "2025-01-10"), ticket("T2"), ticket("T3")]}
    answer = ask(world, "support_ticket_ratio", start=on("2025-01-01"), end=on("2025-04-01"), grain="quarter")
    assert (only(answer).value, only(answer).cases) == (50.0, 6)
    months = ask(world, "support_ticket_ratio", start=on("2025-01-01"), end=on("2025-04-01"))
    assert said(months) == [("2025-01-01", None), ("2025-02-01", 0.0), ("2025-03-01", 50.0)]
    assert [point.absent for point in months.points] == ["no active developers", None, None]


def test_a_ratio_per_month_has_no_weeks() -> None:
    """Days and weeks are refused."""
    with pytest.raises(ScopeError, match="no grain week"):
        ask(four_callers(), "support_ticket_ratio", grain="week")


def test_topics_are_ranked_and_the_untagged_share_is_shown() -> None:
    """Of five tickets auth has three, billing one, one names none; two name their endpoint."""
    where = {"method": "GET", "route": "/pets"}
    world = {
        "tickets": [
            *(ticket(f"T{n}", topic="auth") for n in range(3)),
            ticket("T3", topic="billing", **where),
            ticket("T4", **where),
        ]
    }
    answer = ask(world, "tickets_by_topic", **MARCH)
    assert answer.points[0].by == {"topic": "auth"}
    assert split(answer, "topic") == {"auth": 3, "billing": 1, None: 1}
    first = answer.points[0].values
    assert first == {"tickets": 3, "share": 0.6, "untagged": 0.2, "without_endpoint": 0.6}
    by_endpoint = ask(world, "tickets_by_topic", by=("endpoint",), **MARCH)
    assert split(by_endpoint, "endpoint") == {None: 3, "GET /pets": 2}


def test_tickets_before_the_first_production_call_are_of_onboarding() -> None:
    """P1 calls on 5 February, P2 on 5 March: of three tickets the one of P2 on 1 March came before."""
    world = {
        **four_callers(),
        "tickets": [
            ticket("T1", "2025-03-01"),
            ticket("T2", "2025-03-01", partner_id="P2"),
            ticket("T3", "2025-03-05", partner_id="P2"),
            ticket("T4", partner_id=None),
        ],
    }
    values = only(ask(world, "tickets_per_partner", **MARCH)).values
    assert values["per_active"] == values["per_registered"] == 1.5
    assert (values["tickets"], values["onboarding_tickets"], values["unattributed"]) == (3, 1, 1)
    assert values["onboarding_share"] == pytest.approx(1 / 3)


def test_reach_times_impact_times_confidence_over_effort() -> None:
    """Two developers and a partner asked about auth, one of them twice: 3 × 2 × 50 % ÷ 4 = 0.75."""
    world = {
        "tickets": [
            ticket("T1", topic="auth", developer_id="D1"),
            ticket("T2", topic="auth", developer_id="D1"),
            ticket("T3", topic="auth", developer_id="D2"),
            ticket("T4", topic="auth"),
            ticket("T5", topic="billing"),
        ]
    }
    plain = ask(world, "improvement_backlog", **MARCH)
    assert [(point.by["topic"], point.value) for point in plain.points] == [("auth", 3.0), ("billing", 1.0)]
    weighed = ask(
        world,
        "improvement_backlog",
        where=(("topic", ("auth",)),),
        variants=(("impact", "2"), ("confidence", "50"), ("effort", "4")),
        **MARCH,
    )
    assert (only(weighed).value, only(weighed).values["reach"], only(weighed).cases) == (0.75, 3, 4)


def test_open_tickets_move_the_median_of_all() -> None:
    """Five took 1 to 5 hours; with two still open the fourth of seven reaches a half: 4 hours."""
    hours = range(1, 6)
    done = [ticket(f"T{n}", resolved_at=at(f"2025-03-10 0{n}:00")) for n in hours]
    back = ticket("T9", resolved_at=at("2025-03-09"))
    world = {"tickets": [*done, ticket("T6"), ticket("T7"), back], "calls": [call("2025-03-20")]}
    answer = ask(world, "ticket_resolution_time", **MARCH)
    point = only(answer)
    assert (point.value, point.values["km_median"], point.cases) == (3 * 3600.0, 4 * 3600.0, 5)
    assert (point.values["p90"], point.values["waiting"]) == (None, 2)
    assert answer.notes == ("1 were resolved before they were opened; left out",)


def test_the_load_of_a_cohort_counts_its_first_ninety_days() -> None:
    """P1 and P2 come on 1 January: one ticket each on 31 March; P1's of 1 April is on day 90 and outside.

    P3 comes on 1 February and is still inside its window on 2 April.
    """
    world = {
        "partners": [partner("P1"), partner("P2"), partner("P3", "2025-02-01")],
        "tickets": [
            ticket("T1", "2025-03-31"),
            ticket("T2", "2025-04-01"),
            ticket("T3", "2025-02-02", partner_id="P3"),
        ],
        "calls": [call("2025-04-02", "unknown")],
    }
    answer = ask(world, "onboarding_support_load", start=on("2025-01-01"), end=on("2025-03-01"))
    assert said(answer) == [("2025-01-01", 0.5), ("2025-02-01", None)]
    assert [point.absent for point in answer.points] == [None, "window not closed"]
    assert [point.partial for point in answer.points] == [False, True]
    assert answer.points[0].values["without_tickets"] == 0.5


def test_a_filter_is_about_newcomers_not_about_what_their_tickets_name() -> None:
    """D1 of a small partner names one in the ticket that nobody knows; it is a ticket of a small newcomer still."""
    world = {
        "partners": [partner("P1", segment="small")],
        "developers": [developer("D1", "2025-01-01")],
        "tickets": [ticket("T1", "2025-01-05", partner_id="stranger", developer_id="D1")],
        "calls": [call("2025-05-02", "unknown")],
    }
    scope: dict[str, Any] = {"start": on("2025-01-01"), "end": on("2025-02-01"), "entity": "developer"}
    small = ask(world, "onboarding_support_load", where=(("segment", ("small",)),), **scope)
    assert said(small) == said(ask(world, "onboarding_support_load", **scope)) == [("2025-01-01", 1.0)]
