"""How does what others build on the APIs grow: integrations, targets, the marketplace, adapters, stages?

Readings:
- Integrations belong to the partner they name, merges followed; those of test and duplicate accounts are left out.
  Installs are what was last reported: the table keeps no history of them.
- Live at the end of a bucket: `live_at` before it (before as-of, where that is sooner and was asked for). Nothing ends
  an integration; one with active installs reported as 0 is live and not active.
- `third_party_integration_time` is dated by the start.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from tests.reference.asks import PARTNER, Ask
from tests.reference.calendar import midnight
from tests.reference.question import Number, Point, Question, Row, World
from tests.reference.satisfaction.support import (
    COHORTS,
    EXTRA,
    Said,
    share,
    signals,
    until,
)
from tests.reference.scope import Bucket, Measure, points


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


def ecosystem_growth(world: World, question: Question) -> list[Point]:
    """Active integrations at the end, those that came, and their share of those there before."""
    active = [fact for fact in integrations(world, question) if fact.row.get("active_installs") != 0]

    def measure(there: list[Said], bucket: Bucket) -> Measure:
        new = fresh(there, bucket, question, "live_at")
        values = {"active": len(there), "new": new, "growth": share(new, len(there) - new)}
        values |= {"partners": len({fact.partner for fact in there if fact.partner is not None})}
        return Measure(len(there), len(there), values)

    return snapshot(world, question, active, measure)


BUILT = (*PARTNER, "kind", "target")
OF = {
    "kind": ("marketplace", "adapter", "custom"),
    "target": ("aws", "on premises"),
    "product": ("payments", "quiet"),
    "severity": ("major", "partial"),
}

METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric
    for metric in (
        third_party_integration_time,
        deployment_target_diversity,
        marketplace_activity,
        ecosystem_growth,
    )
}
ASKS: Mapping[str, Ask] = {
    "third_party_integration_time": Ask(BUILT, BUILT, COHORTS, extra=EXTRA, values=OF),
    "deployment_target_diversity": Ask((*PARTNER, "kind"), BUILT, extra=EXTRA, values=OF),
    "marketplace_activity": Ask((*PARTNER, "target"), (*PARTNER, "target"), extra=EXTRA, values=OF),
    "ecosystem_growth": Ask(BUILT, BUILT, extra=EXTRA, values=OF),
}
