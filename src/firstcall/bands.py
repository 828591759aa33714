"""Is a value excellent, good, in need of work, or broken?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from firstcall.units import show

Better = Literal["lower", "higher"]
Verdict = Literal["excellent", "good", "needs work", "broken"]
TOO_FEW: Literal["too few to judge"] = "too few to judge"
"""What is said in place of a verdict on a value that rests on too few cases."""


@dataclass(frozen=True, slots=True)
class Bands:
    """Where the verdicts of a metric begin, in the metric's unit; a line that is None is not drawn.

    Bands are half-open. Where lower is better a value has to stay under a line: 0.1 % is not under 0.1 %.
    Where higher is better it has to reach the line. What misses the last line drawn is the next verdict:
    without `needs_work` nothing is broken.
    """

    better: Better
    good: float
    excellent: float | None = None
    needs_work: float | None = None

    def __post_init__(self) -> None:
        """Refuse lines that are out of order: the better verdict has to be the harder one."""
        lines = [value for _, value in self.lines]
        if lines != sorted(set(lines), reverse=self.better == "higher"):
            raise ValueError(f"bands are out of order for {self.better} is better: {lines}")

    @property
    def lines(self) -> tuple[tuple[Verdict, float], ...]:
        """Return (verdict, line) from the best to the worst, only those that are drawn."""
        drawn: tuple[tuple[Verdict, float | None], ...] = (
            ("excellent", self.excellent),
            ("good", self.good),
            ("needs work", self.needs_work),
        )
        return tuple((verdict, value) for verdict, value in drawn if value is not None)

    def verdict(self, value: float | Decimal | None) -> Verdict | None:
        """Return the verdict on an unrounded value; None when there is no value."""
        if value is None or not math.isfinite(value):
            return None
        for verdict, line in self.lines:
            if value < line if self.better == "lower" else value >= line:
                return verdict
        return "needs work" if self.needs_work is None else "broken"

    def words(self, unit: str, currency: str | None = None) -> str:
        """Say the bands: "excellent under 15 min, good under 1 h, needs work under 1 day, else broken"."""
        side = "under" if self.better == "lower" else "from"
        said = [f"{verdict} {side} {show(line, unit, currency=currency)}" for verdict, line in self.lines]
        return ", ".join([*said, "else needs work" if self.needs_work is None else "else broken"])


def improves(better: str, *, rose: bool) -> bool | None:
    """Whether a change is for the better; None where neither direction is."""
    return None if better == "neither" else rose == (better == "higher")


def below(*, good: float, excellent: float | None = None, needs_work: float | None = None) -> Bands:
    """Return bands where lower is better: a value is good while it stays under the line."""
    return Bands("lower", good, excellent, needs_work)


def above(*, good: float, excellent: float | None = None, needs_work: float | None = None) -> Bands:
    """Return bands where higher is better: a value is good once it reaches the line."""
    return Bands("higher", good, excellent, needs_work)
