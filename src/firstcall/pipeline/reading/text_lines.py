"""How does a text file become the relation `lines(line)`, one row per physical line, none lost and none invented?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from firstcall.literals import quoted
from firstcall.pipeline.reading.normalise_text import normalised, traits
from firstcall.sources.tables.delimited import TOO_LONG

SAMPLE = 200
NO_QUOTES = (
    "delim='\x01', quote='', escape='', comment='', header=false, auto_detect=false, strict_mode=false"
)
"""No quote rules: a log's stray quote must never swallow the lines after it. No normalised line holds the delimiter."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What was opened: how many lines there are, the first of them, and whether some were cut for their length."""

    count: int
    sample: tuple[str, ...]
    cut: bool


def open_lines(connection: duckdb.DuckDBPyConnection, path: Path, limit: int, scratch: Path) -> Lines:
    """Make the temporary view `lines(line VARCHAR)` over the file; a normalised copy, where needed, is in `scratch`.

    Lines of more than `limit` bytes appear cut and marked with `TOO_LONG`; blank ones are NULL.
    """
    found = traits(path)
    normal = normalised(path, found, limit, scratch)
    # a carriage return alone ends no line, so line feeds are counted where they are read
    count = found.lines if normal == path else traits(normal).lines
    with normal.open("rb") as raw:
        raw.seek(0, 2)
        if size := raw.tell():
            raw.seek(size - 1)
            count += raw.read(1) != b"\n"
    longest = max(2 * limit, 2 << 20)
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW lines AS SELECT line FROM read_csv({quoted(str(normal))}, "
        f"columns={{'line': 'VARCHAR'}}, {NO_QUOTES}, max_line_size={longest}, parallel=true)"
    )
    with normal.open(encoding="utf-8", errors="replace", newline="\n") as text:
        sample = tuple(line.rstrip("\r\n") for line in islice(text, SAMPLE))
    return Lines(
        count, tuple(line for line in sample if not line.startswith(TOO_LONG)), found.longest > limit
    )


NUMBERED = "SELECT row_number() OVER () AS line_number, line AS content FROM lines"
"""Each line with its number from 1; asked in the file's order."""


def hold_arrays(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether some line opens an array, so that it may be several calls."""
    found = connection.execute("SELECT count(*) FROM lines WHERE starts_with(ltrim(line), '[')").fetchone()
    return bool(found and found[0])
