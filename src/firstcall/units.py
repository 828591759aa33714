"""How is a number of a unit printed, compared and read?"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from typing import Literal

from firstcall.errors import UnknownName

NONE = "–"
"""What stands where there is no number; never 0."""

SECOND = 1
MINUTE = 60
HOUR = 3_600
DAY = 86_400
WEEK = 604_800

Change = Literal["percent", "points", "difference"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: what follows the number, what heads a column, and how two numbers of it are compared.

    Money and counts change in percent, shares in points, ratios and scores by their difference.
    """

    name: str
    heading: str = ""
    suffix: str = ""
    change: Change = "percent"


UNITS: Mapping[str, Unit] = {
    unit.name: unit
    for unit in (
        Unit("seconds", "time"),
        Unit("milliseconds", "time"),
        Unit("share", "%", change="points"),
        Unit("money", "amount"),
        Unit("ratio", "ratio", change="difference"),
        Unit("score", "score", change="difference"),
        Unit("multiple", "times", "×", change="difference"),
        Unit("number", "number", change="difference"),
        Unit("count", "count"),
        *(Unit(noun, noun) for noun in ("calls", "partners", "developers", "apps", "endpoints", "tickets")),
        *(Unit(noun, noun) for noun in ("products", "days", "hours", "minutes", "incidents", "changes")),
        Unit("per_month", "per month", " per month"),
        Unit("per_100", "per 100", " per 100"),
        Unit("per_person", "per person", " per person"),
    )
}
"""Every unit a metric may have."""

QUANTITY = re.compile(r"\s*(?P<number>[-+]?[0-9][0-9,_]*(?:\.[0-9]+)?)\s*(?P<unit>[a-z%]*)\s*", re.IGNORECASE)
SECONDS = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "sec", "second", "seconds"), float(SECOND)),
    **dict.fromkeys(("min", "minute", "minutes", "m"), float(MINUTE)),
    **dict.fromkeys(("h", "hour", "hours"), float(HOUR)),
    **dict.fromkeys(("d", "day", "days"), float(DAY)),
    **dict.fromkeys(("w", "week", "weeks"), float(WEEK)),
}
TIMES = {"seconds": Decimal(SECOND), "milliseconds": Decimal("0.001"), "minutes": Decimal(MINUTE)}
TIMES |= {"hours": Decimal(HOUR), "days": Decimal(DAY)}
"""Seconds of the units that measure time."""
TIME_EXAMPLE, SHARE_EXAMPLE = 'a duration as in "1h" or "200 ms"', 'a share as in "99.95 %"'
STEPS = ((Decimal(10) ** 12, "T"), (Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "k"))


@cache
def currencies() -> frozenset[str]:
    """Return the codes of ISO 4217, in force or withdrawn (for invoices of their time).

    Those for tests and for no currency at all, which begin with XT and XX, are left out.
    """
    # babel takes longer to load than everything else a command needs
    from babel.core import get_global

    return frozenset(code for code in get_global("all_currencies") if not code.startswith(("XT", "XX")))


def unit_of(name: str) -> Unit:
    """Return the unit of a name; UnknownName otherwise."""
    if name not in UNITS:
        raise UnknownName("unit", name, UNITS)
    return UNITS[name]


def show(value: object, unit: str, *, short: bool = False, currency: str | None = None) -> str:
    """Write a value as people read it: "4 min 12 s", "12.3 %", "EUR 1,234.50"; short: "€1.2k".

    `value` is None (printed –) or a number as answers hold it: seconds, milliseconds, shares 0–1, an exact
    amount in `currency`; or an amount as JSON holds it, {"amount": "1234.50", "currency": "EUR"}.
    """
    kind = unit_of(unit)
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return NONE
    number, currency = _number(value, currency)
    if unit == "money":
        return _money(number, currency, short=short)
    size = abs(number)
    text = SHORT.get(unit, _short_count)(size) if short else LONG.get(unit, _count)(size)
    return f"{'−' if number < 0 else ''}{text}{kind.suffix}"


def show_change(now: object, before: object, unit: str) -> str:
    """Write a change: points for shares, the difference for ratios, else percent; – without a base."""
    if (moved := change(now, before, unit)) is None:
        return NONE
    sign = "+" if moved > 0 else "−" if moved < 0 else ""
    kind = unit_of(unit).change
    size = abs(moved)
    if kind == "points":
        digits = 1 if size >= Decimal("0.001") or size == 0 else 2
        return f"{sign}{size * 100:,.{digits}f} pts"
    if kind == "percent":
        return f"{sign}{size * 100:,.1f} %"
    return f"{sign}{size:,.{1 if size >= 1 else 2}f}{unit_of(unit).suffix}"


def change(now: object, before: object, unit: str) -> Decimal | None:
    """Return the change of a value: a difference, or for money and counts the share of the earlier value.

    None when either is missing, when percent would divide by zero, and between two currencies.
    """
    if now is None or before is None:
        return None
    new, currency = _number(now)
    old, earlier = _number(before)
    if currency != earlier:
        return None
    if unit_of(unit).change != "percent":
        return new - old
    return (new - old) / abs(old) if old else None


