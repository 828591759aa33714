"""Do callers find their way out of an error?

Readings:
- A caller is a consumer; calls without one are left out. An endpoint is a method and a route, in one environment or any
  as asked, whatever the product, version or gateway.
- Errors are the outcomes client_error, server_error and timeout. An error begins an episode when the same caller's
  error at the same endpoint before it lies ten minutes back or more. Of several calls at one moment the lowest status
  is the first. The episode has the dimensions of its first error.
- The recovery is the next success at or after the first error. Whoever does not recover within the day (its end
  included) kept failing when any other call to the endpoint followed in it, else gave up.
- Filters choose episodes, not the calls that end them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.asks import CALL, OWNED, Ask
from tests.reference.identity import Call, calls
from tests.reference.onboarding.activation import seconds
from tests.reference.question import Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, as_of, inside, points
from tests.reference.survival import percentile

SOON, DAY = timedelta(minutes=10), timedelta(days=1)
ERRORS = ("client_error", "server_error", "timeout")


@dataclass(frozen=True, slots=True)
class Episode:
    """A run of errors with what came after its first."""

    day: date
    dims: Mapping[str, str | None]
    began: Call
    needed: timedelta | None
    tried: bool


def episodes(world: World, question: Question) -> list[Episode]:
    """Return every episode in sight."""
    kept: dict[tuple[str | None, str], list[Call]] = {}
    for call in calls(world, question):
        if call.dims["consumer"] is not None and call.within(question.environment or "any"):
            kept.setdefault((call.dims["consumer"], call.endpoint), []).append(call)
    found = []
    for group in kept.values():
        ordered = sorted(group, key=lambda call: (call.time, call.status))
        failed = None
        for place, call in enumerate(ordered):
            if call.outcome not in ERRORS:
                continue
            if failed is None or call.time - failed >= SOON:
                after = [other.time for other in group if other.succeeded and other.time >= call.time]
                needed = min(after) - call.time if after else None
                following = ordered[place + 1 : place + 2]
                tried = any(other.time - call.time <= DAY for other in following)
                found.append(Episode(call.day, call.dims, call, needed, tried))
            failed = call.time
    return found


def error_recovery(world: World, question: Question) -> list[Point]:
    """Episodes followed by a success in time ÷ episodes whose time is over."""
    now = as_of(world, question)

    def ratio(part: int, over: int) -> float | None:
        return float(Fraction(part, over)) if over else None

    def measure(bucket: Bucket, group: Sequence[Episode]) -> Measure:
        here = inside(bucket, group)
        soon = [each for each in here if now is not None and each.began.time + SOON <= now]
        late = [each for each in here if now is not None and each.began.time + DAY <= now]
        done = [each.needed for each in late if each.needed is not None and each.needed <= DAY]
        failing = [each for each in late if each.needed is None or each.needed > DAY]
        quick = sum(each.needed is not None and each.needed <= SOON for each in soon)
        values: dict[str, Number | None] = {
            "within_10_minutes": ratio(quick, len(soon)),
            "within_a_day": ratio(len(done), len(late)),
            "median": float(percentile([seconds(each) for each in done], Fraction(1, 2)))
            if len(done) >= 5
            else None,
            "gave_up": ratio(sum(not each.tried for each in failing), len(late)),
            "kept_failing": ratio(sum(each.tried for each in failing), len(late)),
            "episodes": len(here),
        }
        value = values["within_10_minutes"]
        return Measure(value, len(soon), values, None if soon else "none", len(late) < len(here))

    return points(world, question, episodes(world, question), measure)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {"error_recovery": error_recovery}
ASKS: Mapping[str, Ask] = {
    "error_recovery": Ask((*CALL, *OWNED), (*CALL, *OWNED), environments=True, extra=("recovery",))
}
