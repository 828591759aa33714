"""Does every metric say what its formula in plain Python says, on every small world and every valid question?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from random import Random

import pytest

from firstcall import registry
from firstcall.schema.tables import TABLES
from tests.metrics.circles import Circle, Held, circle, drawn_hand, hands, held_hand, hold, nothing, wrong
from tests.metrics.comparing import askable
from tests.reference.catalogue import METRICS
from tests.reference.question import Row, World
from tests.reference.questions import ASKS, draw_question
from tests.reference.worlds.seeds import WORLDS, fewer

BY_CALLS = fewer(4, 10)
"""Worlds per metric that are read call by call."""
LEARNED = fewer(10, 5)
"""Worlds per metric of which some rows came late."""
SINCE = datetime(2021, 1, 1, tzinfo=UTC)
"""When late and corrected rows became known."""
OF_CALLS = (
    "active_partners",
    "call_volume",
    "client_error_rate",
    "developer_churn_rate",
    "endpoint_popularity",
    "error_rate",
    "growth_accounting",
    "latency",
    "onboarding_funnel",
    "production_activation_rate",
    "revenue_per_product",
    "sandbox_activation",
    "time_to_first_call",
    "timeout_rate",
    *(name for name, ask in ASKS.items() if ask.of_calls),
)


TIMES = {
    **{name: table.happened for name, table in TABLES.items() if table.happened and name != "calls"},
    "calls": "time",
    "costs": "period_start",
    "invoice_lines": "period_start",
    "value": "period_start",
}
"""Tables whose rows may come late, with what dates them."""


def test_every_metric_has_its_reference() -> None:
    """Each metric that the product answers is written down once more in plain Python."""
    assert set(registry.metrics()) - set(METRICS) == set()


@pytest.mark.parametrize(("metric", "hand"), hands(registry.metrics(), WORLDS))
def test_a_metric_equals_its_reference(metric: str, hand: int) -> None:
    """Periods, splits, values, cases and the partial flag are the same."""
    found: list[str] = []
    for held in held_hand(circle(metric), hand, WORLDS, "usual"):
        question = askable(draw_question(held.seed, held.world, metric, held.zone))
        found += wrong(held, held.world, question, held.ask(question))
    nothing(found)


@pytest.mark.parametrize(("metric", "hand"), hands(OF_CALLS, BY_CALLS))
def test_single_calls_give_the_numbers_of_the_rollups(metric: str, hand: int) -> None:
    """Where the rollups cannot be used the calls are read, and nothing else changes."""
    found: list[str] = []
    for held in held_hand(circle(metric), hand, BY_CALLS, "calls", rolled_up=False):
        question = askable(draw_question(held.seed, held.world, metric, held.zone, "calls"))
        found += wrong(held, held.world, question, held.ask(question))
    nothing(found)


def corrected(world: World, random: Random) -> tuple[World, World, World]:
    """Return what was known in 2020, what is known since 2021, and rows that say so.

    Of each table some rows come late and some were dated otherwise at first; the first and the last stay, so that
    both worlds have one span.
    """
    before: dict[str, list[Row]] = {}
    rows: dict[str, list[Row]] = {}
    for name, table in world.items():
        before[name], rows[name] = [], []
        dated = sorted(table, key=lambda row: row[TIMES[name]]) if name in TIMES else []
        ends = [id(row) for row in (dated[:1] + dated[-1:])] + [
            id(row) for row in table if "period_end" in row and row["period_end"] == _last(table)
        ]
        for row in table:
            kind = random.randrange(4) if dated and id(row) not in ends and name != "partners" else 3
            rows[name].append({**row, "known_from": SINCE} if kind < 2 else row)
            if kind == 1:
                first = {**row, TIMES[name]: random.choice(dated)[TIMES[name]]}
                if "period_end" in row and first["period_start"] > row["period_end"]:
                    first = {**row, "amount": row["amount"] * 2}
                if row.get("live_at") and first["started_at"] > row["live_at"]:
                    first = {**row, "live_at": None}
                before[name].append(first)
                rows[name].append({**first, "known_to": SINCE})
            elif kind > 1:
                before[name].append(row)
    return before, world, rows


def _last(table: Sequence[Row]) -> object:
    return max((row["period_end"] for row in table), default=None)


@dataclass(frozen=True, slots=True)
class Learned:
    """A world whose rows came late or were corrected, with what had been known of it before."""

    held: Held
    before: World


@lru_cache(maxsize=1)
def learned_hand(of: Circle, hand: int) -> tuple[Learned, ...]:
    """Return a handful of worlds in stores that know since when each row has been known."""
    made = []
    for place, (seed, world, zone) in enumerate(drawn_hand(of, hand, LEARNED, "learned")):
        before, now, rows = corrected(world, Random(f"corrected {seed}"))
        made.append(Learned(hold(seed, now, zone, store=f"learned {place}", rows=rows), before))
    return tuple(made)


@pytest.mark.parametrize(("metric", "hand"), hands(registry.metrics(), LEARNED))
def test_what_was_known_then_can_be_asked_beside_what_is_known_now(metric: str, hand: int) -> None:
    """Rows that came late are unseen then, rows that were corrected are seen as they were."""
    found: list[str] = []
    for each in learned_hand(circle(metric), hand):
        held = each.held
        question = askable(draw_question(held.seed, held.world, metric, held.zone, "learned"))
        found += wrong(held, held.world, question, held.ask(question))
        then = held.ask(question, known_at=SINCE - timedelta(days=1))
        found += wrong(held, each.before, question, then)
    nothing(found)
