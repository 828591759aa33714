"""How does a report look in a terminal, in 80 columns, without colours?"""

from __future__ import annotations

from textwrap import fill

from firstcall.periods import calendar
from firstcall.query.change import Change
from firstcall.reports.document import Document, Row, sentence, tied, untied
from firstcall.reports.quarters import day
from firstcall.units import NONE

WIDTH = 80
ARROWS = {"up": "▲", "down": "▼", "flat": "→"}
COLUMNS = (31, 14, 14)
"""Width of the label and of both quarters; the trend takes the rest."""


def text(document: Document) -> str:
    """Return the report as lines of at most 80 characters, ended by a line break."""
    now, before = document.period, document.previous
    head = f"{document.program}: {document.title}"
    parts = [
        fill(head, WIDTH),
        fill(f"{now.title} ({now.dates}), compared with {before.title} ({before.dates})", WIDTH),
        "",
        _line(*document.heads),
        "─" * WIDTH,
        *(line for row in document.rows for line in _lines(row)),
        "",
        *(part for paragraph in document.paragraphs for part in (_paragraph(paragraph), "")),
        *(
            _note(f"{note.number} " if note.number else "", f"{note.head}. {note.text}")
            for note in document.footnotes
        ),
        _note("", ending(document)),
    ]
    return "".join(f"{part}\n" for part in parts)


def ending(document: Document) -> str:
    """Return the last line of every format: until when there is data, how sure it is, and whose paragraph it is."""
    parts = []
    if document.as_of is not None:
        local = calendar(document.timezone).local(document.as_of)
        parts.append(f"data until {day(local)} {local:%Y, %H:%M} ({document.timezone})")
    if any(row.now.value is not None for row in document.rows):
        parts.append(f"confidence of the page: {document.confidence}")
    parts += ["the paragraph is a draft made from the numbers"] if document.draft else []
    return sentence("; ".join(parts))


def _lines(row: Row) -> list[str]:
    label = f"{row.label} ({row.note})" if row.note else f"  {row.label}"
    own = _line(label, row.now.shown, row.before.shown, _trend(row.trend))
    return [own, *(line for other in row.beside for line in _lines(other))]


def _line(label: str, now: str, before: str, trend: str) -> str:
    first, second, third = COLUMNS
    return f"{label:<{first}}{now:>{second}}  {before:>{third}}  {trend}".rstrip()


def _trend(trend: Change) -> str:
    if trend.arrow is None:
        return trend.shown if trend.shown != NONE else f"  {NONE}"
    word = "" if trend.arrow == "flat" else str(trend.verdict)
    return f"{ARROWS[trend.arrow]} {trend.shown} {word}".rstrip()


def _paragraph(said: str) -> str:
    return "\n".join(untied(fill(tied(part), WIDTH)) for part in said.splitlines())


def _note(mark: str, said: str) -> str:
    after = " " * len(mark)
    return untied(
        fill(tied(said), WIDTH, initial_indent=mark, subsequent_indent=after, break_on_hyphens=False)
    )
