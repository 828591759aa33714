"""How does SQL read a moment as people and machines write it, in the program's time zone?

Rules: an offset is believed; without one the time is local to the program. A local time that occurs twice is the
earlier one, one that never occurs moves forward by the gap. A date alone is local midnight.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from firstcall.literals import day_literal, identifier
from firstcall.zones import Changes, occurrences, to_utc

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

EARLIEST, LATEST = date(1971, 1, 1), date(2200, 1, 1)
"""A moment outside is a placeholder (epoch zero, year 1, year 9999), not a time."""

SKIPPED, ASSUMED, REPEATED, EXACT = range(4)
"""What had to be decided about a moment: without an offset, how often its local time occurs; else nothing."""


Step = tuple[tuple[str, str], ...]
"""Columns (name, SQL) that are computed together before the next step looks at them."""


@dataclass(frozen=True, slots=True)
class Moment:
    """SQL of a moment: `value` is a UTC TIMESTAMP or NULL, `decided` one of SKIPPED, ASSUMED, REPEATED, EXACT.

    Both look at the columns of the `steps`, which keep a long expression from being written many times. `column` is
    the moment before it is asked whether it is one.
    """

    value: str
    decided: str
    steps: tuple[Step, ...] = ()
    column: str = ""


def parsed(text: str, name: str, changes: Changes) -> Moment:
    """Return the moment that a trimmed text stands for: ISO 8601 with or without offset, or a date alone.

    `changes` are those of the program's zone; `name` makes the steps' columns different from those of other columns.
    """
    part, utc, there, moment = (identifier(f"{step}_{name}") for step in ("part", "utc", "local", "moment"))
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
    value = f"coalesce({utc}, {to_utc(there, changes)})"
    return Moment(
        _in_range(moment),
        f"CASE WHEN {there} IS NULL THEN {EXACT} ELSE {occurrences(there, changes)} END",
        (((part, taken),), ((utc, exact), (there, bare)), ((moment, value),)),
        moment,
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
    return f"CASE WHEN ({value}) >= {day_literal(EARLIEST)} AND ({value}) < {day_literal(LATEST)} THEN {value} END"
