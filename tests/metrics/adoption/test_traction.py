"""Do traction, anomalies and load say what a person works out in the head?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.metrics.small import ask, only
from tests.reference.tiny import Draft, at, call, key, on, partner

World = dict[str, list[Draft]]
APRIL: dict[str, Any] = {"start": on("2025-04-01"), "end": on("2025-05-01"), "grain": "month"}
END = call("2025-04-30 23:59", None)


def sold(name: str, count: int, day: str) -> list[Draft]:
    """Return calls of a product on one day."""
    return [call(day, product=name) for _ in range(count)]


def traction(products: tuple[Draft, ...], *calls: list[Draft]) -> dict[str | None, tuple[object, ...]]:
    """Return calls, growth, partners and dead weight by product in April 2025, which is over."""
    world = {
        "partners": [partner()],
        "credentials": [key()],
        "products": list(products),
        "calls": [*(each for group in calls for each in group), call("2025-05-01", None)],
    }
    answer = ask(world, "product_traction", **APRIL)
    return {point.by["product"]: tuple(point.values.values()) for point in answer.points}


def test_products_gain_or_are_dead_weight() -> None:
    """Pets grow from 2 to 3; maps were last called on 30 January, 91 days before the end; chat is not out yet."""
    found = traction(
        ({"product": "maps"}, {"product": "chat", "launched_at": at("2025-05-01")}, {"product": "shop"}),
        sold("pets", 2, "2025-03-10"),
        sold("pets", 3, "2025-04-10"),
        sold("maps", 5, "2025-01-30"),
        sold("shop", 1, "2025-01-31"),
    )
    assert found == {"pets": (3, 0.5, 1, 0), "maps": (0, None, 0, 1), "shop": (0, None, 0, 0)}


@pytest.mark.parametrize(("last", "dead"), [(1, 1), (2, 0)])
def test_three_falls_in_a_row_are_dead_weight(last: int, dead: int) -> None:
    """Stretches of 30 days end on 30 April, 31 March, 1 March, 30 January: 4, 3, 2 calls and one or two."""
    found = traction(
        (),
        sold("pets", 4, "2025-01-10"),
        sold("pets", 3, "2025-02-10"),
        sold("pets", 2, "2025-03-10"),
        sold("pets", last, "2025-04-10"),
    )
    assert found["pets"][-1] == dead


def mondays(counts: list[int]) -> World:
    """Return a world with so many calls on each Monday from 6 January 2025 on, and one the day after the last."""
    monday = at("2025-01-06 12:00")
    calls = [
        {**call("2025-01-06"), "time": monday + timedelta(days=7 * week)}
        for week, count in enumerate(counts)
        for _ in range(count)
    ]
    after = {**call("2025-01-06", None), "time": monday + timedelta(days=7 * len(counts) - 6)}
    return {"partners": [partner()], "credentials": [key()], "calls": [*calls, after]}


@pytest.mark.parametrize(
    ("counts", "score", "direction", "anomalous"),
    [
        ([18, 20, 22, 24, 0], 21 / (1.4826 * 2), -1, 1),  # median 21, deviations 3, 1, 1, 3: a drop to zero
        ([18, 20, 22, 24, 30], 9 / (1.4826 * 2), 1, 0),  # less than half as much again
        ([4, 6, 4, 6, 50], 45 / 1.4826, 1, 0),  # 5 is too little to judge by
        ([25, 25, 25, 25, 50], 25 / 5, 1, 1),  # no deviation: the root of 25
    ],
)
def test_a_day_is_held_against_the_same_weekday(
    counts: list[int], score: float, direction: int, anomalous: int
) -> None:
    """The fifth Monday, 3 February, against the four before."""
    point = only(ask(mondays(counts), "usage_anomalies", start=on("2025-02-03"), end=on("2025-02-04")))
    assert point.value == pytest.approx(score)
    assert (point.values["direction"], point.values["anomalous"]) == (direction, anomalous)


def test_three_mondays_are_too_few_and_a_running_day_is_not_judged() -> None:
    """The fourth Monday has three before it; the Tuesday after the fifth is not over."""
    world = mondays([20, 20, 20, 20, 20])
    scope = {"start": on("2025-01-27"), "end": on("2025-02-05")}
    answer = ask(world, "usage_anomalies", start=scope["start"], end=scope["end"])
    assert [point.period.day for point in answer.points if point.value is not None] == [3]


def timed(day: str, count: int, milliseconds: float) -> list[Draft]:
    """Return completed calls of one day."""
    return [call(day, latency_ms=milliseconds) for _ in range(count)]


def test_busy_days_are_held_against_typical_ones() -> None:
    """Of days with 10, 10, 10 and 40 calls the 90th percentile is 31, the 40th and 60th are 10: 400 ms over 100 ms."""
    world = {
        "calls": [
            *timed("2025-04-01", 10, 100.0),
            *timed("2025-04-02", 10, 100.0),
            *timed("2025-04-03", 10, 100.0),
            *timed("2025-04-04", 40, 400.0),
            END,
        ]
    }
    point = only(ask(world, "performance_under_load", **APRIL))
    assert point.value == pytest.approx(4.0, rel=0.02)
    assert point.values["busy"] == pytest.approx(400.0, rel=0.01)
    exact = only(ask(world, "performance_under_load", exact=True, **APRIL))
    assert exact.values == {"ratio": 4.0, "busy": 400.0, "typical": 100.0}


def test_few_calls_on_busy_days_say_nothing() -> None:
    """Nine calls on the busiest of days."""
    world = {"calls": [*timed("2025-04-01", 5, 100.0), *timed("2025-04-02", 9, 100.0), END]}
    assert only(ask(world, "performance_under_load", **APRIL)).absent == "fewer than 10 cases"
