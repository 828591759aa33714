"""Is what was tried in a trial counted as a person would?"""

from __future__ import annotations

from tests.metrics.small import ask, only
from tests.reference.question import Row, World
from tests.reference.tiny import at, call, key, partner


def subscription(name: str, owner: str, since: str, kind: str, **more: object) -> Row:
    """Return a subscription of the plan `pro`."""
    return {
        "subscription_id": name,
        "partner_id": owner,
        "plan_id": "pro",
        "started_at": at(since),
        "kind": kind,
        **more,
    }


def trials() -> World:
    """Ten trials of two weeks: P1 to P5 tried 5 to 9 routes and paid; P6 to P10 one each, some in vain or too late."""
    names = [f"P{n}" for n in range(1, 11)]
    return {
        "partners": [partner(name) for name in names],
        "credentials": [key(f"k{name}", name) for name in names],
        "subscriptions": [
            *(
                subscription(f"T{name}", name, "2025-01-01", "trial", trial_ends_at=at("2025-01-15"))
                for name in names
            ),
            *(subscription(f"S{n}", f"P{n}", "2025-01-16", "paid") for n in range(1, 6)),
        ],
        "plans": [{"plan_id": "pro", "product": "payments", "currency": "EUR"}],
        "endpoints": [
            {"product": "payments", "method": "GET", "route": f"/r{n}", "feature": ("pay", "list")[n % 2]}
            for n in range(9)
        ],
        "calls": [
            *(
                call("2025-01-03", f"kP{n}", product="payments", route=f"/r{route}")
                for n in range(1, 6)
                for route in range(n + 4)
            ),
            *(call("2025-01-03", f"kP{n}", product="payments", route="/r0") for n in range(6, 11)),
            call("2025-01-03", "kP6", 404, product="payments", route="/r1"),
            call("2025-01-15", "kP7", product="payments", route="/r1"),
            call("2025-01-03", "kP8", product="messages", route="/m"),
            call("2025-06-01", None),
        ],
    }


def test_those_who_paid_are_held_against_the_others() -> None:
    """Those who paid tried 7 endpoints and both features at the median, the others one of each; all ten: 3."""
    point = only(ask(trials(), "trial_breadth", grain="all"))
    assert (point.value, point.cases) == (3, 10)
    assert (point.values["endpoints_converted"], point.values["endpoints_others"]) == (7, 1)
    assert (point.values["features_converted"], point.values["features_others"]) == (2, 1)
    assert (point.values["products_converted"], point.values["products_others"]) == (1, 1)


def test_a_trial_that_is_not_over_is_not_counted() -> None:
    """As of the 21st its week of grace still runs."""
    point = only(ask(trials(), "trial_breadth", grain="all", as_of=at("2025-01-21")))
    assert (point.value, point.cases, point.partial) == (None, 0, True)
