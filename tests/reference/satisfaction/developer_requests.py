"""How fast is what developers ask for delivered, and is what they bring taken?

Readings:
- Requests are dated by their opening; what was deployed before it was asked for is left out, as with tickets.
- Contributions belong to no partner. `contribution_acceptance_rate` is about those known to come from outside, by the
  day they came; those not yet decided count as not accepted, and are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tests.reference.asks import PARTNER, Ask
from tests.reference.question import Point, Question, Row, World
from tests.reference.satisfaction.support import COHORTS, EXTRA, Said, share, signals, until
from tests.reference.scope import Bucket, Measure, inside, points, sees


def request_to_fix_time(world: World, question: Question) -> list[Point]:
    """From asked to deployed, by the day it was asked."""
    asked = signals(world, question, "requests", "opened_at", lambda row: {"kind": row.get("kind")})
    return until(world, question, asked, "opened_at", "deployed_at")


def contributions(world: World, question: Question) -> list[Said]:
    """Return the contributions in sight."""

    def about(row: Row) -> dict[str, str | None]:
        known = row.get("external")
        return {
            "kind": row["kind"],
            "traffic_class": None if known is None else ("internal", "external")[known],
        }

    return signals(world, question, "contributions", "time", about)


def issue_resolution_time(world: World, question: Question) -> list[Point]:
    """From opened to closed, of issues."""
    issues = [fact for fact in contributions(world, question) if fact.row["kind"] == "issue"]
    return until(world, question, issues, "time", "resolved_at")


def contribution_acceptance_rate(world: World, question: Question) -> list[Point]:
    """Accepted ÷ all, of what came from outside."""
    outside = [fact for fact in contributions(world, question) if fact.row["external"]]

    def done(row: Row, name: str) -> bool:
        return row.get(name) is not None and sees(row[name], question)

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        here = [fact.row for fact in inside(bucket, group)]
        accepted = sum(1 for row in here if done(row, "accepted_at"))
        undecided = sum(1 for row in here if not done(row, "accepted_at") and not done(row, "resolved_at"))
        rate = share(accepted, len(here))
        values = {"rate": rate, "accepted": accepted, "contributions": len(here), "undecided": undecided}
        return Measure(rate, len(here), values, None if here else "no contributions from outside")

    return points(world, question, outside, measure)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    each.__name__: each for each in (request_to_fix_time, issue_resolution_time, contribution_acceptance_rate)
}
BROUGHT = {"kind": ("issue", "adapter", "sample_app"), "traffic_class": ("external", "internal")}
ASKS: Mapping[str, Ask] = {
    "request_to_fix_time": Ask(
        (*PARTNER, "kind"), (*PARTNER, "kind"), COHORTS, extra=EXTRA, values={"kind": ("bug", "docs")}
    ),
    "issue_resolution_time": Ask(
        ("traffic_class",), ("traffic_class", "kind"), COHORTS, extra=EXTRA, values=BROUGHT
    ),
    "contribution_acceptance_rate": Ask(("kind",), ("kind",), extra=EXTRA, values=BROUGHT),
}
