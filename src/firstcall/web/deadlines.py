"""How long may a page's queries run? A request has a deadline, and a query that passes it is interrupted."""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from math import inf
from threading import Event, Thread
from typing import TYPE_CHECKING

import duckdb

from firstcall.engines.duckdb import DuckDBEngine, DuckDBSnapshot, fetched
from firstcall.program import Program
from firstcall.web.errors import TooSlow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from firstcall.engines.engine import Row
    from firstcall.engines.lowering import Dialect

SECONDS = 20.0
"""Seconds that all queries of one page or request may take together."""


@dataclass(slots=True)
class Deadline:
    """Until when somebody waits, on the monotonic clock; for ever unless told."""

    until: float = inf

    @property
    def left(self) -> float:
        """Seconds until then, below 0 when it has passed."""
        return self.until - time.monotonic()

    def put_off(self, until: float) -> None:
        """Wait until then at least; a query that runs already notices."""
        self.until = max(self.until, until)


_DEADLINE: ContextVar[Deadline] = ContextVar("deadline")


def deadline() -> Deadline:
    """Return until when whoever asks here waits."""
    return _DEADLINE.get(None) or Deadline()


@contextmanager
def until(end: Deadline) -> Iterator[None]:
    """Give everything asked inside the block, and in contexts copied from it, this deadline."""
    token = _DEADLINE.set(end)
    try:
        yield
    finally:
        _DEADLINE.reset(token)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give everything asked inside the block, and in contexts copied from it, this many seconds."""
    with until(Deadline(time.monotonic() + seconds)):
        yield


@dataclass(frozen=True, slots=True)
class LimitedEngine:
    """The embedded engine, or one state of it, with a deadline: every query can be interrupted."""

    engine: DuckDBEngine | DuckDBSnapshot

    @property
    def dialect(self) -> Dialect:
        """The engine's SQL."""
        return self.engine.dialect

    def run(self, sql: str) -> tuple[tuple[str, ...], Sequence[Row]]:
        """Run a query until it is done or the deadline has passed (TooSlow)."""
        end = deadline()
        if end.left <= 0:
            raise too_slow()
        with self.engine.reader() as cursor:
            if end.until == inf:
                return fetched(cursor, sql)
            with _watched(cursor, end):
                return fetched(cursor, sql)

    @contextmanager
    def snapshot(self) -> Iterator[LimitedEngine]:
        """Give one state of the store, under the same deadline."""
        with self.engine.snapshot() as state:
            yield LimitedEngine(state)


@contextmanager
def _watched(cursor: duckdb.DuckDBPyConnection, end: Deadline) -> Iterator[None]:
    """Interrupt the cursor once the deadline has passed, wherever it has been put off to meanwhile."""
    done = Event()

    def watch() -> None:
        while (left := end.left) > 0:
            if done.wait(left):
                return
        cursor.interrupt()

    watching = Thread(target=watch, name="deadline", daemon=True)
    watching.start()
    try:
        yield
    except duckdb.InterruptException:
        raise too_slow() from None
    finally:
        done.set()
        watching.join()


def too_slow() -> TooSlow:
    """Return what a reader is told whose time is over."""
    return TooSlow(
        "The question took longer than a page may wait. Ask for a shorter period or a coarser grain; "
        "`firstcall ask` on the command line has no such limit."
    )


def limited(program: Program) -> Program:
    """Return the program on an engine that keeps deadlines; one on another engine stays as it is."""
    if not isinstance(program.engine, DuckDBEngine):
        return program
    return Program(program.settings, LimitedEngine(program.engine))
