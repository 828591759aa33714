"""How much of what is on offer is used?

Readings:
- On offer is an endpoint (product, method, route) with at least one version released and not shut down at the end of
  what is seen of the bucket; deprecated ones are.
- A caller is offered the products of the plans its partner is subscribed to at that end; a plan without product is for
  all, a plan nobody knows says nothing, a partner with no subscription that says something is offered everything.
  A caller with calls for several partners is offered what any of them is.
- Used is what a successful call of the last 30 days seen reached, of what is offered. Callers count when one of their
  calls in these days was not refused (401, 403).
- Medians are over callers, five or more; of one the question names (a split or filter by callers) they are its own.
  A caller that is offered nothing has no share.
- A feature belongs to one product; features of the same name in two products are two.
- `unused_endpoints` lists what fewer than `fewer_than` partners used; views are of pages whose subject is the route or
  `METHOD route`, in the same 30 days. Without any page view in them nobody can tell unknown from unwanted.
- `feature_adoption`: a feature is adopted by a successful call of the bucket to an endpoint catalogued with it; among
  all callers that the filters keep in the bucket.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from statistics import median

from tests.reference.adoption.partners import filtered
from tests.reference.adoption.trailing import last_days, seen_until, within
from tests.reference.asks import PARTNER, Ask
from tests.reference.business.consumption import Account, State, every_account, states_of
from tests.reference.calendar import local_day, midnight
from tests.reference.identity import Call, followed, partner_dims, partner_row, uses
from tests.reference.question import Number, Point, Question, Row, World
from tests.reference.scope import Bucket, Measure, as_of, combination, inside, points, sees, wanted

Endpoint = tuple[str, str, str]
"""Product, method, route."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What one caller used and could have used in the last 30 days."""

    calls: int
    used: int
    available: int
    features: int
    features_available: int

    @property
    def share(self) -> Fraction | None:
        """The share of endpoints used."""
        return Fraction(self.used, self.available) if self.available else None


def on_offer(world: World, until: datetime) -> dict[Endpoint, str | None]:
    """Return the endpoints available just before a moment, each with its feature."""
    found: dict[Endpoint, list[str | None]] = {}
    for row in world.get("endpoints", ()):
        released, sunset = row.get("released_at"), row.get("sunset_at")
        if (released is None or released < until) and (sunset is None or sunset >= until):
            found.setdefault((row["product"], row["method"], row["route"]), []).append(row.get("feature"))
    return {name: min((f for f in features if f), default=None) for name, features in found.items()}


def subscribed(world: World, question: Question, partner: str | None, until: datetime) -> set[str | None]:
    """Return the products a partner's plans are for; None among them means all."""
    found: set[str | None] = set()
    for row in world.get("subscriptions", ()):
        ended = row.get("ended_at")
        if not sees(row["started_at"], question) or followed(row["partner_id"], world) != partner:
            continue
        if row["started_at"] < until and (ended is None or ended >= until):
            found |= {
                plan.get("product") for plan in world.get("plans", ()) if plan["plan_id"] == row["plan_id"]
            }
    return found or {None}


def reach(world: World, question: Question, group: Iterable[Call], until: datetime) -> Reach:
    """Return what these calls of one caller reached."""
    calls = list(group)
    offered = on_offer(world, until)
    products = {
        p for name in {call.partner for call in calls} for p in subscribed(world, question, name, until)
    }
    mine = {name: feature for name, feature in offered.items() if None in products or name[0] in products}
    used = {
        (str(call.dims["product"]), str(call.dims["method"]), str(call.dims["route"]))
        for call in calls
        if call.succeeded and call.dims["product"] is not None
    } & set(mine)
    return Reach(
        len(calls),
        len(used),
        len(mine),
        len({(name[0], mine[name]) for name in used if mine[name]}),
        len({(name[0], feature) for name, feature in mine.items() if feature}),
    )


def reaches(world: World, question: Question, bucket: Bucket, group: Sequence[Call]) -> dict[str, Reach]:
    """Return what each caller reached in the last 30 days seen of a bucket."""
    until = seen_until(world, question, bucket)
    if until is None:
        return {}
    entity = question.entity or "developer"
    recent = within(last_days(world, question, bucket, 30), group)
    callers = {call.of(entity) for call in recent if not call.refused}
    return {
        name: reach(world, question, [call for call in recent if call.of(entity) == name], until)
        for name in callers
        if name is not None
    }


def enough(found: int, question: Question, entity: str = "developer") -> bool:
    """Return whether a median of so many callers is shown: of five or more, or of those the question names."""
    entity = question.entity or entity
    return found >= (1 if entity in question.by or len(question.where.get(entity, ())) == 1 else 5)


