"""Which format is a file in, when nobody says?

Every format says why a file looks like its own: those of calls by their lines, systems by the fields of a record,
tables by their columns. A format with a signature of its own goes before the two whose lines many others build on; when
two are left that cannot be told apart, the user is asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from firstcall.errors import UsageError
from firstcall.schema.table import Table
from firstcall.schema.tables import TABLES
from firstcall.sources.parsing.csv_records import as_objects, csv_shape
from firstcall.sources.parsing.envelopes import parsed
from firstcall.sources.parsing.json_log import mended
from firstcall.sources.parsing.line_pattern import calls_in
from firstcall.sources.secrets import KEY_COLUMNS
from firstcall.sources.signatures import MOST_RECORDS, fields_shown, nested_objects
from firstcall.sources.source import Source
from firstcall.sources.tables.delimited import normal

GENERAL = ("nginx", "apache")
"""Formats whose shapes others share; they are asked about only when no other format knows the file."""
LONGEST = 1 << 20
BEGINNING = 100
"""Characters of a file that an error shows."""
MOST_COLUMNS = 6
"""Columns that a reason names."""
FEWEST_COLUMNS = 2

INNER = re.compile(r"^(.+?[ \t])(?=\S+ \S+ \S+ \[\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2} )")
"""What stands in front of an access log's line, whoever put it there."""
GIVEN = "source"
"""A column that an import fills itself where the file leaves it out."""

Reasons = dict[str, str]
"""Name of a format → why a file looks like it."""


