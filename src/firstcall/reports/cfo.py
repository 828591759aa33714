"""What does a CFO have to know of the API program, on one page?

Five numbers of the quarter beside the quarter before, each changing in its own unit, and one paragraph on what is
done and what is needed. No technical terms: whoever reads it never saw a gateway.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from firstcall.answers import CONFIDENCES, Answer
from firstcall.periods import Period
from firstcall.reports import cfo_figures, cfo_notes, cfo_paragraph, quarters
from firstcall.reports.document import Document, line
from firstcall.reports.facts import ProgramFacts
from firstcall.reports.report import Ask, Report
from firstcall.reports.rows import Line, Pair, row, series

LINES = (
    Line(
        "program_revenue",
        "API program revenue",
        "total",
        "What partners were invoiced for the quarter (subscriptions, usage, overage), without tax, credits taken off; "
        "payments for a longer time are spread over the days they cover.",
        "see which partners pay less than before, and why, before looking for new ones",
    ),
    Line(
        "cost_per_partner_onboarded",
        "Cost per partner onboarded",
        "per_partner",
        "Hours spent on onboarding at their full cost, plus other onboarding costs, divided by the partners that went "
        "live in the quarter.",
        "take out the manual step of onboarding that costs the most hours",
        "no partner went live",
    ),
    Line(
        "production_activation_rate",
        "Activation rate",
        "to_date",
        "Registered partners that had gone live by the end of the quarter, of all registered by then.",
        "shorten the way from trial to live use, approvals and contracts first",
        "nobody registered",
    ),
    Line(
        "cost_value_ratio",
        "Program cost vs. value",
        "with_attributed",
        "What each unit of cost brings. Value is revenue, plus revenue that partners bring to the rest of the company, "
        "plus cost avoided; cost is people, infrastructure, support and tools.",
        "check the largest cost and the largest estimate first",
        "no costs recorded",
        beside=(
            Line("cost_value_ratio", "own revenue alone", "direct_only", "", absent="no costs recorded"),
        ),
    ),
    Line(
        "partner_growth_rate",
        "Partner growth",
        "growth",
        "How fast the number of active partners grows from month to month (MoM), from the last month of the quarter "
        "before to the last month of this one. A partner is active in a month in which it uses the APIs live.",
        "find where newcomers stop: before they register, or between registering and going live",
        suffix=" MoM",
    ),
)
"""The rows of the page, in their order."""

HEADS = ("", "This quarter", "Last quarter", "Trend")


def build(ask: Ask, facts: ProgramFacts, period: Period, text: str | None = None) -> Document:
    """Return the page of a quarter; `text` takes the place of the drafted paragraph."""
    pair = Pair(period, quarters.before(period, facts.calendar), quarters.is_complete(period, facts))
    ask = cache(ask)
    answers = {one.key: series(one.key, ask, pair, facts) for one in LINES}
    rows = tuple(row(one, answers[one.key], pair, number) for number, one in enumerate(LINES, 1))
    paragraphs = (
        (text,) if text is not None else (cfo_paragraph.draft(ask, facts, pair, answers, rows, LINES),)
    )
    return Document(
        report=cfo.name,
        title=cfo.title,
        question=cfo.question,
        program=line(facts.name, 60),
        currency=facts.currency,
        timezone=facts.calendar.timezone,
        period=quarters.span(pair.now, facts),
        previous=quarters.span(pair.before, facts),
        as_of=facts.as_of,
        confidence=_weakest(answers),
        heads=HEADS,
        rows=rows,
        paragraphs=paragraphs,
        draft=text is None,
        figures=cfo_figures.figures(ask, facts, pair),
        footnotes=cfo_notes.footnotes(ask, facts, pair, answers, rows, LINES),
    )


def _weakest(answers: Mapping[str, Answer]) -> str:
    return max((answer.confidence for answer in answers.values()), key=CONFIDENCES.index)


cfo = Report(
    name="cfo",
    title="API program review",
    question="What does the API program earn, cost and bring, and is it growing?",
    build=build,
)
