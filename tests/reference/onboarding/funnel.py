"""How far do newcomers come, step by step, within a window from their entry?

Readings:
- Presets: `program` (default; partners): registered > sandbox_active > first_success > production. `journey`
  (partners): registered > docs_viewed > credentials_requested > first_success > production. `developer`
  (developers): signup > first_call (the first successful one) > activation (the milestone)
  > scaling (the last successful production call of the local day on which their running total is met).
- The window is `activation_window_days` times 24 hours from the entry, its end included.
- Each step is a list of moments. A later step follows an earlier one at the same moment or up to 2
  seconds (`grace_seconds`) before it, so one successful sandbox call is both sandbox activity and a
  first success. The entry is the registration.
- Modes: in `strict` a step does not count when a row of the member's journey lies strictly between it
  and the step before; in `any` each step counts from the entry on, whatever the others do; so it does
  in `implied`, where a step has the time of the first of itself and those after it.
- open: members whose window is not closed at as-of, converted or not; steps, dropped and the share are
  counted over the others (mature = converted + dropped).
- A journey row belongs to its partner, else to its developer's, else to the developer whom the first
  `identified` row of its anonymous id names. Steps of the journey before the entry do not count.
- The activation step is a successful production call; with a milestone of the program's own it is when
  that was reached, over all production calls, and reached before the first success it does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.reference.identity import Call, Member, entrants, followed, uses
from tests.reference.onboarding.activation import OPEN, of, reached
from tests.reference.onboarding.walking import steps as walked
from tests.reference.question import Milestone, Number, Point, Question, Row, World
from tests.reference.scope import Bucket, Measure, as_of, inside, points, sees

STEPS = {
    "program": ("registered", "sandbox_active", "first_success", "production"),
    "journey": ("registered", "docs_viewed", "credentials_requested", "first_success", "production"),
    "developer": ("signup", "first_call", "activation", "scaling"),
}


def journey_partner(row: Row, world: World, rows: Sequence[Row]) -> str | None:
    """Return the partner a journey row belongs to."""
    if row.get("partner_id"):
        return followed(row["partner_id"], world)
    developer = row.get("developer_id")
    if developer is None and row.get("anonymous_id") is not None:
        same = [
            other
            for other in sorted(rows, key=lambda other: (other["time"], other.get("developer_id") or ""))
            if other["step"] == "identified"
            and other.get("anonymous_id") == row["anonymous_id"]
            and other.get("developer_id")
        ]
        developer = same[0]["developer_id"] if same else None
    people = [person for person in world.get("developers", ()) if person["developer_id"] == developer]
    return followed(people[0].get("partner_id"), world) if people else None


def step_times(world: World, question: Question, entity: str) -> Callable[[str, Member], list[datetime]]:
    """Return a function that gives the moments at which a member did a step."""
    found = uses(world, question, "any")
    production = uses(world, question, "production")
    rows = [row for row in world.get("journey", ()) if sees(row["time"], question)]

    def called(name: str, keep: Callable[[Call], bool]) -> list[datetime]:
        return [call.time for call in of(found, entity, name) if keep(call)]

    def times(step: str, member: Member) -> list[datetime]:
        if step == "sandbox_active":
            return called(member.name, lambda call: call.environment == "sandbox" and not call.refused)
        if step in {"first_success", "first_call"}:
            return called(member.name, lambda call: call.succeeded)
        if step == "production" or (step == "activation" and question.milestone == Milestone()):
            return called(member.name, lambda call: call.environment == "production" and call.succeeded)
        if step == "scaling":
            good = called(member.name, lambda call: call.environment == "production" and call.succeeded)
            return grown(good, int(question.set.get("scaling_calls", "1000")), question.zone)
        if step == "activation":
            moment = reached(production, entity, member.name, question.milestone)
            return [] if moment is None else [moment]
        mine = [row for row in rows if journey_partner(row, world, rows) == member.name]
        return [row["time"] for row in mine if row["step"] == step]

    return times


def grown(calls: Sequence[datetime], least: int, zone: str) -> list[datetime]:
    """Return the last call of each local day by whose end there had been at least `least` calls."""
    last: dict[date, datetime] = {}
    total: dict[date, int] = {}
    for place, time in enumerate(sorted(calls), 1):
        day = time.astimezone(ZoneInfo(zone)).date()
        last[day], total[day] = time, place
    return [time for day, time in last.items() if total[day] >= least]


def grace(question: Question) -> timedelta:
    """Return how long before the one it follows a step may be stamped."""
    return timedelta(seconds=int(question.set.get("grace_seconds", "2")))


def firsts(
    entered: datetime, steps: Sequence[Sequence[datetime]], window: timedelta | None, slack: timedelta
) -> list[datetime | None]:
    """Return the first time of each step from the entry on, the entry first."""
    found: list[datetime | None] = [entered]
    for moments in steps:
        fitting = [
            time
            for time in moments
            if time >= entered - slack and (window is None or time - entered <= window)
        ]
        found.append(min(fitting, default=None))
    return found


def one_by_one(
    entered: datetime,
    steps: Sequence[Sequence[datetime]],
    window: timedelta | None,
    slack: timedelta,
    others: Sequence[datetime],
) -> list[datetime | None]:
    """Return the time of each step that follows the one before it with none of the others between."""
    found: list[datetime | None] = [entered]
    for moments in steps:
        last = found[-1]
        fitting = [
            time
            for time in moments
            if last is not None and time >= last - slack and (window is None or time - entered <= window)
        ]
        first = min(fitting, default=None)
        if first is not None and last is not None and any(last < other < first for other in others):
            first = None
        found.append(first)
    return found


def came(
    entered: datetime,
    steps: Sequence[Sequence[datetime]],
    window: timedelta | None,
    question: Question,
    others: Sequence[datetime],
) -> list[datetime | None]:
    """Return the time of each step as the mode has it, the entry first; None when it was not reached."""
    mode, slack = question.set.get("mode", "ordered"), grace(question)
    if mode in {"ordered", "strict"}:
        return one_by_one(entered, steps, window, slack, others if mode == "strict" else ())
    alone = firsts(entered, steps, window, slack)
    if mode == "any":
        return alone
    later = [[time for time in alone[place:] if time is not None] for place in range(len(alone))]
    return [entered, *(min(times, default=None) for times in later[1:])]


def others_of(world: World, question: Question, entity: str) -> Callable[[str], list[datetime]]:
    """Return a function that gives the moments of everything in a member's journey."""
    rows = walked(world, question)
    side = "who" if entity == "developer" else "of"
    return lambda name: [row["time"] for row in rows if row[side] == name]