def values(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the lines with arrays of JSON taken apart, blank lines left out and known slips mended."""
    return tuple(_values(lines))


def _values(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        text = line.strip("\r\n")
        if not text.lstrip().startswith(("[", "{")):
            if text.strip():
                yield text
            continue
        value = parsed(text)
        if value is None:
            value = parsed(mended(text))
        if value is None:
            yield text
        else:
            for item in value if isinstance(value, list) else [value]:
                yield json.dumps(item, ensure_ascii=False)


def recognised(
    file: str, lines: Sequence[str], sources: Mapping[str, Source], records: Iterable[object] = ()
) -> tuple[Source | Table, str]:
    """Return (format or table, why) for a file.

    `lines` are its first payload lines; `records` are its JSON values, or the rows of its CSV by column, and are read
    only when the lines say nothing. Raises UsageError when no format knows them, when several do (then it lists them
    with their reasons and the command that chooses one), and when lines of several formats stand one after the other.
    """
    held = values(lines)
    found = _by_lines(held, sources) | _by_signatures([parsed(line) for line in held], sources)
    if not found:
        taken = list(islice(records, MOST_RECORDS))
        found = _by_signatures(taken, sources) or _by_columns(taken)
    own = {name: why for name, why in found.items() if name not in GENERAL} or found
    if not own:
        shown = held[0][:BEGINNING] if held else "no line at all"
        if wrapper := _wrapper(held):
            raise UsageError(
                f"{file}: every line has {wrapper!r} or the like in front of an access log's line, a wrapper that is "
                f"not known. Take it off, as in `sed 's/^.\\{{{len(wrapper)}\\}}//' {file}`, and import the result."
            )
        raise UsageError(
            f"{file}: no format knows this file; it begins with {shown!r}. `firstcall sources` lists the formats; "
            f"{_advice(file, held)}"
        )
    _demand_one(file, held, own, sources)
    if len(own) > 1 and own.keys() <= set(GENERAL) and _same_calls(held, [sources[name] for name in own]):
        others = " and ".join(name for name in GENERAL[1:] if name in own)
        own = {GENERAL[0]: f"{own[GENERAL[0]]}; {others} would give the same calls"}
    if len(own) > 1:
        raise UsageError(f"{file}: may be one of {len(own)} formats. Choose:{_choices(file, own)}")
    name, why = next(iter(own.items()))
    return sources.get(name) or TABLES[name], why


def _same_calls(lines: Sequence[str], formats: Sequence[Source]) -> bool:
    """Return whether formats read the lines as the same calls."""
    read = [calls_in(source.conform(lines, {}).select, lines) for source in formats if source.conform]
    return all(calls == read[0] for calls in read)


def _wrapper(lines: Sequence[str]) -> str | None:
    """Return what stands in front of the first line, when all the lines are those of an access log behind something."""
    found = [INNER.search(line) for line in lines]
    return found[0][1] if found and found[0] and all(found) else None


def _advice(file: str, held: Sequence[str]) -> str:
    """Return what to name: a table for a sheet, else a format."""
    again = "-" if file == "standard input" else file
    if held and max(map(held[0].count, ",;\t|")) and not held[0].startswith(("{", "[")):
        return f"is it a sheet, then name what its rows are, as in `firstcall import partners {again}`."
    return f"name the one that wrote it, as in `firstcall import nginx {again}`."


def _choices(file: str, reasons: Reasons) -> str:
    return "".join(f"\n  firstcall import {name} {file}   ({why})" for name, why in sorted(reasons.items()))


def _by_lines(held: Sequence[str], sources: Mapping[str, Source]) -> Reasons:
    """Return the formats that know the lines, or know them as records of CSV."""
    found = {}
    for name, source in sources.items():
        if source.recognise is None:
            continue
        why = source.recognise(held)
        if not why and source.reads == "csv" and (rows := _rows(held, source.header)):
            why = source.recognise(rows)
        if why:
            found[name] = why
    return found


def _rows(lines: Sequence[str], header: tuple[str, ...]) -> tuple[str, ...]:
    """Return CSV as the objects that its format is given; nothing when it is none."""
    if lines and lines[0].startswith(("{", "[")):
        return ()
    shape = csv_shape(lines, header)
    return () if shape is None else tuple(as_objects(iter(lines), shape, LONGEST))


def _by_signatures(records: Sequence[object], sources: Mapping[str, Source]) -> Reasons:
    """Return the systems whose signatures the records show: the outermost ones that show any."""
    for held in nested_objects(list(records)):
        found: Reasons = {}
        for record in held:
            for name, source in sources.items():
                if name not in found and (shown := fields_shown(record, source.signatures)):
                    found[name] = f"the records have {', '.join(shown)}"
        if found:
            return found
    return {}


def _by_columns(records: Sequence[object]) -> Reasons:
    """Return the tables whose columns the first record has: those that know most of them."""
    first: Mapping[str, Any] = next((item for held in nested_objects(list(records)) for item in held), {})
    names = {"consumer" if (plain := normal(name)) in KEY_COLUMNS else plain for name in first}
    known = {name: _columns_of(table, names) for name, table in TABLES.items()}
    most = max(map(len, known.values()))
    if most < FEWEST_COLUMNS or 2 * most < len(names):
        return {}
    return {
        name: f"has columns {', '.join(columns[:MOST_COLUMNS])}"
        for name, columns in known.items()
        if len(columns) == most
    }


def _columns_of(table: Table, names: set[str]) -> tuple[str, ...]:
    """Return the columns of a table that are among `names`; nothing when one that it needs is not."""
    needed = {column.name for column in table.columns if column.required} - {GIVEN} <= names
    chosen = all(names & {*group} for group in table.needs_one_of)
    return tuple(name for name in table.names if name in names) if needed and chosen else ()


def _demand_one(file: str, held: Sequence[str], own: Reasons, sources: Mapping[str, Source]) -> None:
    """Raise UsageError when one line is of a format, and another line of another one and not of that."""
    told: dict[str, int] = {}
    for number, line in enumerate(held, 1):
        claims = _by_lines((line,), sources) | _by_signatures((parsed(line),), sources)
        if claims and not claims.keys() & own.keys():
            told.setdefault(next(iter(claims)), number)
        elif len(claims.keys() & own.keys()) == 1:
            told.setdefault(next(iter(claims.keys() & own.keys())), number)
    if len(told) > 1:
        places = ", ".join(f"{name} in record {number}" for name, number in told.items())
        raise UsageError(
            f"{file}: holds records of several formats: {places}. Make it a file for each format."
        )
