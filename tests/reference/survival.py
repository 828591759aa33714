"""How long do people wait: exact percentiles, and with those still waiting counted in?"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

SLACK = Fraction(1, 10**12)


def percentile(values: Sequence[Fraction], share: Fraction) -> Fraction:
    """Return the type 7 percentile: linear between the two values around rank `share · (n − 1)`."""
    ordered = sorted(values)
    rank = share * (len(ordered) - 1)
    below = rank.numerator // rank.denominator
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (rank - below) * (ordered[above] - ordered[below])


def still_waiting(
    waited: Sequence[Fraction], censored: Sequence[Fraction], left: Fraction
) -> Fraction | None:
    """Return the first time at which the Kaplan–Meier share still waiting is at most `left`; None if never.

    Those censored at a time are at risk at that time.
    """
    share = Fraction(1)
    for time in sorted(set(waited)):
        at_risk = sum(1 for value in (*waited, *censored) if value >= time)
        share *= 1 - Fraction(sum(1 for value in waited if value == time), at_risk)
        if share <= left + SLACK:
            return time
    return None
