"""What is really charged for a line of an invoice, when a system says parts of it elsewhere?

Amounts are in minor units of the currency, as systems count. What cannot be told raises Unclear and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from firstcall.sources.mapping.converters import MOST_PLACES, PLACES, text
from firstcall.sources.mapping.mapping import Unclear

POINT = re.compile(r"(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?")
COMMA = re.compile(r"(-?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?")
SIGNS = re.compile(r"[\s\u00a0\u202f$€£¥]|^[A-Z]{3}(?=[\s\d-])")
ZERO = Decimal(0)


def number(value: object, named: str = "amount") -> Decimal:
    """Return a number of a record; nothing is zero. Raises Unclear for what is none."""
    said = text(value)
    if said is None:
        return ZERO
    try:
        found = Decimal(said)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found.adjusted()) >= MOST_PLACES:
        raise Unclear(f"its {named} is no number")
    return found


def items(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list; nothing is none."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def summed(value: object, name: str = "amount") -> Decimal:
    """Return the sum of a field over the objects of a list."""
    return sum((number(each.get(name), name) for each in items(value)), ZERO)


def shared_out(whole: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Return `whole` in parts as the weights are, each in full minor units; they add up to it.

    Raises Unclear when there is something to share and nothing to share it over.
    """
    total = sum(weights, ZERO)
    if not whole:
        return [ZERO for _ in weights]
    if total <= 0:
        raise Unclear("what is deducted from the invoice belongs to none of its lines")
    upto, given, parts = ZERO, ZERO, []
    for weight in weights:
        upto += weight
        reached = whole if upto == total else (whole * upto / total).to_integral_value()
        parts.append(reached - given)
        given = reached
    return parts


def as_written(value: object, currency: str, named: str) -> Decimal:
    """Return an amount as people write it, `1,190.00` or `1.190,00`; nothing is zero.

    Which mark is the decimal one is told by the currency's places. Raises Unclear when it could be either.
    """
    said = SIGNS.sub("", text(value) or "")
    if not said:
        return ZERO
    places = max(2, PLACES.get(currency.upper(), 2))
    found = set(_readings(said, places))
    if len(found) != 1:
        could = "can be read in two ways" if found else "is no amount"
        raise Unclear(
            f"{named} {said!r} {could}; write it with a point before the decimals and no other mark"
        )
    return found.pop()


def _readings(said: str, places: int) -> Iterable[Decimal]:
    for shape, mark in ((POINT, ","), (COMMA, ".")):
        if (match := shape.fullmatch(said)) and len(match[3] or "") <= places:
            yield Decimal(f"{match[1]}{match[2].replace(mark, '')}.{match[3] or 0}")
