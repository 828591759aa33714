"""Is the smallest table read that offers what a relation asks of the calls?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from firstcall.periods import Calendar, Scope
from firstcall.query.bindings import Bindings
from firstcall.query.filters import PlanContext
from firstcall.query.plan import usage

MARCH: dict[str, Any] = {"start": date(2025, 3, 1), "end": date(2025, 4, 1), "grain": "month"}
WITHIN_MARCH: dict[str, Any] = {**MARCH, "start": date(2025, 3, 5)}
QUIET = PlanContext(straddles=False, months_straddle=False)
HANDED_OVER = PlanContext(straddles=False, months_straddle=True)


def read(columns: str, scope: dict[str, Any], context: PlanContext = QUIET, *, bounded: bool = True) -> str:
    """Return the table that the fact with these columns reads."""
    whole = Scope(
        **scope,
        environment="any",
        entity="partner",
        as_of=datetime.fromisoformat("2025-06-01 12:00"),
        calendar=Calendar(),
    )
    fact = usage(frozenset(columns.split()), Bindings(whole, {}), context, (), bounded=bounded)
    (table,) = fact.tables.keys() - {"owners"}
    return table


@pytest.mark.parametrize(
    ("columns", "scope", "table"),
    [
        ("calls period entity", MARCH, "callers_by_month"),
        ("calls period entity outcome", MARCH, "calls_by_consumer"),
        ("calls day entity", MARCH, "calls_by_consumer"),
        ("calls period entity", WITHIN_MARCH, "calls_by_consumer"),
        ("calls period entity", {**MARCH, "grain": "week"}, "calls_by_consumer"),
        ("calls period entity", {**MARCH, "cut": True}, "calls"),
        ("calls period", MARCH, "calls_by_hour"),
    ],
)
def test_a_callers_months_are_read_where_days_make_no_difference(
    columns: str, scope: dict[str, Any], table: str
) -> None:
    """The monthly rollup answers whole months of nothing but calls; days, outcomes and parts of months need more."""
    assert read(columns, scope) == table


def test_what_looks_at_all_days_reads_months_whatever_the_scope() -> None:
    """A first call ever does not depend on where the scope begins."""
    assert read("entity first_time", WITHIN_MARCH, bounded=False) == "callers_by_month"


def test_months_in_which_a_credential_changed_hands_are_not_read() -> None:
    """Its calls of that month are of two owners; the days' rows tell them apart."""
    assert read("entity first_time", MARCH, HANDED_OVER, bounded=False) == "calls_by_consumer"
