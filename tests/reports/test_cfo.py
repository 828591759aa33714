"""Does the CFO's page say what was worked out by hand, each number changing in its own unit?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache

import pytest

from firstcall.answers import Answer, Point
from firstcall.periods import Question
from firstcall.reports.document import Document, Row
from firstcall.reports.facts import ProgramFacts
from firstcall.reports.render import FORMATS, build, find
from tests.reference.tiny import call, effort, line
from tests.reports.small import Rows, at, milestone, opened, world

JARGON = re.compile(
    r"\b(?:API calls?|endpoints?|latency|uptime|gateways?|2xx|5xx|HTTP|p9[059]|sandbox|production|error rate|SLO|"
    r"webhooks?|cohort|percentile|null)\b",
    re.IGNORECASE,
)


def page(rows: Rows, period: str | None = None, **program: object) -> Document:
    """Return the page of a world."""
    made, facts = opened(rows, **program)
    return build(find("cfo"), made.ask, facts, period)


@cache
def half_year() -> Document:
    """Return the page of the world as it is."""
    return page(world())


def shown(row: Row) -> tuple[str, str, str, str | None]:
    """Return a row as a reader sees it."""
    return row.now.shown, row.before.shown, row.trend.shown, row.trend.verdict


def note(document: Document, number: int) -> str:
    """Return a footnote."""
    return next(one.text for one in document.footnotes if one.number == number)


def without(rows: Rows, *tables: str) -> Rows:
    """Return the world without some tables."""
    return {name: held for name, held in rows.items() if name not in tables}


def test_five_rows_as_worked_out_by_hand() -> None:
    """Amounts change in percent, activation in points, the ratios in their own units; growth has no base yet.

    Revenue 900 to 1,350. Cost per partner 1,000/1 to 700/7. Live 1 of 4, then 8 of 10. Value over cost
    (900 + 600)/1,500, then (1,350 + 2,700)/900; revenue alone 900/1,500, then 1,350/900. Active 1 in March and 8
    in June: the cube root of 8 is 2, so the number doubled each month.
    """
    document = half_year()
    assert [shown(row) for row in document.rows] == [
        ("EUR 1,350", "EUR 900", "+50.0 %", "better"),
        ("EUR 100", "EUR 1,000", "−90.0 %", "better"),
        ("80.0 %", "25.0 %", "+55.0 pts", "better"),
        ("4.5 : 1", "1 : 1", "+3.5", "better"),
        ("100 % MoM", "–", "–", None),
    ]
    (alone,) = document.rows[3].beside
    assert shown(alone) == ("1.5 : 1", "0.6 : 1", "+0.90", "better")


def test_growth_changes_in_points() -> None:
    """A quarter later the same eight are active: 0 % a month, 100 points less, and that is worse."""
    rows = world()
    rows["calls"] += [call("2025-09-10", f"k{n}") for n in range(1, 9)] + [call("2025-09-30 12:00", "k1")]
    assert shown(page(rows).rows[4]) == ("0 % MoM", "100 % MoM", "−100.0 pts", "worse")


def test_a_small_change_is_no_clear_change() -> None:
    """1,000 after 960 is 4.2 % more."""
    rows = world() | {
        "invoice_lines": [
            line("a", "2025-01-01", "2025-04-01", "960"),
            line("b", "2025-04-01", "2025-07-01", "1000"),
        ]
    }
    assert shown(page(rows).rows[0]) == ("EUR 1,000", "EUR 960", "+4.2 %", "no clear change")


def test_amounts_under_a_hundred_keep_their_cents() -> None:
    """And larger ones are rounded for the eye; the point keeps the exact amount."""
    rows = world() | {
        "invoice_lines": [
            line("a", "2025-01-01", "2025-04-01", "99.50"),
            line("b", "2025-04-01", "2025-07-01", "100.70"),
        ]
    }
    revenue = page(rows).rows[0]
    assert (revenue.now.shown, revenue.before.shown) == ("EUR 101", "EUR 99.50")
    assert revenue.now.value == Decimal("100.70")


def test_nobody_went_live_shows_what_was_spent() -> None:
    """No partner went live in the third quarter, and 5 hours at 100 were worked: a dash, and EUR 500."""
    rows = world()
    rows["calls"].append(call("2025-09-30 12:00", "k1"))
    rows["effort"].append(effort("2025-08-01", 5, "100"))
    document = page(rows)
    assert shown(document.rows[1]) == ("–", "EUR 100", "–", None)
    assert "0 went live, EUR 500 was spent (quarter before: 7 for EUR 700)." in note(document, 2)
    assert "No number for Q3 2025: no partner went live in the quarter." in note(document, 2)


def test_growth_from_nobody_is_a_dash_with_its_reason() -> None:
    """Never infinite, never 0."""
    assert "No number for Q1 2025: no partner was active in the quarter before" in note(half_year(), 5)


def test_what_was_never_imported_says_which_command_brings_it() -> None:
    """With logs alone every row has a dash and an import to run."""
    document = page({"calls": world()["calls"]})
    assert {row.now.shown for row in document.rows} == {"–"}
    for row in document.rows:
        assert re.search(
            r"No number: needs rows in \w+: firstcall import \w+ \S+\.", note(document, row.note)
        )


def test_a_quarter_without_costs_says_so() -> None:
    """Costs of the second quarter are missing: no ratio, and what to import."""
    rows = world()
    rows["costs"] = rows["costs"][:1]
    rows["effort"] = rows["effort"][:1]
    document = page(rows)
    assert document.rows[3].now.shown == "–"
    assert "no costs are recorded for the quarter; firstcall import costs costs.csv" in note(document, 4)
    assert "not known before its costs are" in document.paragraphs[0]


def test_before_the_first_invoice_there_is_a_dash_and_not_zero() -> None:
    """Calls began a quarter earlier than invoices: no claim that nothing was earned."""
    rows = world()
    rows["invoice_lines"] = rows["invoice_lines"][1:]
    assert shown(page(rows).rows[0])[:3] == ("EUR 1,350", "–", "–")


def test_a_quarter_that_is_not_over_is_not_compared() -> None:
    """Its numbers so far stand there, and the page says why there is no trend."""
    rows = world()
    rows["calls"] = [one for one in rows["calls"] if one["time"] < at("2025-06-29")]
    document = page(rows, "2025Q2")
    assert not document.period.complete
    assert [row.trend.shown for row in document.rows] == ["–"] * 5
    assert any("Q2 2025 is not over" in one.text for one in document.footnotes)


def test_the_footnotes_carry_the_cases() -> None:
    """How many lines, partners, newcomers and actives each number rests on."""
    document = half_year()
    assert "From 1 invoice line (quarter before: 1)." in note(document, 1)
    assert "7 went live, EUR 700 was spent (quarter before: 1 for EUR 1,000)." in note(document, 2)
    assert "8 of 10. Of the 6 that registered in the quarter, 4 went live within 90 days" in note(document, 3)
    assert "8 active partners in Jun, 1 in Mar." in note(document, 5)


def test_the_ratio_always_comes_with_the_direct_one_and_its_estimates() -> None:
    """Both ratios, what is estimated, by whom, and the confidence of the page."""
    document = half_year()
    said = note(document, 4)
    assert "The quarter cost EUR 900 (most of it hours of onboarding: EUR 700) and earned EUR 1,350" in said
    assert "plus estimated attributed revenue and avoided cost of EUR 2,700" in said
    assert "With all value 4.5 : 1, on own revenue alone 1.5 : 1." in said
    assert document.confidence == "estimated"
    assert [one.text for one in document.footnotes if one.head == "Not measured"] == [
        "Attributed revenue (Orders, by sales): estimated."
    ]


def test_without_other_value_both_ratios_are_the_same() -> None:
    """And nothing is called estimated."""
    document = page(without(world(), "value"))
    assert (document.rows[3].now.shown, document.rows[3].beside[0].now.shown) == ("1.5 : 1", "1.5 : 1")
    assert "and no other value is recorded" in note(document, 4)
    assert document.confidence == "measured"


def test_the_draft_says_what_was_done_what_moved_and_what_is_needed() -> None:
    """Milestones of the quarter, the largest move, the weakest number with its remedy, budget, tools and people."""
    (said,) = half_year().paragraphs
    assert said == (
        "Done in the quarter: Self-service portal (5 May). Incidents: Gateway outage (6 Jun). "
        "Program cost vs. value improved most, from 1 : 1 to 4.5 : 1 (+3.5). No number got worse. "
        "API program revenue moved least (+50.0 %); the next step is to see which partners pay less than before, and "
        "why, before looking for new ones. Needed to go on at this level: a budget of EUR 900 for the next quarter "
        "(of it EUR 700 to bring another 7 partners live and EUR 50.00 for running tools), and a team of 4.5 full-time."
    )


def test_the_draft_names_what_got_worse_first() -> None:
    """Revenue halves: the remedy is about revenue, and the last step before the quarter is named."""
    rows = world()
    rows["invoice_lines"][1] = line("b", "2025-04-01", "2025-07-01", "450")
    rows["milestones"] = [milestone("2025-02-02", "Docs rewritten", "docs")]
    (said,) = page(rows).paragraphs
    assert "the last one was Docs rewritten (2 Feb 2025)." in said
    assert (
        "API program revenue got worse, from EUR 900 to EUR 450 (−50.0 %); the next step is to see which"
        in said
    )


def test_a_fiscal_year_that_begins_in_april() -> None:
    """April to June is its first quarter, and January to March the fourth of the year before."""
    document = page(world(), "2025Q1", fiscal_year_starts=4)
    assert (document.period.title, document.previous.title) == ("Q1 FY2025", "Q4 FY2024")
    assert shown(document.rows[0]) == ("EUR 1,350", "EUR 900", "+50.0 %", "better")


def test_the_trend_line_carries_the_milestones_on_their_days() -> None:
    """One of the last month says its day, since its point stands for the month."""
    said = half_year().figures[0].wide.description
    assert "Milestones: 5 May 2025 Self-service portal; 1 Jun 2025 Gateway outage (6 Jun)." in said


def test_whoever_asks_decides_on_the_moment() -> None:
    """As of 1 April the first quarter is the last complete one, and nothing later is seen."""
    made, facts = opened(world())
    moment = datetime(2025, 4, 1, tzinfo=UTC)
    early = replace(facts, as_of=datetime.fromisoformat("2025-04-01 00:00"))
    document = build(find("cfo"), lambda question: made.ask(replace(question, as_of=moment)), early)
    assert document.period.name == "2025Q1"
    assert document.rows[2].now.shown == "25.0 %"


@pytest.mark.parametrize("name", ["text", "md"])
def test_no_term_of_the_trade_is_on_the_page(name: str) -> None:
    """A CFO never saw a gateway; the program's own words (milestones) are its own."""
    assert JARGON.findall(FORMATS[name](page(without(world(), "milestones")))) == []


def test_noise_leaves_no_clear_change() -> None:
    """An answer with wide intervals: 40 % after 30 % is not told apart."""
    made, facts = opened(world())

    def ask(question: Question) -> Answer:
        answer = made.ask(question)
        if question.metric != "partner_growth_rate" or question.start is not None:
            return answer
        first = answer.points[-1].period
        wide = [
            Point(day, {}, value, 9, {"growth": value}, low=value - 0.2, high=value + 0.2)
            for day, value in ((first.replace(month=1), 0.3), (first, 0.4))
        ]
        return replace(answer, points=tuple(wide))

    growth = build(find("cfo"), ask, facts).rows[4]
    assert shown(growth) == ("40.0 % MoM", "30.0 % MoM", "+10.0 pts", "no clear change")


def test_facts_by_hand_are_enough() -> None:
    """No store is needed to say what the program is called."""
    made, facts = opened(world())
    bare = ProgramFacts("Acme", "EUR", facts.calendar, facts.as_of, facts.first)
    document = build(find("cfo"), made.ask, bare)
    assert document.program == "Acme"
    assert document.paragraphs[0].startswith("Program cost vs. value improved most")
