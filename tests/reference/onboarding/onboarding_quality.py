"""Does onboarding go smoothly, and what does it take?

Readings:
- `self_service_rate`: partners by the day of their first successful production call of use ever. Tickets and manual
  steps (approval_requested, approved, production_requested) count when before that moment, hours above zero when on a
  day up to its day (in sight once that day has begun in UTC).
- `first_attempt_success_rate`: members by the local day of their first call of use. Of several calls at one moment a
  success counts first. Errors are client errors, server errors and timeouts before the first success.
- `onboarding_success_rate`: partners; the milestone within the window from registration (one before it counts, as in
  the activation rate), no ticket before the milestone.
- `product_adoption_rate`: a subscription of any kind that holds at some moment of the bucket, to a plan whose versions
  name a product; test partners are out, unknown ones are partners.
- `first_call_drivers`: of everybody of the bucket with a first success and no call before sign-up; slow is above P90
  (type 7) of the bucket, whatever the split; a driver that is unknown (no credential) is left out of the mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.reference.asks import PARTNER, Ask
from tests.reference.calendar import local_day, midnight
from tests.reference.identity import Member, entrants, followed, in_sight, partner_dims, partner_row, uses
from tests.reference.onboarding.activation import OPEN, of, reached, seconds
from tests.reference.onboarding.onboarding_time import BOTH, COHORTS, credential_of, untouched
from tests.reference.onboarding.walking import steps, tickets_of, times
from tests.reference.question import Milestone, Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, as_of, buckets, inside, points, sees
from tests.reference.survival import percentile

MANUAL = ("approval_requested", "approved", "production_requested")
ERRORS = ("client_error", "server_error", "timeout")


@dataclass(frozen=True, slots=True)
class Case:
    """Something judged: whether it counts as good, whether its window is open, and a number."""

    day: date
    dims: Mapping[str, str | None]
    good: bool = False
    closed: bool = True
    amount: Fraction | None = None
    slow: bool = False


def rate(question: Question, world: World, found: Sequence[Case], absent: str) -> list[Point]:
    """Return the share of good cases among those whose window is closed."""

    def measure(bucket: Bucket, group: Sequence[Case]) -> Measure:
        here = inside(bucket, group)
        closed = [case for case in here if case.closed]
        share = float(Fraction(sum(case.good for case in closed), len(closed))) if closed else None
        return Measure(
            share, len(closed), {"rate": share}, None if closed else absent, len(closed) < len(here)
        )

    return points(world, question, found, measure)


def lived(world: World, question: Question) -> dict[str, datetime]:
    """Return when each partner first succeeded in production."""
    found: dict[str, datetime] = {}
    for call in uses(world, question, "production"):
        if call.succeeded and call.partner is not None:
            found.setdefault(call.partner, call.time)
    return found


def self_service_rate(world: World, question: Question) -> list[Point]:
    """Went live without ticket, manual step or staff hour ÷ went live."""
    walked = steps(world, question)
    found = []
    for name, live in lived(world, question).items():
        if not in_sight(name, world, question):
            continue
        day = local_day(live, question.zone)
        helped = any(time < live for time in tickets_of(world, question, name, "partner"))
        manual = any(time < live for time in times(walked, name, "partner", *MANUAL))
        staff = any(
            row["hours"] > 0 and row["date"] <= day and followed(row.get("partner_id"), world) == name
            for row in world.get("effort", ())
            if question.as_of is None or midnight(row["date"], "UTC") < question.as_of
        )
        found.append(Case(day, partner_dims(name, world), not (helped or manual or staff)))
    return rate(question, world, found, "nobody went live")


def first_attempt_success_rate(world: World, question: Question) -> list[Point]:
    """First call a success ÷ called; the median of errors before the first success."""
    entity = question.entity or "developer"
    used = uses(world, question, question.environment or "any")
    found = []
    for member in entrants(world, question, entity):
        hers = of(used, entity, member.name)
        if not hers:
            continue
        good = min((call.time for call in hers if call.succeeded), default=None)
        errors = sum(good is not None and call.time < good and call.outcome in ERRORS for call in hers)
        amount = None if good is None else Fraction(errors)
        found.append(Case(hers[0].day, member.dims, good == hers[0].time, amount=amount))

    def measure(bucket: Bucket, group: Sequence[Case]) -> Measure:
        here = inside(bucket, group)
        known = [case.amount for case in here if case.amount is not None]
        share = float(Fraction(sum(case.good for case in here), len(here))) if here else None
        median = float(percentile(known, Fraction(1, 2))) if len(known) >= 5 else None
        values: dict[str, Number | None] = {"rate": share, "errors_before_success": median}
        return Measure(share, len(here), {**values, "attempts": len(here)}, None if here else "nobody")

    return points(world, question, found, measure)


def onboarding_success_rate(world: World, question: Question) -> list[Point]:
    """Milestone within the window and, unless told otherwise, no ticket before it ÷ closed windows."""
    entity = question.entity or "partner"
    window = timedelta(days=question.activation_window_days)
    production = uses(world, question, "production")
    now = as_of(world, question)
    milestone = Milestone(count=2) if "milestone" in question.set else question.milestone
    found = []
    for member in entrants(world, question, entity):
        at = reached(production, entity, member.name, milestone)
        good = at is not None and at <= member.entered + window
        if question.set.get("predicate") != "milestone" and at is not None:
            good = good and not any(time < at for time in tickets_of(world, question, member.name, entity))
        closed = now is not None and member.entered + window <= now
        found.append(Case(member.day, member.dims, good, closed))
    return rate(question, world, found, OPEN)


def product_adoption_rate(world: World, question: Question) -> list[Point]:
    """Used ÷ entitled, of partners and products."""
    plans = {(row["plan_id"], row["product"]) for row in world.get("plans", ()) if row.get("product")}
    used = [call for call in uses(world, question, "production") if not call.refused]
    rows = [row for row in world.get("subscriptions", ()) if sees(row["started_at"], question)]
    found = []
    for bucket in buckets(world, question, [local_day(row["started_at"], question.zone) for row in rows]):
        pairs = set()
        for row in rows:
            ended = row.get("ended_at")
            begun = local_day(row["started_at"], question.zone) < bucket.end
            alive = ended is None or ended > midnight(bucket.start, question.zone)
            partner = followed(row["partner_id"], world)
            if begun and alive and partner_row(partner, world).get("status") not in ("test", "duplicate"):
                pairs |= {(partner, product) for plan, product in plans if plan == row["plan_id"]}
        for partner, product in pairs:
            good = any(
                call.partner == partner and call.dims["product"] == product and bucket.holds(call.day)
                for call in used
            )
            found.append(Case(bucket.start, {**partner_dims(partner, world), "product": product}, good))
    return rate(question, world, found, "nobody is entitled")


def driven(world: World, question: Question) -> list[tuple[Member, Fraction, dict[str, Fraction | None]]]:
    """Return everybody with a first success: how long it took, and how much of each driver there was."""
    entity = question.entity or "developer"
    used = uses(world, question, question.environment or "any")
    walked = steps(world, question)
    side = "who" if entity == "developer" else "of"
    people = []
    for member in untouched(world, question, entity):
        hers = of(used, entity, member.name)
        good = min((call.time for call in hers if call.succeeded), default=None)
        if good is None:
            continue
        pages = [
            row["subject"]
            for row in walked
            if row[side] == member.name
            and row["step"] in ("docs_viewed", "quickstart_viewed")
            and row.get("subject")
            and row["time"] <= good
        ]
        key = credential_of(world, question, member, entity)
        hooked = any(time <= good for time in times(walked, member.name, entity, "webhook_configured"))
        drivers = {
            "key_wait": None if key is None else seconds(key - member.entered),
            "auth_errors_before_success": Fraction(sum(call.refused and call.time < good for call in hers)),
            "docs_rereads": Fraction(len(pages) - len(set(pages))),
            "webhook_setup": Fraction(int(hooked)),
            "first_error": Fraction(int(hers[0].time < good)),
        }
        people.append((member, seconds(good - member.entered), drivers))
    return people


def first_call_drivers(world: World, question: Question) -> list[Point]:
    """Mean of each driver among the slow less that among the others."""
    people = driven(world, question)
    kept = {name: values for name, values in question.where.items() if name != "kind"}
    people = [one for one in people if all(one[0].dims[name] in values for name, values in kept.items())]
    found, compared = [], {}
    for bucket in buckets(world, question, [member.day for member, _, _ in people]):
        here = [one for one in people if bucket.holds(one[0].day)]
        compared[bucket.first] = len(here)
        if here:
            limit = percentile([waited for _, waited, _ in here], Fraction(9, 10))
            for member, waited, drivers in here:
                for name, amount in drivers.items():
                    dims = {**member.dims, "kind": name}
                    found.append(Case(member.day, dims, amount=amount, slow=waited > limit))

    def measure(bucket: Bucket, group: Sequence[Case]) -> Measure:
        here = inside(bucket, group)
        enough = compared.get(bucket.first, 0) >= 10
        means = {}
        for name, slow in (("slow", True), ("fast", False)):
            known = [case.amount for case in here if case.amount is not None and case.slow is slow]
            means[name] = sum(known, Fraction(0)) / len(known) if known and enough else None
        slow_mean, fast_mean = means["slow"], means["fast"]
        gap = None if slow_mean is None or fast_mean is None else float(slow_mean - fast_mean)
        values = {name: None if mean is None else float(mean) for name, mean in means.items()}
        count = sum(case.amount is not None for case in here)
        return Measure(gap, count, {**values, "difference": gap}, None if gap is not None else "few")

    return points(world, question, found, measure)


TWO = ("milestone", "2 successful production calls")

METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric
    for metric in (
        self_service_rate,
        first_attempt_success_rate,
        onboarding_success_rate,
        product_adoption_rate,
        first_call_drivers,
    )
}
ASKS: Mapping[str, Ask] = {
    "self_service_rate": Ask(PARTNER, PARTNER, extra=("onboarding",), of_calls=True),
    "first_attempt_success_rate": Ask(PARTNER, PARTNER, entities=BOTH, environments=True, of_calls=True),
    "onboarding_success_rate": Ask(
        PARTNER, PARTNER, COHORTS, BOTH, variants=(("predicate", "milestone"), TWO), extra=("onboarding",)
    ),
    "product_adoption_rate": Ask(
        (*PARTNER, "product"),
        (*PARTNER, "product"),
        always_by=("product",),
        extra=("onboarding",),
        of_calls=True,
    ),
    "first_call_drivers": Ask(
        PARTNER,
        (*PARTNER, "kind"),
        COHORTS,
        BOTH,
        environments=True,
        always_by=("kind",),
        extra=("onboarding",),
        values={"kind": ("key_wait", "docs_rereads", "first_error")},
        of_calls=True,
    ),
}
