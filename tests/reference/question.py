"""What is asked of the reference, and what does it answer?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

Row = Mapping[str, Any]
World = Mapping[str, Sequence[Row]]
"""Table name → rows with the columns of the data model; times are aware UTC datetimes, days are dates."""

Grain = Literal["day", "week", "month", "quarter", "year", "all"]
Number = float | int | Decimal
Combination = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Milestone:
    """Reached at the `count`-th successful production call, of `endpoint` (`METHOD route`) when one is named."""

    endpoint: str | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `start` and `end` are local days, half-open; None for a field means the metric's default."""

    metric: str
    start: date | None = None
    end: date | None = None
    grain: Grain = "month"
    by: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    environment: str | None = None
    entity: str | None = None
    as_of: datetime | None = None
    set: Mapping[str, str] = field(default_factory=dict)
    zone: str = "Europe/Berlin"
    currency: str = "EUR"
    week_starts: str = "monday"
    fiscal_year_starts: int = 1
    churn_days: int = 30
    activation_window_days: int = 90
    milestone: Milestone = Milestone()
    known_since: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Point:
    """One number of an answer; `value` is None exactly when `absent` says why."""

    period: date
    by: Combination
    value: Number | None
    values: Mapping[str, Number | None]
    cases: int
    absent: str | None
    partial: bool
