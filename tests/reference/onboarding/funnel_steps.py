"""How long do newcomers stay in each step, which step loses most, and who is stuck?

Readings:
- Steps as of the onboarding funnel; the entry of the preset `trial` is the first trial begun in the scope (a row of the
  journey or a subscription of kind trial or reverse_trial), of whoever is a member; `paid` is the issue of the first
  invoice line above zero that is no tax, credit or refund, of the partner's.
- Times in a step are of everybody who moved on, shares of those whose window is closed. A step stamped up to two
  seconds early was left at once; of one that a later one implied (it never came by itself, or later than the grace
  after) nobody knows how long it took. Kaplan–Meier watches those who have not moved on until as-of or the end of their
  window, whichever is first; the last step has none.
- Stuck: in a step longer than the P90 of those of the question (all buckets of it, all its filters) who moved on from
  it, or, with fewer than ten of them, than 14 days. No window closes; deleted partners are never stuck.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.reference.asks import Ask
from tests.reference.calendar import local_day
from tests.reference.identity import Member, entrants, followed, partner_row
from tests.reference.onboarding.activation import OPEN, seconds
from tests.reference.onboarding.funnel import STEPS, came, firsts, grace, others_of, step_times
from tests.reference.onboarding.onboarding_time import COHORTS
from tests.reference.onboarding.walking import home, steps, times
from tests.reference.question import Point, Question, World
from tests.reference.scope import Bucket, Measure, as_of, inside, points, sees, wanted
from tests.reference.survival import percentile, still_waiting

PRESETS = {**STEPS, "trial": ("trial_started", "first_success", "paid")}
HALF, NINE = Fraction(1, 2), Fraction(9, 10)


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody in a step, dated by the entry."""

    day: date
    dims: Mapping[str, str | None]
    mature: bool
    place: int
    last: bool
    since: datetime
    after: datetime | None
    skipped: bool
    until: datetime

    @property
    def moved(self) -> bool:
        """Whether the step after it was reached."""
        return self.after is not None

    @property
    def lasted(self) -> Fraction | None:
        """The seconds in it, where it was a step of its own and another followed."""
        if self.after is None or self.skipped:
            return None
        return max(Fraction(0), seconds(self.after - self.since))

    @property
    def watched(self) -> Fraction:
        """The seconds for which one could have seen another follow."""
        return max(Fraction(0), seconds(self.until - self.since))


def subscribed(world: World, question: Question, name: str, entity: str) -> list[datetime]:
    """Return when trials of somebody began."""
    owner = home(name, world) if entity == "developer" else name
    rows = [
        row["started_at"]
        for row in world.get("subscriptions", ())
        if row["kind"] in ("trial", "reverse_trial")
        and owner is not None
        and followed(row["partner_id"], world) == owner
        and sees(row["started_at"], question)
    ]
    return sorted([*rows, *times(steps(world, question), name, entity, "trial_started")])


def paid(world: World, question: Question, name: str, entity: str) -> list[datetime]:
    """Return when somebody was asked for money."""
    owner = home(name, world) if entity == "developer" else name
    return sorted(
        row["issued_at"]
        for row in world.get("invoice_lines", ())
        if owner is not None
        and followed(row["partner_id"], world) == owner
        and row["amount"] > 0
        and row["kind"] not in ("tax", "credit", "refund")
        and sees(row["issued_at"], question)
    )


def moments_of(world: World, question: Question, entity: str) -> Callable[[str, Member], Sequence[datetime]]:
    """Return a function that gives the moments at which a member did a step of any preset."""
    when = step_times(world, question, entity)

    def moments(step: str, member: Member) -> Sequence[datetime]:
        if step == "trial_started":
            return subscribed(world, question, member.name, entity)
        if step == "paid":
            return paid(world, question, member.name, entity)
        return when(step, member)

    return moments


def began(question: Question, member: Member, first: str, times_of: Sequence[datetime]) -> datetime | None:
    """Return when a member entered: with its account, or with the first trial begun in the scope."""
    if first != "trial_started":
        return member.entered
    start, end = question.start or date.min, question.end or date.max
    return min((time for time in times_of if start <= local_day(time, question.zone) < end), default=None)


def stays(
    world: World, question: Question, entity: str, window: timedelta | None
) -> list[tuple[Member, Stay]]:
    """Return every stay of every member in every step."""
    names = PRESETS[question.set.get("preset", "program")]
    moments = moments_of(world, question, entity)
    others = others_of(world, question, entity)
    found = []
    for member in entrants(world, question, entity):
        entry = began(question, member, names[0], moments(names[0], member))
        if entry is None:
            continue
        each = [moments(step, member) for step in names[1:]]
        reached = came(entry, each, window, question, others(member.name))
        own = firsts(entry, each, window, grace(question))
        until = as_of(world, question)
        if until is not None and window is not None:
            until = min(until, entry + window)
        for place, at in enumerate(reached, 1):
            if at is not None:
                after = reached[place] if place < len(names) else None
                name, last = names[place - 1], place == len(names)
                stay = Stay(
                    day=local_day(entry, question.zone),
                    dims={**member.dims, "step": name},
                    mature=matured(world, question, entry, window),
                    place=place,
                    last=last,
                    since=at,
                    after=after,
                    skipped=skipped(question, own[place - 1], at),
                    until=until or at,
                )
                found.append((member, stay))
    return found


