"""Is each question asked once per state of the store, and is what went wrong forgotten?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Event, Thread

import pytest

from firstcall.answers import Answer
from firstcall.engines.duckdb import DuckDBEngine, DuckDBSnapshot
from firstcall.errors import ScopeError, UnknownName
from firstcall.periods import Question
from firstcall.program import Program
from firstcall.settings import Settings
from firstcall.web.answer_service import AnswerService, Need
from firstcall.web.deadlines import within
from firstcall.web.errors import Broken, TooSlow
from tests.web.client import LOGS, fill

CALLS = Question("call_volume", date(2026, 9, 1), date(2026, 10, 1), "all")


@dataclass(frozen=True, slots=True)
class Held(DuckDBEngine):
    """The embedded engine, in which a question stops before its first query until `gate` opens."""

    held: Event = field(default_factory=Event)
    gate: Event = field(default_factory=Event)

    @contextmanager
    def snapshot(self) -> Iterator[DuckDBSnapshot]:
        """Give one state of the store, once the gate is open."""
        self.held.set()
        assert self.gate.wait(30)
        with DuckDBEngine.snapshot(self) as state:
            yield state


@pytest.fixture
def held(program: Program) -> Iterator[tuple[AnswerService, Held]]:
    """A service on an engine that holds every question at a gate."""
    assert isinstance(program.engine, DuckDBEngine)
    engine = Held(program.engine.connection)
    service = AnswerService(Program(program.settings, engine))
    yield service, engine
    engine.gate.set()
    service.close()


def asking(service: AnswerService, seconds: float) -> tuple[Thread, list[object]]:
    """Begin to ask in a thread of its own, as a reader with so many seconds; return it and where its outcome goes."""
    found: list[object] = []

    def ask() -> None:
        with within(seconds):
            found.append(service.ask(CALLS))

    thread = Thread(target=ask)
    thread.start()
    return thread, found


@pytest.fixture
def service(program: Program) -> Iterator[AnswerService]:
    """A service of its own for each test."""
    found = AnswerService(program)
    yield found
    found.close()


def test_the_same_question_is_the_same_answer(service: AnswerService) -> None:
    """The second reader gets the very object of the first."""
    service.generation()
    assert service.ask(CALLS) is service.ask(CALLS)


def test_what_cannot_be_asked_is_an_outcome(service: AnswerService) -> None:
    """A card shows it; the page goes on."""
    found = service.ask_all([CALLS, Question("call_volum"), Question("call_volume", by=("wave",))])
    assert [type(outcome) for outcome in found.values()] == [Answer, UnknownName, ScopeError]
    assert isinstance(service.ask(Question("partner_growth_rate", grain="all")), ScopeError)


def test_what_was_too_slow_is_asked_again(service: AnswerService) -> None:
    """Without time there is no answer, with time there is."""
    with within(0.0):
        assert isinstance(service.ask(CALLS), TooSlow)
    assert isinstance(service.ask(CALLS), Answer)


def test_nobody_inherits_the_deadline_of_who_asked_first(held: tuple[AnswerService, Held]) -> None:
    """The first reader's time is over while the question is under way; the second has time, and gets the answer."""
    service, engine = held
    hasty, nothing = asking(service, 0.05)
    assert engine.held.wait(30)
    hasty.join()
    patient, found = asking(service, 60)
    while service._kept[CALLS].deadline.left < 30:  # noqa: SLF001  until the second reader waits as well
        time.sleep(0.001)
    engine.gate.set()
    patient.join()
    assert [type(outcome) for outcome in (*nothing, *found)] == [TooSlow, Answer]


def test_nobody_waits_longer_than_told_for_what_another_asked(held: tuple[AnswerService, Held]) -> None:
    """The second reader leaves at its own deadline; the first goes on to the answer."""
    service, engine = held
    patient, found = asking(service, 60)
    assert engine.held.wait(30)
    hasty, nothing = asking(service, 0.05)
    hasty.join()
    engine.gate.set()
    patient.join()
    assert [type(outcome) for outcome in (*nothing, *found)] == [TooSlow, Answer]


def test_a_fault_is_an_outcome_and_not_kept(service: AnswerService, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader is told a number, not a traceback."""
    with monkeypatch.context() as patch:
        patch.setattr(Program, "ask", lambda *_: 1 / 0)
        outcome = service.ask(CALLS)
    assert isinstance(outcome, Broken)
    assert "ZeroDivisionError" not in str(outcome)
    assert isinstance(service.ask(CALLS), Answer)


def test_an_import_begins_a_new_generation(tmp_path: Path) -> None:
    """Answers and facts are those of the new state."""
    with Program.open(Settings(), memory=True) as program:
        service = AnswerService(program)
        before = service.generation()
        nothing = service.ask(CALLS)
        fill(program, tmp_path, LOGS)
        assert service.generation() != before
        after = service.ask(CALLS)
        service.close()
    assert isinstance(nothing, Answer)
    assert isinstance(after, Answer)
    assert nothing.points[0].absent is not None
    assert after.points[0].value == 555


def test_needs_name_table_and_command() -> None:
    """An empty store needs calls for calls."""
    with Program.open(Settings(), memory=True) as program:
        service = AnswerService(program)
        found = service.needs(CALLS)
        service.close()
    assert found == (Need("calls", "firstcall import nginx access.log"),)
