"""How does a program stand: what it holds, how far each source has come, what can be computed?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from firstcall.cli.session import connection_of
from firstcall.periods import Question, as_utc
from firstcall.pipeline.conforming.routes import OTHER
from firstcall.pipeline.loading import journal
from firstcall.query.requirements import Readiness, readiness
from firstcall.schema import TABLES

if TYPE_CHECKING:
    from firstcall.program import Program

SOURCES = """
SELECT source, CAST(sum(calls) AS BIGINT), min(first_time), max(last_time), list(DISTINCT day)
FROM calls_by_consumer GROUP BY source ORDER BY source
"""
REFUSED = """
SELECT i.name, i."table", r.reason, count(*) FROM refused r JOIN imports i USING (import_id)
GROUP BY ALL ORDER BY 4 DESC, 3
"""
HELD = """
SELECT i.name, '{0}' AS "table", count(*) AS held, max(CAST({1} AS TIMESTAMP)) AS latest
FROM "{0}" t JOIN imports i USING (import_id) WHERE t.known_to IS NULL GROUP BY i.name
"""
OTHERS = """
SELECT l.name, l."table", coalesce(h.held, 0), h.latest, l.imported FROM
(SELECT name, "table", max(finished_at) AS imported FROM imports WHERE "table" <> 'calls' GROUP BY ALL) l
LEFT JOIN ({0}) h ON h.name = l.name AND h."table" = l."table" ORDER BY 2, 1
"""
FOLDED = f"SELECT CAST(coalesce(sum(calls), 0) AS BIGINT) FROM calls_by_hour WHERE route = '{OTHER}'"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONGEST_PAUSE = 2
"""Days of the week on which a source may always rest without a gap; with more of them it is thin, not resting."""
TELLING = 14
"""Days that must be seen before a missing day of the week is told from a gap."""


@dataclass(frozen=True, slots=True)
class GatewayStatus:
    """How far a gateway has come; times are UTC, `lag` is seconds until now.

    `gaps` are the local days without a call between its first and its last, but for those of its `pauses`: at most
    two days of the week on which it has never had one. `silent` counts both. `attributed` is the share of its calls
    whose caller is known, `refused` rows by reason.
    """

    source: str
    calls: int
    first: datetime
    last: datetime
    lag: float
    silent: int
    gaps: tuple[date, ...]
    pauses: tuple[str, ...]
    attributed: float | None
    refused: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class OtherSource:
    """What another source filled: rows in force, the latest of them, its last import (both UTC), rows refused."""

    source: str
    table: str
    rows: int
    latest: datetime | None
    imported: datetime
    refused: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """Everything `status` shows. `attributed` is the share of calls whose caller is known, None without calls.

    `folded` are the calls past a product's limit of routes.
    """

    store: str
    sources: tuple[GatewayStatus, ...]
    others: tuple[OtherSource, ...]
    tables: Mapping[str, int]
    attributed: float | None
    folded: int
    refused: Mapping[tuple[str, str], int]
    metrics: Mapping[str, Readiness]


def store_status(program: Program, *, now: datetime | None = None) -> StoreStatus:
    """Return how the program stands; `now` is the clock, from which lag is counted."""
    moment = now or datetime.now(UTC)
    shares = _attributed(program)
    refused: dict[tuple[str, str], dict[str, int]] = {}
    for name, table, reason, count in program.engine.run(REFUSED)[1]:
        refused.setdefault((str(name), str(table)), {})[str(reason)] = int(str(count))
    return StoreStatus(
        store=program.settings.store.url or str(program.settings.store.path),
        sources=tuple(_gateway(row, moment, shares, refused) for row in program.engine.run(SOURCES)[1]),
        others=_others(program, refused),
        tables={table: count for table, count in program.store_state.counts.items() if count},
        attributed=shares.get(None),
        folded=int(str(program.engine.run(FOLDED)[1][0][0])),
        refused=journal.reasons(connection_of(program)),
        metrics={name: _readiness(program, name) for name in program.metrics},
    )


def _gateway(
    row: tuple[object, ...],
    now: datetime,
    shares: Mapping[str | None, float],
    refused: Mapping[tuple[str, str], Mapping[str, int]],
) -> GatewayStatus:
    source, calls, first, last, days = row
    if not isinstance(first, datetime) or not isinstance(last, datetime) or not isinstance(days, list):
        raise TypeError(f"the roll-up of {source} has no times")
    silent, gaps, pauses = missed(days)
    return GatewayStatus(
        source=str(source),
        calls=int(str(calls)),
        first=first,
        last=last,
        lag=(as_utc(now) - last).total_seconds(),
        silent=silent,
        gaps=gaps,
        pauses=pauses,
        attributed=shares.get(str(source)),
        refused=refused.get((str(source), "calls"), {}),
    )


def missed(days: Iterable[date]) -> tuple[int, tuple[date, ...], tuple[str, ...]]:
    """Return how many days between the first and the last are missing, those that are gaps, and the weekly pauses.

    A day of the week that never occurs is a pause when two weeks have been seen and at most two are missing.
    """
    seen = set(days)
    first, last = min(seen), max(seen)
    span = (last - first).days + 1
    absent = [first + timedelta(n) for n in range(span) if first + timedelta(n) not in seen]
    never = sorted(set(range(7)) - {day.weekday() for day in seen})
    pauses = never if span >= TELLING and len(never) <= LONGEST_PAUSE else []
    gaps = tuple(day for day in absent if day.weekday() not in pauses)
    return len(absent), gaps, tuple(WEEKDAYS[number] for number in pauses)


def _others(
    program: Program, refused: Mapping[tuple[str, str], Mapping[str, int]]
) -> tuple[OtherSource, ...]:
    """Return what was imported into the tables other than calls, by table and source."""
    filled = [
        HELD.format(name, f't."{table.happened}"' if table.happened else "NULL")
        for name, table in TABLES.items()
        if name != "calls"
    ]
    _, rows = program.engine.run(OTHERS.format(" UNION ALL ".join(filled)))
    return tuple(
        OtherSource(
            source=str(name),
            table=str(table),
            rows=int(str(held)),
            latest=latest if isinstance(latest, datetime) else None,
            imported=imported,
            refused=refused.get((str(name), str(table)), {}),
        )
        for name, table, held, latest, imported in rows
        if isinstance(imported, datetime)
    )


def _attributed(program: Program) -> dict[str | None, float]:
    """Return the share of each source's calls that belong to a partner, by the metric's own definition; None: all."""
    if not program.store_state.counts.get("calls"):
        return {}
    question = Question(
        "call_volume",
        grain="all",
        by=("source", "partner"),
        environment="any",
        variants=(("traffic", "all"),),
    )
    counted: dict[str | None, list[int]] = {}
    for point in program.ask(question).points:
        for source in (point.by.get("source"), None):
            known, total = counted.get(source, [0, 0])
            owned = point.cases if point.by.get("partner") is not None else 0
            counted[source] = [known + owned, total + point.cases]
    return {source: known / total for source, (known, total) in counted.items() if total}


def _readiness(program: Program, name: str) -> Readiness:
    return readiness(program.resolve(Question(name)), program.store_state.counts)
