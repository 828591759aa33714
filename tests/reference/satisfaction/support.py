"""How much support do developers need: tickets per head, by topic, in onboarding, and how long they take?

Readings:
- A row that names no partner belongs to the partner of its developer, once that one has signed up; merges are
  followed. Rows of test and duplicate accounts are left out, rows of nobody are not.
- `support_ticket_ratio`: tickets of nobody are not of an external partner and left out. Over more than one month,
  developers count once for each calendar month in which they are active, so that the ratio stays one per month.
- `tickets_by_topic`: shares are of the tickets that the filters keep in the bucket.
- `tickets_per_partner`: tickets of nobody are counted apart, as `unattributed`. A ticket is one of onboarding when its
  partner had no successful call in the environment (production) at or before its opening.
- `improvement_backlog`: who is affected is the developer, else the partner, else the ticket itself.
- What was resolved before it was opened is left out of times and said in a note.
- `onboarding_support_load`: tickets opened from the entry up to the window's end, which is outside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.reference.asks import PARTNER, Ask
from tests.reference.calendar import local_day
from tests.reference.identity import (
    NOT_OURS,
    Call,
    Member,
    followed,
    members,
    partner_dims,
    partner_row,
    uses,
)
from tests.reference.onboarding.activation import seconds, wait_values
from tests.reference.question import Grain, Number, Point, Question, Row, World
from tests.reference.scope import Bucket, Measure, any_inside, as_of, inside, points, sees, wanted


@dataclass(frozen=True, slots=True)
class Said:
    """A row of a table with whom it belongs to; `row` is empty where a call stands for itself."""

    day: date
    dims: Mapping[str, str | None]
    row: Row
    partner: str | None = None
    developer: str | None = None


def owner(row: Row, world: World) -> str | None:
    """Return the partner a row belongs to by what is known now, merges followed."""
    name = row.get("partner_id")
    if name is None:
        people = {each["developer_id"]: each for each in world.get("developers", ())}
        name = people.get(row.get("developer_id"), {}).get("partner_id")
    return followed(name, world)


def signals(
    world: World,
    question: Question,
    table: str,
    when: str,
    more: Callable[[Row], Mapping[str, str | None]] = lambda _: {},
) -> list[Said]:
    """Return the rows of a table in sight that external partners or nobody brought, dated by `when`."""
    found = []
    for row in world.get(table, ()):
        partner = owner(row, world)
        if not sees(row[when], question) or partner_row(partner, world).get("status") in NOT_OURS:
            continue
        dims = {**partner_dims(partner, world), "developer": row.get("developer_id"), **more(row)}
        day = local_day(row[when], question.zone)
        found.append(Said(day, dims, row, partner, row.get("developer_id")))
    return found


def endpoint(row: Row) -> str | None:
    """Return the endpoint a ticket is about, when both its method and route are known."""
    if row.get("method") is None or row.get("route") is None:
        return None
    return f"{row['method']} {row['route']}"


def about(row: Row) -> dict[str, str | None]:
    """Return the dimensions a ticket has of its own."""
    return {"topic": row.get("topic"), "product": row.get("product"), "endpoint": endpoint(row)}


def tickets(world: World, question: Question) -> list[Said]:
    """Return the tickets by the day they were opened."""
    return signals(world, question, "tickets", "opened_at", about)


def active(world: World, question: Question, entity: str) -> list[Said]:
    """Return the calls that make somebody active, each with that somebody as `partner`."""
    found = uses(world, question, question.environment or "production")
    return [
        Said(call.day, call.dims, {}, call.of(entity))
        for call in found
        if not call.refused and call.of(entity) is not None
    ]


def share(part: int, over: int, times: int = 1) -> float | None:
    """Return the quotient, or None over nothing."""
    return float(Fraction(times * part, over)) if over else None


def head_months(calls: Sequence[Said]) -> int:
    """Return how many developers called, each counted in every month."""
    return len({(call.day.replace(day=1), call.partner) for call in calls})


def support_ticket_ratio(world: World, question: Question) -> list[Point]:
    """100 × tickets ÷ developers active in the month."""
    owned = [fact for fact in tickets(world, question) if fact.partner is not None]
    facts = [*owned, *active(world, question, question.entity or "developer")]

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        here = inside(bucket, group)
        opened = sum(1 for fact in here if fact.row)
        heads = head_months([fact for fact in here if not fact.row])
        ratio = share(opened, heads, 100)
        values = {"ratio": ratio, "tickets": opened, "active_developers": heads}
        return Measure(ratio, heads, values, None if heads else "no active developers")

    return points(world, question, facts, measure)


def tickets_by_topic(world: World, question: Question) -> list[Point]:
    """Tickets of each topic and their share of all; how many name no topic or no endpoint."""
    if not question.by:
        question = split_by(question, "topic")
    facts = [fact for fact in tickets(world, question) if wanted(fact.dims, question)]

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        everything = inside(bucket, facts)
        here = len(inside(bucket, group))
        untagged = sum(1 for fact in everything if fact.dims["topic"] is None)
        nowhere = sum(1 for fact in everything if fact.dims["endpoint"] is None)
        values = {"tickets": here, "share": share(here, len(everything))}
        values |= {"untagged": share(untagged, len(everything))}
        values |= {"without_endpoint": share(nowhere, len(everything))}
        return Measure(here, here, values)

    return points(world, question, facts, measure)


def split_by(question: Question, *names: str) -> Question:
    """Return the question with a split that the metric takes when nobody asked for another."""
    fields = {name: getattr(question, name) for name in Question.__slots__}
    return Question(**{**fields, "by": names})


def first_success(found: Sequence[Call]) -> dict[str | None, datetime]:
    """Return when each partner's first successful call was; `found` are oldest first."""
    first: dict[str | None, datetime] = {}
    for call in found:
        if call.succeeded:
            first.setdefault(call.partner, call.time)
    return first


