"""Do versions and laggards say what a person works out in the head?"""

from __future__ import annotations

from typing import Any

from tests.metrics.small import ask
from tests.reference.tiny import Draft, at, call, key, on, partner

MARCH: dict[str, Any] = {"start": on("2025-03-01"), "end": on("2025-04-01")}


def made(version: str | None, consumer: str = "k1", time: str = "2025-03-20", route: str = "/pets") -> Draft:
    """Return a call of a version."""
    return call(time, consumer, version=version, route=route, product="pets")


def entry(version: str | None, route: str = "/pets", **more: object) -> Draft:
    """Return an endpoint of the catalogue."""
    return {"product": "pets", "method": "GET", "route": route, "version": version, **more}


def world(*calls: Draft, endpoints: tuple[Draft, ...] = ()) -> dict[str, list[Draft]]:
    """Two partners with a key each; the last call comes on 31 March."""
    return {
        "partners": [partner(), partner("P2")],
        "credentials": [key(), key("k2", "P2")],
        "endpoints": list(endpoints),
        "calls": [*calls, call("2025-03-31 12:00", None)],
    }


def test_versions_share_the_traffic() -> None:
    """Of five calls two are v1 by one partner, two v2 by two, and nobody's has no version."""
    answer = ask(world(made("v1"), made("v1"), made("v2"), made("v2", "k2")), "version_mix", **MARCH)
    assert {p.by["version"]: tuple(p.values.values()) for p in answer.points} == {
        "v1": (0.4, 2, 1),
        "v2": (0.4, 2, 2),
        None: (0.2, 1, 0),
    }


def test_laggards_are_told_how_long_they_have() -> None:
    """From 31 March to the end of v1 on 30 April are 30 days; v2 stays; P2's v0 ended three days ago."""
    catalogue = (
        entry("v0", sunset_at=at("2025-03-28")),
        entry("v1", deprecated_at=at("2025-01-01"), sunset_at=at("2025-04-30")),
        entry("v2"),
    )
    calls = [made("v1"), made("v1"), made("v2"), made("v0", "k2"), made("v1", "k2", "2025-03-01")]
    answer = ask(world(*calls, endpoints=catalogue), "version_laggards", **MARCH)
    assert {(p.by["partner"], p.by["version"]): tuple(p.values.values()) for p in answer.points} == {
        ("P1", "v1"): (30, 2, 1),
        ("P2", "v0"): (-3, 1, 1),
    }


def test_a_deprecation_without_an_end_has_no_days() -> None:
    """The entry for every version is deprecated; v3 has its own and stays."""
    catalogue = (entry(None, deprecated_at=at("2025-03-31 11:00")), entry("v3"))
    answer = ask(world(made("v1"), made(None), made("v3"), endpoints=catalogue), "version_laggards", **MARCH)
    assert [(p.by["version"], p.value, p.absent, p.values["calls"]) for p in answer.points] == [
        (None, None, "no end has been announced", 1),
        ("v1", None, "no end has been announced", 1),
    ]


def test_laggards_of_a_short_month_called_up_to_thirty_days_before() -> None:
    """The thirty days before 1 March begin on 30 January: one call of that day counts, one of the 29th does not."""
    catalogue = (entry("v1", sunset_at=at("2025-04-30")),)
    calls = [made("v1", time="2025-01-29"), made("v1", time="2025-01-30"), made("v1", time="2025-02-28")]
    calls.append(made("v1", "k2", "2025-01-29"))
    february: dict[str, Any] = {"start": on("2025-02-01"), "end": on("2025-03-01"), "grain": "month"}
    answer = ask(world(*calls, endpoints=catalogue), "version_laggards", **february)
    assert [(p.by["partner"], p.values["calls"], p.value) for p in answer.points] == [("P1", 2, 61)]
