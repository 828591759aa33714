"""How long do newcomers wait for an approval, and do they know which product they need?

Readings:
- The approval is the first `approved` at or after registration; who has none waits when pending, or after an
  `approval_requested` unless deleted; nobody else is counted. Whoever called before registering is left out.
- Choices lie from registration to the end of the window and before the first call of use in any environment. Whoever
  called, or whose window is closed, is judged. Changed: two products named; repeated: more than one choice otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.reference.asks import PARTNER, Ask
from tests.reference.identity import Member, entrants, partner_row, uses
from tests.reference.onboarding.activation import FEW, OPEN, of, seconds, wait_values
from tests.reference.onboarding.onboarding_time import COHORTS, untouched
from tests.reference.onboarding.walking import steps, times
from tests.reference.question import Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, as_of, inside, points
from tests.reference.survival import percentile

HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Wait:
    """A newcomer with what it waited for."""

    asked: datetime | None
    approved: datetime | None
    waits: bool


def approval_time(world: World, question: Question) -> list[Point]:
    """From registration to the approval; those still waiting by Kaplan–Meier."""
    entity = question.entity or "partner"
    cohort = untouched(world, question, entity)
    walked, now = steps(world, question), as_of(world, question)

    def wait(member: Member) -> Wait:
        asked, approved = (
            min((at for at in times(walked, member.name, entity, step) if at >= member.entered), default=None)
            for step in ("approval_requested", "approved")
        )
        status = partner_row(member.dims["partner"], world).get("status")
        waiting = status == "pending" or (asked is not None and status != "deleted")
        return Wait(asked, approved, approved is None and waiting)

    found = {member.name: wait(member) for member in cohort}

    def measure(bucket: Bucket, group: Sequence[Member]) -> Measure:
        here = [(member, found[member.name]) for member in inside(bucket, group)]
        done = [seconds(each.approved - who.entered) for who, each in here if each.approved]
        waiting = [
            seconds(max(timedelta(0), (now or who.entered) - who.entered)) for who, each in here if each.waits
        ]
        values = wait_values(done, waiting)
        parts = {
            "to_request": [seconds(each.asked - who.entered) for who, each in here if each.asked],
            "request_to_approval": [
                seconds(each.approved - each.asked)
                for _, each in here
                if each.asked and each.approved and each.approved >= each.asked
            ],
        }
        for name, lasted in parts.items():
            values[name] = float(percentile(lasted, HALF)) if len(lasted) >= 5 else None
        values |= {"done": len(done), "waiting": len(waiting)}
        return Measure(values["median"], len(done), values, FEW if len(done) < 5 else None)

    return points(world, question, cohort, measure)


@dataclass(frozen=True, slots=True)
class Chooser:
    """A newcomer that chose."""

    day: date
    dims: Mapping[str, str | None]
    products: Sequence[str | None]
    mature: bool


def product_choice_changes(world: World, question: Question) -> list[Point]:
    """Chose more than once before the first call ÷ chose."""
    entity = question.entity or "partner"
    window = timedelta(days=question.activation_window_days)
    used = uses(world, question, question.environment or "any")
    walked, now = steps(world, question), as_of(world, question)
    side = "who" if entity == "developer" else "of"
    found = []
    for member in entrants(world, question, entity):
        first = min((call.time for call in of(used, entity, member.name)), default=None)
        until = member.entered + window
        chosen = [
            row.get("subject")
            for row in walked
            if row[side] == member.name
            and row["step"] == "product_selected"
            and member.entered <= row["time"] <= until
            and (first is None or row["time"] < first)
        ]
        if chosen:
            mature = first is not None or (now is not None and until <= now)
            found.append(Chooser(member.day, member.dims, chosen, mature))

    def measure(bucket: Bucket, group: Sequence[Chooser]) -> Measure:
        here = inside(bucket, group)
        judged = [each for each in here if each.mature]
        again = [each for each in judged if len(each.products) > 1]
        changed = sum(len(set(each.products) - {None}) > 1 for each in again)
        rate = float(Fraction(len(again), len(judged))) if judged else None
        values: dict[str, Number | None] = {
            "rate": rate,
            "changed": changed,
            "repeated": len(again) - changed,
            "chose": len(judged),
        }
        return Measure(rate, len(judged), values, None if judged else OPEN, len(judged) < len(here))

    return points(world, question, found, measure)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    "approval_time": approval_time,
    "product_choice_changes": product_choice_changes,
}
_ASK = Ask(PARTNER, PARTNER, COHORTS, ("developer", "partner"), extra=("blocker",))
ASKS: Mapping[str, Ask] = {"approval_time": _ASK, "product_choice_changes": _ASK}
