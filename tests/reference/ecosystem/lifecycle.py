"""How does each API do at its stage of life?

Readings:
- `lifecycle_stages`: the stage in force at the end of the bucket, of products that have a stage, tickets or active
  partners; ratings are those given in the bucket by partners active with the product in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.reference.asks import Ask
from tests.reference.calendar import local_day
from tests.reference.ecosystem.integrations import OF, ends
from tests.reference.identity import Call, uses
from tests.reference.question import Combination, Number, Point, Question, World
from tests.reference.satisfaction.support import (
    EXTRA,
    Said,
    share,
    split_by,
    tickets,
)
from tests.reference.satisfaction.surveys import feedback, mean
from tests.reference.scope import Bucket, buckets, combination, sees, wanted


def stage_at(world: World, product: str | None, end: datetime) -> str | None:
    """Return the stage in force just before `end`."""
    rows = [
        row for row in world.get("product_stages", ()) if row["product"] == product and row["since"] < end
    ]
    return max(((row["since"], row["stage"]) for row in rows), default=(None, None))[1]


ERRORS = ("client_error", "server_error", "timeout")
RATED = {"docs": "documentation", "sdk": "sdk", "sample_code": "examples", "onboarding": "examples"}


def lifecycle_stages(world: World, question: Question) -> list[Point]:
    """Active partners, calls, errors, tickets and ratings of products with their stage."""
    if not question.by:
        question = split_by(question, "product", "kind")
    named = question.where.get("product")
    calls = [
        call
        for call in uses(world, question, question.environment or "production")
        if named is None or call.dims["product"] in named
    ]
    asked = [fact for fact in tickets(world, question) if named is None or fact.dims["product"] in named]
    said = [fact for fact in feedback(world, question) if fact.row.get("rating") is not None]
    stages = [row for row in world.get("product_stages", ()) if sees(row["since"], question)]
    days = [call.day for call in calls] + [fact.day for fact in (*asked, *said)]
    days += [local_day(row["since"], question.zone) for row in stages]
    found = []
    for bucket in buckets(world, question, days):
        groups: dict[Combination, list[Signals]] = {}
        here = [call for call in calls if bucket.holds(call.day)]
        opened = [fact for fact in asked if bucket.holds(fact.day)]
        known = {row["product"] for row in stages if row["since"] < ends(bucket, question)}
        known |= {call.dims["product"] for call in here} | {fact.dims["product"] for fact in opened}
        for product in known:
            dims = {"product": product, "kind": stage_at(world, product, ends(bucket, question))}
            if wanted(dims, question):
                mine = [call for call in here if call.dims["product"] == product]
                help_ = sum(1 for fact in opened if fact.dims["product"] == product)
                rated = [fact for fact in said if bucket.holds(fact.day)]
                groups.setdefault(combination(dims, question.by), []).append(signals_of(mine, help_, rated))
        found += [matrix_point(bucket, key, group) for key, group in groups.items()]
    return found


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of one product in one bucket."""

    partners: frozenset[str]
    calls: int
    errors: int
    tickets: int
    ratings: tuple[tuple[str, int], ...]


def signals_of(calls: Sequence[Call], opened: int, said: Sequence[Said]) -> Signals:
    """Return the signals of a product from its calls, its tickets and the ratings of the bucket."""
    active = frozenset(call.partner for call in calls if call.partner is not None and not call.refused)
    ratings = tuple(
        (RATED[fact.row["kind"]], fact.row["rating"])
        for fact in said
        if fact.partner in active and fact.row["kind"] in RATED
    )
    return Signals(active, len(calls), sum(call.outcome in ERRORS for call in calls), opened, ratings)


def matrix_point(bucket: Bucket, key: Combination, group: Sequence[Signals]) -> Point:
    """Return the point of one cell of the matrix."""
    active = len({name for each in group for name in each.partners})
    calls, errors = sum(each.calls for each in group), sum(each.errors for each in group)
    values: dict[str, Number | None] = {"active_partners": active, "calls": calls}
    values |= {"error_rate": share(errors, calls), "tickets": sum(each.tickets for each in group)}
    for name in ("documentation", "sdk", "examples"):
        ratings = [rating for each in group for kind, rating in each.ratings if kind == name]
        values[name] = mean(ratings) if len(ratings) >= 5 else None
    if bucket.unknown:
        return Point(bucket.first, key, None, {}, 0, "nothing is known", partial=True)
    return Point(bucket.first, key, active, values, active, None, bucket.partial)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (lifecycle_stages,)
}
STAGES = {**OF, "kind": ("design", "public", "mature")}
ASKS: Mapping[str, Ask] = {
    "lifecycle_stages": Ask(
        ("product", "kind"), ("product", "kind"), environments=True, extra=EXTRA, values=STAGES, of_calls=True
    ),
}
