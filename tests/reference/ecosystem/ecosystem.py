"""How does what others build on the APIs grow: integrations, targets, the marketplace, adapters, stages?

Readings:
- Integrations belong to the partner they name, merges followed; those of test and duplicate accounts are left out.
  Installs are what was last reported: the table keeps no history of them.
- Live at the end of a bucket: `live_at` before it (before as-of, where that is sooner and was asked for). Nothing ends
  an integration; one with active installs reported as 0 is live and not active.
- `third_party_integration_time` is dated by the start.
- `standard_adapter_share`: marketplace, adapter and sample are standard, custom is not; integrations of nobody are out.
- `open_source_adapters`: adapters and sample apps from outside, by when they were accepted.
- `platform_stability`: the time of a bucket, up to as-of, without an incident that is known to hit integrations;
  maintenance is none; overlaps count once; what is not resolved lasts; what ends before it begins takes no time. It is
  watched since the first call or incident; cases are whole days.
- `lifecycle_stages`: the stage in force at the end of the bucket, of products that have a stage, tickets or active
  partners; ratings are those given in the bucket by partners active with the product in it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from tests.reference.asks import PARTNER, Ask
from tests.reference.calendar import local_day, midnight
from tests.reference.identity import Call, uses
from tests.reference.question import Combination, Grain, Number, Point, Question, Row, World
from tests.reference.satisfaction.developer_requests import contributions
from tests.reference.satisfaction.support import (
    COHORTS,
    EXTRA,
    Said,
    share,
    signals,
    split_by,
    tickets,
    until,
)
from tests.reference.satisfaction.surveys import feedback, mean
from tests.reference.scope import Bucket, Measure, as_of, buckets, combination, points, sees, wanted


def integrations(world: World, question: Question) -> list[Said]:
    """Return the integrations in sight, by the day they were begun."""

    def about(row: Row) -> dict[str, str | None]:
        return {"kind": row["type"], "target": row.get("target")}

    return signals(world, question, "integrations", "started_at", about)


def third_party_integration_time(world: World, question: Question) -> list[Point]:
    """From started to live."""
    return until(world, question, integrations(world, question), "started_at", "live_at")


def ends(bucket: Bucket, question: Question) -> datetime:
    """Return the moment at which the bucket ends, or as-of when that was asked for and is sooner."""
    end = midnight(bucket.end, question.zone)
    return min(end, question.as_of) if question.as_of else end


def live(group: Sequence[Said], end: datetime) -> list[Said]:
    """Return the integrations that are live at `end`."""
    return [fact for fact in group if fact.row.get("live_at") is not None and fact.row["live_at"] < end]


def snapshot(
    world: World, question: Question, facts: Sequence[Said], measure: Callable[[list[Said], Bucket], Measure]
) -> list[Point]:
    """Return a point per bucket about what is live at its end."""
    return points(
        world,
        question,
        facts,
        lambda bucket, group: measure(live(group, ends(bucket, question)), bucket),
        present=lambda bucket, group: bool(live(group, ends(bucket, question))),
    )


def deployment_target_diversity(world: World, question: Question) -> list[Point]:
    """Distinct targets; Shannon entropy of integrations over them, and its exponential."""

    def measure(there: list[Said], _: Bucket) -> Measure:
        named = Counter(fact.dims["target"] for fact in there if fact.dims["target"] is not None)
        total = sum(named.values())
        entropy = -sum(n / total * math.log(n / total) for n in named.values()) if total else None
        effective = None if entropy is None else math.exp(entropy)
        values = {"targets": len(named), "entropy": entropy, "effective": effective}
        values |= {"integrations": len(there), "without_target": len(there) - total}
        return Measure(len(named), len(there), values)

    return snapshot(world, question, integrations(world, question), measure)


def installs(there: Sequence[Said]) -> dict[str, Number | None]:
    """Return installs, active installs and their share."""
    every = sum(fact.row.get("installs") or 0 for fact in there)
    used = sum(fact.row.get("active_installs") or 0 for fact in there)
    return {"installs": every, "active_installs": used, "active_share": share(used, every)}


def fresh(there: Sequence[Said], bucket: Bucket, question: Question, name: str) -> int:
    """Return how many came in the bucket itself."""
    starts = midnight(bucket.start, question.zone)
    return sum(1 for fact in there if fact.row[name] >= starts)


def marketplace_activity(world: World, question: Question) -> list[Point]:
    """Listings that are live, those that came, installs."""
    listed = [fact for fact in integrations(world, question) if fact.row["type"] == "marketplace"]

    def measure(there: list[Said], bucket: Bucket) -> Measure:
        values = {"listings": len(there), "new": fresh(there, bucket, question, "live_at"), **installs(there)}
        return Measure(len(there), len(there), values)

    return snapshot(world, question, listed, measure)


def standard_adapter_share(world: World, question: Question) -> list[Point]:
    """Partners with a standard integration ÷ partners with any."""
    named = [fact for fact in integrations(world, question) if fact.partner is not None]

    def measure(there: list[Said], _: Bucket) -> Measure:
        custom = {fact.partner for fact in there if fact.row["type"] == "custom"}
        standard = {fact.partner for fact in there if fact.row["type"] != "custom"}
        every = custom | standard
        rate = share(len(standard), len(every))
        values: dict[str, Number | None] = {"share": rate, "partners": len(every)}
        values |= {"standard_only": len(standard - custom), "both": len(standard & custom)}
        values |= {"custom_only": len(custom - standard)}
        return Measure(rate, len(every), values, None if every else "no live integrations")

    return snapshot(world, question, named, measure)


def open_source_adapters(world: World, question: Question) -> list[Point]:
    """Adapters and sample apps from outside accepted by the end, and installs of theirs."""
    given = [
        fact
        for fact in contributions(world, question)
        if fact.row["external"] and fact.row["kind"] in ("adapter", "sample_app")
    ]
    own = {"adapter": "adapter", "sample": "sample_app"}
    built = [
        replace(fact, dims={**fact.dims, "kind": own[fact.row["type"]]})
        for fact in integrations(world, question)
        if fact.row["type"] in own
    ]

    def accepted(group: Sequence[Said], bucket: Bucket) -> list[Said]:
        end = ends(bucket, question)
        return [fact for fact in group if fact.row.get("accepted_at") and fact.row["accepted_at"] < end]

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        taken = accepted(group, bucket)
        used = installs(live(group, ends(bucket, question)))
        values = {"adapters": len(taken), "new": fresh(taken, bucket, question, "accepted_at"), **used}
        del values["active_share"]
        return Measure(len(taken), len(taken), values)

    return points(
        world,
        question,
        [*given, *built],
        measure,
        present=lambda bucket, group: bool(accepted(group, bucket)),
    )


def ecosystem_growth(world: World, question: Question) -> list[Point]:
    """Active integrations at the end, those that came, and their share of those there before."""
    active = [fact for fact in integrations(world, question) if fact.row.get("active_installs") != 0]

    def measure(there: list[Said], bucket: Bucket) -> Measure:
        new = fresh(there, bucket, question, "live_at")
        values = {"active": len(there), "new": new, "growth": share(new, len(there) - new)}
        values |= {"partners": len({fact.partner for fact in there if fact.partner is not None})}
        return Measure(len(there), len(there), values)

    return snapshot(world, question, active, measure)


def spans(
    rows: Sequence[Row], question: Question, starts: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """Return the parts of incidents within a bucket."""
    found = []
    for row in rows:
        until_ = row.get("resolved_at")
        over = until_ if until_ is not None and sees(until_, question) else end
        begin, stop = max(row["started_at"], starts), min(over, end)
        if begin < stop:
            found.append((begin, stop))
    return found


def lasts(row: Row, question: Question) -> bool:
    """Whether an incident is not over or takes time."""
    over = row.get("resolved_at")
    return over is None or not sees(over, question) or over > row["started_at"]


def together(parts: Sequence[tuple[datetime, datetime]]) -> timedelta:
    """Return how long at least one of the stretches runs."""
    edges = sorted({edge for part in parts for edge in part})
    return sum(
        (
            right - left
            for left, right in pairwise(edges)
            if any(begin <= left and right <= stop for begin, stop in parts)
        ),
        timedelta(0),
    )


def platform_stability(world: World, question: Question) -> list[Point]:
    """1 − time with an incident that hits integrations ÷ time."""
    hits = [
        fact
        for fact in signals(
            world, question, "incidents", "started_at", lambda row: {"severity": row["severity"]}
        )
        if fact.row["integration_related"]
        and fact.row["severity"] != "maintenance"
        and lasts(fact.row, question)
    ]
    now = as_of(world, question)
    assert now is not None

    def within(bucket: Bucket, group: Sequence[Said]) -> list[tuple[datetime, datetime]]:
        starts, end = midnight(bucket.start, question.zone), min(midnight(bucket.end, question.zone), now)
        return spans([fact.row for fact in group], question, starts, end)

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        starts, end = midnight(bucket.start, question.zone), min(midnight(bucket.end, question.zone), now)
        parts = within(bucket, group)
        if end <= starts:
            return Measure(None, 0, {"stability": None, "incidents": 0}, "no time has passed")
        bad = together(parts)
        stability = 1 - bad / (end - starts)
        values = {"stability": stability, "incidents": len(parts), "seconds": bad.total_seconds()}
        return Measure(stability, (end - starts) // timedelta(days=1), values)

    watched = [row["started_at"] for row in world.get("incidents", ())]
    watched += [row["time"] for row in world.get("calls", ())]
    return points(
        world,
        question,
        hits,
        measure,
        present=lambda bucket, group: bool(within(bucket, group)),
        counted=[local_day(moment, question.zone) for moment in watched],
    )


def stage_at(world: World, product: str | None, end: datetime) -> str | None:
    """Return the stage in force just before `end`."""
    rows = [
        row for row in world.get("product_stages", ()) if row["product"] == product and row["since"] < end
    ]
    return max(((row["since"], row["stage"]) for row in rows), default=(None, None))[1]


ERRORS = ("client_error", "server_error", "timeout")
RATED = {"docs": "documentation", "sdk": "sdk", "sample_code": "examples", "onboarding": "examples"}


def lifecycle_stages(world: World, question: Question) -> list[Point]:
    """Active partners, calls, errors, tickets and ratings of products with their stage."""
    if not question.by:
        question = split_by(question, "product", "kind")
    named = question.where.get("product")
    calls = [
        call
        for call in uses(world, question, question.environment or "production")
        if named is None or call.dims["product"] in named
    ]
    asked = [fact for fact in tickets(world, question) if named is None or fact.dims["product"] in named]
    said = [fact for fact in feedback(world, question) if fact.row.get("rating") is not None]
    stages = [row for row in world.get("product_stages", ()) if sees(row["since"], question)]
    days = [call.day for call in calls] + [fact.day for fact in (*asked, *said)]
    days += [local_day(row["since"], question.zone) for row in stages]
    found = []
    for bucket in buckets(world, question, days):
        groups: dict[Combination, list[Signals]] = {}
        here = [call for call in calls if bucket.holds(call.day)]
        opened = [fact for fact in asked if bucket.holds(fact.day)]
        known = {row["product"] for row in stages if row["since"] < ends(bucket, question)}
        known |= {call.dims["product"] for call in here} | {fact.dims["product"] for fact in opened}
        for product in known:
            dims = {"product": product, "kind": stage_at(world, product, ends(bucket, question))}
            if wanted(dims, question):
                mine = [call for call in here if call.dims["product"] == product]
                help_ = sum(1 for fact in opened if fact.dims["product"] == product)
                rated = [fact for fact in said if bucket.holds(fact.day)]
                groups.setdefault(combination(dims, question.by), []).append(signals_of(mine, help_, rated))
        found += [matrix_point(bucket, key, group) for key, group in groups.items()]
    return found


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of one product in one bucket."""

    partners: frozenset[str]
    calls: int
    errors: int
    tickets: int
    ratings: tuple[tuple[str, int], ...]


