"""What does the reference say to a question?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from tests.reference.found import found
from tests.reference.identity import followed
from tests.reference.question import Point, Question, World

METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = found("METRICS")


def answer(world: World, question: Question) -> list[Point]:
    """Return the points of one metric: by bucket, then by combination, nobody's last.

    Who asks for a partner that was merged asks for the one it became.
    """
    where = dict(question.where)
    if "partner" in where:
        where["partner"] = tuple(followed(name, world) or name for name in where["partner"])
    return METRICS[question.metric](world, replace(question, where=where))
