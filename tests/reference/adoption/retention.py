"""Who comes back after the first period of use, and how does the circle of users grow?

Readings:
- `retention`: somebody's cohort is the bucket of the first active day (a call that is neither 401 nor 403), with these
  filters and in this combination. The cell `n` is valid when the cohort's bucket and n + 1 more buckets are over at
  as-of; an invalid one is absent. Classic: active in the n-th bucket after; rolling: in that one or later.
- With `windows=hours` window n is n to n + 1 times 24 hours (of a week 7 × 24, a month 30, a quarter 91, a year 365)
  after the first of those calls, its start included; a cell is valid n + 1 of them after the cohort's bucket ended.
- The pooled share is over the cohorts of the scope whose cell is valid, the same in each of its points.
- `adoption_curve`: distinct callers ever active up to the end of the bucket. Where milestones fall into a bucket, the
  mean of newcomers over the four buckets before it, and over it and the three after once those are over and
  in the scope.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.adoption.partners import active_calls
from tests.reference.asks import PARTNER, Ask
from tests.reference.calendar import bucket_after, bucket_of, local_day, midnight
from tests.reference.identity import Call
from tests.reference.question import Grain, Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, as_of, buckets, points, sees_day

OFFSETS = (1, 4, 12)


def cohorts(question: Question, entity: str, group: Sequence[Call]) -> dict[date, dict[str, set[date]]]:
    """Return by cohort each member with the buckets it was active in."""
    active: dict[str, set[date]] = {}
    for call in group:
        active.setdefault(str(call.of(entity)), set()).add(bucket_of(call.day, question))
    found: dict[date, dict[str, set[date]]] = {}
    for name, when in active.items():
        found.setdefault(min(when), {})[name] = when
    return found


HOURS = {"day": 24, "week": 24 * 7, "month": 24 * 30, "quarter": 24 * 91, "year": 24 * 365}


def hourly(question: Question, entity: str, group: Sequence[Call]) -> dict[date, dict[str, set[int]]]:
    """Return by cohort each member with the numbers of the windows it was active in."""
    length = timedelta(hours=HOURS[question.grain])
    found: dict[date, dict[str, set[int]]] = {}
    for name in {str(call.of(entity)) for call in group}:
        times = [call.time for call in group if call.of(entity) == name]
        cohort = bucket_of(local_day(min(times), question.zone), question)
        found.setdefault(cohort, {})[name] = {(time - min(times)) // length for time in times}
    return found


def back(question: Question, cohort: date, when: set[date], offset: int) -> bool:
    """Whether a member came back."""
    later = bucket_after(cohort, question, offset)
    return any(day >= later for day in when) if question.set.get("kind") == "rolling" else later in when


Kept = Mapping[date, Mapping[str, bool]]
"""By cohort, of each member whether it came back."""


def kept(question: Question, entity: str, group: Sequence[Call], offset: int) -> Kept:
    """Return who came back so many windows later."""
    rolling = question.set.get("kind") == "rolling"
    if question.set.get("windows") == "hours":
        return {
            cohort: {
                name: any(place >= offset for place in places) if rolling else offset in places
                for name, places in members.items()
            }
            for cohort, members in hourly(question, entity, group).items()
        }
    return {
        cohort: {name: back(question, cohort, when, offset) for name, when in members.items()}
        for cohort, members in cohorts(question, entity, group).items()
    }


def retention(world: World, question: Question) -> list[Point]:
    """The share of a cohort that is active again."""
    question = replace(question, entity=question.entity or "developer")
    entity = str(question.entity)
    facts = active_calls(world, question)
    now = as_of(world, question)
    chosen = int(question.set.get("offset", "1"))
    scope = [bucket.first for bucket in buckets(world, question, [call.day for call in facts])]

    def valid(cohort: date, offset: int) -> bool:
        if question.set.get("windows") == "hours":
            end = midnight(bucket_after(cohort, question), question.zone)
            return now is not None and now - end >= timedelta(hours=HOURS[question.grain]) * (offset + 1)
        return now is not None and midnight(bucket_after(cohort, question, offset + 2), question.zone) <= now

    def share(group: Sequence[Call], firsts: Sequence[date], offset: int) -> float | None:
        found = kept(question, entity, group, offset)
        members = [
            came
            for first in firsts
            if first in found and valid(first, offset)
            for came in found[first].values()
        ]
        return float(Fraction(sum(members), len(members))) if members else None

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        found = cohorts(question, entity, group)
        size = len(found.get(bucket.first, {}))
        values: dict[str, Number | None] = {f"after_{n}": share(group, [bucket.first], n) for n in OFFSETS}
        values["share"] = share(group, [bucket.first], chosen)
        values["size"] = size
        values["pooled"] = share(group, scope, chosen) if size else None
        absent = None if values["share"] is not None else "window not closed"
        return Measure(values["share"], size, values, absent, size > 0 and not valid(bucket.first, chosen))

    def present(bucket: Bucket, group: Sequence[Call]) -> bool:
        return bucket.first in cohorts(question, entity, group)

    return points(world, question, facts, measure, present=present)


def adoption_curve(world: World, question: Question) -> list[Point]:
    """Callers ever active by the end of each bucket."""
    entity = question.entity or "partner"
    facts = active_calls(world, question)
    now = as_of(world, question)
    marks = [row["date"] for row in world.get("milestones", ()) if sees_day(row["date"], question)]

    def firsts(group: Sequence[Call]) -> list[date]:
        found: dict[str | None, date] = {}
        for call in group:
            found[call.of(entity)] = min(call.day, found.get(call.of(entity), call.day))
        return list(found.values())

    def new(group: Sequence[Call], first: date, steps: Sequence[int]) -> Fraction:
        when = [bucket_after(first, question, step) for step in steps]
        return Fraction(sum(bucket_of(day, question) in when for day in firsts(group)), len(steps))

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        days = firsts(group)
        count = sum(day < bucket.end for day in days)
        here = sum(bucket.holds(day) for day in marks)
        last = bucket_after(bucket.first, question, 4)
        over = now is not None and midnight(last, question.zone) <= now and last <= (question.end or last)
        values: dict[str, Number | None] = {
            "partners": count,
            "new": sum(bucket.first <= day < bucket.end for day in days),
            "milestones": here if count else 0,
            "before": float(new(group, bucket.first, (-4, -3, -2, -1))) if here and count else None,
            "after": float(new(group, bucket.first, (0, 1, 2, 3))) if here and count and over else None,
        }
        return Measure(count, count, values)

    def present(bucket: Bucket, group: Sequence[Call]) -> bool:
        return any(day < bucket.end for day in firsts(group))

    return points(world, question, facts, measure, present=present)


METRICS = {"retention": retention, "adoption_curve": adoption_curve}
_BUCKETS: tuple[Grain, ...] = ("day", "week", "week", "month", "month", "quarter", "year")
_SPLITS = (*PARTNER, "product")
ASKS: Mapping[str, Ask] = {
    "retention": Ask(
        _SPLITS,
        (*_SPLITS, "endpoint"),
        _BUCKETS,
        ("partner", "developer"),
        environments=True,
        variants=(("offset", "2"), ("offset", "3"), ("kind", "rolling"), *[("windows", "hours")] * 3),
        whole=True,
        of_calls=True,
    ),
    "adoption_curve": Ask(
        _SPLITS,
        (*_SPLITS, "endpoint"),
        _BUCKETS,
        ("partner", "developer"),
        environments=True,
        whole=True,
        extra=("retention",),
    ),
}
