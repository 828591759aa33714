"""How is a report written in Markdown, so that it pastes into mail, wiki and chat?"""

from __future__ import annotations

import re

from firstcall.charts.chart import Chart
from firstcall.query.change import Change
from firstcall.reports.document import Cell, Document, Row
from firstcall.reports.plain_text import ARROWS, ending

SPECIAL = re.compile(
    r"[\\`*\[\]<>|~&$]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])|^(?:[#+-]|[0-9]+(?=[.)]))|(?<=:)//|(?<=www)\."
)
"""What Markdown would take for markup, an address or a table; underscores within words are none of it."""


def markdown(document: Document) -> str:
    """Return the report as GitHub-flavoured Markdown, ended by a line break."""
    now, before = document.period, document.previous
    parts = [
        f"# {escape(document.program)}: {escape(document.title)}",
        f"**{now.title}** ({now.dates}), compared with {before.title} ({before.dates})",
        "\n".join(_table(document)),
        *(
            escape(part)
            for paragraph in document.paragraphs
            for part in paragraph.splitlines()
            if part.strip()
        ),
        *(f"*{escape(figure.wide.title)}* {escape(_picture(figure.wide))}" for figure in document.figures),
        "\n".join(_notes(document)),
        f"*{escape(ending(document))}*",
    ]
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return SPECIAL.sub(
        lambda found: "".join(f"\\{char}" for char in found[0]) if not found[0].isdigit() else found[0], text
    )


def _table(document: Document) -> list[str]:
    heads = [escape(head) for head in document.heads]
    return [
        f"| {' | '.join(heads)} |",
        "|:--|--:|--:|:--|",
        *(f"| {' | '.join(_cells(row))} |" for row in document.rows),
    ]


def _cells(row: Row) -> list[str]:
    return [
        " · ".join([f"{escape(row.label)} ({row.note})", *(escape(other.label) for other in row.beside)]),
        _both([row.now, *(other.now for other in row.beside)]),
        _both([row.before, *(other.before for other in row.beside)]),
        " · ".join(_trend(one.trend) for one in (row, *row.beside)),
    ]


def _both(cells: list[Cell]) -> str:
    return " · ".join(escape(cell.shown) for cell in cells)


def _trend(trend: Change) -> str:
    if trend.arrow is None:
        return trend.shown
    return f"{ARROWS[trend.arrow]} {trend.shown} ({trend.verdict})"


def _picture(chart: Chart) -> str:
    return " ".join(filter(None, (f"{chart.subtitle}." if chart.subtitle else "", chart.description)))


def _notes(document: Document) -> list[str]:
    return [
        f"{f'{note.number}. ' if note.number else '- '}**{escape(note.head)}.** {escape(note.text)}"
        for note in document.footnotes
    ]
