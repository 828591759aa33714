"""Does every metric say what its formula in plain Python says, on every small world and every valid question?"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from firstcall import registry
from firstcall.program import Program
from firstcall.schema.tables import TABLES
from tests.metrics.comparing import askable, differences, settings_of, told
from tests.metrics.comparing import asked as as_asked
from tests.metrics.filling import fill
from tests.reference.catalogue import METRICS
from tests.reference.question import Row, World
from tests.reference.questions import ASKS
from tests.reference.worlds.small_worlds import asked, seeds

WORLDS = int(os.environ.get("FIRSTCALL_WORLDS", "50"))
"""Worlds per metric. The default draws the same ones every time; more of them are drawn anew."""
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


def drawn(worlds: int) -> settings:
    """Return how many worlds are drawn.

    A world that fails is shown as it was drawn: asking it again many times to make it smaller takes minutes.
    """
    return settings(
        max_examples=worlds,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


def test_every_metric_has_its_reference() -> None:
    """Each metric that the product answers is written down once more in plain Python."""
    assert set(registry.metrics()) - set(METRICS) == set()


@pytest.mark.parametrize("metric", sorted(registry.metrics()))
@drawn(WORLDS)
@given(data=st.data())
def test_a_metric_equals_its_reference(metric: str, data: st.DataObject) -> None:
    """Periods, splits, values, cases and the partial flag are the same."""
    world, question = data.draw(asked(metric))
    question = askable(question)
    assert differences(world, question, told(world, question)) == []


@pytest.mark.parametrize("metric", OF_CALLS)
@drawn(max(WORLDS // 4, 10))
@given(data=st.data())
def test_single_calls_give_the_numbers_of_the_rollups(metric: str, data: st.DataObject) -> None:
    """Where the rollups cannot be used the calls are read, and nothing else changes."""
    world, question = data.draw(asked(metric))
    question = askable(question)
    assert differences(world, question, told(world, question, rolled_up=False)) == []


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
                before[name].append(first)
                rows[name].append({**first, "known_to": SINCE})
            elif kind > 1:
                before[name].append(row)
    return before, world, rows


def _last(table: Sequence[Row]) -> object:
    return max((row["period_end"] for row in table), default=None)


@pytest.mark.parametrize("metric", sorted(registry.metrics()))
@drawn(max(WORLDS // 10, 5))
@given(data=st.data(), seed=seeds())
def test_what_was_known_then_can_be_asked_beside_what_is_known_now(
    metric: str, data: st.DataObject, seed: int
) -> None:
    """Rows that came late are unseen then, rows that were corrected are seen as they were."""
    world, question = data.draw(asked(metric))
    question = askable(question)
    before, now, rows = corrected(world, Random(seed))
    engine = fill(rows, question.zone)
    program = Program(settings_of(question), engine)
    assert differences(now, question, program.ask(as_asked(question))) == []
    then = program.ask(as_asked(question, known_at=SINCE - timedelta(days=1)))
    assert differences(before, question, then) == []
