"""Do adapters say what a person works out in the head?"""

from __future__ import annotations

import pytest

from tests.metrics.ecosystem.built import MARCH, built
from tests.metrics.small import ask, only
from tests.reference.tiny import at, call, partner


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
        "calls": [call("2025-03-31", None)],
        "integrations": [built("I1", installs=5, active_installs=1), built("I2", "sample", installs=2)],
    }
    point = only(ask(world, "open_source_adapters", **MARCH))
    assert point.values == {"adapters": 2, "new": 1, "installs": 7, "active_installs": 1}
    by_kind = ask(world, "open_source_adapters", by=("kind",), **MARCH)
    assert [each.values["installs"] for each in by_kind.points] == [5, 2]
