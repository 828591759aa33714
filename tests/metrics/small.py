"""How is the product asked about a world small enough for the head?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from firstcall.periods import Question
from firstcall.program import Program
from firstcall.settings import Settings
from tests.metrics.filling import fill
from tests.reference.tiny import EVER

if TYPE_CHECKING:
    from firstcall.answers import Answer, Point, Value
    from tests.reference.question import World


def program(world: World, zone: str = "UTC", **settings: Mapping[str, Any]) -> Program:
    """Return a program over a store that holds the world; `settings` are the sections of its settings.

    Everything is known since before it began, unless `known_since` says something else.
    """
    sections = {"known_since": EVER, **settings, "program": {"timezone": zone, **settings.get("program", {})}}
    return Program(Settings.model_validate(sections), fill(world, zone))


def ask(world: World, metric: str, *, zone: str = "UTC", **question: Any) -> Answer:  # noqa: ANN401  Question's fields
    """Return the product's answer about a world, in UTC unless another zone is named."""
    return program(world, zone).ask(Question(metric, **question))


def said(answer: Answer) -> list[tuple[str, Value]]:
    """Return (period, value) of each point."""
    return [(point.period.isoformat(), point.value) for point in answer.points]


def only(answer: Answer) -> Point:
    """Return the one point there is."""
    (point,) = answer.points
    return point


def split(answer: Answer, dimension: str) -> dict[str | None, Value]:
    """Return value by split of an answer with one period."""
    assert len({point.period for point in answer.points}) <= 1
    return {point.by[dimension]: point.value for point in answer.points}
