"""How long does it take when some are still waiting? Kaplan–Meier with right censoring, by SciPy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SLACK = 1e-12
"""Survival is a product of fractions; 0.5 reached by way of them may miss 0.5 by rounding."""


def quantiles_of(
    durations: Sequence[float], events: Sequence[bool], shares: Sequence[float]
) -> tuple[float | None, ...]:
    """Return for each share the first duration by which that share had its event; None when not reached.

    `events[i]` tells whether duration i ended with the event (True) or was cut off (False, right-censored).
    """
    happened = [duration for duration, event in zip(durations, events, strict=True) if event]
    if not happened:
        return tuple(None for _ in shares)
    from scipy import stats  # SciPy takes half a second to load

    waiting = [duration for duration, event in zip(durations, events, strict=True) if not event]
    survival = stats.ecdf(stats.CensoredData(uncensored=happened, right=waiting)).sf
    times, alive = survival.quantiles, survival.probabilities
    return tuple(
        next(
            (float(time) for time, left in zip(times, alive, strict=True) if left <= 1 - share + SLACK), None
        )
        for share in shares
    )
