"""Who completes the quickstart, and which pages come before success or giving up?

Readings:
- `docs_completion_rate`: a developer counts once, on the local day of the first view of the quickstart ever. A call at
  the very moment of the view is after it. The 24 hours include their end.
- `docs_paths`: views before the first success (one at its very moment belongs to them), dated by the first of them.
  Succeeded: the first success at most 14 × 24 hours after the last of those views; gave up: else, once those hours are
  over; open: else. Pages are those seen by anybody of the bucket; every one is compared over everybody of the bucket.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.reference.asks import PARTNER, Ask
from tests.reference.calendar import local_day
from tests.reference.identity import calls, entrants, uses
from tests.reference.onboarding.walking import steps
from tests.reference.question import Point, Question, World
from tests.reference.scope import Bucket, Measure, as_of, buckets, inside, points


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who read, dated by her first view."""

    day: date
    dims: Mapping[str, str | None]
    state: str
    pages: frozenset[str] = frozenset()
    page: str | None = None


def docs_completion_rate(world: World, question: Question) -> list[Point]:
    """Successful calls within 24 hours of the first view of the quickstart ÷ viewers."""
    entity = question.entity or "developer"
    hours = timedelta(hours=int(question.set.get("docs_window_hours", "24")))
    now = as_of(world, question)
    everything = calls(world, question)
    good = [call for call in uses(world, question, question.environment or "any") if call.succeeded]
    walked = steps(world, question)
    side = "who" if entity == "developer" else "of"
    found = []
    for member in entrants(world, question, entity):
        views = [
            row["time"] for row in walked if row[side] == member.name and row["step"] == "quickstart_viewed"
        ]
        if not views:
            continue
        view = min(views)
        if any(call.of(entity) == member.name and call.time < view for call in everything):
            continue
        done = any(call.of(entity) == member.name and view <= call.time <= view + hours for call in good)
        closed = now is not None and view + hours <= now
        state = "open" if not closed else "done" if done else "not"
        found.append(Reader(local_day(view, question.zone), member.dims, state))

    def measure(bucket: Bucket, group: Sequence[Reader]) -> Measure:
        here = inside(bucket, group)
        closed = [reader for reader in here if reader.state != "open"]
        done = sum(reader.state == "done" for reader in closed)
        value = float(Fraction(done, len(closed))) if closed else None
        values = {"rate": value, "completed": done, "viewed": len(closed)}
        return Measure(
            value, len(closed), values, None if closed else "window not closed", len(closed) < len(here)
        )

    return points(world, question, found, measure)


def readers(world: World, question: Question) -> list[Reader]:
    """Return everybody who read before success, with the pages."""
    entity = question.entity or "developer"
    patience = timedelta(days=int(question.set.get("abandoned_days", "14")))
    now = as_of(world, question)
    good = [call for call in uses(world, question, question.environment or "any") if call.succeeded]
    walked = steps(world, question)
    side = "who" if entity == "developer" else "of"
    found = []
    for member in entrants(world, question, entity):
        success = min((call.time for call in good if call.of(entity) == member.name), default=None)
        seen = [
            row
            for row in walked
            if row[side] == member.name
            and row["step"] in ("docs_viewed", "quickstart_viewed")
            and row.get("subject") is not None
            and (success is None or row["time"] <= success)
        ]
        if not seen:
            continue
        first: datetime = min(row["time"] for row in seen)
        last: datetime = max(row["time"] for row in seen)
        over = now is not None and last + patience <= now
        done = success is not None and success <= last + patience
        state = "succeeded" if done else "gave up" if over else "open"
        pages = frozenset(row["subject"] for row in seen)
        found.append(Reader(local_day(first, question.zone), member.dims, state, pages))
    return found


def docs_paths(world: World, question: Question) -> list[Point]:
    """Share that saw a page, of those who succeeded less of those who gave up."""
    people = readers(world, question)
    found: list[Reader] = []
    for bucket in buckets(world, question, (reader.day for reader in people)):
        here = inside(bucket, people)
        for page in sorted({page for reader in here for page in reader.pages}):
            for one in here:
                dims = {**one.dims, "topic": page}
                found.append(Reader(one.day, dims, one.state, one.pages, page))

    def measure(bucket: Bucket, group: Sequence[Reader]) -> Measure:
        here = inside(bucket, group)
        good = [reader for reader in here if reader.state == "succeeded"]
        bad = [reader for reader in here if reader.state == "gave up"]
        saw = sum(reader.page in reader.pages for reader in good)
        left = sum(reader.page in reader.pages for reader in bad)
        before = Fraction(saw, len(good)) if good else None
        after = Fraction(left, len(bad)) if bad else None
        lift = None if before is None or after is None else float(before - after)
        values = {
            "share_before_success": None if before is None else float(before),
            "share_before_abandoning": None if after is None else float(after),
            "succeeded": saw,
            "abandoned": left,
            "lift": lift,
        }
        open_ = len(good) + len(bad) < len(here)
        return Measure(lift, saw + left, values, None if lift is not None else "nobody", open_)

    return points(world, question, found, measure)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (docs_completion_rate, docs_paths)
}
ASKS: Mapping[str, Ask] = {
    "docs_completion_rate": Ask(
        PARTNER,
        PARTNER,
        entities=("developer", "partner"),
        environments=True,
        variants=(("docs_window_hours", "336"), ("docs_window_hours", "1")),
        extra=("onboarding",),
        of_calls=True,
    ),
    "docs_paths": Ask(
        (*PARTNER, "topic"),
        (*PARTNER, "topic"),
        entities=("developer", "partner"),
        environments=True,
        variants=(("abandoned_days", "1"), ("abandoned_days", "90")),
        always_by=("topic",),
        extra=("onboarding",),
        values={"topic": ("start", "auth")},
        of_calls=True,
    ),
}
