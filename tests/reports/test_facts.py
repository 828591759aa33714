"""What does the store say of the program beside its numbers?"""

from __future__ import annotations

from datetime import UTC, date, datetime

from firstcall.reports.facts import Assumption, Milestone, Staff, gather
from tests.reports.small import FIRST_QUARTER, opened, value, world


def test_the_facts_of_a_store() -> None:
    """Name and currency from the settings, the rest from the tables; data ends with the last call."""
    _, facts = opened(world())
    assert (facts.name, facts.currency) == ("Pets", "EUR")
    assert (facts.first, facts.as_of) == (date(2025, 1, 1), datetime.fromisoformat("2025-06-30 23:00"))
    assert facts.milestones[0] == Milestone(date(2025, 5, 5), "Self-service portal", "launch")
    assert facts.staff == (Staff(date(2025, 6, 1), 4.5),)
    assert facts.assumptions == (
        Assumption("attributed revenue", "estimated", "Orders, by sales", date(2025, 1, 1), date(2025, 7, 1)),
    )


def test_a_moment_that_is_asked_for_ends_the_data() -> None:
    """It never makes it longer."""
    program, _ = opened(world())
    early = gather(
        program.settings, program.engine, program.store_state, as_of=datetime(2025, 4, 1, tzinfo=UTC)
    )
    late = gather(
        program.settings, program.engine, program.store_state, as_of=datetime(2030, 1, 1, tzinfo=UTC)
    )
    assert early.as_of == datetime.fromisoformat("2025-04-01 00:00")
    assert late.as_of == datetime.fromisoformat("2025-06-30 23:00")


def test_an_empty_store_knows_nothing() -> None:
    """No first day, no last moment."""
    _, facts = opened({})
    assert (facts.first, facts.as_of, facts.milestones) == (None, None, ())


def test_without_calls_data_ends_with_the_last_day_of_any_row() -> None:
    """Here the last day the last cost covers, 30 June: as-of is its end."""
    rows = {"costs": world()["costs"]}
    _, facts = opened(rows)
    assert (facts.first, facts.as_of) == (date(2025, 1, 1), datetime.fromisoformat("2025-07-01 00:00"))


def test_transactions_are_an_assumption_only_while_nothing_is_invoiced() -> None:
    """As in the ratio itself."""
    flow = value(FIRST_QUARTER, "5000") | {"kind": "transaction"}
    _, before = opened({"value": [flow]})
    _, after = opened(world() | {"value": [flow]})
    assert [one.about for one in before.assumptions] == ["partners' transactions"]
    assert after.assumptions == ()
