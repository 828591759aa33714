"""Is what the store holds the same for every question: whoever asked before, whatever is imported meanwhile?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from firstcall.answers import Answer, Value
from firstcall.engines.duckdb import DuckDBEngine, DuckDBSnapshot
from firstcall.engines.engine import Row
from firstcall.engines.lowering import Dialect
from firstcall.periods import Question
from firstcall.program import Program
from firstcall.settings import Settings
from tests.metrics.small import program, split
from tests.reference.question import World
from tests.reference.tiny import at, call

HEADER = "event_id,time,source,method,route,status\n"
CALLS = Question("call_volume", grain="all")


@dataclass
class Busy:
    """The embedded engine, with another thread that works to its end after every query."""

    engine: DuckDBEngine | DuckDBSnapshot
    meanwhile: Callable[[], None]

    @property
    def dialect(self) -> Dialect:
        """The engine's SQL."""
        return self.engine.dialect

    def run(self, sql: str) -> tuple[tuple[str, ...], Sequence[Row]]:
        """Run a query, and let the other thread work before its rows are given back."""
        found = self.engine.run(sql)
        thread = Thread(target=self.meanwhile)
        thread.start()
        thread.join()
        return found

    @contextmanager
    def snapshot(self) -> Iterator[Busy]:
        """Give one state of the store; the other thread goes on."""
        with self.engine.snapshot() as state:
            yield Busy(state, self.meanwhile)


@dataclass
class Importing:
    """A program that grows by one refused call whenever it is told to."""

    program: Program
    folder: Path
    count: int = 0

    def __call__(self) -> None:
        """Import one call more; all of them are blocked at the door."""
        self.count += 1
        file = self.folder / f"{self.count}.csv"
        file.write_text(f"{HEADER}{self.count},2025-01-05T12:00:00Z,kong,GET,/pets,403\n", encoding="utf-8")
        assert self.program.import_files("calls", [str(file)]).total.landed == 1


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[Importing]:
    """A program with one call."""
    with Program.open(Settings(), memory=True) as program:
        grow = Importing(program, tmp_path)
        grow()
        yield grow


def busy(growing: Importing) -> Program:
    """Return the program over an engine to whose store a call is added after every query."""
    assert isinstance(growing.program.engine, DuckDBEngine)
    return Program(growing.program.settings, Busy(growing.program.engine, growing))


def test_the_parts_of_an_answer_are_of_one_state(growing: Importing) -> None:
    """All calls and those blocked come from two queries; every call is blocked, so that both are the same number."""
    (point,) = busy(growing).ask(CALLS).points
    assert point.values["calls"] == point.values["blocked"] == 1
    assert growing.count > 2
    (later,) = growing.program.ask(CALLS).points
    assert later.values["calls"] == later.values["blocked"] == growing.count


def test_the_rows_behind_a_number_are_of_the_state_it_was_computed_in(growing: Importing) -> None:
    """The answer, its rows, how many there are, and the inputs."""
    found = busy(growing).explain(CALLS, limit=None)
    (point,) = found.answer.points
    assert (point.value, found.total, len(found.rows), found.inputs) == (1, 1, 1, {"calls": 1})


def test_what_is_known_of_one_state_is_not_believed_of_the_next(growing: Importing) -> None:
    """A snapshot that began before an import goes on to tell of its own state, and leaves nothing behind."""
    program = growing.program
    with program.snapshot() as before:
        growing()
        with program.snapshot() as after:
            assert after.store_state.counts["calls"] == 2
        assert before.store_state.counts["calls"] == 1
    assert program.store_state.counts["calls"] == 2


def test_what_is_known_of_a_state_is_asked_once(growing: Importing) -> None:
    """Two snapshots of the same state share it."""
    with growing.program.snapshot() as one:
        known = one.store_state.counts
    with growing.program.snapshot() as other:
        assert other.store_state.counts is known


SINCE = datetime(2021, 1, 1, tzinfo=UTC)
"""When it became known that a credential had changed hands."""
MOVED: World = {
    "partners": [
        {"partner_id": name, "name": name, "registered_at": at("2025-01-01"), "status": "approved"}
        for name in ("P1", "P2")
    ],
    "credentials": [
        {"consumer": "k", "partner_id": "P1", "known_to": SINCE},
        {"consumer": "k", "partner_id": "P1", "valid_to": at("2025-03-05 12:00"), "known_from": SINCE},
        {"consumer": "k", "partner_id": "P2", "valid_from": at("2025-03-05 12:00"), "known_from": SINCE},
    ],
    "calls": [
        {
            "time": at(f"2025-03-05 {hour}:00"),
            "source": "kong",
            "environment": "production",
            "consumer": "k",
            "method": "GET",
            "route": "/",
            "status": 200,
        }
        for hour in (10, 13)
    ],
}
"""A call of P1 and one of P2 on one day with one key; until 2021 both were thought to be P1's."""


def test_what_was_known_once_does_not_decide_how_today_is_asked() -> None:
    """The rollup holds the day as one row, which may not be read, even if it could have been at the time."""

    def volume(known_at: datetime | None) -> dict[str | None, Value]:
        answer: Answer = asking.ask(Question("call_volume", by=("partner",), known_at=known_at))
        return split(answer, "partner")

    asking = program(MOVED)
    assert volume(SINCE - timedelta(days=1)) == {"P1": 2}
    assert volume(None) == {"P1": 1, "P2": 1}


@pytest.mark.parametrize(
    ("calls", "newest"),
    [
        (("2025-03-01", "2025-03-04"), date(2025, 3, 4)),
        (("2025-03-04",), date(2025, 3, 5)),
        ((), date(2025, 1, 2)),
    ],
)
def test_the_newest_day_may_not_be_over(calls: tuple[str, ...], newest: date) -> None:
    """The last 30 days end before it; one day alone is shown as far as it goes, else a first log would show nothing."""
    world = {"partners": MOVED["partners"], "calls": [call(day) for day in calls]}
    assert program(world).newest_day() == newest


def test_an_empty_store_has_a_newest_day_all_the_same() -> None:
    """Nothing was seen since 2000."""
    assert program({}).newest_day() == date(2000, 1, 2)
