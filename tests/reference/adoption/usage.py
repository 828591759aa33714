"""How much is called, and what?

Readings: a call counts once whatever its `units`. `endpoint_popularity` without a split is split by
endpoint; its share is of all calls that the filters keep in the bucket, its partners are the distinct
attributed ones, test partners included (usage counts all traffic).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from tests.reference.adoption.partners import filtered
from tests.reference.identity import Call, calls
from tests.reference.question import Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, inside, points


def asked_calls(world: World, question: Question) -> list[Call]:
    """Return the calls of all traffic classes, in the environment asked for (default any)."""
    environment = question.environment or "any"
    return [call for call in calls(world, question) if call.within(environment)]


def call_volume(world: World, question: Question) -> list[Point]:
    """Calls in the bucket, and how many of them were blocked."""

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here = inside(bucket, group)
        blocked = sum(call.status in {401, 403, 429} for call in here)
        return Measure(len(here), len(here), {"calls": len(here), "blocked": blocked})

    return points(world, question, asked_calls(world, question), measure)


def popularity(world: World, question: Question, headline: str) -> list[Point]:
    """Calls, share of all calls and distinct partners of each part of the split."""
    everything = filtered(asked_calls(world, question), question)

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here = inside(bucket, group)
        share = float(Fraction(len(here), len(inside(bucket, everything))))
        partners = {call.partner for call in here if call.partner is not None}
        values: dict[str, Number | None] = {"calls": len(here), "share": share, "partners": len(partners)}
        return Measure(values[headline], len(here), values)

    return points(world, question, everything, measure)


def endpoint_popularity(world: World, question: Question) -> list[Point]:
    """Calls, share of all calls and distinct partners of each endpoint."""
    return popularity(world, replace(question, by=question.by or ("endpoint",)), "calls")


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (call_volume, endpoint_popularity)
}
