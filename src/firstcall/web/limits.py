"""How long may a page's queries run? A request has a deadline, and a query that passes it is interrupted."""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Timer
from typing import TYPE_CHECKING

import duckdb

from firstcall.engines.duckdb import DuckDBEngine
from firstcall.program import Program
from firstcall.web.errors import TooSlow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlglot import exp

    from firstcall.engines.engine import Row

SECONDS = 20.0
"""Seconds that all queries of one page or request may take together."""

_DEADLINE: ContextVar[float] = ContextVar("deadline")


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give everything asked inside the block, and in contexts copied from it, this many seconds."""
    token = _DEADLINE.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _DEADLINE.reset(token)


@dataclass(slots=True)
class LimitedEngine:
    """The embedded engine with a deadline: every query runs on a cursor that can be interrupted."""

    engine: DuckDBEngine
    name: str = "duckdb"

    def lower(self, query: exp.Expr) -> str:
        """Return the portable query in the engine's SQL."""
        return self.engine.lower(query)

    def run(self, sql: str) -> tuple[tuple[str, ...], Sequence[Row]]:
        """Run a query until it is done or the deadline has passed (TooSlow)."""
        left = _DEADLINE.get(float("inf")) - time.monotonic()
        if left <= 0:
            raise TooSlow(_WORDS)
        with self.engine.connection.cursor() as cursor:
            watch = Timer(left, cursor.interrupt) if left < 1e6 else None
            try:
                if watch is not None:
                    watch.start()
                result = cursor.execute(sql)
                names = tuple(str(column[0]) for column in result.description or ())
                return names, result.fetchall()
            except duckdb.InterruptException:
                raise TooSlow(_WORDS) from None
            finally:
                if watch is not None:
                    watch.cancel()
                    watch.join()


_WORDS = (
    "The question took longer than a page may wait. Ask for a shorter period or a coarser grain; "
    "`firstcall ask` on the command line has no such limit."
)


def limited(program: Program) -> Program:
    """Return the program on an engine that keeps deadlines; one on another engine stays as it is."""
    if not isinstance(program.engine, DuckDBEngine):
        return program
    return Program(program.settings, LimitedEngine(program.engine))
