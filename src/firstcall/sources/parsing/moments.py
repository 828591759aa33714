"""How does SQL read a moment, as people write it into tables and as gateways write it into logs?

Rules of tables: an offset is believed; without one the time is local to the program. A local time that occurs twice is
the earlier one, one that never occurs moves forward by the gap. A date alone is local midnight. A log's times all have
the same shape, which is told once for the file; without an offset they are UTC, unless the user names another zone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from firstcall.literals import day_literal, identifier, quoted
from firstcall.zones import Changes, occurrences, offset_changes, to_utc, zone

DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
CLOCK = r"[Tt ]+[0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?"
OFFSET = r" ?([Zz]|UTC|GMT|[+-][0-9]{2}(:?[0-9]{2})?)( UTC)?"
PARTS = (
    rf"({DATE})(?:[Tt ]+([0-9]{{2}}:[0-9]{{2}}))?(?::([0-9]{{2}}))?(?:[.,]([0-9]{{1,6}})[0-9]*)?"
    r" ?([Zz]|UTC|GMT|([+-][0-9]{2}):?([0-9]{2})?)?(?: UTC)?"
)
"""Date, time, second, fraction, offset, its hours, its minutes; empty where there is none."""
EPOCH = r"-?[0-9]+([.][0-9]+)?"
EPOCH_UNITS = ((1e11, "s"), (1e14, "ms"), (1e17, "us"))
"""Below this magnitude, an epoch number counts seconds, milliseconds or microseconds; beyond the last nanoseconds."""
LEAST_EPOCH = 1e8
"""A smaller number in a table is none."""
MICROS = {"s": "1000000", "ms": "1000", "us": "1", "ns": "0.001"}
"""Microseconds in a unit, as the engine multiplies them exactly."""

EARLIEST_CALL = date(2000, 1, 1)
"""Calls before it are refused: the clock was wrong."""

EARLIEST, LATEST = date(1971, 1, 1), date(2200, 1, 1)
"""A moment outside is a placeholder (epoch zero, year 1, year 9999), not a time."""

CLF = "[%d/%b/%Y:%H:%M:%S %z]", "%d/%b/%Y:%H:%M:%S %z"
HAPROXY = "%d/%b/%Y:%H:%M:%S.%f", "%d/%b/%Y:%H:%M:%S"
GO_TAIL = " ([+-][0-9]{2}:?[0-9]{2})( [A-Z]{1,5}| [+-][0-9]+)?( m=[+-][0-9.]+)?$"
"""What Go prints after a time: the offset, the zone's name once more, and its monotonic clock."""
ISO_SHAPE = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}"

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


def moment_of_text(text: str, name: str, changes: Changes) -> Moment:
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


def epoch_unit(size: float) -> str:
    """Return the unit of an epoch number of this size: s, ms, us or ns."""
    return next((unit for limit, unit in EPOCH_UNITS if size < limit), "ns")


def moment_of_epoch(text: str, unit: str) -> Moment:
    """Return the moment of a field that holds an epoch number in s, ms, us or ns."""
    return Moment(_in_range(f"make_timestamp({_micros(text, unit)})"), str(EXACT))


def _micros(text: str, unit: str) -> str:
    """Return an epoch number as whole microseconds, to the nearest."""
    return f"TRY_CAST(round(TRY_CAST({text} AS DECIMAL(28, 9)) * {MICROS[unit]}) AS BIGINT)"


def _in_range(value: str) -> str:
    return f"CASE WHEN ({value}) >= {day_literal(EARLIEST)} AND ({value}) < {day_literal(LATEST)} THEN {value} END"


def offsets_of_calls(name: str) -> Changes:
    """Return the offset changes of a zone in all years that calls can be of."""
    return offset_changes(zone(name), EARLIEST_CALL, datetime.now(UTC).date() + timedelta(days=2))