def endpoint_coverage(world: World, question: Question) -> list[Point]:
    """The share of the endpoints offered that callers use."""
    facts = uses(world, question, question.environment or "production")

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        found = list(reaches(world, question, bucket, group).values())
        shares = [each.share for each in found if each.share is not None]
        values: dict[str, Number | None] = {
            "median": float(median(shares)) if enough(len(shares), question) else None,
            "median_count": None,
            "available": None,
        }
        if enough(len(found), question):
            values["median_count"] = float(median([each.used for each in found]))
            values["available"] = float(median([each.available for each in found]))
        absent = None if values["median"] is not None else "fewer than 5 cases"
        return Measure(values["median"], len(found), values, absent)

    def present(bucket: Bucket, group: Sequence[Call]) -> bool:
        return bool(reaches(world, question, bucket, group))

    return points(world, question, facts, measure, present=present)


@dataclass(frozen=True, slots=True)
class Offered:
    """An endpoint on offer, as a row that can be split and filtered."""

    day: date
    dims: Mapping[str, str | None]
    name: Endpoint


def catalogued(world: World, question: Question) -> list[Offered]:
    """Return the endpoints of the catalogue, versions of one together."""
    now = as_of(world, question)
    today = local_day(now, question.zone) if now else date.min
    names = {(row["product"], row["method"], row["route"]) for row in world.get("endpoints", ())}
    return [
        Offered(today, {"product": p, "endpoint": f"{m} {r}", "method": m, "route": r}, (p, m, r))
        for p, m, r in sorted(names)
    ]


def users(recent: Sequence[Call], entity: str, each: Offered) -> int:
    """Return how many callers reached an endpoint."""
    reached = [
        call
        for call in recent
        if call.succeeded and (call.dims["product"], call.dims["method"], call.dims["route"]) == each.name
    ]
    return len({call.of(entity) for call in reached} - {None})


def pages_viewed(world: World, question: Question, bucket: Bucket) -> list[Row]:
    """Return the page views of the last 30 days seen of a bucket."""
    days = last_days(world, question, bucket, 30)
    return [
        row
        for row in world.get("journey", ())
        if row["step"] == "docs_viewed" and sees(row["time"], question)
        if days and days[0] <= local_day(row["time"], question.zone) < days[1]
    ]


def unused_endpoints(world: World, question: Question) -> list[Point]:
    """Endpoints that few partners use, and whether anybody read about them."""
    question = replace(question, by=question.by or ("endpoint",))
    fewer = int(question.set.get("fewer_than", "3"))
    found = uses(world, question, question.environment or "production")

    def listed(bucket: Bucket, group: Sequence[Offered]) -> list[tuple[Offered, int]]:
        until = seen_until(world, question, bucket)
        there = on_offer(world, until) if until else {}
        recent = within(last_days(world, question, bucket, 30), found)
        entity = question.entity or "partner"
        counted = [(each, users(recent, entity, each)) for each in group if each.name in there]
        return [(each, count) for each, count in counted if count < fewer]

    def measure(bucket: Bucket, group: Sequence[Offered]) -> Measure:
        rows, read = listed(bucket, group), pages_viewed(world, question, bucket)
        subjects = [row.get("subject") for row in read]
        viewed = [
            (count, sum(subject in {each.name[2], each.dims["endpoint"]} for subject in subjects))
            for each, count in rows
        ]
        values: dict[str, Number | None] = {
            "partners": max((count for _, count in rows), default=0),
            "endpoints": len(rows),
            "docs_views": sum(number for _, number in viewed),
            "unknown": sum(number == 0 for _, number in viewed) if read and rows else None,
            "unwanted": sum(number > 0 and count == 0 for count, number in viewed) if read and rows else None,
        }
        return Measure(values["partners"], len(rows), values)

    def present(bucket: Bucket, group: Sequence[Offered]) -> bool:
        return bool(listed(bucket, group))

    days = [call.day for call in found]
    return points(world, question, catalogued(world, question), measure, present=present, counted=days)


