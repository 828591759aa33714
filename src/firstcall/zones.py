"""When does a zone change its offset from UTC?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


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
