"""Does the stability of the platform say what a person works out in the head?"""

from __future__ import annotations

import pytest

from tests.metrics.ecosystem.built import MARCH
from tests.metrics.small import ask, only, said, split
from tests.reference.tiny import at, call, on


def incident(name: str, begun: str, over: str | None, **more: object) -> dict[str, object]:
    """Return a major incident that hit integrations."""
    plain = {"incident_id": name, "title": name, "severity": "major", "integration_related": True}
    return {**plain, "started_at": at(begun), "resolved_at": at(over) if over else None, **more}


def test_overlapping_incidents_count_once() -> None:
    """Of ten days (as of 11 March) 2 to 4 and 3 to 5 March are bad, three days: 70 %. Maintenance is no incident."""
    world = {
        "incidents": [
            incident("X1", "2025-03-02", "2025-03-04"),
            incident("X2", "2025-03-03", "2025-03-05"),
            incident("X3", "2025-03-03 06:00", "2025-03-03 07:00", severity="partial"),
            incident("X4", "2025-03-06", "2025-03-07", severity="maintenance"),
            incident("X5", "2025-03-06", "2025-03-07", integration_related=False),
        ],
        "calls": [call("2025-01-01")],
    }
    answer = ask(
        world, "platform_stability", as_of=at("2025-03-11"), start=on("2025-02-01"), end=on("2025-04-01")
    )
    assert said(answer) == [("2025-02-01", 1.0), ("2025-03-01", pytest.approx(0.7))]
    assert (answer.points[1].values["incidents"], answer.points[1].cases) == (3, 10)
    by = ask(world, "platform_stability", as_of=at("2025-03-11"), by=("severity",), **MARCH)
    assert split(by, "severity") == {"major": pytest.approx(0.7), "partial": pytest.approx(1 - 1 / 240)}


def test_what_is_not_resolved_lasts() -> None:
    """From noon on 1 March to as-of at midnight: half a day of one."""
    world = {"incidents": [incident("X", "2025-03-01 12:00", None)], "calls": [call("2025-03-01")]}
    assert only(ask(world, "platform_stability", as_of=at("2025-03-02"), **MARCH)).value == 0.5
