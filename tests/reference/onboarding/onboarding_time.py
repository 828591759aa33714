"""How long did newcomers take for each stage, who was faster than usual, and who never came back?

Readings:
- Whoever made any call before signing up is left out of every time (as of the time to the first call).
- The credential is the first `credentials_issued` of the journey at or after sign-up, else the first credential whose
  `valid_from` is at or after it. The part from credential to call exists when the call is not before the credential.
- `onboarding_time` until the first call means the first successful one, in any environment.
- `activation_speed`: partners by the local day of their first successful production call of use ever; the usual time
  is the median over the 365 days that end with the bucket (cut by as-of), whatever the filters.
- `never_came_back`: more than 14 × 24 hours ago; days are parts of 24 hours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.reference.asks import PARTNER, Ask
from tests.reference.calendar import DAY, INSTANT, local_day
from tests.reference.identity import Member, calls, entrants, followed, uses
from tests.reference.onboarding.activation import FEW, of, reached, seconds, wait_values
from tests.reference.onboarding.walking import steps, times
from tests.reference.question import Grain, Milestone, Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, as_of, inside, points, sees
from tests.reference.survival import percentile

HALF = Fraction(1, 2)
COHORTS: tuple[Grain, ...] = ("week", "month", "month", "quarter", "quarter", "year", "all")


def untouched(world: World, question: Question, entity: str) -> list[Member]:
    """Return the members who made no call before they came."""
    everything = calls(world, question)
    return [
        member
        for member in entrants(world, question, entity)
        if all(call.time >= member.entered for call in of(everything, entity, member.name))
    ]


def measured(
    world: World,
    question: Question,
    cohort: Sequence[Member],
    ends: Mapping[str, datetime | None],
    parts: Mapping[str, Mapping[str, Fraction]],
) -> list[Point]:
    """Return median, P90 and Kaplan–Meier of the time to `ends`, and the median of each part."""
    now = as_of(world, question)

    def measure(bucket: Bucket, group: Sequence[Member]) -> Measure:
        here = inside(bucket, group)
        done, waiting = [], []
        for member in here:
            end = ends[member.name]
            if end is None:
                waiting.append(seconds(max(timedelta(0), (now or member.entered) - member.entered)))
            else:
                done.append(seconds(end - member.entered))
        values = wait_values(done, waiting)
        for name, lasted in parts.items():
            known = [lasted[member.name] for member in here if member.name in lasted]
            values[name] = float(percentile(known, HALF)) if len(known) >= 5 else None
        return Measure(values["median"], len(done), values, FEW if len(done) < 5 else None)

    return points(world, question, cohort, measure)


def credential_of(world: World, question: Question, member: Member, entity: str) -> datetime | None:
    """Return when somebody got the first credential after coming."""
    told = [
        time
        for time in times(steps(world, question), member.name, entity, "credentials_issued")
        if time >= member.entered
    ]
    if told:
        return told[0]
    held = []
    for row in world.get("credentials", ()):
        owner = row.get("developer_id") if entity == "developer" else followed(row["partner_id"], world)
        since = row.get("valid_from")
        if owner == member.name and since and since >= member.entered and sees(since, question):
            held.append(since)
    return min(held, default=None)


def time_to_first_attempt(world: World, question: Question) -> list[Point]:
    """From sign-up to the first call of any answer, and the parts of the way to the first success."""
    entity = question.entity or "developer"
    cohort = untouched(world, question, entity)
    used = uses(world, question, question.environment or "any")
    ends: dict[str, datetime | None] = {}
    parts: dict[str, dict[str, Fraction]] = {
        "to_credential": {},
        "credential_to_attempt": {},
        "attempt_to_success": {},
    }
    for member in cohort:
        hers = of(used, entity, member.name)
        first = min((call.time for call in hers), default=None)
        good = min((call.time for call in hers if call.succeeded), default=None)
        credential = credential_of(world, question, member, entity)
        ends[member.name] = first
        if credential is not None:
            parts["to_credential"][member.name] = seconds(credential - member.entered)
            if first is not None and first >= credential:
                parts["credential_to_attempt"][member.name] = seconds(first - credential)
        if first is not None and good is not None:
            parts["attempt_to_success"][member.name] = seconds(good - first)
    return measured(world, question, cohort, ends, parts)


def onboarding_time(world: World, question: Question) -> list[Point]:
    """From registration to the first successful production call, or the first successful one anywhere."""
    entity = question.entity or "partner"
    cohort = untouched(world, question, entity)
    anywhere = question.set.get("until") == "first_call"
    used = uses(world, question, question.environment or "any")
    good = [call for call in used if call.succeeded and (anywhere or call.environment == "production")]
    ends = {
        member.name: min((call.time for call in of(good, entity, member.name)), default=None)
        for member in cohort
    }
    return measured(world, question, cohort, ends, {})


def time_to_meaningful_use(world: World, question: Question) -> list[Point]:
    """From sign-up to the milestone."""
    entity = question.entity or "developer"
    cohort = untouched(world, question, entity)
    production = uses(world, question, "production")
    milestone = Milestone(count=2) if "milestone" in question.set else question.milestone
    ends = {member.name: reached(production, entity, member.name, milestone) for member in cohort}
    return measured(world, question, cohort, ends, {})


@dataclass(frozen=True, slots=True)
class Live:
    """A partner that went live."""

    day: date
    dims: Mapping[str, str | None]
    waited: Fraction


def activation_speed(world: World, question: Question) -> list[Point]:
    """The usual time to production less a partner's own."""
    production = [call for call in uses(world, question, "production") if call.succeeded]
    found = []
    for member in untouched(world, question, "partner"):
        first = min((call.time for call in of(production, "partner", member.name)), default=None)
        if first is not None:
            day = local_day(first, question.zone)
            found.append(Live(day, member.dims, seconds(first - member.entered)))

    def measure(bucket: Bucket, group: Sequence[Live]) -> Measure:
        here = [live.waited for live in inside(bucket, group)]
        end = bucket.end
        if question.as_of is not None:
            end = min(end, local_day(question.as_of - INSTANT, question.zone) + DAY)
        usual = [live.waited for live in found if end - DAY * 365 <= live.day < end]
        own = percentile(here, HALF) if here else None
        values: dict[str, Number | None] = {"own": None if own is None else float(own)}
        median = percentile(usual, HALF) if len(usual) >= 5 else None
        faster = None if own is None or median is None else float(median - own)
        values |= {"faster_by": faster, "usual": None if median is None or not here else float(median)}
        values["compared"] = len(usual) if here else 0
        return Measure(faster, len(usual) if here else 0, values, None if faster is not None else FEW)

    return points(world, question, found, measure)


