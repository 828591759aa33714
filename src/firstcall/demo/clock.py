"""Which days does the sample program cover, and when is a local moment in UTC?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from firstcall.zones import zone

ZONE: Final = zone("Europe/Berlin")
SECOND: Final = 1000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
FIRST_DAY: Final = date(2025, 7, 1)
LAST_DAY: Final = date(2026, 10, 1)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def at(text: str) -> int:
    """Epoch milliseconds of a local moment such as ``2026-08-18 14:05`` (a date alone: midnight)."""
    return round(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


def midnight(day: date) -> int:
    """Epoch milliseconds at which the local day begins."""
    return at(day.isoformat())


def local(moment: int) -> datetime:
    """Epoch milliseconds as a local, zone-aware moment."""
    return datetime.fromtimestamp(moment / 1000, ZONE)


def iso(moment: int | None) -> str:
    """Epoch milliseconds as ISO 8601 with offset, to the second; empty when there is no moment."""
    return "" if moment is None else local(moment).isoformat(timespec="seconds")


def month_of(moment: int) -> str:
    """The local month, such as ``2026-08``."""
    return local(moment).strftime("%Y-%m")


def quarter_of(moment: int) -> str:
    """The local quarter, such as ``2026Q3``."""
    when = local(moment)
    return f"{when.year}Q{(when.month + 2) // 3}"


def quarter_start(quarter: str) -> date:
    """First day of a quarter such as ``2026Q3``."""
    return date(int(quarter[:4]), int(quarter[5]) * 3 - 2, 1)


def quarter_end(quarter: str) -> date:
    """First day after a quarter."""
    return next_month(next_month(next_month(quarter_start(quarter))))


def next_month(day: date) -> date:
    """First day of the month after the one that holds this day."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_starts(first: date, end: date) -> tuple[date, ...]:
    """First days of the months from ``first`` (itself a first day) up to, not including, ``end``."""
    starts = []
    while first < end:
        starts.append(first)
        first = next_month(first)
    return tuple(starts)


START: Final = midnight(FIRST_DAY)
END: Final = at("2026-10-01 06:00")
DAYS: Final = tuple(FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1))
MIDNIGHTS: Final[Ints] = np.array([midnight(day) for day in (*DAYS, LAST_DAY + timedelta(days=1))])
MONTHS: Final = tuple(f"{day:%Y-%m}" for day in month_starts(FIRST_DAY, LAST_DAY))
QUARTERS: Final = ("2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3")
_WINTER: Final = (at("2025-10-26 03:00"), at("2026-03-29 03:00"))


def offset(moments: Ints) -> Ints:
    """Milliseconds the local clock is ahead of UTC, for each moment within the sample's days."""
    winter = (moments >= _WINTER[0]) & (moments < _WINTER[1])
    return np.where(winter, HOUR, 2 * HOUR).astype(np.int64)


def weekly(first: int, last: int) -> list[int]:
    """One working-hours moment a week (Wednesdays, 11:20) between two moments."""
    day = local(first).date()
    day += timedelta(days=(2 - day.weekday()) % 7)
    moments = []
    while (moment := midnight(day) + 11 * HOUR + 20 * MINUTE) <= last:
        if moment > first:
            moments.append(moment)
        day += timedelta(days=7)
    return moments
