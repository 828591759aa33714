"""Is a query that runs too long stopped, and do others go on?"""

from __future__ import annotations

import time
from threading import Timer

import pytest

from firstcall.program import Program
from firstcall.web.deadlines import LimitedEngine, deadline, limited, within
from firstcall.web.errors import TooSlow

ENDLESS = "SELECT count(*) FROM range(100000000) a, range(1000) b WHERE a.range * b.range % 7 = 3"


def test_a_query_is_interrupted_at_the_deadline(program: Program) -> None:
    """It ends within the second, and the next one works."""
    engine = limited(program).engine
    began = time.monotonic()
    with within(0.2), pytest.raises(TooSlow, match="shorter period"):
        engine.run(ENDLESS)
    assert time.monotonic() - began < 5
    assert engine.run("SELECT 7") == (("7",), [(7,)])


def test_a_deadline_holds_for_all_queries_of_a_page(program: Program) -> None:
    """When it has passed, the next query is not begun."""
    engine = limited(program).engine
    with within(0.01):
        time.sleep(0.02)
        with pytest.raises(TooSlow):
            engine.run("SELECT 1")


def test_a_limited_program_stays_limited(program: Program) -> None:
    """Wrapping twice changes nothing."""
    once = limited(program)
    assert isinstance(once.engine, LimitedEngine)
    assert limited(once).engine is once.engine


def test_a_deadline_that_is_put_off_is_put_off_for_the_query_that_runs(program: Program) -> None:
    """A tenth of a second becomes half a second while the query is under way."""
    engine = limited(program).engine
    began = time.monotonic()
    with within(0.1):
        later = Timer(0.02, deadline().put_off, [began + 0.5])
        later.start()
        with pytest.raises(TooSlow):
            engine.run(ENDLESS)
        later.join()
    assert time.monotonic() - began >= 0.5


def test_a_deadline_is_never_brought_forward() -> None:
    """Whoever waits less changes nothing for the others."""
    with within(60):
        deadline().put_off(time.monotonic() + 0.01)
        assert deadline().left > 50


def test_one_state_is_read_under_the_deadline(program: Program) -> None:
    """A query of a snapshot is interrupted as any other, and the store goes on."""
    engine = limited(program).engine
    with within(0.1), engine.snapshot() as state, pytest.raises(TooSlow):
        state.run(ENDLESS)
    assert engine.run("SELECT 7")[1] == [(7,)]
