"""Who registered and who calls: counts, growth, and who came back or left?

Readings:
- `active_partners`: a partner (developer, app) is active with a call that is neither 401 nor 403; the
  values show `active` and `attempting` (only refused calls in the bucket). Attempting ones make no point
  and no first row.
- Growth and growth accounting look back before `start`: the bucket before the first one is a whole bucket
  of history, while a bucket cut by the scope counts only its visible part. Grain `all` has nothing before
  it.
- `partner_growth_rate` per quarter compares the last month of the quarter with the last month of the one
  before and is absent while that month has not begun; per year, week and day it is the plain change.
- "New" is somebody whose first active bucket ever (with these filters, in this combination) is this one.
- A split shows a combination when somebody is active in the bucket or was in the one before.
- Nothing of cases is said in the pages: counts have themselves, the growth rate those of the bucket
  before.
- `developer_churn_rate`: any call counts, refused ones too. At risk at the start of the (cut) bucket;
  whoever churns twice in a bucket counts once; a churn date counts when its last day is over by as-of.
  Splits and filters by call dimensions restrict the calls: a developer who moves to another partner
  churns for the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from tests.reference.calendar import DAY, add_months, bucket_after, midnight
from tests.reference.identity import Call, Member, members, uses
from tests.reference.question import Point, Question, World
from tests.reference.scope import Bucket, Measure, any_inside, as_of, inside, points

NOBODY_BEFORE = "no prior-period actives"


def active_calls(world: World, question: Question) -> list[Call]:
    """Return the calls that make somebody active."""
    found = uses(world, question, question.environment or "production")
    entity = question.entity or "partner"
    return [call for call in found if not call.refused and call.of(entity) is not None]


def active_partners(world: World, question: Question) -> list[Point]:
    """Distinct entities with a call that was not refused; attempting ones beside."""
    entity = question.entity or "partner"
    found = uses(world, question, question.environment or "production")
    facts = [call for call in found if call.of(entity) is not None]

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here = inside(bucket, group)
        active = {call.of(entity) for call in here if not call.refused}
        trying = {call.of(entity) for call in here} - active
        values = {"active": len(active), "attempting": len(trying)}
        return Measure(len(active), len(active), values)

    def present(bucket: Bucket, group: Sequence[Call]) -> bool:
        return any(not call.refused for call in inside(bucket, group))

    days = [call.day for call in filtered(facts, question) if not call.refused]
    return points(world, question, facts, measure, present=present, counted=days)


def filtered(found: Sequence[Call], question: Question) -> list[Call]:
    """Return the calls that the filters keep."""
    return [call for call in found if all(call.dims[name] in kept for name, kept in question.where.items())]


def who(group: Sequence[Call], entity: str, start: date, end: date) -> set[str | None]:
    """Return the entities with a call on the days from `start` to `end` (half-open)."""
    return {call.of(entity) for call in group if start <= call.day < end}


def before(bucket: Bucket, question: Question) -> tuple[date, date]:
    """Return the days of the whole bucket before; none for grain `all`."""
    if question.grain == "all":
        return (bucket.first, bucket.first)
    return (bucket_after(bucket.first, question, -1), bucket.first)


def present_now_or_before(question: Question, bucket: Bucket, group: Sequence[Call]) -> bool:
    """Whether somebody of the combination was active in the bucket or in the one before."""
    start, end = before(bucket, question)
    return any_inside(bucket, group) or any(start <= call.day < end for call in group)


def monthly_equivalent(world: World, question: Question, bucket: Bucket, group: Sequence[Call]) -> Measure:
    """Growth per month over a quarter, from last month to last month."""
    entity = question.entity or "partner"
    after = bucket_after(bucket.first, question)
    last = add_months(after, -1)
    base = len(who(group, entity, add_months(bucket.first, -1), bucket.first))
    now = as_of(world, question)
    if last >= bucket.end or (now is not None and midnight(last, question.zone) >= now):
        return Measure(None, base, absent="the quarter's last month has not begun")
    if base == 0:
        return Measure(None, 0, absent=NOBODY_BEFORE)
    reached = len(who(group, entity, max(last, bucket.start), bucket.end))
    return Measure((reached / base) ** (1 / 3) - 1, base)


def partner_growth_rate(world: World, question: Question) -> list[Point]:
    """(active − active in the bucket before) ÷ active in the bucket before."""
    entity = question.entity or "partner"

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        if question.grain == "quarter":
            return monthly_equivalent(world, question, bucket, group)
        base = len(who(group, entity, *before(bucket, question)))
        if base == 0:
            return Measure(None, 0, absent=NOBODY_BEFORE)
        now = len(who(group, entity, bucket.start, bucket.end))
        return Measure(float(Fraction(now - base, base)), base)

    def present(bucket: Bucket, group: Sequence[Call]) -> bool:
        return present_now_or_before(question, bucket, group)

    return points(world, question, active_calls(world, question), measure, present=present)


def growth_accounting(world: World, question: Question) -> list[Point]:
    """Active = new + retained + resurrected; churned = active before − retained."""
    entity = question.entity or "partner"

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        now = who(group, entity, bucket.start, bucket.end)
        base = who(group, entity, *before(bucket, question))
        earlier = who(group, entity, date.min, bucket.first)
        new, retained = len(now - earlier), len(now & base)
        resurrected = len((now & earlier) - base)
        churned = len(base) - retained
        quick = float(Fraction(new + resurrected, churned)) if churned else None
        values = {"active": len(now), "new": new, "retained": retained}
        values |= {"resurrected": resurrected, "churned": churned}
        return Measure(len(now), len(now), {**values, "quick_ratio": quick})

    def present(bucket: Bucket, group: Sequence[Call]) -> bool:
        return present_now_or_before(question, bucket, group)

    return points(world, question, active_calls(world, question), measure, present=present)


def new_signups(world: World, question: Question) -> list[Point]:
    """Registrations (or sign-ups of developers) in the bucket."""

    def measure(bucket: Bucket, group: Sequence[Member]) -> Measure:
        count = len(inside(bucket, group))
        return Measure(count, count)

    return points(world, question, members(world, question, question.entity or "partner"), measure)


def by_the_end(bucket: Bucket, group: Sequence[Member]) -> list[Member]:
    """Return the members that had entered by the end of the bucket."""
    return [member for member in group if member.day < bucket.end]


def registered(world: World, question: Question) -> list[Member]:
    """Return the members that count as registered."""
    found = members(world, question, question.entity or "partner")
    return [member for member in found if member.registered]


def registered_partners(world: World, question: Question) -> list[Point]:
    """Registered by the bucket's end and pending, approved or suspended."""

    def measure(bucket: Bucket, group: Sequence[Member]) -> Measure:
        count = len(by_the_end(bucket, group))
        return Measure(count, count)

    def present(bucket: Bucket, group: Sequence[Member]) -> bool:
        return bool(by_the_end(bucket, group))

    return points(world, question, registered(world, question), measure, present=present)


