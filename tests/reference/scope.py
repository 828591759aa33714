"""Which buckets and which splits does a question ask for, and which rows may it see?

Readings:
- Without `as_of` it is the latest time of a call or journey row; it closes no row out. With neither calls nor
  journey rows there is no as-of: the scope ends with the bucket of the last row and no window is closed.
- Grain `all` without `end` ends with the local day that holds as-of.
- An `end` later than as-of still gives a point for every bucket up to it.
- A `start` after the last day known, without `end`, asks for its own day or bucket; an `end` before the first day
  known, without `start`, for the bucket of the day before it.
- A local day (a service day, a day of work) is seen when its midnight is before as-of.
- A bucket of which nothing is known has no value, one of which only a part is known is partial; without `start` the
  scope begins with what is known.
- Dimensions and identity are what is known now; `as_of` hides events, never the table of who is who.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol, TypeVar

from firstcall import registry
from tests.reference.calendar import DAY, bucket_after, bucket_of, local_day, midnight
from tests.reference.known import Span, known
from tests.reference.question import Combination, Number, Point, Question, World


class Fact(Protocol):
    """Anything that happened on a local day and belongs somewhere."""

    @property
    def day(self) -> date:
        """The local day it counts for."""

    @property
    def dims(self) -> Mapping[str, str | None]:
        """Dimension → value."""


F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Days from `start` to `end` (half-open), cut by the scope, of the bucket named after its day `first`."""

    first: date
    start: date
    end: date
    partial: bool
    unknown: bool = False

    def holds(self, day: date) -> bool:
        """Whether `day` lies in it."""
        return self.start <= day < self.end


@dataclass(frozen=True, slots=True)
class Measure:
    """What a metric says of one bucket and combination; `open` when a member's window is not closed."""

    value: Number | None
    cases: int
    values: Mapping[str, Number | None] = field(default_factory=dict)
    absent: str | None = None
    open: bool = False


NOTHING_KNOWN = Measure(None, 0, absent="nothing is known")


def as_of(world: World, question: Question) -> datetime | None:
    """Return the moment at which open windows end."""
    if question.as_of is not None:
        return question.as_of
    times = [row["time"] for table in ("calls", "journey") for row in world.get(table, ())]
    return max(times, default=None)


def sees(moment: datetime, question: Question) -> bool:
    """Whether an explicit as-of leaves an event of `moment` in sight."""
    return question.as_of is None or moment < question.as_of


def sees_day(day: date, question: Question) -> bool:
    """Whether an explicit as-of leaves a local day in sight."""
    return sees(midnight(day, question.zone), question)


def wanted(dims: Mapping[str, str | None], question: Question) -> bool:
    """Whether the filters keep a row with these dimensions."""
    return all(dims[name] in values for name, values in question.where.items())


def buckets(world: World, question: Question, days: Iterable[date]) -> list[Bucket]:
    """Return the buckets of the scope; `days` are those of the rows that the metric counts."""
    counted = sorted(days)
    first = question.start or (counted[0] if counted else None)
    if first is None:
        return []
    span = known(world, question) or Span(date.min, date.max)
    if question.start is None and span.first <= span.last:
        first = max(first, span.first)
    if question.start is None and question.end is not None:
        first = min(first, question.end - DAY)
    now = as_of(world, question)
    last = max(first, local_day(now, question.zone) if now else (counted[-1] if counted else first))
    if question.grain == "all":
        end = question.end or last + DAY
        late = now is not None and midnight(end, question.zone) > now
        partial = late or not span.within(first, end)
        return [Bucket(first, first, end, partial, span.outside(first, end))] if first < end else []
    stop = question.end or bucket_after(bucket_of(last, question), question)
    begin, found = bucket_of(first, question), []
    while begin < stop:
        after = bucket_after(begin, question)
        start = max(begin, question.start or begin)
        late = now is not None and midnight(after, question.zone) > now
        partial = start > begin or stop < after or late or not span.within(begin, after)
        found.append(Bucket(begin, start, min(after, stop), partial, span.outside(start, min(after, stop))))
        begin = after
    return found if first < stop else []


def combination(dims: Mapping[str, str | None], by: Sequence[str]) -> Combination:
    """Return the part of `dims` that a split names."""
    return tuple((name, dims[name]) for name in by)


def split(facts: Iterable[F], by: Sequence[str]) -> dict[Combination, list[F]]:
    """Return the facts of each combination, nobody's last; without a split all of them, even when none."""
    found: dict[Combination, list[F]] = {} if by else {(): []}
    for fact in facts:
        found.setdefault(combination(fact.dims, by), []).append(fact)
    order = sorted(found, key=lambda key: [(value is None, value or "") for _, value in key])
    return {key: found[key] for key in order}


def inside(bucket: Bucket, facts: Iterable[F]) -> list[F]:
    """Return the facts of the days of `bucket`."""
    return [fact for fact in facts if bucket.holds(fact.day)]


def any_inside(bucket: Bucket, facts: Sequence[F]) -> bool:
    """Whether a combination is present: a fact of it lies in the bucket."""
    return any(bucket.holds(fact.day) for fact in facts)


def compared(world: World, question: Question, bucket: Bucket, said: Measure) -> Measure:
    """Return what is said of a bucket without what compares it with one of which nothing is known."""
    metric, span = registry.metrics()[question.metric], known(world, question)
    if not metric.looks_back or span is None or question.grain == "all":
        return said
    earlier = bucket_after(bucket.first, question, -1)
    if bucket.first <= span.first:
        lost = metric.headline in metric.looks_back
        values = {**said.values, **dict.fromkeys(metric.looks_back)}
        why = "nothing is known of the bucket before" if lost else said.absent
        return Measure(None if lost else said.value, said.cases, values, why, open=True)
    return replace(said, open=said.open or earlier < span.first)


def points(
    world: World,
    question: Question,
    facts: Sequence[F],
    measure: Callable[[Bucket, Sequence[F]], Measure],
    *,
    present: Callable[[Bucket, Sequence[F]], bool] = any_inside,
    counted: Iterable[date] | None = None,
) -> list[Point]:
    """Return one point per bucket and present combination; `measure` gets all facts of a combination."""
    kept = [fact for fact in facts if wanted(fact.dims, question)]
    days = [fact.day for fact in kept] if counted is None else counted
    found = []
    groups = split(kept, question.by)
    for bucket in buckets(world, question, days):
        for key, group in groups.items():
            if question.by and not present(bucket, group):
                continue
            said = (
                NOTHING_KNOWN if bucket.unknown else compared(world, question, bucket, measure(bucket, group))
            )
            partial = bucket.partial or said.open
            found.append(Point(bucket.first, key, said.value, said.values, said.cases, said.absent, partial))
    return found
