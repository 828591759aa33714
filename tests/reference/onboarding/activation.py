"""How long until the first call, who reaches the milestone, and who stopped calling?

Readings:
- `time_to_first_call`: "any call before sign-up" is any call of hers whatever its environment, status or
  traffic class. The first success is counted however late (up to as-of) and wherever the scope ends; a
  later end of the scope does not cut it. Nobody's window closes, so those still waiting do not make a
  bucket partial. Somebody who signed up after as-of waits 0 seconds. For partners: from registration to
  the first success of any credential. `cohort=first_call` dates by the first success and knows nobody who
  waits. `net_of_approval=yes` takes off the moments from an `approval_requested` to the next `approved` (at or
  after it) of her own journey, each moment once; a request never answered takes nothing off.
- `activation_rate` (developers) and `production_activation_rate` (partners): reached when the milestone
  is at or before entry + window, so one reached before the entry counts. `to_date` is a snapshot at the
  bucket's end: of those registered by then (pending, approved, suspended) the share that had reached it
  by then.
- A milestone with an endpoint counts successful production calls of that endpoint; environments asked for
  do not move a milestone.
- `sandbox_activation`: of the partners registered (as `registered_partners`) by the bucket's end, the
  share that ever made a sandbox call that was not refused, by then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.reference.adoption.partners import by_the_end, registered, who
from tests.reference.calendar import INSTANT, midnight
from tests.reference.identity import Call, Member, calls, entrants, members, uses
from tests.reference.known import calls_since
from tests.reference.onboarding.walking import steps, times
from tests.reference.question import Milestone, Number, Point, Question, Row, World
from tests.reference.scope import Bucket, Measure, as_of, inside, points
from tests.reference.survival import percentile, still_waiting

FEW = "fewer than 5 cases"
OPEN = "window not closed"


def of(found: Sequence[Call], entity: str, name: str) -> list[Call]:
    """Return the calls of one partner or developer."""
    return [call for call in found if call.of(entity) == name]


def seconds(span: timedelta) -> Fraction:
    """Return a span in exact seconds."""
    return Fraction(span // INSTANT, 1_000_000)


def waits(
    world: World, question: Question, newcomers: Sequence[Member], entity: str
) -> dict[str, tuple[Fraction | None, Fraction]]:
    """Return for each newcomer how long she waited (None while waiting) and how long she was watched."""
    found = uses(world, question, question.environment or "any")
    now = as_of(world, question)
    walked = steps(world, question) if question.set.get("net_of_approval") == "yes" else []
    waited: dict[str, tuple[Fraction | None, Fraction]] = {}
    for member in newcomers:
        hers = [call.time for call in of(found, entity, member.name) if call.succeeded]
        first = min((time for time in hers if time >= member.entered), default=None)
        watched = max(timedelta(0), (now or member.entered) - member.entered)
        end = first or member.entered + watched
        held = awaited(walked, member.name, entity, member.entered, end)
        waited[member.name] = (
            seconds(first - member.entered - held) if first else None,
            seconds(watched - held),
        )
    return waited


def awaited(walked: Sequence[Row], name: str, entity: str, start: datetime, end: datetime) -> timedelta:
    """Return how much of a stretch somebody waited for approvals."""
    granted = times(walked, name, entity, "approved")
    spans = []
    for asked in times(walked, name, entity, "approval_requested"):
        answer = next((time for time in granted if time >= asked), None)
        if answer is not None:
            spans.append((max(asked, start), min(answer, end)))
    total, last = timedelta(0), start
    for since, until in sorted(spans):
        total += max(timedelta(0), until - max(since, last))
        last = max(last, until)
    return total


def time_to_first_call(world: World, question: Question) -> list[Point]:
    """Median and P90 of the wait, over the converted, and by Kaplan–Meier over all."""
    entity = question.entity or "developer"
    everything = calls(world, question)
    newcomers = [
        member
        for member in entrants(world, question, entity)
        if all(call.time >= member.entered for call in of(everything, entity, member.name))
    ]
    waited = waits(world, question, newcomers, entity)
    by_call = question.set.get("cohort") == "first_call"
    if by_call:
        newcomers = called_on(world, question, newcomers, entity)

    def measure(bucket: Bucket, group: Sequence[Member]) -> Measure:
        cohort = [waited[member.name] for member in inside(bucket, group)]
        done = [wait for wait, _ in cohort if wait is not None]
        open_ = [watched for wait, watched in cohort if wait is None]
        values = wait_values(done, open_)
        if by_call:
            values |= {"km_median": None, "km_p90": None}
        return Measure(values["median"], len(done), values, FEW if len(done) < 5 else None)

    return points(world, question, newcomers, measure)


def called_on(world: World, question: Question, newcomers: Sequence[Member], entity: str) -> list[Member]:
    """Return those who made a successful call, dated by it."""
    found = [call for call in uses(world, question, question.environment or "any") if call.succeeded]
    dated = []
    for member in newcomers:
        first = next(iter(of(found, entity, member.name)), None)
        if first is not None:
            dated.append(replace(member, day=first.day))
    return dated


def wait_values(done: Sequence[Fraction], waiting: Sequence[Fraction]) -> dict[str, Number | None]:
    """Return median, p90, km_median and km_p90 in seconds; None under 5 (p90: 10) or when not reached."""
    cohort = len(done) + len(waiting)
    found: dict[str, Fraction | None] = {
        "median": percentile(done, Fraction(1, 2)) if len(done) >= 5 else None,
        "p90": percentile(done, Fraction(9, 10)) if len(done) >= 10 else None,
        "km_median": still_waiting(done, waiting, Fraction(1, 2)) if cohort >= 5 else None,
        "km_p90": still_waiting(done, waiting, Fraction(1, 10)) if cohort >= 5 else None,
    }
    return {name: None if value is None else float(value) for name, value in found.items()}


def reached(found: Sequence[Call], entity: str, name: str, milestone: Milestone) -> datetime | None:
    """Return when somebody reached the milestone; `found` are production calls, oldest first."""
    hits = [
        call.time
        for call in of(found, entity, name)
        if call.succeeded and milestone.endpoint in (None, call.endpoint)
    ]
    return hits[milestone.count - 1] if len(hits) >= milestone.count else None


def activation(world: World, question: Question, entity: str, milestone: Milestone) -> list[Point]:
    """Reached the milestone within the window ÷ members whose window is closed; and the snapshot to date."""
    window = timedelta(days=question.activation_window_days)
    cohort, since = members(world, question, entity), calls_since(world, question)
    production = uses(world, question, "production")
    live = {member.name: reached(production, entity, member.name, milestone) for member in cohort}
    now = as_of(world, question)

    def measure(bucket: Bucket, group: Sequence[Member]) -> Measure:
        entered = [m for m in inside(bucket, group) if m.day >= since]
        mature = [m for m in entered if now is not None and m.entered + window <= now]
        won = [m for m in mature if (at := live[m.name]) is not None and at <= m.entered + window]
        there = [m for m in group if m.registered and m.day < bucket.end]
        end = midnight(bucket.end, question.zone)
        alive = [m for m in there if (at := live[m.name]) is not None and at < end]
        value = float(Fraction(len(won), len(mature))) if mature else None
        to_date = float(Fraction(len(alive), len(there))) if there else None
        absent = None if mature else OPEN if entered else "nobody entered"
        values = {"cohort": value, "to_date": to_date}
        return Measure(value, len(mature), values, absent, len(mature) < len(entered))

    return points(world, question, cohort, measure)


def activation_rate(world: World, question: Question) -> list[Point]:
    """Developers who reach the milestone."""
    return activation(world, question, question.entity or "developer", question.milestone)


def production_activation_rate(world: World, question: Question) -> list[Point]:
    """Partners that make it to production."""
    return activation(world, question, question.entity or "partner", Milestone())


def sandbox_activation(world: World, question: Question) -> list[Point]:
    """Ever in the sandbox by the bucket's end ÷ registered by then."""
    entity = question.entity or "partner"
    sandbox = [call for call in uses(world, question, "sandbox") if not call.refused]

    def measure(bucket: Bucket, group: Sequence[Member]) -> Measure:
        there = {member.name for member in by_the_end(bucket, group)}
        ever = who(sandbox, entity, date.min, bucket.end) & there
        now = who(sandbox, entity, bucket.start, bucket.end) & there
        values = {"ever": len(ever), "in_period": len(now), "registered": len(there)}
        if not there:
            return Measure(None, 0, values, "nobody is registered")
        return Measure(float(Fraction(len(ever), len(there))), len(there), values)

    def present(bucket: Bucket, group: Sequence[Member]) -> bool:
        return bool(by_the_end(bucket, group))

    return points(world, question, registered(world, question), measure, present=present)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric
    for metric in (time_to_first_call, activation_rate, production_activation_rate, sandbox_activation)
}
