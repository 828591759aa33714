"""What is a zone's offset from UTC at a moment, the same in Python and in SQL, on import and when asked?

One source says it, the tzdata package: never the system's files, which may be older, nor the engine's own tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import files
from itertools import pairwise
from zoneinfo import ZoneInfo

from firstcall.errors import UnknownName
from firstcall.literals import moment_literal

Changes = tuple[tuple[datetime | None, int], ...]
"""A zone's offsets in seconds east of UTC, in order, each with the UTC moment it ends (None for the last)."""
STEP = timedelta(days=3)
"""No zone has ever changed its offset twice within six days; a test reads them all."""


@cache
def zone_names() -> frozenset[str]:
    """Return the names of all zones, links and old names too."""
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


def zones_version() -> str:
    """Return which version of the zones' rules is installed, as in 2026.1."""
    return version("tzdata")


@cache
def zone(name: str) -> ZoneInfo:
    """Return the zone of this name as tzdata has it; raises UnknownName."""
    if name not in zone_names():
        raise UnknownName("time zone", name, zone_names(), hint="Use a name as in Europe/Berlin.")
    with files("tzdata").joinpath(f"zoneinfo/{name}").open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@lru_cache(maxsize=64)
def offset_changes(zone: ZoneInfo, first: date, last: date) -> Changes:
    """Return the zone's UTC offsets from one day (UTC) to another, exact to the second."""
    start, end = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (first, last))
    found: list[tuple[datetime | None, int]] = []
    offset = _offset(zone, start)
    for year in range(first.year, last.year + 1):
        for moment, after in _changes_of_year(zone, year):
            if start < moment < end:
                found.append((moment.replace(tzinfo=None), int(offset.total_seconds())))
                offset = after
    return (*found, (None, int(offset.total_seconds())))


@lru_cache(maxsize=4096)
def _changes_of_year(zone: ZoneInfo, year: int) -> tuple[tuple[datetime, timedelta], ...]:
    """Return (first moment of a new offset, that offset) after the year's first moment, to that of the next."""
    earlier, found = datetime(year, 1, 1, tzinfo=UTC), []
    offset, end = _offset(zone, earlier), datetime(year + 1, 1, 1, tzinfo=UTC)
    while earlier < end:
        later = min(earlier + STEP, end)
        if (after := _offset(zone, later)) != offset:
            found.append((_first_with(zone, after, earlier, later), after))
            offset = after
        earlier = later
    return tuple(found)


def _first_with(zone: ZoneInfo, offset: timedelta, low: datetime, high: datetime) -> datetime:
    """Return the first second with the offset: `low` does not have it yet, `high` has it."""
    while (seconds := int((high - low).total_seconds())) > 1:
        middle = low + timedelta(seconds=seconds // 2)
        low, high = (low, middle) if _offset(zone, middle) == offset else (middle, high)
    return high


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def to_local(moment: str, changes: Changes) -> str:
    """Return the local TIMESTAMP of a UTC one, given as a column (SQL)."""
    return _moved(moment, "+", _ends(changes), changes)


def to_utc(wall: str, changes: Changes) -> str:
    """Return the UTC TIMESTAMP of a local one, given as a column (SQL).

    What occurs twice is the earlier; what a gap leaves out is read by the offset before it, and so moves forward by
    the length of the gap: Python's `fold=0`.
    """
    ends = [end + timedelta(seconds=max(pair)) for end, pair in _pairs(changes)]
    return _moved(wall, "-", ends, changes)


def occurrences(wall: str, changes: Changes) -> str:
    """Return how often a local TIMESTAMP, given as a column, occurs (SQL): 1, 0 in a gap, 2 where clocks go back."""
    ends, often = [], [1]
    for end, (before, after) in _pairs(changes):
        ends += [end + timedelta(seconds=seconds) for seconds in sorted((before, after))]
        often += [0 if after > before else 2, 1]
    return _choice(wall, ends, often)


def _ends(changes: Changes) -> list[datetime]:
    return [end for end, _ in changes if end is not None]


def _pairs(changes: Changes) -> list[tuple[datetime, tuple[int, int]]]:
    """Return each change: its moment, and the offsets before and after it."""
    offsets = [seconds for _, seconds in changes]
    return list(zip(_ends(changes), pairwise(offsets), strict=True))


def _choice(column: str, ends: Sequence[datetime], values: Sequence[int]) -> str:
    """Return the value whose time has not ended (SQL): halved at each step, so that 400 changes are 9 comparisons."""
    if not ends:
        return str(values[0])
    half = len(ends) // 2
    early = _choice(column, ends[:half], values[: half + 1])
    late = _choice(column, ends[half + 1 :], values[half + 1 :])
    return f"CASE WHEN {column} < {moment_literal(ends[half])} THEN {early} ELSE {late} END"


def _moved(column: str, sign: str, ends: Sequence[datetime], changes: Changes) -> str:
    micros = [seconds * 1_000_000 for _, seconds in changes]
    if not any(micros):
        return column
    # an INTERVAL of SQL takes no negative number, and adding one costs twice as much as adding numbers
    return f"make_timestamp(epoch_us({column}) {sign} CAST({_choice(column, ends, micros)} AS BIGINT))"