def matured(world: World, question: Question, entry: datetime, window: timedelta | None) -> bool:
    """Return whether somebody's window is closed."""
    now = as_of(world, question)
    return now is not None and (window is None or entry + window <= now)


def skipped(question: Question, own: datetime | None, at: datetime) -> bool:
    """Return whether a later step implied one: its own first time is missing, or later than the grace allows."""
    implied = question.set.get("mode") == "implied"
    return implied and (own is None or own > at + grace(question))


def entity_of(question: Question) -> str:
    """Return whom the preset counts."""
    return question.entity or ("developer" if question.set.get("preset") == "developer" else "partner")


def funnel_step_times(world: World, question: Question) -> list[Point]:
    """Lost ÷ reached of those whose window is closed; median and P90 of the time in a step."""
    window = timedelta(days=question.activation_window_days)
    facts = [stay for _, stay in stays(world, question, entity_of(question), window)]

    def measure(bucket: Bucket, group: Sequence[Stay]) -> Measure:
        here = inside(bucket, group)
        closed = [stay for stay in here if stay.mature]
        lost = sum(not stay.moved and not stay.last for stay in closed)
        lasted = [stay.lasted for stay in here if stay.lasted is not None]
        share = float(Fraction(lost, len(closed))) if closed else None
        timed = [stay for stay in here if not stay.last and not stay.skipped]
        waiting = [stay.watched for stay in timed if stay.lasted is None]
        values = {
            "lost_share": share,
            "reached": len(closed),
            "lost": lost,
            "median": float(percentile(lasted, HALF)) if len(lasted) >= 5 else None,
            "p90": float(percentile(lasted, NINE)) if len(lasted) >= 10 else None,
        }
        for name, left in (("km_median", HALF), ("km_p90", 1 - NINE)):
            end = still_waiting(lasted, waiting, left) if len(timed) >= 5 else None
            values[name] = None if end is None else float(end)
        return Measure(share, len(closed), values, None if closed else OPEN, len(closed) < len(here))

    return points(world, question, facts, measure)


def stuck_partners(world: World, question: Question) -> list[Point]:
    """Time since the step, of those longer in it than is usual."""
    everything = [
        (member, stay)
        for member, stay in stays(world, question, entity_of(question), None)
        if wanted(stay.dims, widened(question))
        and (question.start or date.min) <= stay.day < (question.end or date.max)
    ]
    now = as_of(world, question)
    days = Fraction(86400 * int(question.set.get("stalled_days", "14")))
    allowed = {}
    for place in {stay.place for _, stay in everything}:
        lasted = [s.lasted for _, s in everything if s.place == place and s.lasted is not None]
        allowed[place] = percentile(lasted, NINE) if len(lasted) >= 10 else days
    stuck = []
    for member, stay in everything:
        deleted = partner_row(member.dims["partner"], world).get("status") == "deleted"
        waits = now is not None and seconds(now - stay.since) > allowed[stay.place]
        if not stay.moved and not stay.last and waits and not deleted:
            stuck.append(stay)

    def measure(bucket: Bucket, group: Sequence[Stay]) -> Measure:
        here = inside(bucket, group)
        longest = max((seconds(now - stay.since) for stay in here if now), default=None)
        limit = max((allowed[stay.place] for stay in here), default=None)
        values = {
            "waited": None if longest is None else float(longest),
            "allowed": None if limit is None else float(limit),
            "stuck": len(here),
        }
        return Measure(values["waited"], len(here), values, None if here else "nobody")

    return points(world, question, stuck, measure)


def widened(question: Question) -> Question:
    """Return the question without a filter by step: what is usual in a step is the same whatever is shown."""
    return replace(question, where={name: kept for name, kept in question.where.items() if name != "step"})


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    "funnel_step_times": funnel_step_times,
    "stuck_partners": stuck_partners,
}
SIDES = ("partner", "segment", "country", "channel")
SHOWN = (
    *(("preset", name) for name in ("journey", "developer", "trial", "trial")),
    *(("mode", name) for name in ("strict", "any", "implied", "implied")),
    ("grace_seconds", "3600"),
)
ASKS: Mapping[str, Ask] = {
    "funnel_step_times": Ask(
        SIDES,
        (*SIDES, "step"),
        COHORTS,
        variants=SHOWN,
        always_by=("step",),
        extra=("onboarding",),
        values={"step": ("registered", "first_success", "trial_started", "production")},
        of_calls=True,
    ),
    "stuck_partners": Ask(
        SIDES,
        (*SIDES, "step"),
        COHORTS,
        variants=(*SHOWN, ("stalled_days", "1"), ("stalled_days", "60")),
        always_by=("step",),
        extra=("onboarding",),
        values={"step": ("registered", "first_success", "trial_started", "production")},
    ),
}
