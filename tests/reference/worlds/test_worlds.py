"""Do the reference's answers keep their promises on every small world?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstcall import registry
from tests.reference.catalogue import METRICS, answer
from tests.reference.identity import calls
from tests.reference.question import Point, Question, World
from tests.reference.questions import ASKS, draw_question
from tests.reference.worlds.small_worlds import asked, seeds, worlds

ADDITIVE = ("call_volume", "program_revenue", "program_cost", "new_signups")
SPLITS = {"call_volume": "endpoint", "program_revenue": "product"}


def test_every_metric_can_be_asked() -> None:
    """Each has its valid questions, and each of the product's its reference."""
    assert ASKS.keys() == METRICS.keys() == registry.metrics().keys()


@pytest.mark.parametrize("metric", METRICS)
@settings(max_examples=25)
@given(data=st.data())
def test_a_value_is_missing_exactly_with_a_reason(metric: str, data: st.DataObject) -> None:
    """And no period and combination comes twice."""
    world, question = data.draw(asked(metric))
    points = answer(world, question)
    assert [point for point in points if (point.value is None) != (point.absent is not None)] == []
    assert all(count == 1 for count in Counter((point.period, point.by) for point in points).values())
    assert all(point.cases >= 0 and isinstance(point.partial, bool) for point in points)


@pytest.mark.parametrize("metric", ADDITIVE)
@settings(max_examples=25)
@given(world=worlds(), seed=seeds())
def test_the_parts_of_a_split_add_up(metric: str, world: World, seed: int) -> None:
    """What is additive is the same in all and in parts."""
    plain = replace(draw_question(Random(seed), world, metric, "Europe/Berlin"), by=(), entity=None)
    whole = by_period(answer(world, plain))
    parts = by_period(answer(world, replace(plain, by=(SPLITS.get(metric, "partner"),))))
    assert all(abs(whole[period] - parts.get(period, Decimal(0))) < Decimal("1e-9") for period in whole)
    assert parts.keys() <= whole.keys()


def by_period(points: list[Point]) -> dict[date, Decimal]:
    """Return the sum of the values of each period."""
    found: dict[date, Decimal] = {}
    for point in points:
        found[point.period] = found.get(point.period, Decimal(0)) + Decimal(point.value or 0)
    return found


@settings(max_examples=25)
@given(world=worlds())
def test_growth_accounting_is_an_identity(world: World) -> None:
    """Active = new + retained + resurrected, and the change is what came less what left."""
    before = None
    for point in answer(world, Question("growth_accounting")):
        v = {name: int(value or 0) for name, value in point.values.items() if name != "quick_ratio"}
        assert v["active"] == v["new"] + v["retained"] + v["resurrected"]
        if before is not None:
            assert v["active"] - before == v["new"] + v["resurrected"] - v["churned"]
        before = v["active"]


@settings(max_examples=25)
@given(world=worlds())
def test_outcomes_sum_to_all_calls(world: World) -> None:
    """Every call has one outcome, and the volume by outcome is the volume."""
    found = calls(world, Question("call_volume"))
    by_outcome = answer(world, Question("call_volume", by=("outcome",)))
    assert sum(int(point.value or 0) for point in by_outcome) == len(found) == len(world["calls"])


@settings(max_examples=25)
@given(world=worlds())
def test_the_future_does_not_change_what_was_seen(world: World) -> None:
    """As of a moment, calls after it might as well not be there."""
    times = sorted(row["time"] for row in world["calls"])
    if not times:
        return
    moment = times[len(times) // 2]
    past = {**world, "calls": [row for row in world["calls"] if row["time"] < moment]}
    for metric in ("active_partners", "developer_churn_rate", "time_to_first_call", "activation_rate"):
        question = Question(metric, as_of=moment)
        assert answer(world, question) == answer(past, question)
