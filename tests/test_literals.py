"""Does what somebody typed reach the engine as it was typed, and never as SQL?"""

from __future__ import annotations

import re
from datetime import date, datetime

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstcall.literals import day_literal, identifier, moment_literal, quoted, quoted_all
from tests.contracts.house import product

ANY_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@pytest.fixture(scope="module")
def engine() -> duckdb.DuckDBPyConnection:
    """An engine to ask."""
    return duckdb.connect()


@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=3))
def test_a_text_comes_back_as_it_was(texts: list[str], engine: duckdb.DuckDBPyConnection) -> None:
    """Quotes, backslashes, comments and line breaks are signs like others."""
    assert engine.execute(f"SELECT {quoted(texts[0])}, [{quoted_all(texts)}]").fetchone() == (texts[0], texts)


@given(name=ANY_TEXT.filter(bool))
def test_a_column_may_be_called_anything(name: str, engine: duckdb.DuckDBPyConnection) -> None:
    """Also `a"; DROP`, in a file of somebody else."""
    found = engine.execute(f"SELECT {identifier(name)} FROM (SELECT 1 AS {identifier(name)})")
    assert [column[0] for column in found.description or ()] == [name]


@given(moment=st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)))  # noqa: DTZ001  UTC without zone
def test_moments_and_days_come_back_as_they_were(moment: datetime, engine: duckdb.DuckDBPyConnection) -> None:
    """To the microsecond."""
    asked = f"SELECT {moment_literal(moment)}, {day_literal(moment.date())}"
    assert engine.execute(asked).fetchone() == (moment, moment.date())
    assert day_literal(date(2026, 1, 31)) == "date '2026-01-31'"


def test_nobody_quotes_by_hand() -> None:
    """Doubled quotes are this file's business alone."""
    by_hand = re.compile(r"""replace\((["'])(?:'|\\'|"|\\")\1, (["'])(?:''|""|\\'\\'|\\"\\")\2\)""")
    found = [m.where for m in product() if m.name != "firstcall.literals" and by_hand.search(m.text)]
    assert found == []
