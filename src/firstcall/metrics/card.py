"""What must a reader know of a metric beside its number? The question, how to read it, and who acts on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firstcall.bands import Bands

Category = Literal["onboarding", "adoption", "reliability", "business", "satisfaction"]
Horizon = Literal["short", "mid", "long"]
CATEGORIES: tuple[Category, ...] = get_args(Category)
"""In the order of an API program's life, in which lists of metrics have them."""


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom a metric is: who acts on it, in which of the five categories it stands, how often it is looked at.

    A `short` horizon is watched weekly, a `mid` one reviewed monthly, a `long` one quarterly.
    """

    owner: str
    category: Category
    horizon: Horizon


@dataclass(frozen=True, slots=True)
class Card:
    """A metric in words: its question, its formula as one would say it, how good is good, and what to do if it is not.

    `bands` are in the metric's unit; without them `why_no_bands` gives the reason. `requirement` is the line of the
    product's specification that asks for the metric; it is not shown to users. `filled_by` maps a table to the command
    that fills it where the usual one would leave out what this metric reads. `target_of` names the program whose
    settings drew the bands.
    """

    question: str
    words: str
    action: str
    better: Literal["higher", "lower", "neither"]
    audience: Audience
    requirement: str
    bands: Bands | None = None
    why_no_bands: str = ""
    filled_by: Mapping[str, str] = field(default_factory=dict)
    target_of: str = ""

    @property
    def place(self) -> tuple[int, str, int]:
        """Where lists have the metric: by category, then as the specification asks for it, whatever file it is in."""
        letter = self.requirement.rstrip("0123456789")
        number = self.requirement.removeprefix(letter)
        return CATEGORIES.index(self.audience.category), letter, int(number or 0)

    def goals(self, unit: str, currency: str | None = None) -> str:
        """Say where the verdicts begin, in the metric's unit, or why there are none; amounts are in `currency`."""
        if self.bands is None:
            return self.why_no_bands
        whose = f" (the target of {self.target_of})" if self.target_of else ""
        return f"{self.bands.words(unit, currency)}{whose}"
