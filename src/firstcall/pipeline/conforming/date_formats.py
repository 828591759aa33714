"""Does 03/04/2026 mean March or April? Decided over the whole column of a file, and never guessed.

Days and months with a slash, point or dash between, with names of months in English or German, with a year of two
digits, with the time behind: each is written as ISO 8601, which then is read as everywhere. A point is only found where
days go first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from firstcall.errors import ImportRefused

CLOCK = (
    r"(?:,?[ T]+(?P<h>\d{1,2}):(?P<m>\d\d)(?::(?P<s>\d\d)(?:[.,]\d+)?)?(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?(?: ?Uhr)?"
    r" ?(?P<o>Z|UTC|GMT|[+-]\d\d:?\d\d)?)?"
)
NUMBERS = re.compile(rf"(?P<a>\d{{1,2}})(?P<sign>[./-])(?P<b>\d{{1,2}})[./-](?P<y>\d{{4}}|\d\d){CLOCK}")
YEAR_FIRST = re.compile(rf"(?P<y>\d{{4}})[./-](?P<a>\d{{1,2}})[./-](?P<b>\d{{1,2}}){CLOCK}")
NAMED = (
    re.compile(rf"(?P<b>\d{{1,2}})[. -]+(?P<name>[^\W\d_]{{3,9}})[. -]+(?P<y>\d{{4}}|\d\d){CLOCK}"),
    re.compile(rf"(?P<name>[^\W\d_]{{3,9}})[. ]+(?P<b>\d{{1,2}})(?:st|nd|rd|th)?,? +(?P<y>\d{{4}}){CLOCK}"),
)
MONTHS = {
    "jan": 1, "jän": 1, "feb": 2, "mar": 3, "mär": 3, "mrz": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6, "jul": 7,
    "aug": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip
"""The first three letters of a month, in English and German."""
TURN = 70
"""A year of two digits below it is one of 2000 and later."""
UNTOLD = "untold"
"""The order of a column of which some dates may be either; they are refused."""


@dataclass(slots=True)
class Shown:
    """What the dates of a column show: a day that stands first, a month that does, one that may be either; ISO 8601."""

    day: str = ""
    month: str = ""
    either: str = ""
    plain: bool = False

    @property
    def orders(self) -> tuple[str, ...]:
        """The orders that are shown."""
        return tuple(order for order, text in (("day-first", self.day), ("month-first", self.month)) if text)


def shown(texts: Iterable[str]) -> Shown:
    """Return what the dates of a column show."""
    found = Shown()
    for text in texts:
        date = NUMBERS.fullmatch(text)
        if date is None:
            found.plain = True
            continue
        first, second = int(date["a"]), int(date["b"])
        if first > 12 >= second:
            found.day = found.day or text
        elif second > 12 >= first:
            found.month = found.month or text
        elif first <= 12 and date["sign"] != "." and first != second:
            found.either = found.either or text
    return found


def orders(columns: Mapping[str, Shown], separator: str, stated: str | None) -> Mapping[str, str]:
    """Return day-first, month-first or UNTOLD by column.

    `separator` stands between fields, empty where values are typed. Raises ImportRefused when a column shows both
    orders, or no column tells; where the others of a column are ISO 8601, such rows are refused alone.
    """
    if stated is not None:
        return dict.fromkeys(columns, stated)
    told = {found.orders[0] for found in columns.values() if len(found.orders) == 1}
    usual = told.pop() if len(told) == 1 else ""
    return {name: _decided(name, found, separator, usual) for name, found in columns.items()}


def _decided(name: str, found: Shown, separator: str, usual: str) -> str:
    if len(found.orders) == 1:
        return found.orders[0]
    if found.orders and separator:
        raise ImportRefused(
            f"{name}: in {found.day!r} the day stands first, in {found.month!r} the month, but a column has one "
            "format. Mend those that are wrong, or say which ones are right: --option dates=day-first, or "
            "dates=month-first; the others are then refused."
        )
    if (found.either and not usual) or found.orders:
        if separator and not found.plain:
            raise ImportRefused(
                f"{name}: in {found.either!r} day and month cannot be told apart, and nothing in the file tells. Say "
                "which stands first: --option dates=day-first, or dates=month-first."
            )
        return UNTOLD
    return usual or "day-first"


def as_iso(text: str, order: str) -> str:
    """Return a date or moment as ISO 8601; what is none stays as it is."""
    if date := NUMBERS.fullmatch(text):
        if order == UNTOLD and date["sign"] != ".":
            return text
        month, day = (date["a"], date["b"]) if order == "month-first" else (date["b"], date["a"])
        return _made(date, int(month), int(day))
    if date := YEAR_FIRST.fullmatch(text):
        return _made(date, int(date["a"]), int(date["b"]))
    for pattern in NAMED:
        if (date := pattern.fullmatch(text)) and (month_of := MONTHS.get(date["name"][:3].lower())):
            return _made(date, month_of, int(date["b"]))
    return text


def _made(date: re.Match[str], month: int, day: int) -> str:
    year = int(date["y"])
    if len(date["y"]) == 2:
        year += 2000 if year < TURN else 1900
    made = f"{year:04}-{month:02}-{day:02}"
    if date["h"] is None:
        return made
    hour = int(date["h"])
    if date["half"]:
        hour = hour % 12 + (12 if date["half"] in "Pp" else 0)
    return f"{made} {hour:02}:{date['m']}:{date['s'] or '00'}{date['o'] or ''}"