def onboarding_funnel(world: World, question: Question) -> list[Point]:
    """Share of the closed cohort that came to the last step; members at each step; open and dropped."""
    preset = question.set.get("preset", "program")
    steps = STEPS[preset]
    entity = question.entity or ("developer" if preset == "developer" else "partner")
    window = timedelta(days=question.activation_window_days)
    anyhow = question.set.get("mode") == "any"
    cohort = entrants(world, question, entity)
    times = step_times(world, question, entity)
    others = others_of(world, question, entity)
    reached_at = {
        member.name: came(
            member.entered,
            [times(step, member) for step in steps[1:]],
            window,
            question,
            others(member.name),
        )
        for member in cohort
    }
    now = as_of(world, question)

    def measure(bucket: Bucket, group: Sequence[Member]) -> Measure:
        entered = inside(bucket, group)
        mature = [m for m in entered if now is not None and m.entered + window <= now]
        times_of = [reached_at[m.name] for m in mature]
        counts = [sum(at[place] is not None for at in times_of) for place in range(len(steps))]
        done = sum(None not in at[1:] if anyhow else at[-1] is not None for at in times_of)
        share = float(Fraction(done, len(mature))) if mature else None
        values: dict[str, Number | None] = {"converted": share}
        values |= dict(zip(steps, counts, strict=True))
        values |= {"open": len(entered) - len(mature), "dropped": len(mature) - done}
        absent = None if mature else OPEN if entered else "nobody entered"
        return Measure(share, len(mature), values, absent, len(mature) < len(entered))

    return points(world, question, cohort, measure)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (onboarding_funnel,)
}
