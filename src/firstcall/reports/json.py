"""How does a program read a report: the contract of its JSON?"""

from __future__ import annotations

import json
from typing import Any

from firstcall.reports.document import Cell, Document, Figure, Row, Span

VERSION = 1
"""Rises when a field changes its meaning or goes."""


def data(document: Document) -> dict[str, Any]:
    """Return the report as plain values: every number as it is shown and as the point of the answer it comes from."""
    return {
        "report": document.report,
        "version": VERSION,
        "title": document.title,
        "question": document.question,
        "program": document.program,
        "currency": document.currency,
        "timezone": document.timezone,
        "period": _span(document.period),
        "previous": _span(document.previous),
        "as_of": None if document.as_of is None else f"{document.as_of.isoformat()}Z",
        "confidence": document.confidence,
        "rows": [_row(row) for row in document.rows],
        "paragraphs": list(document.paragraphs),
        "draft": document.draft,
        "charts": [_figure(figure) for figure in document.figures],
        "footnotes": [
            {"number": note.number or None, "head": note.head, "text": note.text}
            for note in document.footnotes
        ],
    }


def as_json(document: Document) -> str:
    """Return the report as JSON text: keys in a fixed order, two spaces, ended by a line break."""
    return json.dumps(data(document), ensure_ascii=False, indent=2) + "\n"


def _span(span: Span) -> dict[str, Any]:
    return {
        "name": span.name,
        "title": span.title,
        "from": span.start,
        "to": span.end,
        "complete": span.complete,
    }


def _row(row: Row) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "key": row.key,
        "label": row.label,
        "metric": row.metric,
        "value": row.value,
        "unit": row.unit,
        "better": row.better,
        "confidence": row.confidence,
        "this_quarter": _cell(row.now),
        "last_quarter": _cell(row.before),
        "trend": {
            "shown": row.trend.shown,
            "change": None if row.trend.change is None else float(row.trend.change),
            "arrow": row.trend.arrow,
            "verdict": row.trend.verdict,
        },
    }
    if row.note:
        shown |= {"footnote": row.note, "beside": [_row(other) for other in row.beside]}
    return shown


def _cell(cell: Cell) -> dict[str, Any]:
    return {"shown": cell.shown, "absent": cell.absent, "point": cell.point}


def _figure(figure: Figure) -> dict[str, Any]:
    chart = figure.wide
    return {
        "title": chart.title,
        "subtitle": chart.subtitle,
        "description": chart.description,
        "table": {"header": list(chart.table.header), "rows": [list(row) for row in chart.table.rows]},
    }
