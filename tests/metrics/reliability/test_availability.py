"""Does uptime say what a person works out in the head?"""

from __future__ import annotations

from typing import Any

import pytest

from tests.metrics.small import ask, only
from tests.reference.tiny import at, call, on

APRIL: dict[str, Any] = {"start": on("2025-04-01"), "end": on("2025-05-01")}
NOW = call("2025-05-02", None)
"""A call that says what time it is."""


def probe(time: str, result: str) -> dict[str, Any]:
    """Return a probe of payments."""
    return {"target": "payments", "time": at(f"2025-04-01 {time}"), "result": result}


PROBES = [probe(f"0{n}:00", result) for n, result in enumerate(("up", "up", "up", "down", "unknown"))]
CALLS = [call("2025-04-02", None, status, product="payments") for status in (200, 404, 503, 504)]


def test_uptime_is_by_probes_when_there_are_any_and_says_so() -> None:
    """Three of four that knew; the fifth is unknown. By calls it would be a half: a 404 is the caller's."""
    answer = ask({"probes": PROBES, "calls": [*CALLS, NOW]}, "uptime", **APRIL)
    point = only(answer)
    assert (point.value, point.cases) == (0.75, 4)
    assert [point.values[name] for name in ("probes", "calls", "minutes", "unknown")] == [
        0.75,
        0.5,
        None,
        0.2,
    ]
    assert answer.notes == ("uptime by probes in 1 points; probes whose checker failed are left out",)


def test_uptime_is_by_calls_when_there_are_no_probes_in_the_period() -> None:
    """Probes of March do not speak for April."""
    march = [{**row, "time": at("2025-03-01")} for row in PROBES[:1]]
    answer = ask({"probes": march, "calls": [*CALLS, NOW]}, "uptime", **APRIL)
    assert only(answer).value == 0.5
    assert answer.notes == ("uptime by calls in 1 points: 1 - (5xx and timeouts) / all calls",)


def test_a_minute_is_down_when_more_than_five_percent_of_enough_calls_fail() -> None:
    """2 of 20 are too many, 1 of 20 is not more than 5 %, 9 calls are too few to tell: one of two."""
    failing = {"10:00": (20, 2), "10:01": (20, 1), "10:02": (9, 9)}
    calls = [
        call(f"2025-04-02 {minute}:30", None, 500 if n < bad else 200)
        for minute, (count, bad) in failing.items()
        for n in range(count)
    ]
    point = only(ask({"calls": [*calls, NOW]}, "uptime", variants=(("method", "minutes"),), **APRIL))
    assert (point.value, point.cases) == (0.5, 2)


def incident(severity: str, start: str, end: str | None) -> dict[str, Any]:
    """Return an incident of payments."""
    return {
        "incident_id": f"{severity} {start}",
        "title": "down",
        "severity": severity,
        "products": "payments",
        "started_at": at(f"2025-{start}"),
        "resolved_at": end and at(f"2025-{end}"),
    }


@pytest.mark.parametrize(
    ("incidents", "hours"),
    [
        ([incident("major", "04-02 00:00", "04-02 10:00")], 10),
        ([incident("partial", "04-02 00:00", "04-02 10:00")], 3),
        (
            [
                incident("partial", "04-02 00:00", "04-02 20:00"),
                incident("major", "04-02 05:00", "04-02 15:00"),
            ],
            13,
        ),
        (
            [
                incident("major", "04-02 00:00", "04-02 10:00"),
                incident("critical", "04-02 08:00", "04-02 12:00"),
            ],
            12,
        ),
        ([incident("degraded", "04-02 00:00", "04-20 10:00")], 0),
        ([incident("major", "03-30 00:00", "04-01 06:00"), incident("major", "04-30 18:00", None)], 12),
    ],
)
def test_uptime_by_incidents_weighs_them_and_merges_what_overlaps(
    incidents: list[dict[str, Any]], hours: float
) -> None:
    """April has 720 hours. A partial outage around a major one counts 0.3 where it stands alone."""
    answer = ask(
        {"incidents": incidents, "calls": [NOW]}, "uptime", variants=(("method", "incidents"),), **APRIL
    )
    assert only(answer).value == pytest.approx(1 - hours / 720)


def test_maintenance_alone_records_no_incident() -> None:
    """It is none."""
    world = {"incidents": [incident("maintenance", "04-02 00:00", "04-03 00:00")], "calls": [*CALLS, NOW]}
    point = only(ask(world, "uptime", variants=(("method", "incidents"),), **APRIL))
    assert (point.value, point.absent) == (None, "no incidents recorded")


@pytest.mark.parametrize(
    ("days", "seconds"), [(("2025-04-01", "2025-05-01"), 1296), (("2024-05-01", "2025-05-01"), 15768)]
)
def test_allowed_downtime_is_exact(days: tuple[str, str], seconds: float) -> None:
    """0.05 % of 30 days are 21.6 minutes, of 365 days 4.38 hours."""
    point = only(ask({"calls": [*CALLS, NOW]}, "uptime", start=on(days[0]), end=on(days[1]), grain="all"))
    assert point.values["allowed_downtime"] == pytest.approx(seconds)