def signals_of(calls: Sequence[Call], opened: int, said: Sequence[Said]) -> Signals:
    """Return the signals of a product from its calls, its tickets and the ratings of the bucket."""
    active = frozenset(call.partner for call in calls if call.partner is not None and not call.refused)
    ratings = tuple(
        (RATED[fact.row["kind"]], fact.row["rating"])
        for fact in said
        if fact.partner in active and fact.row["kind"] in RATED
    )
    return Signals(active, len(calls), sum(call.outcome in ERRORS for call in calls), opened, ratings)


def matrix_point(bucket: Bucket, key: Combination, group: Sequence[Signals]) -> Point:
    """Return the point of one cell of the matrix."""
    active = len({name for each in group for name in each.partners})
    calls, errors = sum(each.calls for each in group), sum(each.errors for each in group)
    values: dict[str, Number | None] = {"active_partners": active, "calls": calls}
    values |= {"error_rate": share(errors, calls), "tickets": sum(each.tickets for each in group)}
    for name in ("documentation", "sdk", "examples"):
        ratings = [rating for each in group for kind, rating in each.ratings if kind == name]
        values[name] = mean(ratings) if len(ratings) >= 5 else None
    return Point(bucket.first, key, active, values, active, None, bucket.partial)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    each.__name__: each
    for each in (
        third_party_integration_time,
        deployment_target_diversity,
        marketplace_activity,
        standard_adapter_share,
        open_source_adapters,
        ecosystem_growth,
        platform_stability,
        lifecycle_stages,
    )
}
BUILT = (*PARTNER, "kind", "target")
OF = {
    "kind": ("marketplace", "adapter", "custom"),
    "target": ("aws", "on premises"),
    "product": ("payments", "quiet"),
    "severity": ("major", "partial"),
}
STAGES = {**OF, "kind": ("design", "public", "mature")}
CUT: tuple[Grain, ...] = ("day", "week", "month", "month", "quarter", "year")
ASKS: Mapping[str, Ask] = {
    "third_party_integration_time": Ask(BUILT, BUILT, COHORTS, extra=EXTRA, values=OF),
    "deployment_target_diversity": Ask((*PARTNER, "kind"), BUILT, extra=EXTRA, values=OF),
    "marketplace_activity": Ask((*PARTNER, "target"), (*PARTNER, "target"), extra=EXTRA, values=OF),
    "standard_adapter_share": Ask((*PARTNER, "target"), (*PARTNER, "target"), extra=EXTRA, values=OF),
    "open_source_adapters": Ask(
        ("kind",), ("kind",), extra=EXTRA, values={"kind": ("adapter", "sample_app")}
    ),
    "ecosystem_growth": Ask(BUILT, BUILT, extra=EXTRA, values=OF),
    "platform_stability": Ask(("severity",), ("severity",), CUT, extra=EXTRA, values=OF),
    "lifecycle_stages": Ask(
        ("product", "kind"), ("product", "kind"), environments=True, extra=EXTRA, values=STAGES, of_calls=True
    ),
}
