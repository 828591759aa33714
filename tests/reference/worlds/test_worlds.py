"""Do the reference's answers keep their promises on every small world?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from firstcall import registry
from tests.reference.calendar import local_day
from tests.reference.catalogue import METRICS, answer
from tests.reference.identity import calls
from tests.reference.question import Number, Point, Question
from tests.reference.questions import ASKS, draw_question
from tests.reference.tiny import EVER
from tests.reference.worlds.small_worlds import at_home, drawn

ADDITIVE = ("call_volume", "program_revenue", "program_cost", "new_signups")
SPLITS = {"call_volume": "endpoint", "program_revenue": "product"}


def test_every_metric_can_be_asked() -> None:
    """Each has its valid questions, and each of the product's its reference."""
    assert ASKS.keys() == METRICS.keys() == registry.metrics().keys()


@pytest.mark.parametrize("metric", sorted(METRICS, key=lambda metric: ASKS[str(metric)].extra))
def test_a_value_is_missing_exactly_with_a_reason(metric: str) -> None:
    """And no period and combination comes twice."""
    for seed in range(25):
        world, zone = drawn(ASKS[metric].extra, "reference", seed)
        points = answer(world, draw_question(seed, world, metric, zone))
        assert [point for point in points if (point.value is None) != (point.absent is not None)] == [], seed
        assert all(count == 1 for count in Counter((point.period, point.by) for point in points).values())
        assert all(point.cases >= 0 and isinstance(point.partial, bool) for point in points), seed


def test_fifty_questions_meet_every_grain_and_split() -> None:
    """And every variant, entity and environment; every filter of some metric, where its world holds a value."""
    met: set[str] = set()
    unmet: set[str] = set()
    for metric, ask in ASKS.items():
        worlds = [(seed, *drawn(ask.extra, "usual", seed)) for seed in range(50)]
        asked = [draw_question(seed, world, metric, zone) for seed, world, zone in worlds]
        assert {question.grain for question in asked} == set(ask.grains)
        assert {name for question in asked for name in question.by} == {*ask.by, *ask.always_by}
        filtered = {name for question in asked for name in question.where}
        assert filtered <= set(ask.where)
        unmet = (unmet | set(ask.where)) - met - filtered
        met |= filtered
        assert {pair for question in asked for pair in question.set.items()} >= set(ask.variants)
        assert {question.entity for question in asked} == {None, *ask.entities}
        assert len({question.environment for question in asked}) == (4 if ask.environments else 1)
    assert unmet == set()


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("metric", ADDITIVE)
def test_the_parts_of_a_split_add_up(metric: str, seed: int) -> None:
    """What is additive is the same in all and in parts."""
    world = at_home(seed)
    plain = replace(draw_question(seed, world, metric, "Europe/Berlin"), by=(), entity=None)
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


@pytest.mark.parametrize("seed", range(25))
def test_growth_accounting_is_an_identity(seed: int) -> None:
    """Active = new + retained + resurrected, and the change is what came less what left."""
    world = at_home(seed)
    before: Number | None = None
    for point in answer(world, Question("growth_accounting")):
        v = {name: int(value or 0) for name, value in point.values.items() if name != "quick_ratio"}
        if point.values.get("new") is None:  # nobody knows who was there before
            before = point.values.get("active")
            continue
        assert v["active"] == v["new"] + v["retained"] + v["resurrected"]
        if before is not None:
            assert v["active"] - before == v["new"] + v["resurrected"] - v["churned"]
        before = v["active"]


@pytest.mark.parametrize("seed", range(25))
def test_outcomes_sum_to_all_calls(seed: int) -> None:
    """Every call has one outcome, and the volume by outcome is the volume."""
    world = at_home(seed)
    found = calls(world, Question("call_volume"))
    by_outcome = answer(world, Question("call_volume", by=("outcome",)))
    assert sum(int(point.value or 0) for point in by_outcome) == len(found) == len(world["calls"])


@pytest.mark.parametrize("seed", range(25))
def test_the_future_does_not_change_what_was_seen(seed: int) -> None:
    """As of a moment, calls after it might as well not be there: up to the day of the last call before it."""
    world = at_home(seed)
    times = sorted(row["time"] for row in world["calls"])
    if not times:
        return
    moment = times[len(times) // 2]
    past = {**world, "calls": [row for row in world["calls"] if row["time"] < moment]}
    seen = [row["time"] for row in past["calls"] if row["environment"] == "production"]
    if not seen:
        return  # nothing is known of production
    for metric in ("active_partners", "developer_churn_rate", "time_to_first_call", "activation_rate"):
        until = local_day(max(seen), "Europe/Berlin")
        question = Question(metric, as_of=moment, end=until, known_since=EVER)
        assert answer(world, question) == answer(past, question)
