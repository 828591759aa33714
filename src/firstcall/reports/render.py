"""How does a report become text: which formats are there, and what does a reader's own paragraph have to be?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from firstcall import registry
from firstcall.charts.svg import clean
from firstcall.errors import UnknownName, UsageError
from firstcall.reports import quarters
from firstcall.reports.document import Document
from firstcall.reports.facts import ProgramFacts
from firstcall.reports.html import html
from firstcall.reports.json import as_json
from firstcall.reports.markdown import markdown
from firstcall.reports.plain_text import text as plain
from firstcall.reports.report import Ask, Report

FORMATS: Mapping[str, Callable[[Document], str]] = MappingProxyType(
    {"text": plain, "md": markdown, "json": as_json, "html": html}
)
"""Name of a format → what writes a document in it."""

NOT_YET = ("pdf", "xlsx", "csv")
MOST_TEXT = 1_500
"""Characters of a reader's own paragraph that one page has room for."""


def find(name: str) -> Report:
    """Return the report of a name; UnknownName suggests near ones."""
    reports: Mapping[str, Report] = registry.reports()
    if name not in reports:
        raise UnknownName("report", name, reports)
    return reports[name]


def build(
    report: Report, ask: Ask, facts: ProgramFacts, period: str | None = None, *, text: str | None = None
) -> Document:
    """Return the document of a period written as 2026Q3, or of the last complete quarter.

    `text` takes the place of the drafted paragraph. UsageError when the period is no quarter or has no data, or
    the text is longer than the page.
    """
    return report.build(ask, facts, quarters.choose(period, facts), _own(text))


def render(
    report: Report,
    ask: Ask,
    facts: ProgramFacts,
    period: str | None = None,
    format: str = "text",  # noqa: A002  the word of the command line
    *,
    text: str | None = None,
) -> str:
    """Return the report in one of `FORMATS`; see `build` for the rest."""
    write = writer(format)
    return write(build(report, ask, facts, period, text=text))


def writer(name: str) -> Callable[[Document], str]:
    """Return what writes a format; UsageError for those that come later, UnknownName for others."""
    if name in NOT_YET:
        raise UsageError(
            f"A report cannot be written as {name} yet; available: {', '.join(FORMATS)}. "
            "html prints to one page from any browser, json holds every number."
        )
    if name not in FORMATS:
        raise UnknownName("format", name, FORMATS)
    return FORMATS[name]


def _own(text: str | None) -> str | None:
    """Return a reader's paragraph without control characters, or None when it says nothing."""
    lines = [" ".join(clean(one).split()) for one in (text or "").splitlines()]
    kept = "\n".join(one for one in lines if one)
    if len(kept) > MOST_TEXT:
        raise UsageError(
            f"The paragraph has {len(kept):,} characters, and the page has room for {MOST_TEXT:,}; shorten it."
        )
    return kept or None