def moment(value: str, shape: str) -> str:
    """Return a UTC TIMESTAMP; `shape` is clf, haproxy, iso, go, or an epoch in s, ms, us or ns.

    The engine takes what has no offset for UTC; a haproxy time never has one.
    """
    if shape == "clf":
        # one format after the other: a list of formats costs half as much again on every line
        read = f"coalesce({_strptime(value, CLF)}, {_leap(value, CLF)})"
        # with an offset the engine reads 31 February as 3 March, so the last days of a month are looked at twice
        late = f"({value} BETWEEN '[29' AND '[32' OR {value} BETWEEN '29' AND '32')"
        day = f"regexp_extract({value}, '[0-9]{{2}}/[A-Za-z]{{3}}/[0-9]{{4}}')"
        return (
            f"CASE WHEN {late} AND try_strptime({day}, '%d/%b/%Y') IS NULL THEN NULL "
            f"ELSE CAST({read} AS TIMESTAMP) END"
        )
    if shape == "haproxy":
        bare = f"trim({value}, '[]')"
        return f"coalesce({_strptime(bare, HAPROXY)}, {_leap(bare, HAPROXY)})"
    if shape in {"iso", "go"}:
        fitting = f"regexp_matches({value}, '{ISO_SHAPE}')"
        text = f"regexp_replace({value}, '{GO_TAIL}', '\\1')" if shape == "go" else value
        cut = f"regexp_replace(replace({text}, ',', '.'), '([.][0-9]{{6}})[0-9]+', '\\1')"
        whole = f"CASE WHEN contains({value}, ':60') THEN {_before_leap(cut, '59.999999')} ELSE {cut} END"
        return f"CASE WHEN {fitting} THEN CAST(TRY_CAST({whole} AS TIMESTAMPTZ) AS TIMESTAMP) END"
    within = _micros(value, shape)
    return f"CASE WHEN {within} BETWEEN 0 AND 7258118400000000 THEN make_timestamp({within}) END"


def _before_leap(value: str, second: str) -> str:
    """Return a time with another second in the place of a leap second, whose fraction goes (SQL)."""
    return (
        f"regexp_replace({value}, '([0-9]{{2}}:[0-9]{{2}}):60(?:[.][0-9]+)?([^:0-9]|$)', '\\1:{second}\\2')"
    )


def _leap(value: str, forms: Iterable[str]) -> str:
    """Return the last moment of the minute for a leap second, null for every other time (SQL)."""
    last = _strptime(_before_leap(value, "59"), forms)
    return f"CASE WHEN contains({value}, ':60') THEN {last} + to_microseconds(999999) END"


def _strptime(value: str, forms: Iterable[str]) -> str:
    return f"coalesce({', '.join(f'try_strptime({value}, {quoted(form)})' for form in forms)})"


def moment_shape(values: Iterable[str]) -> str:
    """Return the shape of most times of a sample: decided once per file, never per row, by no broken value alone."""
    held = Counter(_shape_of(value) for value in values if value and value != "-")
    return held.most_common(1)[0][0] if held else "iso"


def _shape_of(value: str) -> str:
    if "/" in value:
        return "clf" if re.search(r" [+-]\d{4}\]?$", value) else "haproxy"
    try:
        size = abs(float(value))
    except ValueError:
        return "go" if re.search(r"\d [+-]\d{4}\b", value) else "iso"
    return epoch_unit(size)


def without_offset(name: str, shape: str, values: Iterable[str]) -> tuple[str, ...]:
    """Return a note for the journal when a column of ISO times, read as UTC, does not say so itself."""
    said = re.compile(r"(?:[zZ]|UTC|[+-]\d\d:?\d\d)$")
    bare = shape == "iso" and any(not said.search(value) for value in values if value and value != "-")
    return (f"{name} has no offset; taken as UTC",) if bare else ()


def started(end: str, latency_ms: str) -> str:
    """Return when a call began, from when it had ended; the end itself when its latency is not known or odd."""
    back = f"to_microseconds(CAST(greatest({latency_ms}, 0) * 1000 AS BIGINT))"
    return f"CASE WHEN {latency_ms} BETWEEN 0 AND 86400000 THEN {end} - {back} ELSE {end} END"
