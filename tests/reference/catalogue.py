"""What does the reference say to a question?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.reference.found import found
from tests.reference.question import Point, Question, World

METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = found("METRICS")


def answer(world: World, question: Question) -> list[Point]:
    """Return the points of one metric: by bucket, then by combination, nobody's last."""
    return METRICS[question.metric](world, question)
