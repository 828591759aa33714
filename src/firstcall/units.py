"""How is a number of a unit printed, compared and read?"""

from __future__ import annotations

import re

QUANTITY = re.compile(
    r"\s*(?P<number>[-+]?[0-9][0-9,_ ]*(?:\.[0-9]+)?)\s*(?P<unit>[a-z%]*)\s*", re.IGNORECASE
)
SECONDS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1.0),
    **dict.fromkeys(("min", "minute", "minutes", "m"), 60.0),
    **dict.fromkeys(("h", "hour", "hours"), 3_600.0),
    **dict.fromkeys(("d", "day", "days"), 86_400.0),
    **dict.fromkeys(("w", "week", "weeks"), 604_800.0),
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 0.001),
}


def read(given: object, unit: str | None = None) -> float:
    """Return a number that may carry its unit, in `unit`.

    "1h" is 3600.0 in seconds, "200 ms" is 200.0 in milliseconds, "99.95 %" is 0.9995; a bare number is
    already in `unit`.
    ValueError says what is allowed.
    """
    if isinstance(given, int | float) and not isinstance(given, bool):
        return float(given)
    said = QUANTITY.fullmatch(given) if isinstance(given, str) else None
    if said is None:
        raise ValueError('a number, or one with its unit as in "1h", "200 ms" or "99.95 %"')
    number, word = float(re.sub("[,_]", "", said["number"])), said["unit"].lower()
    if not word:
        return number
    if word == "%" and unit in {None, "share"}:
        return number / 100
    if word in SECONDS and unit in {None, "seconds", "milliseconds"}:
        return number * SECONDS[word] * (1_000 if unit == "milliseconds" else 1)
    known = 'a duration as in "1h" or "200 ms", or a share as in "99.95 %"'
    raise ValueError(f"{said['unit']!r} is no unit {'known here' if unit is None else f'of {unit}'}; {known}")
