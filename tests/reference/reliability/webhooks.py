"""Do webhooks arrive, and soon enough?

Readings:
- `webhook_delivery`: an event is judged once its 30 seconds are over before as-of; without calls and
  journey as-of is the end of the last day with an event. A delivery after as-of has not happened. A
  receiver that is not in `partners` is a partner of unknown segment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction

from tests.reference.asks import PARTNER, Ask
from tests.reference.calendar import local_day
from tests.reference.identity import followed, partner_dims
from tests.reference.onboarding.activation import seconds
from tests.reference.question import Point, Question, Row, World
from tests.reference.reliability.performance import Dated, Values, exact, moment_of_judgement
from tests.reference.scope import Bucket, Measure, inside, points, sees


def webhook_delivery(world: World, question: Question) -> list[Point]:
    """Delivered within 30 seconds ÷ events whose 30 seconds are over."""
    within = timedelta(seconds=int(question.set.get("within_seconds", "30")))
    facts = []
    for row in world.get("webhook_deliveries", ()):
        dims = {**partner_dims(followed(row.get("partner_id"), world), world), "product": row.get("product")}
        if sees(row["triggered_at"], question):
            facts.append(Dated(local_day(row["triggered_at"], question.zone), row, dims))
    days = [local_day(row["triggered_at"], question.zone) for row in world.get("webhook_deliveries", ())]
    now = moment_of_judgement(world, question, days)

    def waited(row: Row) -> Fraction | None:
        at = row.get("delivered_at")
        return None if at is None or not sees(at, question) else seconds(at - row["triggered_at"])

    def measure(bucket: Bucket, group: Sequence[Dated]) -> Measure:
        here = [fact.row for fact in inside(bucket, group)]
        over = [row for row in here if now is not None and row["triggered_at"] + within < now]
        times = [waited(row) for row in over]
        known = [time for time in map(waited, here) if time is not None]
        values: Values = {"delivered": len(known), "undelivered": times.count(None)}
        values["p95"] = exact(map(float, known), Fraction(95, 100), 10)
        waiting = len(over) < len(here)
        if not over:
            return Measure(None, 0, values, "no event whose time is over", open=waiting)
        good = sum(time is not None and time <= seconds(within) for time in times)
        return Measure(good / len(over), len(over), values, open=waiting)

    return points(world, question, facts, measure)


RECEIVER = (*PARTNER, "product")

METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (webhook_delivery,)
}
ASKS: Mapping[str, Ask] = {
    "webhook_delivery": Ask(
        RECEIVER, RECEIVER, extra=("probe",), variants=(("within_seconds", "1"), ("within_seconds", "3600"))
    ),
}
