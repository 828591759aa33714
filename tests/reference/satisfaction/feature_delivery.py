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
from tests.reference.survival import percentile

DELIVERED, ASKED = {"state": "delivered"}, {"state": "asked"}


def feature_delivery(world: World, question: Question) -> list[Point]:
    """Features deployed, who asked for them, and the wait of those asked for."""
    asked = [
        fact
        for fact in signals(world, question, "requests", "opened_at", lambda _: ASKED)
        if fact.row.get("kind") == "feature"
    ]
    shipped = {
        **world,
        "requests": [row for row in world.get("requests", ()) if row.get("deployed_at") is not None],
    }
    delivered = [
        fact
        for fact in signals(shipped, question, "requests", "deployed_at", lambda _: DELIVERED)
        if fact.row.get("kind") == "feature" and sees(fact.row["opened_at"], question)
    ]
    now = as_of(world, question)
    assert now is not None

    def seen(fact: Said) -> bool:
        return fact.row.get("deployed_at") is not None and sees(fact.row["deployed_at"], question)

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        here = inside(bucket, group)
        out = [fact for fact in here if fact.dims["state"] == "delivered"]
        lasted = [
            seconds(fact.row["deployed_at"] - fact.row["opened_at"])
            for fact in out
            if fact.row["deployed_at"] >= fact.row["opened_at"]
        ]
        wanted = [fact for fact in here if fact.dims["state"] == "asked"]
        done = [
            seconds(fact.row["deployed_at"] - fact.row["opened_at"])
            for fact in wanted
            if seen(fact) and fact.row["deployed_at"] >= fact.row["opened_at"]
        ]
        waiting = [
            seconds(max(timedelta(0), now - fact.row["opened_at"])) for fact in wanted if not seen(fact)
        ]
        waits = wait_values(done, waiting)
        values: dict[str, Number | None] = {
            "delivered": len(out),
            "from_partners": share(sum(fact.partner is not None for fact in out), len(out)),
            "median": float(percentile(lasted, Fraction(1, 2))) if len(lasted) >= 5 else None,
            "p90": float(percentile(lasted, Fraction(9, 10))) if len(lasted) >= 10 else None,
            "asked": len(done) + len(waiting),
            "waiting": len(waiting),
            "km_median": waits["km_median"],
            "km_p90": waits["km_p90"],
        }
        return Measure(len(out), len(out), values)

    def present(bucket: Bucket, group: Sequence[Said]) -> bool:
        return any(fact.dims["state"] == "delivered" for fact in inside(bucket, group))

    return points(world, question, [*asked, *delivered], measure, present=present)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {"feature_delivery": feature_delivery}
ASKS: Mapping[str, Ask] = {"feature_delivery": Ask(PARTNER, PARTNER, COHORTS, extra=EXTRA)}
