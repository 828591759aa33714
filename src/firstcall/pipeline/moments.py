"""How does SQL read a moment as people and machines write it, in the program's time zone?

Rules: an offset is believed; without one the time is local to the program. A local time that occurs twice is the
earlier one, one that never occurs moves forward by the gap. A date alone is local midnight.
"""

from __future__ import annotations

from dataclasses import dataclass

DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
CLOCK = r"[Tt ]+[0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?"
OFFSET = r" ?([Zz]|UTC|GMT|[+-][0-9]{2}(:?[0-9]{2})?)( UTC)?"
PARTS = rf"({DATE})[Tt ]+([0-9]{{2}}:[0-9]{{2}})(?::([0-9]{{2}}))?(?:[.,]([0-9]{{1,6}})[0-9]*)?(.*)"
SHORT_OFFSET = r"([+-][0-9]{2})([0-9]{2})$"
EPOCH = r"-?[0-9]+([.][0-9]+)?"
EPOCH_UNITS = ((1e8, 0), (1e11, 1_000_000), (1e14, 1_000), (1e17, 1))
"""Below this magnitude, a number counts … microseconds; the first are no moments, beyond the last are nanoseconds."""

EARLIEST, LATEST = "1971-01-01", "2200-01-01"
"""A moment outside is a placeholder (epoch zero, year 1, year 9999), not a time."""

EXACT, ASSUMED, REPEATED, SKIPPED = range(4)
"""What had to be decided about a moment: nothing, its zone, which of two hours, or where a gap ends."""


@dataclass(frozen=True, slots=True)
class Moment:
    """SQL of a moment: `value` is a UTC TIMESTAMP or NULL, `decided` one of EXACT, ASSUMED, REPEATED, SKIPPED."""

    value: str
    decided: str


def quoted(text: str) -> str:
    """Return a SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def local(utc: str, zone: str) -> str:
    """Return the SQL of the local time (TIMESTAMP) in `zone` at a UTC TIMESTAMP."""
    return utc if zone == "UTC" else f"timezone({quoted(zone)}, timezone('UTC', {utc}))"


def from_local(time: str, zone: str) -> Moment:
    """Return the moment of a local TIMESTAMP, by the offsets in force a day before and a day after it."""
    if zone == "UTC":
        return Moment(time, f"CASE WHEN {time} IS NOT NULL THEN {ASSUMED} ELSE {EXACT} END")

    def candidate(day: str) -> str:
        near = f"({time} {day} INTERVAL 1 DAY)"
        return f"({time} - ({local(near, zone)} - {near}))"

    before, after = candidate("-"), candidate("+")
    fits_before, fits_after = f"({local(before, zone)} = {time})", f"({local(after, zone)} = {time})"
    value = (
        f"CASE WHEN {time} IS NULL THEN NULL WHEN {fits_before} AND {fits_after} THEN least({before}, {after}) "
        f"WHEN {fits_after} THEN {after} ELSE {before} END"
    )
    decided = (
        f"CASE WHEN {time} IS NULL THEN {EXACT} WHEN {fits_before} AND {fits_after} AND {before} <> {after} "
        f"THEN {REPEATED} WHEN NOT {fits_before} AND NOT {fits_after} THEN {SKIPPED} ELSE {ASSUMED} END"
    )
    return Moment(value, decided)


def parsed(text: str, zone: str) -> Moment:
    """Return the moment that a trimmed text stands for: ISO 8601 with or without offset, or a date alone."""
    exact = f"regexp_full_match({text}, '{DATE}{CLOCK}{OFFSET}')"
    bare = f"regexp_full_match({text}, '{DATE}({CLOCK})?')"
    utc = _in_range(f"CASE WHEN {exact} THEN {_with_offset(text)} END")
    there = from_local(f"(CASE WHEN {bare} THEN {_without_offset(text)} END)", zone)
    return Moment(f"CASE WHEN {exact} THEN {utc} ELSE {_in_range(there.value)} END", there.decided)


def _clock(text: str) -> str:
    """Return the date and time of the text in the engine's spelling; second 60 is the end of second 59."""
    names = "['d', 't', 's', 'f', 'o']"
    part = f"regexp_extract({text}, '{PARTS}', {names})"
    second = f"CASE {part}.s WHEN '' THEN '00' WHEN '60' THEN '59' ELSE {part}.s END"
    fraction = f"CASE WHEN {part}.s = '60' THEN '999999' WHEN {part}.f = '' THEN '0' ELSE {part}.f END"
    return f"{part}.d || ' ' || {part}.t || ':' || ({second}) || '.' || ({fraction})"


def _with_offset(text: str) -> str:
    fast = f"regexp_full_match({text}, '{DATE}[T ][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}([.][0-9]{{1,6}})?(Z|[+-][0-9]{{2}}:[0-9]{{2}})')"
    offset = f"regexp_extract({text}, ' ?([Zz]|UTC|GMT|[+-][0-9]{{2}}(?::?[0-9]{{2}})?)( UTC)?$', 1)"
    colon = f"regexp_replace({offset}, '{SHORT_OFFSET}', '\\1:\\2')"
    spelt = f"{_clock(text)} || CASE WHEN {offset} IN ('Z', 'z', 'UTC', 'GMT') THEN '+00' ELSE {colon} END"
    return (
        f"timezone('UTC', TRY_CAST(CASE WHEN {fast} THEN {text} ELSE {spelt} END AS TIMESTAMPTZ))"
    )


def _without_offset(text: str) -> str:
    return f"TRY_CAST(CASE WHEN length({text}) = 10 THEN {text} ELSE {_clock(text)} END AS TIMESTAMP)"


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
    return f"CASE WHEN ({value}) >= TIMESTAMP '{EARLIEST}' AND ({value}) < TIMESTAMP '{LATEST}' THEN {value} END"
