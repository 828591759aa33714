"""How does a program stand: what it holds, how far each source has come, what can be computed?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from firstcall.cli.wiring import connection_of
from firstcall.metrics.readiness import Readiness, readiness
from firstcall.periods import Question
from firstcall.pipeline import journal

if TYPE_CHECKING:
    from firstcall.program import Program

SOURCES = """
SELECT source, CAST(sum(calls) AS BIGINT), min(first_time), max(last_time),
    date_diff('day', min(day), max(day)) + 1 - count(DISTINCT day)
FROM calls_by_consumer GROUP BY source ORDER BY source
"""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far a gateway has come; times are UTC, `lag` is seconds until now, `gaps` days without a call."""

    source: str
    calls: int
    first: datetime
    last: datetime
    lag: float
    gaps: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything `status` shows. `attributed` is the share of calls whose caller is known, None without calls."""

    store: str
    sources: tuple[Freshness, ...]
    tables: Mapping[str, int]
    attributed: float | None
    refused: Mapping[tuple[str, str], int]
    metrics: Mapping[str, Readiness]


def standing(program: Program, *, now: datetime | None = None) -> Standing:
    """Return how the program stands; `now` is the clock, from which lag is counted."""
    moment = now or datetime.now(UTC)
    _, rows = program.engine.run(SOURCES)
    return Standing(
        store=program.settings.store.url or str(program.settings.store.path),
        sources=tuple(_freshness(row, moment) for row in rows),
        tables={table: count for table, count in program.holdings.counts.items() if count},
        attributed=_attributed(program),
        refused=journal.reasons(connection_of(program)),
        metrics={name: _readiness(program, name) for name in program.metrics},
    )


def _freshness(row: tuple[object, ...], now: datetime) -> Freshness:
    source, calls, first, last, gaps = row
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        raise TypeError(f"the roll-up of {source} has no times")
    lag = (now - last.replace(tzinfo=UTC)).total_seconds()
    return Freshness(str(source), int(str(calls)), first, last, lag, int(str(gaps)))


def _attributed(program: Program) -> float | None:
    """Return the share of calls that belong to a partner, by the metric's own definition."""
    if not program.holdings.counts.get("calls"):
        return None
    question = Question(
        "call_volume", grain="all", by=("partner",), environment="any", variants=(("traffic", "all"),)
    )
    counted = {point.by.get("partner"): point.cases for point in program.ask(question).points}
    total = sum(counted.values())
    return (total - counted.get(None, 0)) / total if total else None


def _readiness(program: Program, name: str) -> Readiness:
    return readiness(program.asking(Question(name)), program.holdings.counts)
