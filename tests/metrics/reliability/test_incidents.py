"""Do incidents say what a person works out in the head?"""

from __future__ import annotations

from typing import Any

import pytest

from tests.metrics.small import ask, only, split
from tests.reference.question import World
from tests.reference.tiny import at, call, on


def incident(
    name: str, started: str, detected: str | None, resolved: str | None, **more: object
) -> dict[str, Any]:
    """Return a major incident of 1 January, its times of day given."""
    day = "2025-01-01"
    return {
        "incident_id": name,
        "title": name,
        "severity": "major",
        "started_at": at(f"{day} {started}"),
        "detected_at": detected and at(f"{day} {detected}"),
        "resolved_at": resolved and at(f"{day} {resolved}"),
        **more,
    }


def world(*incidents: dict[str, Any]) -> World:
    """Return incidents, and a call in February that says what time it is."""
    return {"incidents": incidents, "calls": [call("2025-02-01", None)]}


THREE = (
    incident("A", "10:00", "10:10", "11:00", products="payments, messages", detected_by="customer"),
    incident(
        "B", "12:00", "12:20", "15:20", products="payments", severity="partial", detected_by="monitoring"
    ),
    incident("C", "13:00", "13:00", None, products="messages"),
)
MAINTENANCE = incident("M", "01:00", "01:00", "05:00", severity="maintenance", products="payments")
JANUARY: dict[str, Any] = {"end": on("2025-02-01")}


def test_incidents_count_once_and_in_a_split_for_each_product() -> None:
    """Three without the maintenance; one of the two that say so was noticed by a customer."""
    point = only(ask(world(*THREE, MAINTENANCE), "incidents", **JANUARY))
    assert (point.value, point.values["customer_reported"], point.values["open"]) == (3, 0.5, 1)
    assert [point.values[name] for name in ("critical", "major", "partial")] == [0, 2, 1]
    by = ask(world(*THREE, MAINTENANCE), "incidents", by=("product",), **JANUARY)
    assert split(by, "product") == {"messages": 2, "payments": 2}


def test_detection_and_resolution_add_up_to_the_whole() -> None:
    """A took 10 + 50 minutes, B 20 + 180, and C is open: means of 15 + 115 = 130 minutes."""
    resolved = world(*THREE[:2])
    detect = only(ask(resolved, "time_to_detect", **JANUARY)).value
    resolve = only(ask(resolved, "time_to_resolve", **JANUARY)).value
    total = only(ask(resolved, "time_to_resolve", variants=(("from", "started"),), **JANUARY)).value
    assert (detect, resolve, total) == (15 * 60, 115 * 60, 130 * 60)
    beside = only(ask(resolved, "time_to_resolve", **JANUARY)).values
    assert (beside["from_start"], beside["median_from_start"]) == (130 * 60, None)


def test_an_open_incident_is_counted_and_left_out() -> None:
    """C was noticed at once and is not over: the means are 10 minutes and 115 as before."""
    everything = world(*THREE)
    assert only(ask(everything, "time_to_detect", **JANUARY)).values["mean"] == 10 * 60
    answer = ask(everything, "time_to_resolve", **JANUARY)
    point = only(answer)
    assert [point.values[name] for name in ("mean", "median", "resolved", "open")] == [6900, None, 2, 1]
    assert (point.partial, answer.notes) == (True, ("1 incidents are open; left out",))


def test_five_incidents_make_a_median() -> None:
    """Noticed after 1, 2, 3, 4 and 50 minutes, repaired 10 minutes later: medians of 3, 10 and 13, means 12 and 22."""
    spans = [(1, 11), (2, 12), (3, 13), (4, 14), (50, 60)]
    everything = world(
        *(incident(f"I{n}", "10:00", f"10:{n:02}", f"1{end // 60}:{end % 60:02}") for n, end in spans)
    )
    detect = only(ask(everything, "time_to_detect", **JANUARY)).values
    assert (detect["mean"], detect["median"]) == (12 * 60, 3 * 60)
    resolve = only(ask(everything, "time_to_resolve", **JANUARY)).values
    assert (resolve["median"], resolve["from_start"], resolve["median_from_start"]) == (600, 22 * 60, 13 * 60)


def test_what_was_noticed_before_it_began_is_left_out_and_said() -> None:
    """One minute before."""
    answer = ask(world(incident("A", "10:00", "09:59", "11:00")), "time_to_detect", **JANUARY)
    assert only(answer).absent == "no incident says when"
    assert answer.notes == ("1 incidents were detected before they began; left out",)


TOLD = {"narrative_url": "https://status.example/a", "reproducible_test": "test_a"}


def test_a_postmortem_is_scored_by_its_checklist() -> None:
    """A has three of five, B one: four of ten. Three of four actions are done, two in time; B repeats A."""
    actions = {"actions_total": 4, "actions_done": 3, "actions_on_time": 2}
    incidents = (
        incident("A", "10:00", None, "11:00", **TOLD, **actions),
        incident("B", "12:00", None, "13:00", cause="a lock", recurrence_of="A"),
        incident("C", "14:00", None, None, cause="nobody knows"),
    )
    point = only(ask(world(*incidents), "postmortem_quality", **JANUARY))
    assert (point.value, point.cases) == (0.4, 2)
    named = ("cause", "actions", "actions_done", "actions_on_time", "recurrence")
    assert [point.values[name] for name in named] == [0.5, 0.5, 0.75, 0.5, 0.5]


def test_a_narrative_without_a_test_is_half_of_it() -> None:
    """Two are resolved; one has both."""
    half = {"narrative_url": TOLD["narrative_url"]}
    incidents = (incident("A", "10:00", None, "11:00", **TOLD), incident("B", "12:00", None, "13:00", **half))
    point = only(ask(world(*incidents), "incident_narratives", **JANUARY))
    assert (point.value, point.values["narrative"], point.values["reproducible_test"]) == (0.5, 2, 1)


@pytest.mark.parametrize(("minutes", "share"), [(60, 0.5), (59, 0.0), (10**6, 1.0)])
def test_a_commitment_runs_from_the_start_and_an_overdue_one_is_missed(minutes: int, share: float) -> None:
    """A took an hour; C is open: overdue in February unless the commitment is of years, then it is open."""
    promised = {"integration_related": True, "commitment_minutes": minutes}
    incidents = (
        incident("A", "10:00", "10:00", "11:00", **promised),
        incident("C", "13:00", None, None, **promised),
        incident("X", "14:00", None, "14:01", commitment_minutes=minutes),
        incident("Y", "15:00", None, "15:01", integration_related=True),
    )
    point = only(ask(world(*incidents), "integration_incidents_within_commitment", **JANUARY))
    assert (point.value, point.values["without_commitment"]) == (share, 1)
    assert (point.cases, point.partial) == ((1, True) if minutes == 10**6 else (2, False))
