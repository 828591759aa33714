"""Does webhook delivery say what a person works out in the head?"""

from __future__ import annotations

from datetime import timedelta

from tests.metrics.small import ask, only
from tests.reference.question import World
from tests.reference.tiny import at, call


def event(name: str, seconds: float | None, time: str = "2025-01-01 12:00") -> dict[str, object]:
    """Return an event of a webhook, delivered after so many seconds or never."""
    happened = at(time)
    delivered = None if seconds is None else happened + timedelta(seconds=seconds)
    return {"event_id": name, "triggered_at": happened, "delivered_at": delivered}


def world(*events: dict[str, object]) -> World:
    """Return events, and a call a day later that says what time it is."""
    return {"webhook_deliveries": events, "calls": [call("2025-01-02", None)]}


def test_within_thirty_seconds_is_in_time_and_never_is_failed() -> None:
    """30 s is in time, 31 s is not, never is not: one of three; the one that has just happened is open."""
    events = (event("a", 30), event("b", 31), event("c", None), event("d", None, "2025-01-01 23:59:45"))
    point = only(ask(world(*events), "webhook_delivery"))
    assert (point.value, point.cases, point.partial) == (1 / 3, 3, True)
    assert [point.values[name] for name in ("delivered", "undelivered", "p95")] == [2, 1, None]


def test_the_seconds_may_be_set() -> None:
    """Within a minute both arrived."""
    answer = ask(
        world(event("a", 30), event("b", 31)), "webhook_delivery", variants=(("within_seconds", "60"),)
    )
    assert only(answer).value == 1.0


def test_p95_is_of_those_delivered() -> None:
    """0 to 100 s in tens are eleven events: rank 9.5 lies between 90 and 100."""
    events = [event(str(n), 10 * n) for n in range(11)]
    assert only(ask(world(*events), "webhook_delivery")).values["p95"] == 95.0
