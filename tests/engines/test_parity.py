"""Does every metric give the same numbers on every engine?

Every metric is asked a random question about a random world of its circle; every night about twenty.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from random import Random

import pytest

from firstcall import registry
from firstcall.engines.clickhouse import ClickHouseEngine
from firstcall.periods import Question
from firstcall.program import Program
from firstcall.query.store_state import StoreState
from tests.engines.hard_world import HARD
from tests.engines.worlds import filled, found, told_apart
from tests.metrics.circles import Circle, Held, circle, hands, world_of
from tests.metrics.comparing import askable, asked
from tests.metrics.offered import dimensions
from tests.reference.question import Question as Drawn
from tests.reference.questions import draw_question
from tests.reference.tiny import at
from tests.reference.worlds.seeds import ANEW, fewer, seeds

WORLDS = fewer(50, 1)
"""Worlds that each metric meets: ClickHouse plans longer than both engines compute."""
METRICS = tuple(registry.metrics())


@lru_cache(maxsize=1)
def shared(of: Circle | None, number: int, clickhouse: ClickHouseEngine) -> Held:
    """Return a circle's world (the hard one, of none) that both engines hold until the next is asked for."""
    seed = seeds(WORLDS)[number]
    world, zone = (HARD, "Europe/Berlin") if of is None else world_of(of, seed, "parity")
    store = filled(world, zone, clickhouse)
    return Held(seed, world, zone, store, StoreState(store, zone))


@pytest.fixture
def hard(clickhouse: ClickHouseEngine) -> Program:
    """Return a program over the hard world, which ClickHouse holds as well."""
    return shared(None, 0, clickhouse).program(Drawn("call_volume", known_since={"calls": date(2024, 1, 1)}))


@pytest.mark.parametrize("metric", METRICS)
def test_a_hard_world_is_told_the_same_by_both_engines(
    hard: Program, clickhouse: ClickHouseEngine, metric: str
) -> None:
    """Split by all there is with nobody's share apart, as of a moment; at night plain by week, too."""
    wrong = []
    asked_for = registry.metrics()[metric]
    grain = "week" if "week" in asked_for.grains else asked_for.default_grain
    moment = at("2025-03-30 01:30:00.000001")
    every = dimensions(asked_for, asked_for.entity)
    for question in (
        *([Question(metric, grain=grain)] if ANEW else []),
        Question(metric, by=every, as_of=moment, known_at=moment),
    ):
        asking = hard.resolve(question)
        here, there = found(asking, hard.engine, trim=True), found(asking, clickhouse, trim=True)
        assert here.points
        wrong += [(question, *difference) for difference in told_apart(here, there)]
    assert wrong == []


def test_a_program_runs_on_clickhouse_alone(hard: Program, clickhouse: ClickHouseEngine) -> None:
    """StoreState, answer and explanation come from the other engine, and say the same."""
    other = Program(hard.settings, clickhouse)
    question = Question("program_revenue", by=("product",), where=(("segment", ("it's \\",)),))
    mine, its = hard.explain(question), other.explain(question)
    assert its.answer == mine.answer
    assert (its.columns, its.total, its.inputs) == (mine.columns, mine.total, mine.inputs)
    assert sorted(map(str, its.rows)) == sorted(map(str, mine.rows))


@pytest.mark.parametrize(("metric", "number"), hands(METRICS, WORLDS, size=1))
def test_a_random_world_is_told_the_same_by_both_engines(
    clickhouse: ClickHouseEngine, metric: str, number: int
) -> None:
    """The same composed query, lowered twice: counts and money equal, floats within nine digits."""
    held = shared(circle(metric), number, clickhouse)
    drawn = askable(draw_question(held.seed, held.world, metric, held.zone, "parity"))
    question = asked(drawn, exact=Random(f"{metric} {held.seed}").random() < 0.3)
    asking, trim = held.program(drawn).resolve(question), question.start is None
    here, there = found(asking, held.engine, trim=trim), found(asking, clickhouse, trim=trim)
    assert list(told_apart(here, there)) == [], held.again(drawn)
