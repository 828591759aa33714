"""What can be said about a sheet that it does not say itself?"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from firstcall.errors import UsageError
from firstcall.sources.source import Option

DECIMALS = {"point": ".", "comma": ","}
DATES = ("day-first", "month-first")

OPTIONS = (
    Option("sheet", "the sheet of a workbook that is meant, when several have rows"),
    Option("encoding", "how the letters of the file are stored, as in cp1252, mac_roman or utf-16-le"),
    Option("decimal", "point or comma: which sign stands before decimals, when the numbers allow both"),
    Option("dates", "day-first or month-first: how 03/04/2026 is meant, when the dates allow both"),
)
"""Options of every table and of every mapped format, beside their own."""


def check(options: Mapping[str, str]) -> None:
    """Raise UsageError when the value of one of them is not among those that there are."""
    for name, known in (("decimal", tuple(DECIMALS)), ("dates", DATES)):
        if options.get(name, known[0]) not in known:
            raise UsageError(f"--option {name}={options[name]}: write {' or '.join(known)}.")
    encoding = options.get("encoding", "utf-8")
    try:
        with suppress(UnicodeError):  # one letter may be half a one
            b"a".decode(encoding)
    except LookupError:
        raise UsageError(
            f"--option encoding={encoding}: there is no such encoding. Often meant are cp1252 (Windows), mac_roman "
            "(old Macs), cp850 (DOS), cp1250 (Windows in Central Europe), utf-16-le."
        ) from None