def read(given: object, unit: str | None = None) -> float:
    """Return a number that may carry its unit, in `unit`.

    "1h" is 3600.0 in seconds, "200 ms" is 200.0 in milliseconds, "99.95 %" is 0.9995; a bare number is
    already in `unit`. ValueError says what is allowed.
    """
    if isinstance(given, int | float) and not isinstance(given, bool):
        return float(given)
    said = QUANTITY.fullmatch(given) if isinstance(given, str) else None
    if said is None:
        raise ValueError('give a number, or one with its unit as in "1h", "200 ms" or "99.95 %"')
    number, word = Decimal(re.sub("[,_]", "", said["number"])), said["unit"].lower()
    if not word:
        return float(number)
    if word == "%" and unit in {None, "share"}:
        return float(number / 100)
    if word in SECONDS and (unit is None or unit in TIMES):
        return float(number * Decimal(str(SECONDS[word])) / TIMES.get(unit or "", 1))
    if unit is None:
        raise ValueError(f"{said['unit']!r} is no unit known here; give {TIME_EXAMPLE}, or {SHARE_EXAMPLE}")
    example = SHARE_EXAMPLE if unit == "share" else TIME_EXAMPLE if unit in TIMES else "a number alone"
    raise ValueError(f"{said['unit']!r} is no unit of {unit}; give {example}")


def _number(value: object, currency: str | None = None) -> tuple[Decimal, str | None]:
    """Return the exact number and the currency that comes with it, if one does."""
    if isinstance(value, Mapping):
        return Decimal(str(value["amount"])), str(value["currency"])
    if isinstance(value, Decimal | int):
        return Decimal(value), currency
    if isinstance(value, float):
        return Decimal(repr(value)), currency
    raise TypeError(f"a number was expected, not {value!r}")


def _money(amount: Decimal, currency: str | None, *, short: bool) -> str:
    # babel takes longer to load than everything else a command needs
    from babel.numbers import get_currency_precision, get_currency_symbol

    digits = get_currency_precision(currency) if currency else 2
    sign, amount = "−" if amount < 0 else "", abs(amount)
    if not short:
        return f"{currency or ''} {sign}{_fixed(amount, digits)}".strip()
    symbol = get_currency_symbol(currency, locale="en") if currency else ""
    gap = " " if symbol.isalpha() else ""
    text = _short(amount) if amount >= 1_000 else _fixed(amount, 0 if amount == int(amount) else digits)
    return f"{sign}{symbol}{gap}{text}"


def _fixed(number: Decimal, digits: int) -> str:
    return f"{number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN):,f}"


def _plain(number: Decimal, digits: int) -> str:
    """Write at most so many decimals, and none of the zeros at their end."""
    text = _fixed(number, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _short(number: Decimal) -> str:
    for step, letter in STEPS:
        # 999,950 is 1.0M, not 1,000.0k: the step is chosen after rounding, which babel does not
        if number >= step * Decimal("0.99995"):
            return f"{_plain(number / step, 1)}{letter}"
    return _plain(number, 1)


def _short_count(number: Decimal) -> str:
    return _short(number) if number >= 1_000 else _count(number)


def _count(number: Decimal) -> str:
    return _plain(number, 0 if number >= 1_000 else 1 if number >= 10 else 2)


def _ratio(number: Decimal) -> str:
    return f"{_plain(number, 2 if number < 1 else 1)} : 1"


def _share(number: Decimal) -> str:
    """Write percent with one decimal, and more only where one would round to 0 or to 100."""
    percent = number * 100
    if percent < Decimal("1e-12"):
        return "0 %"  # the lower end of an interval is 1e-17 where the formula means 0
    if percent == 100:
        return "100 %"
    away = min(percent, abs(100 - percent))
    if away < Decimal("0.001"):
        return "< 0.001 %" if percent < 1 else "> 99.999 %" if percent < 100 else "100.0 %"
    digits = next(digits for digits in (1, 2, 3, 4) if away >= Decimal(10) ** (1 - digits))
    text = _plain(percent, digits)
    return f"{text if '.' in text else text + '.0'} %"


def _milliseconds(number: Decimal) -> str:
    if number < Decimal("999.5"):
        return f"{_plain(number, 0 if number >= 100 else 1 if number >= 1 else 2)} ms"
    if number < 60_000:
        return f"{_plain(number / 1_000, 2 if number < 10_000 else 1)} s"
    return _duration(number / 1_000)


def _duration(seconds: Decimal) -> str:
    whole = int(seconds.quantize(Decimal(1), ROUND_HALF_EVEN))
    if whole < HOUR and seconds >= Decimal("59.95"):
        minutes, rest = divmod(whole, MINUTE)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    text = _short_duration(seconds)
    number = text.removesuffix(" d")
    return text if number == text else f"{number} {'day' if number == '1' else 'days'}"


def _short_duration(seconds: Decimal) -> str:
    """Write one number in the largest step that it fills after rounding."""
    if seconds < Decimal("59.95"):
        return f"{_plain(seconds, 2 if seconds < 1 else 1)} s"
    if seconds < Decimal("3599.5"):
        return f"{_plain(seconds / MINUTE, 1)} min"
    if seconds < DAY - 180:
        return f"{_plain(seconds / HOUR, 1)} h"
    return f"{_plain(seconds / DAY, 1)} d"


LONG: Mapping[str, Callable[[Decimal], str]] = {
    "seconds": _duration,
    "milliseconds": _milliseconds,
    "share": _share,
    "ratio": _ratio,
}
"""How the units are written that are more than a count with a suffix."""

SHORT: Mapping[str, Callable[[Decimal], str]] = {**LONG, "seconds": _short_duration}
"""The same where room is scarce."""
