"""What is promised, what of it is spent, and how fast?

Readings:
- Error budget: objective 99.95 %. Under 100 calls of the combination in the window it is not said. The
  rolling window is the 30 local days that end with the bucket or with the day of as-of (an as-of at midnight
  ends with the day before it), and is told for buckets that have begun. A question without start and end is
  asked for it unless it says otherwise.
- Burn rates: windows (T − w, T], T as-of, or the scope's end when that is earlier (calls at the end are not
  the scope's). A scope that begins after as-of has none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.asks import Ask
from tests.reference.calendar import DAY, INSTANT, local_day, midnight
from tests.reference.identity import Call
from tests.reference.question import Point, Question, World
from tests.reference.reliability.availability import EVERYTHING, OBJECTIVE, calls_of
from tests.reference.reliability.performance import Values, down
from tests.reference.scope import Bucket, Measure, as_of, inside, points


def budget(calls: Sequence[Call], least: int) -> Measure:
    """Return what is left of the error budget of these calls."""
    failed, allowed = sum(map(down, calls)), len(calls) * (1 - OBJECTIVE)
    values: Values = {"failed": failed, "allowed": allowed if calls else None}
    if len(calls) < max(least, 1):
        values |= dict.fromkeys(("remaining", "consumed", "burn_rate"))
        return Measure(None, len(calls), values, "too few calls")
    values |= {"remaining": 1 - failed / allowed, "consumed": failed / allowed, "burn_rate": failed / allowed}
    return Measure(values["remaining"], len(calls), values)


def error_budget(world: World, question: Question) -> list[Point]:
    """1 − (bad ÷ valid) ÷ (1 − objective)."""
    least = int(question.set.get("least_calls", "100"))
    unbounded = question.start is None and question.end is None
    rolling = question.set.get("window", "rolling" if unbounded else "period") == "rolling"
    now = as_of(world, question)

    def window(bucket: Bucket) -> tuple[date, date]:
        if not rolling or now is None:
            return bucket.start, bucket.end
        last = now - INSTANT if question.as_of else now
        end = min(bucket.end, local_day(last, question.zone) + DAY)
        return end - 30 * DAY, end

    def within(bucket: Bucket, group: Sequence[Call]) -> list[Call]:
        if rolling and (now is None or midnight(bucket.start, question.zone) > now):
            return []
        start, end = window(bucket)
        return [call for call in group if start <= call.day < end]

    return points(
        world,
        question,
        calls_of(world, question),
        lambda bucket, group: budget(within(bucket, group), least),
        present=lambda bucket, group: bool(within(bucket, group)),
    )


BURNS = (
    ("page_fast", 2, 60, 5),
    ("page_slow", 5, 360, 30),
    ("ticket_fast", 10, 1440, 120),
    ("ticket_slow", 10, 4320, 360),
)
"""Alert, percent of the budget, long and short window in minutes."""


def burn_rates(world: World, question: Question) -> list[Point]:
    """Burn rate of the long windows, and which alerts fire."""
    least = int(question.set.get("least_calls", "100"))
    days = int(question.set.get("budget_days", "30"))
    now = as_of(world, question)
    if now is not None and question.start is not None and local_day(now, question.zone) < question.start:
        now = None

    def lately(bucket: Bucket, group: Sequence[Call], minutes: int) -> list[Call]:
        end = midnight(bucket.end, question.zone)
        last = min(now, end) if now else end
        since = last - timedelta(minutes=minutes)
        return [call for call in group if now and since < call.time <= now and call.time < end]

    def burn(calls: Sequence[Call]) -> float | None:
        return sum(map(down, calls)) / len(calls) / (1 - OBJECTIVE) if calls else None

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        values: Values = {}
        for name, percent, long, short in BURNS:
            slow, fast = lately(bucket, group, long), lately(bucket, group, short)
            factor = Fraction(percent, 100) * days * 1440 / long
            both = all((burn(calls) or 0.0) > factor for calls in (slow, fast))
            values[name] = burn(slow)
            values[f"{name}_fires"] = int(both and len(slow) >= least and sum(map(down, slow)) >= 2)
        cases = len(lately(bucket, group, 4320))
        return Measure(
            values["page_fast"], cases, values, None if values["page_fast"] is not None else "no calls"
        )

    def present(bucket: Bucket, group: Sequence[Call]) -> bool:
        return bool(lately(bucket, group, 4320))

    everything = [local_day(call["time"], question.zone) for call in world.get("calls", ())]
    return points(world, question, calls_of(world, question), measure, present=present, counted=everything)


def availability_objective(world: World, question: Question) -> list[Point]:
    """The objective of what was called, and whether it was met."""

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here = inside(bucket, group)
        if not here:
            return Measure(None, 0, {"calls": 0}, "no calls")
        actual = 1 - sum(map(down, here)) / len(here)
        values: Values = {"objective": OBJECTIVE, "actual": actual, "met": int(actual >= OBJECTIVE)}
        return Measure(OBJECTIVE, len(here), {**values, "calls": len(here)})

    question = replace(question, by=question.by or ("product",))
    return points(world, question, calls_of(world, question), measure)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (error_budget, burn_rates, availability_objective)
}
ASKS: Mapping[str, Ask] = {
    "error_budget": Ask(
        EVERYTHING,
        EVERYTHING,
        extra=("outage",),
        environments=True,
        of_calls=True,
        variants=(("window", "rolling"), ("window", "period"), ("least_calls", "1")),
    ),
    "burn_rates": Ask(
        EVERYTHING,
        EVERYTHING,
        ("all",),
        extra=("outage",),
        environments=True,
        variants=(("least_calls", "1"), ("budget_days", "365")),
    ),
    "availability_objective": Ask(EVERYTHING, EVERYTHING, environments=True, always_by=("product",)),
}
