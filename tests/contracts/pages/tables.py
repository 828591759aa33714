"""Which tables are there, and what may stand in each column?"""

from __future__ import annotations

from collections.abc import Iterator

from firstcall.schema import TABLES, Column, Table
from tests.contracts.pages import markdown

LAYERS = {
    "usage": "The gateway knows it.",
    "identity": "Who is calling.",
    "business": "What they pay and what they cost.",
    "signals": "What else tells how the program does.",
}

REQUIRED = " \\*"

KINDS = {
    "text": "text",
    "time": "time",
    "date": "day",
    "integer": "whole number",
    "number": "number",
    "money": "decimal",
    "rate": "decimal",
    "boolean": "yes or no",
    "json": "JSON",
}


def domain(column: Column) -> str:
    """Say what a value may be, beyond its kind."""
    parts = [", ".join(f"`{value}`" for value in column.values)] if column.values else []
    if column.least is not None and column.most is not None:
        parts.append(f"{column.least:g} to {column.most:g}")
    elif column.least is not None:
        parts.append(f"at least {column.least:g}")
    if column.default is not None:
        parts.append(f"default `{column.default}`")
    return "; ".join(parts)


def card(table: Table) -> Iterator[str]:
    """Yield what the page says of one table."""
    yield f"### {table.name}"
    yield table.doc
    if table.key:
        yield f"Key: {', '.join(f'`{name}`' for name in table.key)}."
    else:
        yield "No key: a row with identical content is a duplicate."
    for group in table.needs_one_of:
        yield f"Needs one of {', '.join(f'`{name}`' for name in group)}."
    yield markdown.table(
        ("column", "kind", "what it says", "values"),
        (
            (f"`{column.name}`{REQUIRED * column.required}", KINDS[column.kind], column.doc, domain(column))
            for column in table.columns
        ),
    )


def page() -> str:
    """Return docs/tables.md."""
    head = markdown.opening(
        "Tables",
        "Each can be filled from a CSV, NDJSON, JSON or Parquet file: `firstcall import TABLE FILE…`.",
        "Columns marked \\* are required. Ids are text, times ISO 8601, days `2026-07-01`. "
        "Unknown columns are kept in `attributes`.",
    )
    parts = [head]
    for layer, doc in LAYERS.items():
        parts += [f"## {layer.capitalize()}", doc]
        for table in TABLES.values():
            if table.layer == layer:
                parts += card(table)
    return markdown.page(parts)
