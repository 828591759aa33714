"""How far do newcomers come, step by step, within a window from their entry?

Readings:
- Presets: `s2` (default; partners): registered > sandbox_active > first_success > production. `journey`
  (partners): registered > docs_viewed > credentials_requested > first_success > production. `developer`
  (developers): signup > first_call (the first successful one, as S1 has it) > activation (the milestone)
  > scaling (the last successful production call of the local day on which their running total is met).
- The window is `activation_window_days` times 24 hours from the entry, its end included.
- Each step is a list of moments. A later step follows an earlier one at the same moment or up to 2
  seconds before it, so one successful sandbox call is both sandbox activity and a first success. The
  entry is the registration.
- open: members whose window is not closed at as-of, converted or not; steps, dropped and the share are
  counted over the others (mature = converted + dropped).
- A journey row belongs to its partner, else to its developer's, else to the developer whom the first
  `identified` row of its anonymous id names. Steps of the journey before the entry do not count.
- The activation step is a successful production call; with a milestone of the program's own it is when
  that was reached, over all production calls, and reached before the first success it does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.reference.activation import OPEN, of, reached
from tests.reference.identity import Call, Member, followed, members, uses
from tests.reference.question import Milestone, Number, Point, Question, Row, World
from tests.reference.scope import Bucket, Measure, as_of, inside, points, sees

GRACE = timedelta(seconds=2)
STEPS = {
    "s2": ("registered", "sandbox_active", "first_success", "production"),
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


def depth(entered: datetime, steps: Sequence[Sequence[datetime]], window: timedelta) -> int:
    """Return how many steps were reached, the entry included."""
    last, count = entered, 1
    for moments in steps:
        fitting = [time for time in moments if time >= last - GRACE and time - entered <= window]
        if not fitting:
            break
        last = min(fitting)
        count += 1
    return count


def onboarding_funnel(world: World, question: Question) -> list[Point]:
    """Share of the closed cohort that came to the last step; members at each step; open and dropped."""
    preset = question.set.get("preset", "s2")
    steps = STEPS[preset]
    entity = question.entity or ("developer" if preset == "developer" else "partner")
    window = timedelta(days=question.activation_window_days)
    cohort = members(world, question, entity)
    times = step_times(world, question, entity)
    came = {
        member.name: depth(member.entered, [times(step, member) for step in steps[1:]], window)
        for member in cohort
    }
    now = as_of(world, question)

    def measure(bucket: Bucket, group: Sequence[Member]) -> Measure:
        entered = inside(bucket, group)
        mature = [m for m in entered if now is not None and m.entered + window <= now]
        counts = [sum(came[m.name] >= n for m in mature) for n in range(1, len(steps) + 1)]
        share = float(Fraction(counts[-1], len(mature))) if mature else None
        values: dict[str, Number | None] = {"converted": share}
        values |= dict(zip(steps, counts, strict=True))
        values |= {"open": len(entered) - len(mature), "dropped": len(mature) - counts[-1]}
        absent = None if mature else OPEN if entered else "nobody entered"
        return Measure(share, len(mature), values, absent, len(mature) < len(entered))

    return points(world, question, cohort, measure)
