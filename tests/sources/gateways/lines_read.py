"""What do the tests of log formats share: lines in, columns of calls out?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

import duckdb

from firstcall.sources.secrets import always_hashed, is_marked, unmarked
from firstcall.sources.source import Conformed, Source

Row = dict[str, object]


def read(source: Source, lines: Sequence[str], **options: str) -> tuple[Conformed, list[Row]]:
    """Return how the lines were read, and per call the columns that are not null, `content` left out."""
    assert source.conform is not None
    way = source.conform(lines, options)
    return way, rows(way.select, lines)


def rows(select: str, lines: Sequence[str]) -> list[Row]:
    """Run a SELECT over the relation `lines`; a consumer that is marked as a key comes hashed, as it is stored."""
    kept = f"CASE WHEN {is_marked('consumer')} THEN {always_hashed(unmarked('consumer'))} ELSE consumer END"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("CREATE TEMP TABLE lines (line VARCHAR)")
        if lines:
            connection.executemany("INSERT INTO lines VALUES (?)", [[line] for line in lines])
        if any(name == "consumer" for name, *_ in connection.execute(f"DESCRIBE {select}").fetchall()):
            select = f"SELECT * REPLACE ({kept} AS consumer) FROM ({select})"
        result = connection.execute(select)
        names = [column[0] for column in result.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return [{name: v for name, v in row.items() if v is not None and name != "content"} for row in found]


def key(text: str) -> str:
    """Return how a credential is stored."""
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def at(*parts: int) -> datetime:
    """Return a UTC moment as the store holds it."""
    return datetime(*parts)  # type: ignore[arg-type] # noqa: DTZ001 - the store's times are UTC without zone


def without(row: Mapping[str, object], *names: str) -> Row:
    """Return the row without some columns."""
    return {name: value for name, value in row.items() if name not in names}


def evaluated(build: Callable[[str], str], text: str) -> object:
    """Return what the SQL that `build` makes of a column gives for one text."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        row = connection.execute(f"SELECT {build('given')} FROM (SELECT ? AS given)", [text]).fetchone()
    assert row is not None
    return row[0]
