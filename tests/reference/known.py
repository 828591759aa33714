"""Of which days is everything known that a metric counts?

Readings:
- A layer is known from the local day of its first row, or as the settings say, to that of the latest call or step of
  the journey, or of its own latest row if that is later. Calls are those of the environment and sources asked for.
- Periods of money (invoice lines, costs, value) are known to the last day that one of them covers, if that is earlier;
  what begins later than the latest call is known to its first day.
- Of layers of which one is enough, the longest counts; of layers that are all needed, the days that all of them know.
- An explicit as-of knows nothing after it. Without a row of a layer no day is known.
- Which layers a metric needs, its environment and whom it counts, its card says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from firstcall import registry
from tests.reference.calendar import INSTANT, local_day
from tests.reference.question import Question, Row, World

DATED = {
    "partners": "registered_at", "developers": "signed_up_at", "journey": "time", "product_stages": "since",
    "subscriptions": "started_at", "credit_packs": "purchased_at", "effort": "date", "headcount": "month",
    "tickets": "opened_at", "surveys": "submitted_at", "survey_invites": "sent_at", "feedback": "time",
    "requests": "opened_at", "incidents": "started_at", "contract_changes": "released_at", "contributions": "time",
    "integrations": "started_at", "webhook_deliveries": "triggered_at", "probes": "time", "calls": "time",
}  # fmt: skip
"""Layer → when a row of it happened."""
PERIODS = ("invoice_lines", "costs", "value")
NEVER = date.max


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last day known; a first day after the last when there is none."""

    first: date
    last: date

    def outside(self, start: date, end: date) -> bool:
        """Whether nothing is known of the days from `start` to `end` (half-open)."""
        return end <= self.first or start > self.last

    def within(self, start: date, end: date) -> bool:
        """Whether all of them are known."""
        return self.first <= start and (end - date.resolution) <= self.last


NOTHING = Span(NEVER, date.min)


def known(world: World, question: Question) -> Span | None:
    """Return the days that every layer knows which the metric needs; None when it needs none."""
    spans = [span for need in needed(question) if (span := widest(world, question, need)) is not None]
    if not spans:
        return None
    first, last = max(span.first for span in spans), min(span.last for span in spans)
    if question.as_of is not None:
        last = min(last, local_day(question.as_of - INSTANT, question.zone))
    return NOTHING if NOTHING in spans else Span(first, last)


def needed(question: Question) -> list[list[str]]:
    """Return the tables that a metric needs, of each list one."""
    metric = registry.metrics()[question.metric]
    entity = question.entity or metric.entity
    for variant in metric.variants:
        entity = variant.entity_of.get(question.set.get(variant.name, ""), entity)
    people = {"partner": "partners", "developer": "developers", "app": "credentials"}[entity]
    split = [need.split("|") for need in metric.needs]
    return [[people if name in {"partners", "developers"} else name for name in need] for need in split]


def widest(world: World, question: Question, tables: Iterable[str]) -> Span | None:
    """Return the days that one of the layers knows; None when one of them has no days."""
    spans = [layer(world, question, table) for table in tables]
    if None in spans:
        return None
    some = [span for span in spans if span is not None and span != NOTHING]
    return Span(min(s.first for s in some), max(s.last for s in some)) if some else NOTHING


def layer(world: World, question: Question, table: str) -> Span | None:
    """Return the days of one layer."""
    if table not in DATED and table not in PERIODS:
        return None
    said = question.known_since.get(table)
    rows = calls_asked(world, question) if table == "calls" else list(world.get(table, ()))
    times = [day_of(row["time"], question) for name in ("calls", "journey") for row in world.get(name, ())]
    latest = max(times, default=None)
    if not rows:
        return NOTHING if said is None or latest is None else Span(said, latest)
    begun = [day_of(row[DATED.get(table, "period_start")], question) for row in rows]
    first, last = said or min(begun), max(begun)
    if table in PERIODS:
        covered = max(last, *(day_of(row["period_end"] - INSTANT, question) for row in rows))
        return Span(first, covered if latest is None or covered < latest else max(latest, last))
    return Span(first, last if latest is None else max(latest, last))


def calls_asked(world: World, question: Question) -> list[Row]:
    """Return the calls of the environment and the sources asked for, whoever made them."""
    named = question.environment or registry.metrics()[question.metric].environment
    environments = question.where.get("environment", () if named == "any" else (named,))
    sources = question.where.get("source", ())
    return [
        row
        for row in world.get("calls", ())
        if (not environments or (row.get("environment") or "unknown") in environments)
        and (not sources or row.get("source") in sources)
    ]


def calls_since(world: World, question: Question) -> date:
    """Return the first day of which any calls are known."""
    said = question.known_since.get("calls")
    return said or min((day_of(row["time"], question) for row in world.get("calls", ())), default=date.min)


def day_of(value: object, question: Question) -> date:
    """Return the local day of a moment; a day is its own."""
    if isinstance(value, datetime):
        return local_day(value, question.zone)
    assert isinstance(value, date)
    return value
