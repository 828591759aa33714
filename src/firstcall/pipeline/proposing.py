"""A sheet has headings in its owner's words: how might it be read?

What is proposed is a mapping: which column comes from where, with the first value, to be looked at before a yes. What
no column says is filled only with what cannot make a number larger than it is, and said.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from firstcall.errors import ImportRefused
from firstcall.literals import quoted
from firstcall.pipeline.conforming.number_formats import currency_said
from firstcall.pipeline.reading.business_files import read_records
from firstcall.pipeline.reading.encodings import in_utf8
from firstcall.pipeline.reading.files import open_file
from firstcall.schema.business import LINE_KINDS
from firstcall.schema.tables import TABLES
from firstcall.settings import Settings
from firstcall.sources.secrets import always_hashed
from firstcall.sources.tables.delimited import normal
from firstcall.sources.tables.headings import KINDS, meant

MOST_ROWS = 5000
"""Rows that are looked at."""
ORDER = ("invoice_lines", "partners", "credentials", "developers")
"""Tables that a sheet may be of when nobody says; the first that can be filled is meant."""
CURRENCY = re.compile(r"\b[A-Z]{3}\b|[€£₹]")

Table = tuple[tuple[str, ...], tuple[Mapping[str, str], ...]]


@dataclass(frozen=True, slots=True)
class From:
    """Where a column comes from: a heading, or a `constant` for every row, and how it is read; `first` is its value."""

    heading: str = ""
    constant: str = ""
    read: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    first: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a sheet might be read: tables with their columns, and what is left aside."""

    file: str
    tables: Mapping[str, Mapping[str, From]]
    left: tuple[str, ...]
    rows: int

    @property
    def toml(self) -> str:
        """The proposal as a mapping file."""
        parts = [f"# How {Path(self.file).name} is read; proposed by its headings, and accepted.\n"]
        for table, columns in self.tables.items():
            parts.append(f"\n[[rows]]\ntable = {_text(table)}\n")
            if table == "credentials" and len(self.tables) > 1:
                parts.append(f"when = {{ {_text(columns['consumer'].heading)} = true }}\n")
            parts.extend(f"columns.{name} = {_toml(how)}\n" for name, how in columns.items())
        return "".join(parts)


def _text(said: str) -> str:
    return '"' + said.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _toml(how: From) -> str:
    if not how.heading:
        return f"{{ constant = {_text(how.constant)} }}"
    if how.values:
        pairs = ", ".join(f"{_text(said)} = {_text(kind)}" for said, kind in how.values.items())
        return f"{{ from = {_text(how.heading)}, values = {{ {pairs} }} }}"
    if how.read:
        return f"{{ from = {_text(how.heading)}, read = {_text(how.read)} }}"
    return _text(how.heading)


def proposal(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    source: str,
    file: str,
    options: Mapping[str, str],
) -> Proposal | None:
    """Return how a file might be read as the table `source`, or as any for `auto`; None when it needs no proposal.

    Raises ImportRefused when it is a sheet whose headings do not say enough.
    """
    with tempfile.TemporaryDirectory(prefix="firstcall-") as folder, suppress(UnicodeDecodeError):
        opened = open_file(file, Path(folder), sheet=options.get("sheet"))
        if opened.kind != "text":
            return None
        opened = in_utf8(opened, options.get("encoding"), Path(folder))
        found = read_records(opened.path, opened.shown, 1, settings.limits.line_bytes)
        if found.shape != "csv":
            return None
        rows = tuple(row for row in islice(found.values, MOST_ROWS) if isinstance(row, dict))
        return _proposed(connection, settings, source, file, rows)
    return None


def _proposed(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    source: str,
    file: str,
    rows: tuple[Mapping[str, Any], ...],
) -> Proposal | None:
    if not rows:
        return None
    texts = tuple({name: _first(value) for name, value in row.items()} for row in rows)
    headings = tuple(texts[0])
    lacking: dict[str, list[str]] = {}
    for table in ORDER if source == "auto" else (source,):
        if table not in ORDER or _complete(table, headings):
            continue
        columns = _columns(connection, settings, table, headings, texts)
        lacking[table] = [c.name for c in TABLES[table].columns if c.required and c.name not in columns]
        if lacking[table]:
            continue
        tables = {table: columns}
        if table == "partners" and (key := _key(connection, headings, texts, columns)) is not None:
            tables["credentials"] = {"consumer": key, "partner_id": columns["partner_id"]}
        used = {how.heading for each in tables.values() for how in each.values()}
        left = tuple(heading for heading in headings if heading not in used)
        return Proposal(file, tables, left, len(rows))
    if source in lacking and meant(source, headings):
        raise ImportRefused(
            f"{file}: {source} needs {', '.join(lacking[source])} too, and no heading says so. Found: "
            f"{', '.join(headings)}. Name the column in the header as the table does (`firstcall sources {source}`), "
            "or write a mapping file (docs/mapping.md)."
        )
    return None


