"""Does performance under load say what a person works out in the head?"""

from __future__ import annotations

from typing import Any

import pytest

from tests.metrics.small import ask, only
from tests.reference.tiny import Draft, call, on

APRIL: dict[str, Any] = {"start": on("2025-04-01"), "end": on("2025-05-01"), "grain": "month"}
END = call("2025-04-30 23:59", None)


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
