"""Are features counted and timed as a person would?"""

from __future__ import annotations

from typing import Any

from tests.metrics.small import ask, only
from tests.reference.question import Row, World
from tests.reference.tiny import at, call, on, partner

QUARTERS: dict[str, Any] = {"start": on("2025-01-01"), "end": on("2025-07-01")}
DAY = 86_400.0


def request(
    name: str, opened: str, deployed: str | None, owner: str | None = "P1", kind: str = "feature"
) -> Row:
    """Return a request of a day, deployed on another."""
    moments = {"opened_at": at(opened), "deployed_at": deployed and at(deployed)}
    return {"request_id": name, "partner_id": owner, "kind": kind, **moments}


def asked() -> World:
    """Of six features of 1 January five took 10 to 90 days, the last of them into April; a bug is none of them."""
    days = {
        "F1": "2025-01-11",
        "F2": "2025-01-21",
        "F3": "2025-01-31",
        "F4": "2025-03-02",
        "F5": "2025-04-01",
    }
    return {
        "partners": [partner()],
        "requests": [
            *(request(name, "2025-01-01", day) for name, day in days.items()),
            request("F6", "2025-01-01", None),
            request("F7", "2025-03-01", "2025-03-31", None),
            request("B1", "2025-01-01", "2025-01-02", kind="bug"),
        ],
        "calls": [call("2025-06-30")],
    }


def test_features_are_counted_when_they_are_delivered() -> None:
    """Five in the first quarter, four of them for P1; after 10, 20, 30, 60 and 30 days: 30 at the median. One later."""
    first, second = ask(asked(), "feature_delivery", **QUARTERS).points
    assert (first.value, first.values["from_partners"], first.values["median"]) == (5, 0.8, 30 * DAY)
    assert (second.value, second.values["median"]) == (1, None)


def test_features_that_are_not_delivered_still_wait() -> None:
    """Of seven asked for one waits; 30 days are the time by which four of them were there."""
    first, _ = ask(asked(), "feature_delivery", **QUARTERS).points
    assert (first.values["asked"], first.values["waiting"]) == (7, 1)
    assert (first.values["km_median"], first.values["km_p90"]) == (30 * DAY, None)


def test_a_feature_there_before_it_was_asked_for_has_no_time() -> None:
    """It is delivered all the same."""
    world: World = {"requests": [request("F1", "2025-03-01", "2025-02-01")], "calls": [call("2025-06-30")]}
    answer = ask(world, "feature_delivery", start=on("2025-01-01"), end=on("2025-04-01"))
    assert only(answer).value == 1
    assert "1 were deployed before they were asked for" in " ".join(answer.notes)
