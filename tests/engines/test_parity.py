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
from tests.engines.worlds import drawn, filled, found, told_apart
from tests.metrics.comparing import askable, asked, settings_of
from tests.reference.question import Question as Drawn
from tests.reference.question import World
from tests.reference.questions import ASKS, draw_question

WORLDS = int(os.environ.get("PARITY_WORLDS", "50"))
EACH = 3
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


@pytest.mark.parametrize("seed", range(WORLDS))
def test_a_random_world_is_told_the_same_by_both_engines(clickhouse: ClickHouseEngine, seed: int) -> None:
    """The same composed query, lowered twice: counts and money equal, floats within nine digits."""
    world, zone = drawn(seed)
    store = filled(world, zone, clickhouse)
    wrong = []
    for said, question in questions(seed, world, zone):
        asking = Program(settings_of(said), store).asking(question)
        trim = question.start is None
        here, there = found(asking, store, trim=trim), found(asking, clickhouse, trim=trim)
        wrong += [(question, *difference) for difference in told_apart(here, there)]
    assert wrong == []
