"""Are the numbers about integrations, adapters and stages those worked out by hand?"""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.metrics.small import ask, only, said, split
from tests.reference.tiny import at, call, key, on, partner

MARCH: dict[str, Any] = {"start": on("2025-03-01"), "end": on("2025-04-01"), "grain": "month"}
DAY = 86_400.0


def built(
    name: str, kind: str = "adapter", live: str | None = "2025-03-10", **more: object
) -> dict[str, object]:
    """Return an integration of P1 begun on 1 March."""
    plain = {"integration_id": name, "partner_id": "P1", "type": kind, "started_at": at("2025-03-01")}
    return {**plain, "live_at": None if live is None else at(live), **more}


def test_from_start_to_live_by_kind() -> None:
    """Adapters took 1 to 5 days: median 3. With one not live yet the third of six reaches a half: 3 days."""
    world = {
        "integrations": [
            *(built(f"I{n}", live=f"2025-03-0{n + 1}") for n in range(1, 6)),
            built("I6", live=None),
            built("I7", "custom"),
        ],
        "calls": [call("2025-03-31")],
    }
    answer = ask(world, "third_party_integration_time", by=("kind",), **MARCH)
    assert split(answer, "kind") == {"adapter": 3 * DAY, "custom": None}
    assert (answer.points[0].values["km_median"], answer.points[0].values["waiting"]) == (3 * DAY, 1)


def test_three_targets_of_which_one_leads_are_worth_less_than_three() -> None:
    """Two on aws, one on azure, one on premises: H = ½·ln 2 + 2·¼·ln 4 = 1.0397, e^H = 2.8284."""
    targets = ("aws", "aws", "azure", "on premises", None)
    world = {"integrations": [built(f"I{n}", target=target) for n, target in enumerate(targets)]}
    values = only(ask(world, "deployment_target_diversity", **MARCH)).values
    assert (values["targets"], values["integrations"], values["without_target"]) == (3, 5, 1)
    assert values["entropy"] == pytest.approx(1.5 * math.log(2))
    assert values["effective"] == pytest.approx(2**1.5)


def test_nothing_live_has_no_diversity() -> None:
    """No target, and no entropy."""
    point = only(ask({"integrations": [built("I", live=None)]}, "deployment_target_diversity", **MARCH))
    assert (point.value, point.values["effective"]) == (0, None)


def test_listings_and_installs_at_the_end_of_the_month() -> None:
    """One listing since February, one since March, one of April; the adapter is no listing. 6 of 10 installs active."""
    world = {
        "integrations": [
            built("I1", "marketplace", "2025-02-10", installs=8, active_installs=6),
            built("I2", "marketplace", "2025-03-31 23:59", installs=2),
            built("I3", "marketplace", "2025-04-01", installs=90),
            built("I4", installs=50),
        ]
    }
    assert only(ask(world, "marketplace_activity", **MARCH)).values == {
        "listings": 2,
        "new": 1,
        "installs": 10,
        "active_installs": 6,
        "active_share": 0.6,
    }


def test_who_needs_no_bespoke_work() -> None:
    """P1 has an adapter alone, P2 both (one through P4, merged into it), P3 custom work: two of three."""
    world = {
        "partners": [partner("P1"), partner("P2"), partner("P3"), partner("P4", merged_into="P2")],
        "integrations": [
            built("I1"),
            built("I2", "sample", partner_id="P2"),
            built("I3", "custom", partner_id="P4"),
            built("I4", "custom", partner_id="P3"),
            built("I5", partner_id=None),
        ],
    }
    point = only(ask(world, "standard_adapter_share", **MARCH))
    assert point.value == pytest.approx(2 / 3)
    assert [point.values[name] for name in ("partners", "standard_only", "both", "custom_only")] == [
        3,
        1,
        1,
        1,
    ]


def test_adapters_from_outside_and_their_use() -> None:
    """One accepted in February, one in March; ours and one not accepted do not count. Seven installs."""
    plain = {"time": at("2025-02-01"), "kind": "adapter", "external": True}
    world = {
        "contributions": [
            {**plain, "accepted_at": at("2025-02-10")},
            {**plain, "kind": "sample_app", "accepted_at": at("2025-03-10")},
            {**plain, "external": False, "accepted_at": at("2025-02-10")},
            plain,
        ],
        "integrations": [built("I1", installs=5, active_installs=1), built("I2", "sample", installs=2)],
    }
    point = only(ask(world, "open_source_adapters", **MARCH))
    assert point.values == {"adapters": 2, "new": 1, "installs": 7, "active_installs": 1}
    by_kind = ask(world, "open_source_adapters", by=("kind",), **MARCH)
    assert [each.values["installs"] for each in by_kind.points] == [5, 2]


def test_new_integrations_over_those_there_before() -> None:
    """Two were live before March, one came; the one reported without active installs is not active: ½."""
    world = {
        "integrations": [
            built("I1", live="2025-02-01"),
            built("I2", live="2025-02-01", partner_id="P2"),
            built("I3", active_installs=4),
            built("I4", active_installs=0),
        ]
    }
    point = only(ask(world, "ecosystem_growth", **MARCH))
    assert point.values == {"active": 3, "new": 1, "growth": 0.5, "partners": 2}


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


def test_the_matrix_of_stages() -> None:
    """Payments turned public in March: two partners, one of four calls wrong, a ticket, five ratings of 4.

    Messages is in design and has nothing yet; the opinions of P3, who calls nothing, stand nowhere.
    """
    rated = {"time": at("2025-03-10"), "kind": "docs", "rating": 4}
    world = {
        "partners": [partner("P1"), partner("P2"), partner("P3")],
        "credentials": [key(), key("k2", "P2")],
        "calls": [
            call("2025-03-02", product="payments"),
            call("2025-03-03", product="payments"),
            call("2025-03-04", product="payments", status=500),
            call("2025-03-05", "k2", product="payments"),
        ],
        "product_stages": [
            {"product": product, "stage": stage, "since": at(since)}
            for product, stage, since in (
                ("payments", "preview", "2025-01-01"),
                ("payments", "public", "2025-03-15"),
                ("messages", "design", "2025-01-01"),
            )
        ],
        "tickets": [{"ticket_id": "T", "opened_at": at("2025-03-09"), "product": "payments"}],
        "feedback": [
            *({**rated, "partner_id": ("P1", "P2")[n % 2]} for n in range(5)),
            {**rated, "partner_id": "P3", "rating": 1},
            {**rated, "partner_id": "P1", "kind": "sdk"},
        ],
    }
    answer = ask(world, "lifecycle_stages", **MARCH)
    found = {(point.by["product"], point.by["kind"]): point.values for point in answer.points}
    counts = {"active_partners": 2, "calls": 4, "error_rate": 0.25, "tickets": 1}
    ratings = {"documentation": 4.0, "sdk": None, "examples": None}
    assert found["payments", "public"] == {**counts, **ratings}
    assert found["messages", "design"]["active_partners"] == 0
    assert set(found) == {("payments", "public"), ("messages", "design")}
