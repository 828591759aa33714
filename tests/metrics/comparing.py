"""Does the product's answer to a question about a world say what the reference says?

What may differ, and why:
- An answer that needs rows of an empty table says so; the reference counts nothing.
- Without a start, grain `all` is labelled by the first row of any table in one and of the rows counted in the other.
- Without a start, leading buckets that count nothing may be there or not, be nothing a value of 0 or of 1; where
  nothing is counted at all the reference says nothing.
- Of a scope that begins after everything that happened the product shows one bucket, the reference none.
- Of a split, a point that counts nothing may be there or not.
- With neither calls nor journey there is no watermark: where a scope nobody ended ends, and what is not over then,
  follows from the last row of any table in one and of the rows counted in the other.
- Money is exact to a millionth, so sums of twenty parts may be twenty millionths off, a ratio of cents a thousandth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from firstcall import registry
from firstcall.periods import Question
from firstcall.program import Program
from firstcall.settings import Settings
from tests.metrics.filling import fill
from tests.reference import question as reference
from tests.reference.calendar import local_day
from tests.reference.catalogue import answer
from tests.reference.questions import ASKS

if TYPE_CHECKING:
    from firstcall.answers import Answer
    from firstcall.answers import Point as Told

RATIOS_OF_MONEY = ("cost_value_ratio", "net_revenue_retention")
OF_BOTH = ("revenue_per_partner", "revenue_per_product", "lifecycle_stages")
"""Of money and calls, or tickets and calls: one whole scope begins with the first row of either in one, of one of them
in the other."""
ONE_OF_NOTHING = ("platform_stability",)
"""A period in which nothing is counted has the value 1."""
BEFORE_ALL = date(2024, 10, 1)
WEEKS = ("monday", "sunday", "saturday")
"""The days with which the product lets weeks begin."""
Key = tuple[date | None, reference.Combination]


def askable(question: reference.Question) -> reference.Question:
    """Return the question as both can be asked it: weeks as the product has them, no as-of before the start."""
    if question.week_starts not in WEEKS:
        question = replace(question, week_starts="monday")
    if question.grain == "all" and question.metric in OF_BOTH and question.start is None:
        question = replace(question, start=BEFORE_ALL)
    early = question.as_of and question.start and local_day(question.as_of, question.zone) < question.start
    return replace(question, as_of=None) if early else question


def settings_of(question: reference.Question) -> Settings:
    """Return settings with the question's calendar and definitions."""
    definitions: dict[str, Any] = {
        "churn_days": question.churn_days,
        "activation_window_days": question.activation_window_days,
    }
    if question.milestone != reference.Milestone():
        definitions["milestone"] = {
            "endpoint": question.milestone.endpoint,
            "count": question.milestone.count,
        }
    program = {
        "timezone": question.zone,
        "currency": question.currency,
        "week_starts": question.week_starts,
        "fiscal_year_starts": question.fiscal_year_starts,
    }
    sections = {"program": program, "definitions": definitions, "known_since": question.known_since}
    return Settings.model_validate(sections)


def asked(question: reference.Question, **more: Any) -> Question:  # noqa: ANN401  whatever a Question takes
    """Return the reference's question as the product takes it."""
    said: dict[str, Any] = {
        "start": question.start,
        "end": question.end,
        "grain": question.grain,
        "by": question.by,
        "where": tuple((name, tuple(values)) for name, values in question.where.items()),
        "environment": question.environment,
        "entity": question.entity,
        "as_of": question.as_of,
        "variants": tuple(question.set.items()),
    }
    return Question(question.metric, **{**said, **more})


def told(world: reference.World, question: reference.Question, *, rolled_up: bool = True) -> Answer:
    """Return what the product answers about a store that holds the world."""
    engine = fill(world, question.zone, rolled_up=rolled_up)
    return Program(settings_of(question), engine).ask(asked(question))


def differences(
    world: reference.World, question: reference.Question, given: Answer
) -> list[tuple[object, ...]]:
    """Return every way in which the answer given is not the reference's."""
    nameless = question.grain == "all" and question.start is None
    want: dict[Key, reference.Point] = {
        (None if nameless else point.period, tuple(sorted(point.by))): point
        for point in answer(world, question)
    }
    got: dict[Key, Told] = {
        (None if nameless else point.period, tuple(sorted(point.by.items()))): point for point in given.points
    }
    if any((point.absent or "").startswith("needs rows") for point in got.values()):
        return []
    dated = question.as_of is not None or bool(world.get("calls") or world.get("journey"))
    found: list[tuple[object, ...]] = []
    for key in sorted({*want, *got}, key=str):
        mine, theirs = want.get(key), got.get(key)
        if mine is not None and theirs is not None:
            found += [(key, *each) for each in _apart(mine, theirs, question.metric, dated=dated)]
        elif (point := mine or theirs) is not None and not _dispensable(
            key, point, question, got if mine else want, dated=dated
        ):
            found.append((key, "only in the reference" if mine else "only in the product", point.value))
    return found


def _dispensable(
    key: Key,
    point: reference.Point | Told,
    question: reference.Question,
    others: Mapping[Key, object],
    *,
    dated: bool,
) -> bool:
    """Whether one side may have a point that the other has not."""
    if question.by:
        return not point.value
    known = [other for other, _ in others if other is not None]
    if key[0] is not None and question.end is None:
        beyond = not dated and (not known or key[0] > max(known))
        if beyond or (question.start is not None and not others):
            return True
    if point.cases or (point.value and question.metric not in ONE_OF_NOTHING):
        return False
    if key[0] is None:
        return not others
    return question.start is None and (not known or key[0] < min(known))


def _apart(mine: reference.Point, theirs: Told, metric: str, *, dated: bool) -> list[tuple[object, ...]]:
    """Return what differs between two points of one bucket and combination."""
    found: list[tuple[object, ...]] = []
    card = registry.metrics()[metric]
    if not _same(mine.value, theirs.value, _slack(theirs, metric, card.unit)):
        found.append(("value", mine.value, theirs.value, mine.absent, theirs.absent))
    for name, value in mine.values.items():
        if name not in theirs.values:
            found.append(("no value called", name))
        elif not _same(value, theirs.values[name], _slack(theirs, metric, card.unit_of.get(name, card.unit))):
            found.append((name, value, theirs.values[name]))
    if mine.cases != theirs.cases:
        found.append(("cases", mine.cases, theirs.cases))
    if dated and mine.partial != theirs.partial:
        found.append(("partial", mine.partial, theirs.partial))
    return found


def _slack(point: Told, metric: str, unit: str) -> tuple[float, float]:
    """Return how far a value of `unit` may be off, relative to itself and at all."""
    money = unit == "money"
    if metric in RATIOS_OF_MONEY or ASKS[metric].loose:
        return max(1e-3, 1e-5 / (float(point.values.get("cost") or 0) or 1)), 2e-5 if money else 1e-3
    return 1e-9, 2e-5 if money else 1e-9


def _same(one: reference.Number | None, other: reference.Number | None, slack: tuple[float, float]) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(float(one), float(other), rel_tol=slack[0], abs_tol=slack[1])
