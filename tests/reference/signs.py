"""What does an account show of itself, before anybody says why due and billed differ?"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Signs:
    """What an account shows of itself: which way the gap goes, what was billed, how units and currencies compare."""

    less: bool
    more: bool
    billed: bool
    known: bool
    missing: Fraction | int
    small: bool
    mixed: bool
    renamed: bool
    packs: bool

    @property
    def lacking(self) -> bool:
        """Whether too little was billed, and units are missing."""
        return self.less and self.known and self.missing > 0

    @property
    def priced_otherwise(self) -> bool:
        """Whether the units agree, or the plan is another, and the amounts do not."""
        amounts_differ = self.billed and not self.small and not self.mixed
        return amounts_differ and (self.renamed or (self.known and self.missing == 0))