def tickets_per_partner(world: World, question: Question) -> list[Point]:
    """Tickets of partners ÷ partners active in the bucket, or registered by its end."""
    opened = tickets(world, question)
    live = first_success(uses(world, question, question.environment or "production"))
    registered = [
        Said(each.day, each.dims, {"registered": True}, each.name)
        for each in members(world, question, "partner")
        if each.registered
    ]
    facts = [*opened, *active(world, question, "partner"), *registered]
    counted = [fact.day for fact in facts if wanted(fact.dims, question)]

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        here = [fact for fact in inside(bucket, group) if "opened_at" in fact.row]
        theirs = [fact for fact in here if fact.partner is not None]
        early = [fact for fact in theirs if not (live.get(fact.partner) or LATER) <= fact.row["opened_at"]]
        callers = {fact.partner for fact in inside(bucket, group) if not fact.row}
        there = [fact for fact in group if "registered" in fact.row and fact.day < bucket.end]
        ratio = share(len(theirs), len(callers))
        values = {
            "per_active": ratio,
            "per_registered": share(len(theirs), len(there)),
            "tickets": len(theirs),
        }
        values |= {"onboarding_tickets": len(early), "onboarding_share": share(len(early), len(theirs))}
        values |= {"unattributed": len(here) - len(theirs), "active_partners": len(callers)}
        values |= {"registered_partners": len(there)}
        return Measure(ratio, len(theirs), values, None if callers else "no active partners")

    def present(bucket: Bucket, group: Sequence[Said]) -> bool:
        there = any("registered" in fact.row and fact.day < bucket.end for fact in group)
        return there or any_inside(bucket, [fact for fact in group if "registered" not in fact.row])

    return points(world, question, facts, measure, present=present, counted=counted)


LATER = datetime.fromisoformat("9999-01-01T00:00+00:00")


def improvement_backlog(world: World, question: Question) -> list[Point]:
    """Reach × impact × confidence ÷ effort of each topic."""
    if not question.by:
        question = split_by(question, "topic")
    impact, sure, effort = (
        int(question.set.get(name, default))
        for name, default in (("impact", "1"), ("confidence", "100"), ("effort", "1"))
    )

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        here = inside(bucket, group)
        reach = len({fact.developer or fact.partner or fact.row["ticket_id"] for fact in here})
        score = float(Fraction(reach * impact * sure, 100 * effort))
        return Measure(score, len(here), {"score": score, "reach": reach, "tickets": len(here)})

    return points(world, question, tickets(world, question), measure)