def never_came_back(world: World, question: Question) -> list[Point]:
    """Members of the bucket without any call of use, more than 14 days after they came."""
    entity = question.entity or "partner"
    patience = DAY * int(question.set.get("silent_days", "14"))
    used = uses(world, question, "any")
    now = as_of(world, question)
    silent = [member for member in entrants(world, question, entity) if not of(used, entity, member.name)]

    def measure(bucket: Bucket, group: Sequence[Member]) -> Measure:
        here = inside(bucket, group)
        gone = [member for member in here if now is not None and member.entered + patience < now]
        longest = max((seconds(now - member.entered) for member in gone if now), default=None)
        days = None if longest is None else float(longest / 86400)
        return Measure(
            len(gone),
            len(gone),
            {"partners": len(gone), "days": days, "waiting": len(here) - len(gone)},
            open=len(gone) < len(here),
        )

    return points(world, question, silent, measure)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric
    for metric in (
        time_to_first_attempt,
        onboarding_time,
        time_to_meaningful_use,
        activation_speed,
        never_came_back,
    )
}
BOTH = ("developer", "partner")
ASKS: Mapping[str, Ask] = {
    "time_to_first_attempt": Ask(
        PARTNER, PARTNER, COHORTS, BOTH, environments=True, extra=("onboarding",), of_calls=True
    ),
    "onboarding_time": Ask(
        PARTNER, PARTNER, COHORTS, BOTH, variants=(("until", "first_call"),), of_calls=True
    ),
    "time_to_meaningful_use": Ask(
        PARTNER, PARTNER, COHORTS, BOTH, variants=(("milestone", "2 successful production calls"),)
    ),
    "activation_speed": Ask(PARTNER, PARTNER, always_by=("partner",), of_calls=True),
    "never_came_back": Ask(
        PARTNER, PARTNER, COHORTS, BOTH, variants=(("silent_days", "30"),), extra=("onboarding",)
    ),
}
