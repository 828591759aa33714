"""How is a value of the scope written into SQL, so that nothing a user types is ever read as SQL?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

SEPARATOR = "\x1f"
"""Between the values of a split; a control character that no id holds."""
NOBODY = "\x1e"
"""Stands for null inside a split."""


def quoted(value: str) -> str:
    """Return a text literal; quotes are doubled, and no engine reads escapes in it."""
    return "'" + value.replace("'", "''") + "'"


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


@lru_cache(maxsize=64)
def offset_changes(zone: ZoneInfo, first: date, last: date) -> tuple[tuple[datetime | None, int], ...]:
    """Return the zone's UTC offsets in seconds, each with the UTC moment it ends (None for the last)."""

    def offset(moment: datetime) -> int:
        found = moment.astimezone(zone).utcoffset()
        return int(found.total_seconds()) if found is not None else 0

    moment = datetime(first.year, first.month, first.day, tzinfo=UTC)
    end = datetime(last.year, last.month, last.day, tzinfo=UTC)
    changes: list[tuple[datetime | None, int]] = []
    now = offset(moment)
    while moment < end:
        later = min(moment + timedelta(days=7), end)
        if offset(later) != now:
            low, high = moment, later
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if offset(middle) == now else (low, middle)
            change = high.replace(microsecond=0)
            changes.append((change.replace(tzinfo=None), now))
            now = offset(later)
        moment = later
    return (*changes, (None, now))
