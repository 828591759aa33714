"""Does coverage say what a person works out in the head?"""

from __future__ import annotations

from typing import Any

import pytest

from firstcall.periods import Question
from tests.metrics.small import ask, only, program, split
from tests.reference.tiny import Draft, at, call, developer, key, on, partner

World = dict[str, list[Draft]]
MARCH: dict[str, Any] = {"start": on("2025-03-01"), "end": on("2025-04-01"), "grain": "month"}
FIRST: dict[str, Any] = {**MARCH, "where": (("developer", ("D1",)),)}
"""One developer's own coverage, which needs no others."""
END = call("2025-03-31 12:00", None)
"""A call of nobody on the last day of March."""


def endpoint(route: str, product: str = "pets", **more: object) -> Draft:
    """Return an endpoint on offer."""
    return {"product": product, "method": "GET", "route": route, **more}


def reached(
    route: str, consumer: str = "k1", time: str = "2025-03-20", product: str = "pets", status: int = 200
) -> Draft:
    """Return a call of an endpoint."""
    return call(time, consumer, status, route=route, product=product)


def subscription(
    name: str, owner: str, plan: str, start: str = "2025-01-01", end: str | None = None
) -> Draft:
    """Return a subscription."""
    return {
        "subscription_id": name,
        "partner_id": owner,
        "plan_id": plan,
        "started_at": at(start),
        "ended_at": None if end is None else at(end),
    }


def world(*calls: Draft, routes: int = 4, **tables: list[Draft]) -> World:
    """A program of two developers with `routes` endpoints `/0` and so on."""
    return {
        "partners": [partner(), partner("P2")],
        "developers": [developer("D1", "2025-01-01"), developer("D2", "2025-01-01", "P2")],
        "credentials": [key(person="D1"), key("k2", "P2", "D2")],
        "endpoints": [endpoint(f"/{n}") for n in range(routes)],
        "calls": [*calls, END],
        **tables,
    }


def test_coverage_is_the_median_share_of_endpoints_reached() -> None:
    """D1 reached one of four twice, D2 three of four; with three who reached two the median is two, with two nobody's.

    Five make a median; four have none.
    """
    calls = [reached("/0"), reached("/0"), *(reached(f"/{n}", "k2") for n in range(3))]
    names = ("D3", "D4", "D5")
    more = world(*calls, *(reached(f"/{n}", name) for name in names for n in range(2)))
    more["developers"] += [developer(name, "2025-01-01") for name in names]
    more["credentials"] += [key(name, person=name) for name in names]
    point = only(ask(more, "endpoint_coverage", **MARCH))
    assert point.values == {"median": 0.5, "median_count": 2.0, "available": 4.0}
    more["credentials"].pop()
    point = only(ask(more, "endpoint_coverage", **MARCH))
    assert (point.value, point.absent, point.cases) == (None, "fewer than 5 cases", 4)
    assert (point.values["median_count"], point.values["available"]) == (None, None)
    by = split(ask(world(*calls), "endpoint_coverage", by=("developer",), **MARCH), "developer")
    assert by == {"D1": 0.25, "D2": 0.75}


def test_failures_do_not_reach_and_old_calls_do_not_count() -> None:
    """Of D1's endpoints one failed, one was called on 1 March, 31 days before the end: only /2 on the 2nd counts."""
    calls = [
        reached("/0", status=500),
        reached("/1", time="2025-03-01 23:59"),
        reached("/2", time="2025-03-02"),
    ]
    assert only(ask(world(*calls), "endpoint_coverage", **FIRST)).values["median_count"] == 1.0


def test_what_is_shut_down_or_not_yet_released_is_not_on_offer() -> None:
    """Of four endpoints one came on 1 April, one went on 31 March; one that is deprecated stays: two are left."""
    offered = [
        endpoint("/0"),
        endpoint("/1", deprecated_at=at("2025-01-01"), sunset_at=at("2025-04-01")),
        endpoint("/2", released_at=at("2025-04-01")),
        endpoint("/3", sunset_at=at("2025-03-31")),
    ]
    point = only(ask(world(reached("/0"), endpoints=offered), "endpoint_coverage", **FIRST))
    assert (point.value, point.values["available"]) == (0.5, 2.0)


def test_versions_of_an_endpoint_are_one_and_stay_while_one_does() -> None:
    """`/0` in two versions, the first shut down: one endpoint, reached through either."""
    offered = [endpoint("/0", version="v1", sunset_at=at("2025-02-01")), endpoint("/0", version="v2")]
    calls = [{**reached("/0"), "version": "v1"}, {**reached("/0"), "version": "v2"}]
    point = only(ask(world(*calls, endpoints=offered), "endpoint_coverage", **FIRST))
    assert (point.value, point.values["available"]) == (1.0, 1.0)


