"""How is a duration that is written as text, in Go's, .NET's or ISO's way, read in milliseconds?"""

from __future__ import annotations

from collections.abc import Iterable

from firstcall.sources.parsing.call_columns import milliseconds

UNITS = (("d", 86_400_000.0), ("h", 3_600_000.0), ("m", 60_000.0), ("s", 1000.0))
GO = "([0-9]*[.]?[0-9]+(h|ms|m|s|us|µs|μs|ns))+"
SMALL = (("(ms)", "i", 1.0), ("(us|µs|μs)", "u", 0.001), ("(ns)", "n", 0.000001))
"""Units of two letters, and the one letter that stands for them while the text is taken apart."""
TIME_SPAN = "([0-9]+[.])?[0-9]{1,2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?"
ISO = "P([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]*[.]?[0-9]+S)?)?"


def duration(value: str, unit: str = "ms") -> str:
    """Return a duration in milliseconds: `247ms`, `0.0079s`, `1m2.5s`, `00:00:00.152`, `PT0.5S` (SQL).

    A bare number is in `unit` (s, ms, us or ns). A dash, a minus one and everything else is null.
    """
    return (
        f"CASE WHEN regexp_full_match({value}, '{GO}') THEN {_go(value)} "
        f"WHEN regexp_full_match({value}, '{TIME_SPAN}') THEN {_time_span(value)} "
        f"WHEN regexp_full_match({value}, '{ISO}') AND {value} NOT IN ('P', 'PT') THEN {_iso(value)} "
        f"ELSE {milliseconds(value, unit)} END"
    )


def _go(value: str) -> str:
    text = value
    for pattern, letter, _ in SMALL:
        text = f"regexp_replace({text}, '{pattern}', '{letter}', 'g')"
    units = (*UNITS[1:], *((letter, factor) for _, letter, factor in SMALL))
    return _sum(text, ((f"([0-9.]+){letter}", factor) for letter, factor in units))


def _time_span(value: str) -> str:
    patterns = ("^([0-9]+)[.]", "^(?:[0-9]+[.])?([0-9]{1,2}):", ":([0-9]{2}):", ":([0-9]{2}(?:[.][0-9]+)?)$")
    return _sum(value, zip(patterns, (factor for _, factor in UNITS), strict=True))


def _iso(value: str) -> str:
    return _sum(value, ((f"([0-9.]+){unit.upper()}", factor) for unit, factor in UNITS))


def _sum(value: str, parts: Iterable[tuple[str, float]]) -> str:
    total = " + ".join(
        f"coalesce(TRY_CAST(nullif(regexp_extract({value}, '{pattern}', 1), '') AS DOUBLE), 0) * {factor:.6f}"
        for pattern, factor in parts
    )
    return f"round({total}, 6)"
