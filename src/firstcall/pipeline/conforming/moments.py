"""How does SQL read a moment as people and machines write it, in the program's time zone?

Rules: an offset is believed; without one the time is local to the program. A local time that occurs twice is the
earlier one, one that never occurs moves forward by the gap. A date alone is local midnight.
"""

from __future__ import annotations

from dataclasses import dataclass

DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
CLOCK = r"[Tt ]+[0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?"
OFFSET = r" ?([Zz]|UTC|GMT|[+-][0-9]{2}(:?[0-9]{2})?)( UTC)?"
PARTS = (
    rf"({DATE})(?:[Tt ]+([0-9]{{2}}:[0-9]{{2}}))?(?::([0-9]{{2}}))?(?:[.,]([0-9]{{1,6}})[0-9]*)?"
    r" ?([Zz]|UTC|GMT|([+-][0-9]{2}):?([0-9]{2})?)?(?: UTC)?"
)
"""Date, time, second, fraction, offset, its hours, its minutes; empty where there is none."""
EPOCH = r"-?[0-9]+([.][0-9]+)?"
EPOCH_UNITS = ((1e8, 0), (1e11, 1_000_000), (1e14, 1_000), (1e17, 1))
"""Below this magnitude, a number counts … microseconds; the first are no moments, beyond the last are nanoseconds."""

EARLIEST, LATEST = "1971-01-01", "2200-01-01"
"""A moment outside is a placeholder (epoch zero, year 1, year 9999), not a time."""

EXACT, ASSUMED, REPEATED, SKIPPED = range(4)
"""What had to be decided about a moment: nothing, its zone, which of two hours, or where a gap ends."""


Step = tuple[tuple[str, str], ...]
"""Columns (name, SQL) that are computed together before the next step looks at them."""


@dataclass(frozen=True, slots=True)
class Moment:
    """SQL of a moment: `value` is a UTC TIMESTAMP or NULL, `decided` one of EXACT, ASSUMED, REPEATED, SKIPPED.

    Both look at the columns of the `steps`, which keep a long expression from being written many times.
    """

    value: str
    decided: str
    steps: tuple[Step, ...] = ()


def quoted(text: str) -> str:
    """Return a SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def local(utc: str, zone: str) -> str:
    """Return the SQL of the local time (TIMESTAMP) in `zone` at a UTC TIMESTAMP."""
    return utc if zone == "UTC" else f"timezone({quoted(zone)}, timezone('UTC', {utc}))"


def candidates(time: str, zone: str) -> tuple[str, str]:
    """Return the SQL of what a local TIMESTAMP is in UTC by the offset of a day before, and of a day after."""

    def by_offset_of(near: str) -> str:
        return f"({time} - ({local(near, zone)} - {near}))"

    return by_offset_of(f"({time} - INTERVAL 1 DAY)"), by_offset_of(f"({time} + INTERVAL 1 DAY)")


def from_local(time: str, zone: str) -> str:
    """Return the SQL of the UTC TIMESTAMP of a local one."""
    return time if zone == "UTC" else _chosen(time, *candidates(time, zone), zone)


def _chosen(time: str, before: str, after: str, zone: str) -> str:
    fits_before, fits_after = f"({local(before, zone)} = {time})", f"({local(after, zone)} = {time})"
    return (
        f"CASE WHEN {fits_before} AND {fits_after} THEN least({before}, {after}) "
        f"WHEN {fits_after} THEN {after} ELSE {before} END"
    )


def _decided(time: str, before: str, after: str, zone: str) -> str:
    fits_before, fits_after = f"({local(before, zone)} = {time})", f"({local(after, zone)} = {time})"
    return (
        f"CASE WHEN {time} IS NULL THEN {EXACT} WHEN {fits_before} AND {fits_after} AND {before} <> {after} "
        f"THEN {REPEATED} WHEN NOT {fits_before} AND NOT {fits_after} THEN {SKIPPED} ELSE {ASSUMED} END"
    )


def parsed(text: str, name: str, zone: str) -> Moment:
    """Return the moment that a trimmed text stands for: ISO 8601 with or without offset, or a date alone.

    `name` makes the steps' columns different from those of other columns.
    """
    part, utc, there, before, after = (
        f'"{step}_{name}"' for step in ("part", "utc", "local", "before", "after")
    )
    shape = f"regexp_full_match({text}, '{DATE}({CLOCK}({OFFSET})?)?')"
    taken = (
        f"CASE WHEN {shape} THEN regexp_extract({text}, '{PARTS}', ['d', 't', 's', 'f', 'o', 'h', 'm']) END"
    )
    clock = (
        f"{part}.d || ' ' || CASE {part}.t WHEN '' THEN '00:00' ELSE {part}.t END || "
        f"CASE {part}.s WHEN '' THEN '' WHEN '60' THEN ':59.999999' ELSE ':' || {part}.s || '.' || {part}.f || '0' END"
    )
    minutes = f"CASE {part}.m WHEN '' THEN '00' ELSE {part}.m END"
    offset = f"CASE WHEN {part}.h = '' THEN '+00' ELSE {part}.h || ':' || {minutes} END"
    exact = f"timezone('UTC', TRY_CAST(CASE WHEN {part}.o <> '' THEN {clock} || {offset} END AS TIMESTAMPTZ))"
    bare = f"TRY_CAST(CASE WHEN {part}.o = '' THEN {clock} END AS TIMESTAMP)"
    first, second = ((part, taken),), ((utc, exact), (there, bare))
    if zone == "UTC":
        assumed = f"CASE WHEN {there} IS NOT NULL THEN {ASSUMED} ELSE {EXACT} END"
        return Moment(_in_range(f"coalesce({utc}, {there})"), assumed, (first, second))
    third = tuple(zip((before, after), candidates(there, zone), strict=True))
    value = f"coalesce({utc}, {_chosen(there, before, after, zone)})"
    decided = _decided(there, before, after, zone)
    result = f'"moment_{name}"'
    return Moment(
        _in_range(result),
        f'"decided_{name}"',
        (first, second, third, ((result, value), (f'"decided_{name}"', decided))),
    )


def epoch_unit(largest: float) -> int | None:
    """Return the unit of epoch numbers of this magnitude in microseconds; 0 for nanoseconds, None for no epoch."""
    if largest < EPOCH_UNITS[0][0]:
        return None
    return next((unit for limit, unit in EPOCH_UNITS[1:] if largest < limit), 0)


def from_epoch(text: str, unit: int) -> Moment:
    """Return the moment of an epoch number in a unit of `epoch_unit`, exact to the microsecond."""
    number = f"TRY_CAST(CASE WHEN regexp_full_match({text}, '{EPOCH}') THEN {text} END AS DECIMAL(38, 9))"
    micros = f"{number} * {unit}" if unit else f"{number} / 1000"
    bounded = f"CASE WHEN abs({number}) < 1e19 THEN CAST(trunc({micros}) AS HUGEINT) END"
    safe = f"TRY_CAST({bounded} AS BIGINT)"
    return Moment(_in_range(f"make_timestamp({safe})"), str(EXACT))


def _in_range(value: str) -> str:
    return (
        f"CASE WHEN ({value}) >= TIMESTAMP '{EARLIEST}' AND ({value}) < TIMESTAMP '{LATEST}' THEN {value} END"
    )
