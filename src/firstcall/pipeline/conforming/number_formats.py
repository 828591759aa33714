"""Which sign stands before the decimals of a column? Decided over all of it, and never guessed.

Signs between thousands, signs and codes of currencies, blanks, and brackets or a minus behind for what is negative are
read. A column in which `1.000` may be one or a thousand takes what the other columns of the file say, else the file is
refused with what to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from firstcall.errors import ImportRefused
from firstcall.sources.tables.reading_options import DECIMALS
from firstcall.units import currencies

PLAIN = re.compile(r"[+-]?[0-9]*([.][0-9]*)?([eE][+-]?[0-9]{1,3})?")
WHOLE = re.compile(r"[+-]?[0-9]+([eE][+-]?[0-9]{1,3})?")
WORDS = "kr|kč|zł|ft|fr|lei|euros?"
"""How currencies are written beside their signs and codes."""
SIGN = "[€$£¥₹₽₺₩₪₫฿₴₦]"
SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "₺": "TRY",
    "₪": "ILS",
    "₴": "UAH",
    "₦": "NGN",
    "₫": "VND",
    "฿": "THB",
}
"""Signs that stand for one currency; a dollar may be of many."""
GROUPS = {
    sign: re.compile(
        rf"[0-9]{{1,3}}('[0-9]{{3}})+|[0-9]{{1,3}}([{other}][0-9]{{2,3}})*[{other}][0-9]{{3}}|[0-9]+"
    )
    for sign, other in ((".", ","), (",", "."))
}
"""Whole numbers by the sign before decimals: in thousands, or lakhs and crores, or in one piece."""


@dataclass(slots=True)
class Shown:
    """Numbers of one column by what they show: a point before decimals, a comma, or either."""

    point: str = ""
    comma: str = ""
    either: str = ""


@cache
def _currency() -> re.Pattern[str]:
    codes = "|".join(sorted(currencies()))
    return re.compile(rf"(?<![^\W\d_])({codes})(?![^\W\d_])", re.IGNORECASE)


@cache
def _beside() -> re.Pattern[str]:
    codes = "|".join(sorted(currencies()))
    mark = rf"(?:[A-Z]{{0,3}}{SIGN}|(?:{codes}|{WORDS})\b[.]?)"
    return re.compile(rf"^([+-]?)\s*{mark}\s*|(?<=[\d.,\s-]){mark}\s*$", re.IGNORECASE)


def bare(text: str) -> str:
    """Return a number without currency, blanks and brackets; an apostrophe stands between thousands."""
    made = re.sub(r"[−–—]", "-", text.strip())
    made = re.sub(r"^\((.*)\)$", r"-\1", made)
    made = _beside().sub(r"\1", made)
    made = re.sub(r"[’`´]|(?<=[0-9])\s+(?=[0-9])", "'", made)
    made = re.sub(r"[.,]-+$|\s", "", made)
    return re.sub(r"^([^-].*)-$", r"-\1", made)


def meaning(number: str) -> str:
    """Return what a bare number shows: `point` or `comma` before its decimals, `either`, or nothing.

    One sign before three digits may be either; none that stands twice, or before another number of digits.
    """
    number = number.lstrip("+-")
    if once := re.fullmatch(r"((?:[0-9]{1,3}(?:'[0-9]{3})+)|[0-9]*)([.,])([0-9]*)", number):
        whole, sign, rest = once.groups()
        grouped = len(rest) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
        return "either" if grouped else {".": "point", ",": "comma"}[sign]
    for sign, other, what in ((",", ".", "point"), (".", ",", "comma")):
        if re.fullmatch(rf"[0-9]{{1,3}}([{sign}][0-9]{{2,3}})*[{sign}][0-9]{{3}}([{other}][0-9]*)?", number):
            return what
    return ""


def shown(texts: Iterable[str]) -> Shown:
    """Return what the numbers of a column show."""
    found = Shown()
    for text in texts:
        what = meaning(bare(text))
        if what and not getattr(found, what):
            setattr(found, what, text)
    return found


def decimals(columns: Mapping[str, Shown], separator: str, stated: str | None) -> Mapping[str, str]:
    """Return the sign before decimals by column.

    `separator` stands between fields, empty where values are typed; then, and between commas, numbers have a point
    unless they show a comma. Raises ImportRefused when a column shows both, or nobody can say.
    """
    if stated is not None:
        return dict.fromkeys(columns, DECIMALS[stated])
    usual = "." if separator in {"", ","} else _agreed(columns.values())
    return {name: _decided(name, found, separator, usual) for name, found in columns.items()}


def _agreed(columns: Iterable[Shown]) -> str:
    """Return the sign that the columns of a file show among them; nothing when none does, or both are shown."""
    signs = {sign for each in columns for sign, text in ((".", each.point), (",", each.comma)) if text}
    return signs.pop() if len(signs) == 1 else ""


def _decided(name: str, found: Shown, separator: str, usual: str) -> str:
    if found.point and found.comma:
        if separator in {"", ","}:
            return "."  # what has a comma is refused row by row
        raise ImportRefused(
            f"{name}: {found.point!r} has a decimal point and {found.comma!r} a decimal comma, but a column has one "
            "format. Mend those that are wrong, or say which ones are right: --option decimal=comma, or "
            "decimal=point; the others are then refused."
        )
    if found.point or found.comma:
        return "." if found.point else ","
    if found.either and not usual:
        raise ImportRefused(
            f"{name}: {found.either!r} may be a thousand or have three decimals, and nothing in the file tells. Say "
            f"which: --option decimal=comma reads it as {plainly(found.either, ',')}, --option decimal=point as "
            f"{plainly(found.either, '.')}."
        )
    return usual or "."


def plainly(text: str, decimal: str) -> str:
    """Return a number as it is written plainly: digits, and a point before decimals.

    What has another format than its column becomes what no number is read of; what is none stays as it is.
    """
    if (PLAIN if decimal == "." else WHOLE).fullmatch(text):
        return text
    number = bare(text)
    sign = number[:1] if number[:1] in {"+", "-"} else ""
    whole, point, rest = number.removeprefix(sign).partition(decimal)
    if (not whole or GROUPS[decimal].fullmatch(whole)) and re.fullmatch("[0-9]*", rest) and whole + rest:
        return sign + re.sub("[^0-9]", "", whole) + ("." if point else "") + rest
    return f"{text} (not with a decimal comma)" if PLAIN.fullmatch(text) else text


def currency_said(text: str) -> str | None:
    """Return the currency that an amount names itself: by its code, or by a sign that only one has."""
    if found := _currency().search(text):
        return found[1].upper()
    return next((code for sign, code in SIGNS.items() if sign in text), None)
