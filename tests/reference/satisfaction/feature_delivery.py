"""How many features are delivered, how fast, and for whom?

Readings:
- Delivered features are dated by the local day of their deployment, those asked for by that of their opening. One
  deployed before it was asked for is delivered, but has no time.
- Of a split, combinations with something delivered are told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction

from tests.reference.asks import PARTNER, Ask
from tests.reference.onboarding.activation import seconds, wait_values
from tests.reference.question import Number, Point, Question, World
from tests.reference.satisfaction.support import COHORTS, EXTRA, Said, share, signals
from tests.reference.scope import Bucket, Measure, as_of, inside, points, sees

DELIVERED, ASKED = {"state": "delivered"}, {"state": "asked"}


def features(world: World, question: Question, when: str, state: Mapping[str, str]) -> list[Said]:
    """Return the requests for features in sight, dated by a column that they have."""
    dated = {**world, "requests": [row for row in world.get("requests", ()) if row.get(when) is not None]}
    return [
        fact
        for fact in signals(dated, question, "requests", when, lambda _: state)
        if fact.row.get("kind") == "feature" and sees(fact.row["opened_at"], question)
    ]


def lasted(facts: Sequence[Said]) -> list[Fraction]:
    """Return how long those deployed waited, where that was after they were asked for."""
    return [
        seconds(fact.row["deployed_at"] - fact.row["opened_at"])
        for fact in facts
        if fact.row["deployed_at"] >= fact.row["opened_at"]
    ]


def feature_delivery(world: World, question: Question) -> list[Point]:
    """Features deployed, who asked for them, and the wait of those asked for."""
    now = as_of(world, question)
    assert now is not None
    facts = [
        *features(world, question, "opened_at", ASKED),
        *features(world, question, "deployed_at", DELIVERED),
    ]

    def shipped(fact: Said) -> bool:
        return fact.row.get("deployed_at") is not None and sees(fact.row["deployed_at"], question)

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        here = inside(bucket, group)
        out = [fact for fact in here if fact.dims["state"] == "delivered"]
        wanted = [fact for fact in here if fact.dims["state"] == "asked"]
        done = lasted([fact for fact in wanted if shipped(fact)])
        open_ = [fact.row["opened_at"] for fact in wanted if not shipped(fact)]
        waits = wait_values(done, [seconds(max(timedelta(0), now - moment)) for moment in open_])
        times = wait_values(lasted(out), [])
        values: dict[str, Number | None] = {
            "delivered": len(out),
            "from_partners": share(sum(fact.partner is not None for fact in out), len(out)),
            **{name: times[name] for name in ("median", "p90")},
            "asked": len(done) + len(open_),
            "waiting": len(open_),
            **{name: waits[name] for name in ("km_median", "km_p90")},
        }
        return Measure(len(out), len(out), values)

    def present(bucket: Bucket, group: Sequence[Said]) -> bool:
        return any(fact.dims["state"] == "delivered" for fact in inside(bucket, group))

    return points(world, question, facts, measure, present=present)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {"feature_delivery": feature_delivery}
ASKS: Mapping[str, Ask] = {"feature_delivery": Ask(PARTNER, PARTNER, COHORTS, extra=EXTRA)}
