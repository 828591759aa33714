"""Does every metric give the same numbers on every engine?

Random worlds are asked random questions, a handful of metrics each, all metrics in turn. PARITY_WORLDS sets how
many; every night it is some thousands.
"""

from __future__ import annotations

import os
from random import Random

import pytest

from firstcall import registry
from firstcall.engines.clickhouse import ClickHouseEngine
from firstcall.periods import Question
from firstcall.program import Program
from tests.engines.worlds import drawn, filled, found, told_apart
from tests.metrics.comparing import askable, asked, settings_of
from tests.reference.question import Question as Drawn
from tests.reference.question import World
from tests.reference.questions import ASKS, draw_question
from tests.reference.tiny import at, call, developer, effort, key, line, on, partner, sandbox, span

WORLDS = int(os.environ.get("PARITY_WORLDS", "50"))
EACH = 3
"""Metrics asked of one world; filling it costs more than asking."""
METRICS = tuple(registry.metrics())


def questions(seed: int, world: World, zone: str) -> list[tuple[Drawn, Question]]:
    """Return a question about the world for each metric whose turn it is; a few read single calls exactly."""
    made = []
    for turn in range(EACH):
        metric = METRICS[(seed * EACH + turn) % len(METRICS)]
        random = Random(f"{seed} {metric}")
        plain = Drawn(metric, zone=zone)
        said = askable(draw_question(random, world, metric, zone)) if metric in ASKS else plain
        made.append((said, asked(said, exact=random.random() < 0.3)))
    return made


def hard_world() -> World:
    """Return a world of a few rows in which every trap lies once.

    Two partners are one by now; a key changes hands at noon; calls sit a microsecond before a local midnight and in
    the hour that a clock change repeats; names hold quotes and backslashes; hours are no binary fractions; an
    exchange rate has ten places and another is missing.
    """
    return {
        "partners": [
            partner("P1", "2024-12-31 22:59:59.999999", segment="it's \\", country="DE"),
            partner("P2", "2025-01-01", segment=None, merged_into="P1"),
            partner("P3", "2025-02-10", "pending", segment="\\n"),
            partner("P4", "2025-02-10", "test"),
        ],
        "developers": [
            developer("D1", "2025-01-01"), developer("D2", "2025-01-02", "P2"), developer("D3", "2025-02-10", None),
        ],
        "credentials": [
            key("k1", "P1", "D1", app="one", valid_to=at("2025-03-05 12:00")),
            key("k1", "P3", "D3", app="two", valid_from=at("2025-03-05 12:00")),
            key("k2", "P2", "D2"),
            key("k4", "P4"),
        ],
        "calls": [
            call("2025-01-31 22:59:59.999999", latency_ms=0.4),
            call("2025-01-31 23:00", latency_ms=99.9, units=7),
            sandbox("2025-01-05 08:00"),
            sandbox("2025-01-06 08:00", "k2", 401),
            call("2025-03-05 11:59:59.999999", status=504, latency_ms=30_000.0),
            call("2025-03-05 12:00", status=404, product="payments", version="v1"),
            call("2025-03-30 00:30", "k2", product="payments"),
            call("2025-03-30 01:30", "k2", 500, latency_ms=480.5),
            call("2025-03-31 21:59:59.999999", None),
            call("2025-03-31 22:00", "k4", 403),
        ],
        "journey": [
            {"time": at("2025-01-01 00:00:01"), "anonymous_id": "v", "step": "docs_viewed"},
            {"time": at("2025-01-02"), "anonymous_id": "v", "developer_id": "D2", "step": "identified"},
        ],
        "invoice_lines": [
            line("L0", "2024-03-01", "2024-04-01", "50"),
            line("L1", "2024-12-31 23:00", "2025-03-30 22:00", "100.000001", product="payments", plan_id="basic"),
            line("L2", "2025-02-01", "2025-02-28", "33.333333", "credit"),
            line("L3", "2025-03-01", "2025-03-02", "-0.000001", "usage", currency="USD"),
            line("L4", "2025-03-10", "2025-04-01", "1200", "overage", currency="CHF", partner_id="P2"),
            line("L5", "2025-03-10", "2025-04-01", "19", "tax"),
        ],
        "costs": [
            span("2025-01-01", "2026-01-01", "999999999999.999999", cost_id="C1", category="people", activity="run"),
            span("2025-03-01", "2025-03-08", "7", cost_id="C2", activity="onboarding", partner_id="P1"),
        ],
        "effort": [effort("2025-03-03", 0.29, "99.99", "P2"), effort("2025-03-04", 7.1, "33.333333")],
        "value": [span("2025-02-01", "2025-04-01", "10.01", kind="cost_avoidance", confidence="assumed")],
        "exchange_rates": [
            {"date": on("2025-03-01"), "currency": "USD", "rate": "0.9234567895"},
            {"date": on("2025-02-28"), "currency": "USD", "rate": "0.9"},
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def hard(clickhouse: ClickHouseEngine) -> Program:
    """Return a program over the hard world, which ClickHouse holds as well while this module runs its first tests."""
    return Program(settings_of(Drawn("call_volume")), filled(hard_world(), "Europe/Berlin", clickhouse))


@pytest.mark.parametrize("metric", METRICS)
def test_a_hard_world_is_told_the_same_by_both_engines(
    hard: Program, clickhouse: ClickHouseEngine, metric: str
) -> None:
    """Plain by day or week, and split by the partner's segment with nobody's share apart, as of a moment."""
    wrong = []
    grain = "week" if "week" in registry.metrics()[metric].grains else "month"
    moment = at("2025-03-30 01:30:00.000001")
    for question in (
        Question(metric, grain=grain),
        Question(metric, by=("segment",), as_of=moment, known_at=moment),
    ):
        asking = hard.asking(question)
        here, there = found(asking, hard.engine, trim=True), found(asking, clickhouse, trim=True)
        assert here.points
        wrong += [(question, *difference) for difference in told_apart(here, there)]
    assert wrong == []


def test_a_program_runs_on_clickhouse_alone(hard: Program, clickhouse: ClickHouseEngine) -> None:
    """Holdings, answer and explanation come from the other engine, and say the same."""
    other = Program(hard.settings, clickhouse)
    question = Question("program_revenue", by=("product",), where=(("segment", ("it's \\",)),))
    mine, its = hard.explain(question), other.explain(question)
    assert its.answer == mine.answer
    assert (its.columns, its.total, its.inputs) == (mine.columns, mine.total, mine.inputs)
    assert sorted(map(str, its.rows)) == sorted(map(str, mine.rows))


@pytest.mark.parametrize("seed", range(WORLDS))
def test_a_random_world_is_told_the_same_by_both_engines(clickhouse: ClickHouseEngine, seed: int) -> None:
    """The same composed query, lowered twice: counts and money equal, floats within nine digits."""
    world, zone = drawn(seed)
    store = filled(world, zone, clickhouse)
    wrong = []
    for said, question in questions(seed, world, zone):
        asking = Program(settings_of(said), store).asking(question)
        trim = question.start is None
        here, there = found(asking, store, trim=trim), found(asking, clickhouse, trim=trim)
        wrong += [(question, *difference) for difference in told_apart(here, there)]
    assert wrong == []