def feature_adoption(world: World, question: Question) -> list[Point]:
    """The share of active partners that use a feature."""
    question = replace(question, by=question.by or ("feature",))
    entity = question.entity or "partner"
    features: dict[Endpoint, list[str]] = {}
    for row in world.get("endpoints", ()):
        if row.get("feature"):
            features.setdefault((row["product"], row["method"], row["route"]), []).append(row["feature"])

    def named(call: Call) -> Call:
        name = (str(call.dims["product"]), str(call.dims["method"]), str(call.dims["route"]))
        known = features.get(name) if call.dims["product"] is not None else None
        return replace(call, dims={**call.dims, "feature": min(known) if known else None})

    found = [named(call) for call in uses(world, question, question.environment or "production")]
    facts = [call for call in found if call.of(entity) is not None]
    everything = filtered(facts, question)

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here, whole = inside(bucket, group), inside(bucket, everything)
        active = {call.of(entity) for call in whole if not call.refused}
        users = {call.of(entity) for call in here if call.succeeded and call.dims["feature"]}
        adopted = {
            (call.of(entity), call.dims["feature"])
            for call in whole
            if call.succeeded and call.dims["feature"]
        }
        values: dict[str, Number | None] = {
            "share": float(Fraction(len(users), len(active))) if active else None,
            "users": len(users),
            "active": len(active),
            "per_partner": float(Fraction(len(adopted), len(active))) if active else None,
        }
        return Measure(values["share"], len(users), values, None if active else "nobody active")

    return points(world, question, facts, measure)


@dataclass(frozen=True, slots=True)
class Entitled:
    """A partner with a subscription."""

    day: date
    dims: Mapping[str, str | None]
    start: datetime
    end: datetime | None


def holders(world: World, question: Question) -> list[Entitled]:
    """Return every subscription in sight of a partner that counts."""
    found = []
    for row in world.get("subscriptions", ()):
        name = followed(row["partner_id"], world)
        if not sees(row["started_at"], question) or partner_row(name, world).get("status") in (
            "test",
            "duplicate",
        ):
            continue
        ended = row.get("ended_at")
        end = ended if ended is not None and sees(ended, question) else None
        day = local_day(row["started_at"], question.zone)
        found.append(Entitled(day, partner_dims(name, world), row["started_at"], end))
    return found


def beside(units: Sequence[Account], group: Sequence[Entitled], question: Question) -> list[Account]:
    """Return the accounts in the combination of a group; all of them without a split."""
    dims = {combination(each.dims, question.by) for each in group}
    return [each for each in units if not question.by or combination(each.dims, question.by) in dims]


def used_of(states: Sequence[State]) -> float | None:
    """Return the used share of all that is allowed."""
    allowed = sum(state.allowed for state in states)
    return float(Fraction(sum(state.used for state in states), allowed)) if allowed else None


def api_utilisation(world: World, question: Question) -> list[Point]:
    """Calls per partner with a subscription in the bucket, and the share of them that called."""
    found = uses(world, question, question.environment or "production")

    def entitled(bucket: Bucket, group: Sequence[Entitled]) -> set[str | None]:
        until = seen_until(world, question, bucket)
        if until is None:
            return set()
        start = midnight(bucket.start, question.zone)
        return {
            each.dims["partner"]
            for each in group
            if each.start < until and (each.end is None or each.end > start)
        }

    def measure(bucket: Bucket, group: Sequence[Entitled]) -> Measure:
        names = entitled(bucket, group)
        here = [call for call in inside(bucket, found) if call.partner in names]
        callers = {call.partner for call in here}
        values: dict[str, Number | None] = {
            "calls_per_partner": float(Fraction(len(here), len(names))) if names else None,
            "share": float(Fraction(len(callers), len(names))) if names else None,
            "entitled": len(names),
            "calls": len(here),
            "entitlement_used": used_of(states_of(world, question, bucket, beside(units, group, question))),
        }
        return Measure(
            values["calls_per_partner"], len(names), values, None if names else "nobody is subscribed"
        )

    def present(bucket: Bucket, group: Sequence[Entitled]) -> bool:
        return bool(entitled(bucket, group))

    units = [each for each in every_account(world, question) if wanted(each.dims, question)]
    held = holders(world, question)
    days = [call.day for call in found] + [each.day for each in held]
    return points(world, question, held, measure, present=present, counted=days)


_SPLITS = (*PARTNER, "developer")
METRICS = {
    "endpoint_coverage": endpoint_coverage,
    "unused_endpoints": unused_endpoints,
    "feature_adoption": feature_adoption,
    "api_utilisation": api_utilisation,
}
ASKS: Mapping[str, Ask] = {
    "endpoint_coverage": Ask(
        _SPLITS, _SPLITS, entities=("partner", "developer", "app"), environments=True, extra=("depth",)
    ),
    "unused_endpoints": Ask(
        ("product", "method"),
        ("product", "method", "route"),
        entities=("partner", "developer"),
        environments=True,
        variants=(("fewer_than", "1"), ("fewer_than", "2")),
        always_by=("endpoint",),
        extra=("depth",),
    ),
    "feature_adoption": Ask(
        (*PARTNER, "product"),
        (*PARTNER, "product"),
        entities=("partner", "developer"),
        environments=True,
        always_by=("feature",),
        extra=("depth",),
    ),
    "api_utilisation": Ask(PARTNER, PARTNER, environments=True, extra=("depth", "rating")),
}
