"""How much is tried in a trial?

Readings:
- Trials, their ends, their maturity, what was paid and which calls are in them as in `conversion`; only successful
  calls count.
- An endpoint is a product, method and route; a feature is that of the catalogue, of a product.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tests.reference.asks import PARTNER, Ask
from tests.reference.business.conversion import GRACE, Start, in_use, middle, pays, ripe, starts, trials
from tests.reference.calendar import INSTANT, local_day
from tests.reference.identity import Call, uses
from tests.reference.question import Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, as_of, inside, points


def features_of(world: World) -> dict[tuple[str, str], str]:
    """Return the feature of each product's endpoint, the first by name of its versions."""
    found: dict[tuple[str, str], str] = {}
    for row in world.get("endpoints", ()):
        name = (row["product"], f"{row['method']} {row['route']}")
        if row.get("feature"):
            found[name] = min(row["feature"], found.get(name, row["feature"]))
    return found


def trial_breadth(world: World, question: Question) -> list[Point]:
    """Median endpoints, features and products of mature trials, of those paid and of the others."""
    everything, now = starts(world, question), as_of(world, question)
    good = [call for call in uses(world, question, question.environment or "any") if call.succeeded]
    features = features_of(world)

    def tried(calls: Sequence[Call]) -> dict[str, int]:
        reached = {(call.dims["product"], call.endpoint) for call in calls}
        return {
            "endpoints": len(reached),
            "features": len({(name[0], features[name]) for name in reached if name in features}),
            "products": len({product for product, _ in reached if product is not None}),
        }

    def measure(bucket: Bucket, group: Sequence[Start]) -> Measure:
        cohort = inside(bucket, group)
        seen = []
        for each in cohort:
            if each.end is not None and ripe(each, now):
                last = local_day(each.end - INSTANT, question.zone)
                won = pays(each, everything, each.end + GRACE)
                seen.append((tried(in_use(each, good, each.day, last)), won))
        values: dict[str, Number | None] = {}
        for what in ("endpoints", "features", "products"):
            values[what] = middle([counts[what] for counts, _ in seen])
            values[f"{what}_converted"] = middle([counts[what] for counts, won in seen if won])
            values[f"{what}_others"] = middle([counts[what] for counts, won in seen if not won])
        absent = None if len(seen) >= 5 else "fewer than 5 cases"
        return Measure(values["endpoints"], len(seen), values, absent, open=len(seen) < len(cohort))

    return points(world, question, trials(world, question), measure)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {"trial_breadth": trial_breadth}
ASKS: Mapping[str, Ask] = {
    "trial_breadth": Ask(
        (*PARTNER, "plan", "subscription_kind", "product"),
        PARTNER,
        ("quarter", "year", "all", "all", "month"),
        extra=("breadth",),
    )
}
