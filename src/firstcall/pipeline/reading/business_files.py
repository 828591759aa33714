"""How does a file of a business system become records: one JSON document, one value a line, or CSV of any header?"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from firstcall.errors import ImportRefused
from firstcall.sources.parsing.csv_records import PROBLEM, Shape, as_objects
from firstcall.sources.parsing.envelopes import shallow
from firstcall.sources.tables.delimited import above_header

DOCUMENT_BYTES = 256 << 20
"""A document is held in memory as a whole; a longer one is refused."""
HEAD_CHARACTERS = 1 << 20
SEPARATORS = ",;\t|"
AGAIN = "\x1f"
"""Stands before the number of a column whose name another column has too."""
COMMENT = re.compile("#(?![,;])")
"""A line before the header that says something about the file; a column may be called # too."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What could not be read as a record: why, and its text."""

    why: str
    text: str


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a file: its `shape`, its JSON values or what is broken; of CSV what stands between fields.

    `line` says at which line of the file the record begins that came last; 0 where that says nothing.
    """

    shape: str
    values: Iterator[object | Unreadable]
    separator: str = ""
    line: Callable[[], int] = lambda: 0


def parsed(said: str) -> Any:  # noqa: ANN401 - a JSON value of any kind
    """Return a JSON value with its decimals as they were written; raises ValueError or RecursionError."""
    return shallow(json.loads(said, parse_float=str, parse_constant=str))


def read_records(path: Path, shown: str, head: int, line_bytes: int) -> Records:
    """Return the records of a text file; `head` lines name the columns of CSV.

    Raises ImportRefused for a document over several lines that is too long or is no JSON.
    """
    with path.open(encoding="utf-8", errors="replace", newline="") as text:
        opening = text.read(HEAD_CHARACTERS)
    start = opening.lstrip()[:1]
    if not start:
        return Records("empty", iter(()))
    if start not in "{[":
        return _csv(path, opening, head, line_bytes)
    first = next(line for line in opening.splitlines() if line.strip())
    if len(opening) < HEAD_CHARACTERS and _one(opening):
        return Records("JSON", iter((parsed(opening),)))
    if len(first) < HEAD_CHARACTERS and _one(first):
        return Records("NDJSON", _lines(path))
    return Records("JSON", iter((_document(path, shown),)))


def _one(said: str) -> bool:
    try:
        parsed(said)
    except (ValueError, RecursionError):
        return False
    return True


def _document(path: Path, shown: str) -> object:
    if (size := path.stat().st_size) > DOCUMENT_BYTES:
        raise ImportRefused(
            f"{shown}: one JSON document of {size >> 20} MB; up to {DOCUMENT_BYTES >> 20} MB are read at once. "
            "Write one record a line, as `jq -c '.[]'` does, and import that."
        )
    try:
        return parsed(path.read_text(encoding="utf-8", errors="replace"))
    except json.JSONDecodeError as error:
        raise ImportRefused(
            f"{shown}: not valid JSON in line {error.lineno}, column {error.colno}: {error.msg}. "
            "Export the file again; it may have been cut off."
        ) from error
    except (ValueError, RecursionError) as error:
        raise ImportRefused(f"{shown}: cannot be read as JSON: {error}.") from error


def _lines(path: Path) -> Iterator[object | Unreadable]:
    with path.open(encoding="utf-8", errors="replace", newline="\n") as text:
        for line in text:
            if line.strip():
                try:
                    yield parsed(line)
                except (ValueError, RecursionError):
                    yield Unreadable("not JSON", line.rstrip("\r\n"))


def _csv(path: Path, opening: str, head: int, line_bytes: int) -> Records:
    separator, names, skip = _header(opening, head)
    places = _Places(skip)
    shape = Shape(separator, names, headed=False)
    return Records("csv", _rows(path, shape, places, line_bytes), separator, lambda: places.begun)


@dataclass(slots=True)
class _Places:
    """How many lines have been taken from a file, and at which of them the last record began."""

    taken: int
    begun: int = 0


def _rows(path: Path, shape: Shape, places: _Places, line_bytes: int) -> Iterator[object | Unreadable]:
    def counted(text: TextIO) -> Iterator[str]:
        for line in islice(text, places.taken, None):
            places.taken += 1
            yield line.rstrip("\r\n")

    with path.open(encoding="utf-8", errors="replace", newline="\n") as text:
        before = places.taken
        for line in as_objects(counted(text), shape, line_bytes):
            places.begun, before = before + 1, places.taken
            if line.startswith(PROBLEM):
                why, said = line.removeprefix(PROBLEM).split(PROBLEM, 1)
                yield Unreadable(why, said)
            elif line:
                yield _folded(json.loads(line), len(shape.names))


def _folded(fields: Mapping[str, str], width: int) -> object:
    """Return a record with the columns of one name as one list, or what is wrong with its number of fields."""
    if len(fields) < width or any(value for name, value in islice(fields.items(), width, None)):
        few = "too few" if len(fields) < width else "too many"
        return Unreadable(f"{few} fields", json.dumps(fields, ensure_ascii=False))
    found: dict[str, Any] = {}
    for name, value in islice(fields.items(), width):
        plain, again, _ = name.partition(AGAIN)
        if again:
            held = found.get(plain)
            found[plain] = [
                *(held if isinstance(held, list) else [held] if held else []),
                *([value] if value else []),
            ]
        else:
            found[name] = value
    return found


def _header(opening: str, head: int) -> tuple[str, tuple[str, ...], int]:
    """Return (separator, names told apart, lines up to the end of the header); comments before it are passed over.

    Where the header has two lines, the second says more about the columns that the first leaves without a name.
    """
    lines = opening.split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip("\r ") and not COMMENT.match(line)), 0)
    first += above_header(lines[first:])
    separator = max(SEPARATORS, key=_outside(lines[first]).count)
    reader = csv.reader(StringIO("\n".join(lines[first:]), newline=""), delimiter=separator)
    rows = list(islice((row for row in reader if row), head))
    names = [name.strip() for name in rows[0]] if rows else []
    for more in rows[1:]:
        names = [_joined(names, n, said.strip()) for n, said in enumerate(more[: len(names)])] + names[
            len(more) :
        ]
    seen: dict[str, int] = {}
    told = []
    for n, name in enumerate(names, 1):
        plain = name or f"column {n}"
        seen[plain] = seen.get(plain, 0) + 1
        told.append(plain if seen[plain] == 1 else f"{plain}{AGAIN}{seen[plain]}")
    return separator, tuple(told), first + reader.line_num


def _joined(names: list[str], place: int, more: str) -> str:
    """Return a column's name with what a second header line says, when the first leaves it or its neighbour blank."""
    above = next((name for name in reversed(names[: place + 1]) if name), "")
    blank = not names[place] or (place + 1 < len(names) and not names[place + 1])
    return f"{above}: {more}" if blank and more and above else names[place] or more


def _outside(line: str) -> str:
    """Return a line without what stands in quotes."""
    return "".join(line.split('"')[::2])
