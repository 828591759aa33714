"""What became of what onboarding cost?

Readings:
- Effort and costs of activity onboarding, each by its day, as of the cost per partner onboarded. Its partner, merges
  followed, was live in time when its first successful production call of use lies at or before registration and the
  window of so many days; before that window is over it is open, afterwards late when it is live since, else lost.
- Spending on test and duplicate partners, on partners that are not registered, and on none is nobody's.
- The cases are the rows of partners live, late or lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.reference.asks import PARTNER, Ask
from tests.reference.business.ledger import Share, costs, effort, money, rows_of, total
from tests.reference.identity import NOT_OURS, partner_row, uses
from tests.reference.question import Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, as_of, inside, points


def fates(world: World, question: Question) -> Callable[[str | None], str]:
    """Return a function that says what became of a partner."""
    window = timedelta(days=question.activation_window_days)
    production = [
        call for call in uses(world, question, question.environment or "production") if call.succeeded
    ]
    now = as_of(world, question)

    def fate(name: str | None) -> str:
        row = partner_row(name, world)
        if not row or row.get("status") in NOT_OURS:
            return "nobody"
        live = min((call.time for call in production if call.partner == name), default=None)
        closes: datetime = row["registered_at"] + window
        if live is not None and live <= closes:
            return "live"
        if now is None or closes > now:
            return "open"
        return "lost" if live is None else "late"

    return fate


@dataclass(frozen=True, slots=True)
class Spent:
    """A part of a cost with what became of it."""

    day: date
    dims: Mapping[str, str | None]
    share: Share
    fate: str


def unproductive_onboarding_cost(world: World, question: Question) -> list[Point]:
    """Spending on partners not live at the end of their window."""
    fate = fates(world, question)
    facts = [
        Spent(share.day, share.dims, share, fate(share.partner))
        for share in (*costs(world, question, "onboarding"), *effort(world, question))
    ]

    def measure(bucket: Bucket, group: Sequence[Spent]) -> Measure:
        here = inside(bucket, group)

        def spent(*wanted: str) -> Fraction:
            return total(each.share for each in here if each.fate in wanted)

        missed, judged = spent("lost", "late"), spent("lost", "late", "live")
        values: dict[str, Number | None] = {
            "unproductive": money(missed),
            "share": float(missed / judged) if judged else None,
            "late": money(spent("late")),
            "productive": money(spent("live")),
            "still_open": money(spent("open")),
            "unassigned": money(spent("nobody")),
        }
        cases = rows_of(each.share for each in here if each.fate not in ("open", "nobody"))
        return Measure(money(missed), cases, values, open=any(each.fate == "open" for each in here))

    return points(world, question, facts, measure)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    "unproductive_onboarding_cost": unproductive_onboarding_cost
}
ASKS: Mapping[str, Ask] = {
    "unproductive_onboarding_cost": Ask(PARTNER, PARTNER, environments=True, of_calls=True, loose=True)
}
