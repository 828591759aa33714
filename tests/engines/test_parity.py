"""Does every metric give the same numbers on every engine?

Random worlds are asked random questions, a handful of metrics each, all metrics in turn. PARITY_WORLDS sets how
many; every night it is some thousands.
"""

from __future__ import annotations

import os
from random import Random

import pytest

from firstcall import registry
from firstcall.engines.clickhouse import ClickHouseEngine
from firstcall.periods import Question
from firstcall.program import Program
from tests.engines.hard_world import HARD
from tests.engines.worlds import drawn, filled, found, told_apart
from tests.metrics.comparing import askable, asked, settings_of
from tests.reference.question import Question as Drawn
from tests.reference.question import World
from tests.reference.questions import ASKS, draw_question
from tests.reference.tiny import at

WORLDS = int(os.environ.get("PARITY_WORLDS", "50"))
EACH = 2
"""Metrics asked of one world; filling it costs more than asking."""
METRICS = tuple(registry.metrics())


def questions(seed: int, world: World, zone: str) -> list[tuple[Drawn, Question]]:
    """Return a question about the world for each metric whose turn it is; a few read single calls exactly."""
    made = []
    for turn in range(EACH):
        metric = METRICS[(seed * EACH + turn) % len(METRICS)]
        random = Random(f"{seed} {metric}")
        plain = Drawn(metric, zone=zone)
        said = askable(draw_question(random, world, metric, zone)) if metric in ASKS else plain
        made.append((said, asked(said, exact=random.random() < 0.3)))
    return made


@pytest.fixture(scope="module")
def hard(clickhouse: ClickHouseEngine) -> Program:
    """Return a program over the hard world, which ClickHouse holds as well while this module runs its first tests."""
    return Program(settings_of(Drawn("call_volume")), filled(HARD, "Europe/Berlin", clickhouse))


@pytest.mark.parametrize("metric", METRICS)
def test_a_hard_world_is_told_the_same_by_both_engines(
    hard: Program, clickhouse: ClickHouseEngine, metric: str
) -> None:
    """Plain by day or week, and split by segment (or what there is) with nobody's share apart, as of a moment."""
    wrong = []
    asked_for = registry.metrics()[metric]
    grain = "week" if "week" in asked_for.grains else asked_for.default_grain
    offered = registry.metrics()[metric].dimensions
    by = ("segment",) if "segment" in offered else offered[:1]
    moment = at("2025-03-30 01:30:00.000001")
    for question in (
        Question(metric, grain=grain),
        Question(metric, by=by, as_of=moment, known_at=moment),
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


@pytest.mark.parametrize("seed", range(WORLDS))
def test_a_random_world_is_told_the_same_by_both_engines(clickhouse: ClickHouseEngine, seed: int) -> None:
    """The same composed query, lowered twice: counts and money equal, floats within nine digits."""
    world, zone = drawn(seed)
    store = filled(world, zone, clickhouse)
    wrong = []
    for said, question in questions(seed, world, zone):
        asking = Program(settings_of(said), store).resolve(question)
        trim = question.start is None
        here, there = found(asking, store, trim=trim), found(asking, clickhouse, trim=trim)
        wrong += [(question, *difference) for difference in told_apart(here, there)]
    assert wrong == []
