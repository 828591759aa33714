"""How does a gateway's CSV become one JSON object a line, exactly, with no record lost to a stray quote?

A quote that is never closed would swallow the rest of the file. So a record may go over some lines, and when it is
not whole by then its first line is refused alone and reading goes on with the next.
"""

from __future__ import annotations

import csv
import json
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
NAME = re.compile(r"^[A-Za-z_@#$][\w .:/@()\[\]-]*$")
MOST_LINES = 100
"""Physical lines that one record may go over."""
PROBLEM = "\x02"
"""Stands before and after the reason of a record that cannot be read; its text follows."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The delimiter, the columns' names, and whether the first line holds them."""

    delimiter: str
    names: tuple[str, ...]
    headed: bool

    @property
    def words(self) -> str:
        """The shape as the journal says it."""
        head = "a line of names first" if self.headed else "no line of names"
        return f"{DELIMITERS[self.delimiter]} and {head}"


def csv_shape(lines: Sequence[str], header: tuple[str, ...] = ()) -> Shape | None:
    """Return how the lines are CSV; None when they are not. `header` names the columns of a file without names."""
    first = next((line for line in lines if line.strip()), "")
    bare = re.sub(r'"(?:[^"]|"")*"', "", first)
    delimiter = max(DELIMITERS, key=bare.count)
    fields = _fields(first, delimiter) if bare.count(delimiter) else None
    if fields is None:
        return None
    named = all(NAME.match(field) for field in fields) and len(set(fields)) > len(fields) // 2
    if header:
        headed = named and 2 * len(set(header) & set(fields)) >= len(fields)
        enough = len(fields) >= len(header) // 2
        return Shape(delimiter, tuple(fields) if headed else header, headed) if headed or enough else None
    return Shape(delimiter, _distinct(fields), headed=True) if named and len(fields) > 1 else None


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return tuple(out)


def _fields(record: str, delimiter: str) -> list[str] | None:
    try:
        rows = list(csv.reader([record], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def as_objects(lines: Iterator[str], shape: Shape, line_bytes: int) -> Iterator[str]:
    """Yield a JSON object a record, a blank line for a blank one, and a marked line for one that cannot be read."""
    csv.field_size_limit(max(line_bytes * 4, 131_072))
    waiting: deque[str] = deque()
    heading = shape.headed
    while True:
        record = _record(lines, waiting, line_bytes)
        if record is None:
            return
        text, whole = record
        if heading and text.strip():
            heading = False
        elif not text.strip():
            yield ""
        elif not whole:
            yield f"{PROBLEM}a quote is not closed{PROBLEM}{text}"
        else:
            yield _object(text, shape)


def _record(lines: Iterator[str], waiting: deque[str], line_bytes: int) -> tuple[str, bool] | None:
    """Return the next record and whether its quotes are closed; what was read in vain waits for the next turn."""
    taken: list[str] = []
    quotes = length = 0
    while len(taken) < MOST_LINES and length <= line_bytes:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is None:
            break
        taken.append(line)
        quotes += line.count('"')
        length += len(line) + 1
        if quotes % 2 == 0:
            return "\n".join(taken), True
    if not taken:
        return None
    waiting.extendleft(reversed(taken[1:]))
    return taken[0], False


def _object(text: str, shape: Shape) -> str:
    try:
        rows = list(csv.reader(StringIO(text, newline="\n"), delimiter=shape.delimiter, strict=True))
    except csv.Error as error:
        return f"{PROBLEM}not CSV: {error}{PROBLEM}{text}"
    if len(rows) != 1:
        return f"{PROBLEM}not CSV: quotes do not fit{PROBLEM}{text}"
    fields = rows[0]
    if shape.headed and len(fields) != len(shape.names):
        return f"{PROBLEM}{'too few' if len(fields) < len(shape.names) else 'too many'} fields{PROBLEM}{text}"
    more = (f"column_{n}" for n in range(len(shape.names) + 1, len(fields) + 1))
    return json.dumps(dict(zip((*shape.names, *more), fields, strict=False)), ensure_ascii=False)
