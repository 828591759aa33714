"""Are the numbers about requests and contributions those worked out by hand?"""

from __future__ import annotations

from typing import Any

from tests.metrics.small import ask, only, split
from tests.reference.tiny import at, call, on

MARCH: dict[str, Any] = {"start": on("2025-03-01"), "end": on("2025-04-01")}
DAY = 86_400.0


def request(name: str, days: int | None, kind: str = "bug", **more: object) -> dict[str, object]:
    """Return a request of 1 March that was deployed so many days later."""
    deployed = None if days is None else at(f"2025-03-{days + 1:02}")
    return {"request_id": name, "kind": kind, "opened_at": at("2025-03-01"), "deployed_at": deployed, **more}


def test_what_is_not_shipped_counts_as_waiting() -> None:
    """Shipped after 1 to 5 days: median 3 days. With three still open the fourth of eight reaches a half: 4 days."""
    world = {
        "requests": [
            *(request(f"R{n}", n) for n in range(1, 6)),
            *(request(f"O{n}", None) for n in range(3)),
        ],
        "calls": [call("2025-03-31")],
    }
    point = only(ask(world, "request_to_fix_time", **MARCH))
    assert (point.value, point.values["km_median"], point.values["km_p90"]) == (3 * DAY, 4 * DAY, None)
    assert (point.values["p90"], point.cases, point.values["waiting"]) == (None, 5, 3)


def test_kinds_are_told_apart() -> None:
    """Five bugs took a day each; of the features there are too few to say."""
    world = {"requests": [*(request(f"R{n}", 1) for n in range(5)), request("F", 9, "feature")]}
    answer = ask(world, "request_to_fix_time", by=("kind",), **MARCH)
    assert split(answer, "kind") == {"bug": DAY, "feature": None}


def test_as_of_a_moment_what_is_shipped_later_is_waiting() -> None:
    """As of 4 March noon three of five have come."""
    world = {"requests": [request(f"R{n}", n) for n in range(1, 6)]}
    point = only(ask(world, "request_to_fix_time", as_of=at("2025-03-04 12:00"), **MARCH))
    assert (point.values["done"], point.values["waiting"], point.values["km_median"]) == (3, 2, 3 * DAY)


def brought(kind: str = "issue", *, external: bool | None = True, **more: object) -> dict[str, object]:
    """Return a contribution of 1 March."""
    return {"time": at("2025-03-01"), "kind": kind, "external": external, **more}


def test_issues_are_closed_and_other_contributions_are_none() -> None:
    """Five issues closed after 1 to 5 days; the pull request of a month is not among them."""
    issues = [brought(resolved_at=at(f"2025-03-0{n + 1}")) for n in range(1, 6)]
    world = {"contributions": [*issues, brought("pull_request", resolved_at=at("2025-03-31"))]}
    point = only(ask(world, "issue_resolution_time", **MARCH))
    assert (point.value, point.cases) == (3 * DAY, 5)
    assert split(ask(world, "issue_resolution_time", by=("traffic_class",), **MARCH), "traffic_class") == {
        "external": 3 * DAY
    }


def test_half_of_what_outsiders_bring_is_taken() -> None:
    """Two of four accepted, one closed without, one undecided; the one from inside does not count."""
    taken: dict[str, Any] = {"accepted_at": at("2025-03-03"), "resolved_at": at("2025-03-03")}
    world = {
        "contributions": [
            brought("pull_request", **taken),
            brought("adapter", **taken),
            brought("adapter", resolved_at=at("2025-03-04")),
            brought("issue"),
            brought("adapter", external=False, **taken),
            brought("adapter", external=None, **taken),
        ]
    }
    point = only(ask(world, "contribution_acceptance_rate", **MARCH))
    assert point.values == {"rate": 0.5, "accepted": 2, "contributions": 4, "undecided": 1}
    assert (point.low is not None, point.cases) == (True, 4)
    by_kind = ask(world, "contribution_acceptance_rate", by=("kind",), **MARCH)
    assert split(by_kind, "kind") == {"adapter": 0.5, "issue": 0.0, "pull_request": 1.0}
