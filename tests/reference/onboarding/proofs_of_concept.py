"""Do proofs of concept end, how soon, and what comes after?

Readings:
- Proofs of concept: the first poc_started of a partner and subject, ended by the first poc_completed of both at or
  after it. Converted: a paid subscription begun, or the first successful production call ever, at or after completion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.reference.asks import PARTNER, Ask
from tests.reference.calendar import local_day
from tests.reference.identity import followed, partner_dims, partner_row
from tests.reference.onboarding.activation import FEW, OPEN, seconds, wait_values
from tests.reference.onboarding.onboarding_quality import Case, lived, rate
from tests.reference.onboarding.onboarding_time import COHORTS
from tests.reference.onboarding.walking import steps
from tests.reference.question import Point, Question, World
from tests.reference.scope import Bucket, Measure, as_of, inside, points, sees


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof of concept."""

    partner: str
    started: datetime
    completed: datetime | None


def proofs(world: World, question: Question) -> list[Proof]:
    """Return the proofs of concept of partners that count."""
    walked = [row for row in steps(world, question) if row["of"] is not None]
    found = []
    pairs = {(row["of"], row.get("subject") or "") for row in walked if row["step"] == "poc_started"}
    for partner, subject in sorted(pairs):
        same = [row for row in walked if (row["of"], row.get("subject") or "") == (partner, subject)]
        started = min(row["time"] for row in same if row["step"] == "poc_started")
        ends = [row["time"] for row in same if row["step"] == "poc_completed" and row["time"] >= started]
        if partner_row(partner, world).get("status") not in ("test", "duplicate"):
            found.append(Proof(partner, started, min(ends, default=None)))
    return found


def poc_completion_rate(world: World, question: Question) -> list[Point]:
    """Completed within the window ÷ closed windows."""
    window = timedelta(days=question.activation_window_days)
    now = as_of(world, question)
    found = [
        Case(
            local_day(proof.started, question.zone),
            partner_dims(proof.partner, world),
            proof.completed is not None and proof.completed <= proof.started + window,
            now is not None and proof.started + window <= now,
        )
        for proof in proofs(world, question)
    ]
    return rate(question, world, found, OPEN)


def poc_conversion_rate(world: World, question: Question) -> list[Point]:
    """Paid or live within the window after completion ÷ closed windows."""
    window = timedelta(days=question.activation_window_days)
    now = as_of(world, question)
    live = lived(world, question)
    found = []
    for proof in proofs(world, question):
        done = proof.completed
        if done is None:
            continue
        moments = [
            row["started_at"]
            for row in world.get("subscriptions", ())
            if (row.get("kind") or "paid") == "paid"
            and followed(row["partner_id"], world) == proof.partner
            and sees(row["started_at"], question)
        ]
        moments += [live[proof.partner]] if proof.partner in live else []
        good = any(done <= moment <= done + window for moment in moments)
        closed = now is not None and done + window <= now
        found.append(Case(local_day(done, question.zone), partner_dims(proof.partner, world), good, closed))
    return rate(question, world, found, OPEN)


def poc_completion_time(world: World, question: Question) -> list[Point]:
    """Median, P90 and Kaplan–Meier of the time to completion."""
    now = as_of(world, question)
    found = []
    for proof in proofs(world, question):
        end = proof.completed or now or proof.started
        span = seconds(max(timedelta(0), end - proof.started))
        day = local_day(proof.started, question.zone)
        found.append(Case(day, partner_dims(proof.partner, world), proof.completed is not None, amount=span))

    def measure(bucket: Bucket, group: Sequence[Case]) -> Measure:
        here = inside(bucket, group)
        done = [case.amount for case in here if case.good and case.amount is not None]
        waiting = [case.amount for case in here if not case.good and case.amount is not None]
        values = wait_values(done, waiting)
        return Measure(values["median"], len(done), values, FEW if len(done) < 5 else None)

    return points(world, question, found, measure)


PROOF = Ask(PARTNER, PARTNER, COHORTS, extra=("onboarding",))

METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (poc_completion_rate, poc_conversion_rate, poc_completion_time)
}
ASKS: Mapping[str, Ask] = {
    "poc_completion_rate": PROOF,
    "poc_conversion_rate": PROOF,
    "poc_completion_time": PROOF,
}
