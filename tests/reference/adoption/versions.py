"""Which versions are called, and who must move before one ends?

Readings:
- `version_mix` counts all traffic like volume; a call without version has none. Partners are the distinct attributed
  ones. The share is of all calls that the filters keep in the bucket.
- `version_laggards`: attributed calls of use in the last 30 days seen, in any environment, to an operation whose
  catalogue entry is deprecated by the end of what is seen or has an end of life, past or ahead. The entry is that of
  the call's version, else the one for every version, else the only one. Days left run from the last day seen to the
  local day it ends, the fewest where several do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tests.reference.adoption.trailing import last_days, seen_until, within
from tests.reference.adoption.usage import popularity
from tests.reference.asks import CALL, OWNED, PARTNER, Ask
from tests.reference.calendar import DAY, local_day
from tests.reference.identity import Call, uses
from tests.reference.question import Number, Point, Question, Row, World
from tests.reference.scope import Bucket, Measure, points


def version_mix(world: World, question: Question) -> list[Point]:
    """Calls, share of all calls and distinct partners of each version."""
    return popularity(world, replace(question, by=question.by or ("version",)), "share")


def entry(world: World, call: Call) -> Row | None:
    """Return the catalogue's entry for a call."""
    named = [
        row
        for row in world.get("endpoints", ())
        if (row["product"], row["method"], row["route"])
        == (call.dims["product"], call.dims["method"], call.dims["route"])
    ]
    own = [row for row in named if row.get("version") == call.dims["version"]]
    every = [row for row in named if row.get("version") is None or len(named) == 1]
    return next(iter((*own, *every)), None)


def ending(world: World, call: Call, until: datetime) -> Row | None:
    """Return the entry of a call when its version is on its way out."""
    row = entry(world, call)
    if row is None:
        return None
    deprecated = row.get("deprecated_at")
    return row if row.get("sunset_at") or (deprecated is not None and deprecated < until) else None


def version_laggards(world: World, question: Question) -> list[Point]:
    """Days until the versions somebody still calls are shut down."""
    question = replace(question, by=question.by or ("partner", "version"))
    entity = question.entity or "partner"
    found = uses(world, question, question.environment or "any")
    facts = [call for call in found if call.of(entity) is not None]

    def late(bucket: Bucket, group: Sequence[Call]) -> list[tuple[Call, Row]]:
        until = seen_until(world, question, bucket)
        recent = within(last_days(world, question, bucket, 30), group)
        rows = [(call, ending(world, call, until) if until else None) for call in recent]
        return [(call, row) for call, row in rows if row is not None]

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        rows = late(bucket, group)
        days = last_days(world, question, bucket, 30)
        ends = [local_day(row["sunset_at"], question.zone) for _, row in rows if row.get("sunset_at")]
        left = min(((end - (days[1] - DAY)).days for end in ends), default=None) if days else None
        callers = {call.of(entity) for call, _ in rows}
        values: dict[str, Number | None] = {"days_left": left, "calls": len(rows), "partners": len(callers)}
        return Measure(left, len(rows), values, None if left is not None else "no end is set")

    def present(bucket: Bucket, group: Sequence[Call]) -> bool:
        return bool(late(bucket, group))

    return points(world, question, facts, measure, present=present)


METRICS = {"version_mix": version_mix, "version_laggards": version_laggards}
ASKS: Mapping[str, Ask] = {
    "version_mix": Ask(
        (*CALL, *OWNED), (*CALL, *OWNED), environments=True, always_by=("version",), of_calls=True
    ),
    "version_laggards": Ask(
        (*PARTNER, "product"),
        (*PARTNER, "product", "version"),
        entities=("partner", "developer"),
        environments=True,
        always_by=("partner", "version"),
        extra=("depth",),
    ),
}