def test_subscribers_are_offered_their_products() -> None:
    """P1 is subscribed to maps (one endpoint), P2 to nothing: D1 is offered 1, D2 all 5."""
    tables: dict[str, Any] = {
        "endpoints": [*(endpoint(f"/{n}") for n in range(4)), endpoint("/map", "maps")],
        "plans": [{"plan_id": "M", "product": "maps", "currency": "EUR"}],
        "subscriptions": [subscription("S1", "P1", "M"), subscription("S2", "P2", "M", end="2025-03-31")],
    }
    calls = [reached("/map", product="maps"), reached("/0"), reached("/0", "k2")]
    answer = ask(world(*calls, **tables), "endpoint_coverage", by=("developer",), **MARCH)
    assert split(answer, "developer") == {"D1": 1.0, "D2": 0.2}


def test_the_unknown_are_told_from_the_unwanted() -> None:
    """`/0` is used by two; `/1` was read of twice and used by nobody; nobody read of `/2`; `/3` has one user."""
    pages = [
        {"time": at("2025-03-05"), "anonymous_id": "a", "step": "docs_viewed", "subject": subject}
        for subject in ("/1", "GET /1", "/0", "welcome")
    ]
    calls = [reached("/0"), reached("/0", "k2"), reached("/3", "k2")]
    answer = ask(
        world(*calls, journey=pages),
        "unused_endpoints",
        variants=(("fewer_than", "2"),),
        start=on("2025-03-01"),
    )
    assert {p.by["endpoint"]: tuple(p.values.values()) for p in answer.points} == {
        "GET /1": (0, 1, 2, 0.0, 1.0),
        "GET /2": (0, 1, 0, 1.0, 0.0),
        "GET /3": (1, 1, 0, 1.0, 0.0),
    }


def test_without_page_views_nobody_can_tell() -> None:
    """No page was viewed in the 30 days."""
    answer = ask(world(reached("/0"), routes=1), "unused_endpoints")
    assert [(p.value, p.values["unknown"], p.values["unwanted"]) for p in answer.points] == [(1, None, None)]


def test_a_feature_is_adopted_by_a_success() -> None:
    """Of two active partners P1 used search and chat, P2 only failed at search: 1/2 each, one feature a partner."""
    offered = [endpoint("/0", feature="search"), endpoint("/1", feature="chat"), endpoint("/2")]
    calls = [reached("/0"), reached("/1"), reached("/0", "k2", status=404)]
    answer = ask(world(*calls, endpoints=offered), "feature_adoption", **MARCH)
    assert split(answer, "feature") == {"search": 0.5, "chat": 0.5}
    whole = program(world(*calls, endpoints=offered))
    assert whole.ask(Question("feature_adoption", by=("feature",), **MARCH)).points[0].values == {
        "share": 0.5,
        "users": 1,
        "active": 2,
        "per_partner": 1.0,
    }


def test_utilisation_is_over_those_who_may() -> None:
    """P1 is subscribed and called twice, P2 is subscribed and silent, P3 calls without: 1 a partner, half of them."""
    tables: dict[str, Any] = {
        "partners": [partner(), partner("P2"), partner("P3")],
        "credentials": [key(), key("k3", "P3")],
        "subscriptions": [subscription("S1", "P1", "A"), subscription("S2", "P2", "A", end="2025-03-02")],
    }
    answer = ask(
        world(reached("/0"), reached("/1"), reached("/0", "k3"), **tables), "api_utilisation", **MARCH
    )
    assert only(answer).values == {
        "calls_per_partner": 1.0,
        "share": 0.5,
        "entitled": 2,
        "calls": 2,
        "entitlement_used": None,
    }


def test_the_share_of_entitlement_used_is_of_contracted_units() -> None:
    """P1 used 2 of 8 units, P2 none of 2: a fifth together. A sandbox call is not metered."""
    contracted = {"S1": ("P1", 8), "S2": ("P2", 2)}
    tables: dict[str, Any] = {
        "plans": [{"plan_id": "A", "product": "pets", "currency": "EUR"}],
        "subscriptions": [
            {**subscription(name, owner, "A"), "kind": "paid", "contracted_units": units}
            for name, (owner, units) in contracted.items()
        ],
    }
    calls = [reached("/0"), reached("/1"), {**reached("/0", "k2"), "environment": "sandbox"}]
    for environment in ("production", "sandbox"):
        answer = ask(world(*calls, **tables), "api_utilisation", environment=environment, **MARCH)
        assert only(answer).values["entitlement_used"] == 0.2
    by = ask(world(*calls, **tables), "api_utilisation", by=("partner",), **MARCH)
    assert {p.by["partner"]: p.values["entitlement_used"] for p in by.points} == {"P1": 0.25, "P2": 0.0}


@pytest.mark.parametrize(("ends", "entitled"), [("2025-03-01", 0), ("2025-03-01 00:00:01", 1)])
def test_a_subscription_counts_until_it_ends(ends: str, entitled: int) -> None:
    """One that ends as March begins is not March's."""
    tables: dict[str, Any] = {"subscriptions": [subscription("S1", "P1", "A", end=ends)]}
    assert (
        only(ask(world(reached("/0"), **tables), "api_utilisation", **MARCH)).values["entitled"] == entitled
    )
