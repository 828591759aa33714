"""Is a query that runs too long stopped, and do others go on?"""

from __future__ import annotations

import time

import pytest

from firstcall.program import Program
from firstcall.web.errors import TooSlow
from firstcall.web.limits import LimitedEngine, limited, within

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