def _first(value: object) -> str:
    return str(value[0] if isinstance(value, list) and value else value or "").strip()


def _complete(table: str, headings: Sequence[str]) -> bool:
    """Return whether a table finds all it needs under its own names."""
    names = {normal(heading) for heading in headings}
    return {column.name for column in TABLES[table].columns if column.required} <= names


def _columns(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    table: str,
    headings: Sequence[str],
    rows: Sequence[Mapping[str, str]],
) -> dict[str, From]:
    """Return where the columns of a table come from, as far as one can tell."""
    found = {
        name: From(heading, first=_example(rows, heading)) for name, heading in meant(table, headings).items()
    }
    if table == "partners" and "partner_id" not in found and "name" in found:
        found["partner_id"] = From(
            found["name"].heading, first=found["name"].first, why="the name stands for it"
        )
    if table == "credentials" and "consumer" in found:
        found["consumer"] = _read_key(connection, rows, found["consumer"].heading)
    if table == "invoice_lines":
        _complete_lines(settings, found, rows)
    return {name: found[name] for name in TABLES[table].names if name in found}


def _complete_lines(settings: Settings, found: dict[str, From], rows: Sequence[Mapping[str, str]]) -> None:
    """Add to the columns of invoice lines what a sheet of invoices leaves unsaid."""
    lines = found.get("line_id")
    if lines is None or not _unique(rows, lines.heading):
        found.pop("line_id", None)
        if (number := found.get("invoice_id")) and _unique(rows, number.heading):
            found["line_id"] = From(number.heading, first=number.first, why="a row is an invoice")
    if kinds := found.get("kind"):
        said = {row[kinds.heading].lower() for row in rows} - {""}
        values = {word: kind for word in sorted(said) if (kind := KINDS.get(word))}
        if any(re.sub("[ -]+", "_", word) not in LINE_KINDS for word in said - values.keys()):
            del found["kind"]
        elif values:
            found["kind"] = From(kinds.heading, first=kinds.first, values=values)
    found.setdefault("kind", From(constant="one_off", why="no column says that it recurs"))
    for name in ("period_start", "period_end"):
        if name not in found and "issued_at" in found:
            issued = found["issued_at"]
            found[name] = From(issued.heading, first=issued.first, why="the day of the invoice")
    if "currency" not in found and "amount" in found:
        amount = found["amount"]
        said_in = amount.heading if CURRENCY.search(amount.heading) else amount.first
        named = currency_said(said_in)
        why = "beside the amount" if named else "the program's currency"
        found["currency"] = From(constant=named or settings.program.currency, why=why)


def _unique(rows: Sequence[Mapping[str, str]], heading: str) -> bool:
    values = [row[heading] for row in rows if row.get(heading)]
    return len(values) == len(set(values)) > 0


def _example(rows: Sequence[Mapping[str, str]], heading: str) -> str:
    return next((row[heading] for row in rows if row.get(heading)), "")


def _key(
    connection: duckdb.DuckDBPyConnection,
    headings: Sequence[str],
    rows: Sequence[Mapping[str, str]],
    columns: Mapping[str, From],
) -> From | None:
    """Return the column by which partners call: the one that meets callers of the log, or is called so."""
    callers = _callers(connection)
    best, most = "", 0
    for heading in headings:
        values = {row[heading] for row in rows if row.get(heading)}
        met = len(values & callers) + len(_hashes(connection, values - callers) & callers)
        if met > most:
            best, most = heading, met
    named = meant("credentials", headings).get("consumer")
    heading = best or named or ""
    if not heading or (not best and heading in {how.heading for how in columns.values()}):
        return None
    how = _read_key(connection, rows, heading)
    return From(
        heading, read=how.read, first=how.first, why=f"{most:,} of them have called" if most else how.why
    )


def _read_key(connection: duckdb.DuckDBPyConnection, rows: Sequence[Mapping[str, str]], heading: str) -> From:
    """Return how a column of callers is read: as a name that the log holds plainly, else as a key, hashed as there."""
    values = {row[heading] for row in rows if row.get(heading)}
    plainly = values & _callers(connection)
    if plainly:
        return From(heading, first=min(plainly))
    return From(heading, read="key", first="…", why="stored hashed")


def _callers(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Return who calls, as the log holds them."""
    return set(
        _column(connection, "SELECT DISTINCT consumer FROM calls_by_consumer WHERE consumer IS NOT NULL")
    )


def _hashes(connection: duckdb.DuckDBPyConnection, values: set[str]) -> set[str]:
    if not values:
        return set()
    listed = ", ".join(quoted(value) for value in sorted(values))
    return set(_column(connection, f"SELECT {always_hashed('v')} FROM (SELECT unnest([{listed}]) AS v)"))


def _column(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[str]:
    yield from (str(value) for (value,) in connection.execute(sql).fetchall())