def until(world: World, question: Question, facts: Sequence[Said], began: str, ended: str) -> list[Point]:
    """Return median and P90 of the time between two columns, over what ended and by Kaplan–Meier over all."""
    now = as_of(world, question)
    assert now is not None

    def end(row: Row) -> datetime | None:
        moment: datetime | None = row.get(ended)
        return moment if moment is not None and sees(moment, question) else None

    sound = [fact for fact in facts if (moment := end(fact.row)) is None or moment >= fact.row[began]]

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        here = inside(bucket, group)
        done = [seconds(moment - fact.row[began]) for fact in here if (moment := end(fact.row))]
        waiting = [fact.row[began] for fact in here if end(fact.row) is None]
        left = [seconds(max(timedelta(0), now - moment)) for moment in waiting]
        values: dict[str, Number | None] = wait_values(done, left)
        counts = {"done": len(done), "waiting": len(waiting)}
        return Measure(
            values["median"], len(done), {**values, **counts}, None if len(done) > 4 else "fewer than 5 cases"
        )

    return points(world, question, sound, measure)


def ticket_resolution_time(world: World, question: Question) -> list[Point]:
    """From opened to resolved, by the day it was opened."""
    return until(world, question, tickets(world, question), "opened_at", "resolved_at")


def onboarding_support_load(world: World, question: Question) -> list[Point]:
    """Tickets within the window after entry ÷ newcomers whose window is closed."""
    entity = question.entity or "partner"
    window = timedelta(days=question.activation_window_days)
    opened = tickets(world, question)
    now = as_of(world, question)

    def early(member: Member) -> int:
        return sum(
            1
            for fact in opened
            if (fact.partner if entity == "partner" else fact.developer) == member.name
            and member.entered <= fact.row["opened_at"] < member.entered + window
        )

    def measure(bucket: Bucket, group: Sequence[Member]) -> Measure:
        entered = inside(bucket, group)
        mature = [early(member) for member in entered if now is not None and member.entered + window <= now]
        load = share(sum(mature), len(mature))
        values = {"load": load, "without_tickets": share(mature.count(0), len(mature))}
        values |= {"tickets": sum(mature), "newcomers": len(entered)}
        absent = None if mature else "window not closed" if entered else "nobody entered"
        return Measure(load, len(mature), values, absent, len(mature) < len(entered))

    return points(world, question, members(world, question, entity), measure)


MONTHS: tuple[Grain, ...] = ("month", "month", "quarter", "year", "all")
COHORTS: tuple[Grain, ...] = ("week", "month", "quarter", "year", "all")
EXTRA = ("signal",)
OF = {
    "topic": ("auth", "billing", "elsewhere"),
    "product": ("payments", "messages"),
    "endpoint": ("GET /v1/pets", "POST /v1/pets"),
}
TAGGED = (*PARTNER, "topic", "product", "endpoint", "developer")
METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    each.__name__: each
    for each in (
        support_ticket_ratio,
        tickets_by_topic,
        tickets_per_partner,
        improvement_backlog,
        ticket_resolution_time,
        onboarding_support_load,
    )
}
ASKS: Mapping[str, Ask] = {
    "support_ticket_ratio": Ask(
        (*PARTNER, "product"),
        (*PARTNER, "product"),
        MONTHS,
        ("developer", "partner"),
        environments=True,
        extra=EXTRA,
        values={"product": OF["product"]},
        of_calls=True,
    ),
    "tickets_by_topic": Ask(TAGGED, TAGGED, extra=EXTRA, values=OF),
    "tickets_per_partner": Ask(PARTNER, PARTNER, environments=True, extra=EXTRA, of_calls=True),
    "improvement_backlog": Ask(
        TAGGED,
        TAGGED,
        variants=(("impact", "3"), ("confidence", "50"), ("effort", "4")),
        extra=EXTRA,
        values=OF,
    ),
    "ticket_resolution_time": Ask(TAGGED, TAGGED, COHORTS, extra=EXTRA, values=OF),
    "onboarding_support_load": Ask(PARTNER, PARTNER, COHORTS, ("partner", "developer"), extra=EXTRA),
}
