"""Which quarter does a report cover?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from firstcall.errors import UsageError
from firstcall.periods import Calendar
from firstcall.reports import quarters
from firstcall.reports.facts import ProgramFacts

FACTS = ProgramFacts(
    "Pets",
    "EUR",
    Calendar("Europe/Berlin"),
    as_of=datetime.fromisoformat("2026-09-30 20:00"),
    first=date(2026, 2, 10),
)
FISCAL = replace(FACTS, calendar=Calendar("UTC", fiscal_year_starts=4))


def chosen(facts: ProgramFacts, said: str | None = None) -> tuple[str, str]:
    """Return how the quarter is typed and its dates."""
    span = quarters.span(quarters.choose(said, facts), facts)
    return span.name, span.dates


def test_the_default_is_the_last_complete_quarter() -> None:
    """Data that reaches the last evening of September completes the third quarter; a day earlier it does not."""
    assert chosen(FACTS) == ("2026Q3", "1 Jul – 30 Sep 2026")
    assert chosen(replace(FACTS, as_of=datetime.fromisoformat("2026-09-29 20:00"))) == (
        "2026Q2",
        "1 Apr – 30 Jun 2026",
    )


def test_a_day_ends_in_the_zone_of_the_program() -> None:
    """22:00 UTC on 29 September is midnight in Berlin, the last day of the quarter; 21:59 is not."""
    assert chosen(replace(FACTS, as_of=datetime.fromisoformat("2026-09-29 22:00")))[0] == "2026Q3"
    assert chosen(replace(FACTS, as_of=datetime.fromisoformat("2026-09-29 21:59")))[0] == "2026Q2"


def test_a_program_in_its_first_quarter_gets_that_one() -> None:
    """There is no complete one yet, and it is not called complete."""
    young = replace(FACTS, as_of=datetime.fromisoformat("2026-03-01 00:00"))
    assert chosen(young)[0] == "2026Q1"
    assert not quarters.span(quarters.choose(None, young), young).complete


def test_a_quarter_that_is_asked_for() -> None:
    """However it is spelled."""
    assert [chosen(FACTS, said)[0] for said in ("2026Q1", "2026q1", "2026-Q1", " 2026 Q1")] == ["2026Q1"] * 4


def test_fiscal_quarters_are_called_by_the_year_in_which_the_fiscal_year_begins() -> None:
    """With April as first month, January to March 2026 is the fourth quarter of 2025."""
    assert chosen(FISCAL, "2025Q4") == ("2025Q4", "1 Jan – 31 Mar 2026")
    assert chosen(FISCAL) == ("2026Q2", "1 Jul – 30 Sep 2026")
    assert quarters.span(quarters.choose(None, FISCAL), FISCAL).title == "Q2 FY2026"


def test_a_quarter_over_new_year_names_both_years() -> None:
    """With November as first month, the first quarter runs into January."""
    facts = replace(FACTS, calendar=Calendar("UTC", fiscal_year_starts=11), first=date(2025, 1, 1))
    assert chosen(facts, "2025Q1") == ("2025Q1", "1 Nov 2025 – 31 Jan 2026")


@pytest.mark.parametrize("said", ["2026-09", "Q3", "2026Q5", "3026Q1", "last", ""])
def test_what_is_no_quarter_is_refused_with_the_form_and_what_there_is(said: str) -> None:
    """The message says how to write one, and which have data."""
    with pytest.raises(UsageError, match=r"as in 2026Q3\. Quarters with data: 2026Q1, 2026Q2, 2026Q3\."):
        quarters.choose(said, FACTS)


@pytest.mark.parametrize("said", ["2025Q4", "2026Q4"])
def test_a_quarter_without_data_is_refused_with_what_there_is(said: str) -> None:
    """Before the first day and after the last."""
    with pytest.raises(UsageError, match=r"There is no data in 1 Oct – 31 Dec.*Quarters with data: 2026Q1, "):
        quarters.choose(said, FACTS)


def test_the_offer_says_that_the_last_quarter_is_cut() -> None:
    """And many quarters are given as from and to."""
    facts = replace(FACTS, as_of=datetime.fromisoformat("2026-08-01 00:00"), first=date(2023, 1, 1))
    with pytest.raises(UsageError, match=r"2023Q1 to 2026Q3 \(data of 2026Q3 ends before the quarter does\)"):
        quarters.choose("2030Q1", facts)


def test_an_empty_store_has_no_quarter() -> None:
    """The message says what to import first."""
    with pytest.raises(UsageError, match=r"nothing to report yet.*firstcall import"):
        quarters.choose(None, replace(FACTS, first=None, as_of=None))
