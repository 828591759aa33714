"""How is a value of the scope written into SQL, so that nothing a user types is ever read as SQL?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

SEPARATOR = "\x1f"
"""Between the values of a split; a control character that no id holds."""
NOBODY = "\x1e"
"""Stands for null inside a split."""


def quoted(value: str) -> str:
    """Return a text literal; quotes are doubled, and no engine reads escapes in it."""
    return "'" + value.replace("'", "''") + "'"


def quoted_all(values: Iterable[str]) -> str:
    """Return text literals with commas between: the inside of a list, or of IN."""
    return ", ".join(map(quoted, values))


def identifier(name: str) -> str:
    """Return the name of a table or column, whatever signs it has."""
    return '"' + name.replace('"', '""') + '"'


def day_literal(day: date) -> str:
    """Return a date literal."""
    return f"date '{day.isoformat()}'"


def moment_literal(moment: datetime) -> str:
    """Return a timestamp literal of a moment in UTC without zone."""
    return f"timestamp '{moment.isoformat(sep=' ')}'"


def split_values(split: str, dimensions: int) -> tuple[str | None, ...]:
    """Return the values a split text holds; the inverse of how the facts write it."""
    if dimensions == 0:
        return ()
    return tuple(None if value == NOBODY else value for value in split.split(SEPARATOR))