def silent_from(days: Sequence[date], window: int) -> list[date]:
    """Return the churn dates of somebody who called on `days` (sorted): the last day of `window` silent ones."""
    gaps = zip(days, [*days[1:], date.max], strict=True)
    return [day + DAY * window for day, after in gaps if (after - day).days > window]


def developer_churn_rate(world: World, question: Question) -> list[Point]:
    """Churned in the bucket ÷ had called before it and not churned by then."""
    entity = question.entity or "developer"
    window = question.churn_days
    found = uses(world, question, question.environment or "production")
    facts = [call for call in found if call.of(entity) is not None]
    now = as_of(world, question)

    def known(churned: date) -> bool:
        return now is not None and midnight(churned + DAY, question.zone) <= now

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        at_risk = churned = 0
        for name in {call.of(entity) for call in group}:
            days = sorted({call.day for call in group if call.of(entity) == name})
            earlier = [day for day in days if day < bucket.start]
            dates = [day for day in silent_from(days, window) if known(day)]
            if not earlier or earlier[-1] + DAY * window in [d for d in dates if d < bucket.start]:
                continue
            at_risk += 1
            churned += any(bucket.holds(day) for day in dates)
        if at_risk == 0:
            return Measure(None, 0, absent="nobody at risk")
        return Measure(float(Fraction(churned, at_risk)), at_risk)

    def present(bucket: Bucket, group: Sequence[Call]) -> bool:
        return any(call.day < bucket.end for call in group) and measure(bucket, group).cases > 0

    return points(world, question, facts, measure, present=present)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric
    for metric in (
        active_partners,
        partner_growth_rate,
        growth_accounting,
        new_signups,
        registered_partners,
        developer_churn_rate,
    )
}
