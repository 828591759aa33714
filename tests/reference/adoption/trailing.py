"""Which last days of a bucket are seen, and is the bucket over?

Readings: what looks back over the last days of a bucket ends with the bucket, or earlier with what is seen of it: the
day of the latest call or journey row, or the last day that an explicit as-of lets see. A bucket of which nothing is
seen yet has no such days. Something holds at the end of these days when it had begun by then and had not ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from tests.reference.calendar import DAY, INSTANT, local_day, midnight
from tests.reference.question import Question, World
from tests.reference.scope import Bucket, F, as_of


def seen_until(world: World, question: Question, bucket: Bucket) -> datetime | None:
    """Return the moment up to which the bucket is seen; None while nothing of it is."""
    now = as_of(world, question)
    if now is None:
        return None
    until = min(midnight(bucket.end, question.zone), now if question.as_of else now + INSTANT)
    return until if until > midnight(bucket.start, question.zone) else None


def last_days(world: World, question: Question, bucket: Bucket, count: int) -> tuple[date, date] | None:
    """Return the `count` last days seen of the bucket, half-open; they may begin before it."""
    until = seen_until(world, question, bucket)
    if until is None:
        return None
    end = local_day(until - INSTANT, question.zone) + DAY
    return end - DAY * count, end


def within(days: tuple[date, date] | None, facts: Iterable[F]) -> list[F]:
    """Return the facts of these days."""
    return [] if days is None else [fact for fact in facts if days[0] <= fact.day < days[1]]
