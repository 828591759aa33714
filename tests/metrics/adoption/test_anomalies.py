"""Do unusual days say what a person works out in the head?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.metrics.small import ask, only
from tests.reference.tiny import Draft, at, call, key, on, partner

World = dict[str, list[Draft]]


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
