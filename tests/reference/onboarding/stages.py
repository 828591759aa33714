"""At which stage of onboarding does everybody stand, and since when?

Readings:
- Members registered (pending, approved, suspended) by the bucket's end; the stage is the last of the preset's steps
  that they had ever come to by then, before their registration too. It began when they first came to it.
- With the first step an event (preset `trial`), those who came to no step stand nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.reference.asks import PARTNER, Ask
from tests.reference.calendar import midnight
from tests.reference.identity import Member, members
from tests.reference.onboarding.activation import seconds
from tests.reference.onboarding.funnel_steps import PRESETS, entity_of, moments_of
from tests.reference.question import Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, as_of, buckets, inside, points, wanted
from tests.reference.survival import percentile


@dataclass(frozen=True, slots=True)
class Standing:
    """A member at the end of a bucket."""

    day: date
    dims: Mapping[str, str | None]
    place: int
    lasted: Fraction


def end_of(bucket: Bucket, question: Question) -> datetime:
    """Return the first moment that a bucket does not see."""
    end = midnight(bucket.end, question.zone)
    return end if question.as_of is None else min(end, question.as_of)


def stood(
    world: World,
    question: Question,
    bucket: Bucket,
    came: Mapping[str, Sequence[datetime | None]],
    who: Member,
) -> Standing | None:
    """Return where a member stands at the end of a bucket."""
    end, now = end_of(bucket, question), as_of(world, question)
    if not who.registered or who.entered >= end:
        return None
    names = PRESETS[question.set.get("preset", "program")]
    found = [(place, at) for place, at in enumerate(came[who.name], 1) if at is not None and at < end]
    if not found:
        return None
    place, since = found[-1]
    lasted = max(timedelta(0), (min(end, now) if now else end) - since)
    return Standing(bucket.start, {**who.dims, "step": names[place - 1]}, place, seconds(lasted))


def onboarding_stages(world: World, question: Question) -> list[Point]:
    """How many stand at each step, and for how long."""
    entity = entity_of(question)
    everybody = members(world, question, entity)
    moments = moments_of(world, question, entity)
    names = PRESETS[question.set.get("preset", "program")]
    account = names[0] in ("registered", "signup")
    came = {
        who.name: [
            who.entered if account and step == names[0] else min(moments(step, who), default=None)
            for step in names
        ]
        for who in everybody
    }
    kept = replace(question, where={name: of for name, of in question.where.items() if name != "step"})
    days = [who.day for who in everybody if wanted(who.dims, kept)]
    facts = [
        at
        for bucket in buckets(world, question, days)
        for who in everybody
        if (at := stood(world, question, bucket, came, who))
    ]

    def measure(bucket: Bucket, group: Sequence[Standing]) -> Measure:
        here = inside(bucket, group)
        lasted = [each.lasted for each in here]
        values: dict[str, Number | None] = {
            "partners": len(here),
            "median": float(percentile(lasted, Fraction(1, 2))) if len(here) >= 5 else None,
            "p90": float(percentile(lasted, Fraction(9, 10))) if len(here) >= 10 else None,
            "longest": float(max(lasted)) if here else None,
            "place": min((each.place for each in here), default=None),
        }
        return Measure(len(here), len(here), values)

    return points(world, question, facts, measure, counted=days)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {"onboarding_stages": onboarding_stages}
ASKS: Mapping[str, Ask] = {
    "onboarding_stages": Ask(
        PARTNER,
        (*PARTNER, "step"),
        variants=(("preset", "journey"), ("preset", "developer"), ("preset", "trial")),
        always_by=("step",),
        extra=("onboarding",),
        values={"step": ("registered", "first_success", "trial_started", "production")},
        of_calls=True,
    )
}
