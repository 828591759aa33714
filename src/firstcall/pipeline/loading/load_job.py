"""What is one file's import, and what became of its rows?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from firstcall.settings import Settings


@dataclass(frozen=True, slots=True)
class LoadJob:
    """One file on its way into one table, inside one transaction.

    `source` is the format's name, `name` the gateway connection (`--from-name`) that lands in `calls.source`,
    `file` the name the user gave, `now` the moment that becomes `known_from` (UTC, without zone).
    `replace` makes the file win over rows with its keys.
    """

    import_id: int
    source: str
    name: str
    table: str
    file: str
    now: datetime
    settings: Settings
    options: Mapping[str, str] = field(default_factory=dict)
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows of a file: read = landed + duplicate + conflicting + filtered + refused."""

    read: int = 0
    landed: int = 0
    duplicate: int = 0
    conflicting: int = 0
    filtered: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def adds_up(self) -> bool:
        """Whether every row read is accounted for."""
        kept = self.landed + self.duplicate + self.conflicting + self.filtered
        return self.read == kept + sum(self.refused.values())

    def __add__(self, other: Counts) -> Counts:
        """Add two files' counts; reasons are added one by one, notes kept once."""
        reasons = dict(self.refused)
        for reason, count in other.refused.items():
            reasons[reason] = reasons.get(reason, 0) + count
        return Counts(
            self.read + other.read,
            self.landed + other.landed,
            self.duplicate + other.duplicate,
            self.conflicting + other.conflicting,
            self.filtered + other.filtered,
            reasons,
            tuple(dict.fromkeys((*self.notes, *other.notes))),
        )
