"""Which metrics meet the same worlds, and how is a store filled once for all that is asked of it?

Filling a store costs as much as two questions. Metrics that need the same tables are a circle of two dozen at most:
each is asked its own question about every world of the circle. Worlds come a handful at a time, so that a test is one
metric's questions about one handful, and the tests of a handful follow each other in one process.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest

from firstcall.program import Program
from firstcall.query.store_state import StoreState
from tests.metrics.comparing import asked, differences, settings_of
from tests.metrics.filling import fill
from tests.reference.question import Question, World
from tests.reference.questions import ASKS
from tests.reference.worlds.seeds import seeds
from tests.reference.worlds.small_worlds import drawn

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet

    from firstcall.answers import Answer
    from firstcall.engines.duckdb import DuckDBEngine

HAND = 5
"""Worlds held at a time."""
Circle = tuple[tuple[str, ...], int]
"""The tables that its worlds have beside the usual ones, and a number."""


def circle(metric: str) -> Circle:
    """Return the circle of a metric, wherever it stands among the others: a new metric moves none."""
    extra = ASKS[metric].extra
    return extra, 0 if extra else crc32(metric.encode()) % 2


def hands(metrics: Collection[str], worlds: int, size: int = HAND) -> list[ParameterSet]:
    """Return every metric with the number of every handful of so many worlds, in the order of their stores."""
    pairs = [(metric, hand) for metric in metrics for hand in range(-(-worlds // size))]
    return [
        pytest.param(
            metric, hand, id=f"{metric}-{hand}", marks=pytest.mark.xdist_group(f"{circle(metric)} {hand}")
        )
        for metric, hand in sorted(pairs, key=lambda pair: (circle(pair[0]), pair[1], pair[0]))
    ]


def drawn_hand(of: Circle, hand: int, worlds: int, use: str) -> Iterator[tuple[int, World, str]]:
    """Yield (seed, world, zone) of the worlds of a handful, of so many in all; each use has its own."""
    for seed in seeds(worlds)[hand * HAND : (hand + 1) * HAND]:
        yield seed, *world_of(of, seed, use)


def world_of(of: Circle, seed: int, use: str) -> tuple[World, str]:
    """Return the world of a seed, of the many that a circle has for a use, and its time zone."""
    extra, number = of
    return drawn(extra, f"{use} {number}", seed)


@dataclass(frozen=True, slots=True)
class Held:
    """A world in a store of its own, with what the store says of itself: every question is told the same."""

    seed: int
    world: World
    zone: str
    engine: DuckDBEngine
    state: StoreState

    def program(self, question: Question) -> Program:
        """Return a program over the store, with the question's calendar and definitions."""
        made = Program(settings_of(question), self.engine)
        made.store_state = self.state
        return made

    def ask(self, question: Question, **more: Any) -> Answer:  # noqa: ANN401  whatever a Question takes
        """Return the product's answer; an error says which world and question it was."""
        try:
            return self.program(question).ask(asked(question, **more))
        except Exception as error:
            error.add_note(self.again(question))
            raise

    def again(self, question: Question) -> str:
        """Return which question it was, and how it is put once more, alone."""
        test = os.environ.get("PYTEST_CURRENT_TEST", "tests/metrics").partition("[")[0]
        return (
            f"of {question.metric}, world {self.seed}: {question}\n"
            f"alone: FIRSTCALL_WORLDS=1 FIRSTCALL_SEED={self.seed} .venv/bin/pytest -n0 '{test}[{question.metric}-0]'"
        )


def hold(
    seed: int, world: World, zone: str, *, store: str, rows: World | None = None, rolled_up: bool = True
) -> Held:
    """Return the world held in the store of this name, which forgets what it held before; or `rows` in its place."""
    engine = fill(rows or world, zone, rolled_up=rolled_up, store=store)
    return Held(seed, world, zone, engine, StoreState(engine, zone))


@lru_cache(maxsize=1)
def held_hand(of: Circle, hand: int, worlds: int, use: str, *, rolled_up: bool = True) -> tuple[Held, ...]:
    """Return a handful of worlds, held until the next is asked for."""
    return tuple(
        hold(*each, store=f"in hand {place}", rolled_up=rolled_up)
        for place, each in enumerate(drawn_hand(of, hand, worlds, use))
    )


def wrong(held: Held, world: World, question: Question, answer: Answer) -> list[str]:
    """Return nothing, or one text that says how an answer about a world is not the reference's."""
    found: Sequence[tuple[object, ...]] = differences(world, question, answer)
    return ["\n".join([*map(str, found), held.again(question)])] if found else []


def nothing(found: Iterable[str]) -> None:
    """Fail with all that was found."""
    if texts := list(found):
        pytest.fail("\n\n".join(texts), pytrace=False)
