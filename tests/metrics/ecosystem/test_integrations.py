"""Are the numbers about integrations those worked out by hand?"""

from __future__ import annotations

import math

import pytest

from tests.metrics.ecosystem.built import MARCH, built
from tests.metrics.small import ask, only, split
from tests.reference.tiny import call

DAY = 86_400.0


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
