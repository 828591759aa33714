"""Does every metric say what its formula in plain Python says, on every small world and every valid question?"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firstcall import registry
from tests.metrics.comparing import askable, differences, told
from tests.reference.catalogue import METRICS
from tests.reference.worlds import asked

WORLDS = int(os.environ.get("FIRSTCALL_WORLDS", "50"))
"""Worlds per metric. The default draws the same ones every time; more of them are drawn anew."""
OF_CALLS = (
    "active_partners",
    "call_volume",
    "client_error_rate",
    "developer_churn_rate",
    "endpoint_popularity",
    "error_rate",
    "growth_accounting",
    "latency",
    "onboarding_funnel",
    "production_activation_rate",
    "revenue_per_product",
    "sandbox_activation",
    "time_to_first_call",
    "timeout_rate",
)


def drawn(worlds: int) -> settings:
    """Return how many worlds are drawn, and whether they are the same ones next time."""
    return settings(
        max_examples=worlds,
        derandomize="FIRSTCALL_WORLDS" not in os.environ,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )


def test_every_metric_has_its_reference() -> None:
    """Each metric that the product answers is written down once more in plain Python."""
    assert set(registry.metrics()) - set(METRICS) == set()


@pytest.mark.parametrize("metric", sorted(registry.metrics()))
@drawn(WORLDS)
@given(data=st.data())
def test_a_metric_equals_its_reference(metric: str, data: st.DataObject) -> None:
    """Periods, splits, values, cases and the partial flag are the same."""
    world, question = data.draw(asked(metric))
    question = askable(question)
    assert differences(world, question, told(world, question)) == []


@pytest.mark.parametrize("metric", OF_CALLS)
@drawn(max(WORLDS // 4, 10))
@given(data=st.data())
def test_single_calls_give_the_numbers_of_the_rollups(metric: str, data: st.DataObject) -> None:
    """Where the rollups cannot be used the calls are read, and nothing else changes."""
    world, question = data.draw(asked(metric))
    question = askable(question)
    assert differences(world, question, told(world, question, rolled_up=False)) == []
