"""What is an answer? A series of points that never shows a number without its cases, or its absence without why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

CONFIDENCES = ("measured", "estimated", "assumed")
"""From the strongest to the weakest; an answer takes the weakest of its inputs."""

Value = int | float | Decimal | None


@dataclass(frozen=True, slots=True)
class Point:
    """One bucket of one split.

    `value` is the headline and None exactly when `absent` says why. `values` holds every named value, the headline
    among them. `cases` counts what the value rests on; `low` and `high` are a 95 % interval where there is one.
    """

    period: date
    by: Mapping[str, str | None]
    value: Value
    cases: int
    values: Mapping[str, Value] = field(default_factory=dict)
    low: Value = None
    high: Value = None
    partial: bool = False
    absent: str | None = None

    def __post_init__(self) -> None:
        """Hold the rule that a value and a reason exclude each other."""
        if (self.value is None) == (self.absent is None):
            raise ValueError(f"a point has either a value or a reason: {self.value!r}, {self.absent!r}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A metric over a scope, as every surface shows it; `to_json` is the contract."""

    metric: str
    version: int
    unit: str
    better: str
    scope: Mapping[str, Any]
    as_of: datetime | None
    watermark: Mapping[str, str]
    confidence: str
    method: str
    points: tuple[Point, ...]
    headline: str
    currency: str | None = None
    value_units: Mapping[str, str] = field(default_factory=dict)
    verdict: str | None = None
    notes: tuple[str, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What the ids of its splits and filters are called, by dimension and id."""

    def to_json(self) -> dict[str, Any]:
        """Return the answer object: money as strings with a currency, times in UTC, absent values as null."""
        return {
            "metric": self.metric,
            "version": self.version,
            "unit": self.unit,
            "better": self.better,
            "scope": dict(self.scope),
            "as_of": None if self.as_of is None else f"{self.as_of.isoformat()}Z",
            "watermark": dict(self.watermark),
            "confidence": self.confidence,
            "method": self.method,
            "points": [self._point(point) for point in self.points],
            "labels": {name: dict(called) for name, called in self.labels.items()},
            "verdict": self.verdict,
            "notes": list(self.notes),
        }

    def _point(self, point: Point) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "period": point.period.isoformat(),
            "by": dict(point.by),
            "value": self.plain(point.value, self.unit),
            "cases": point.cases,
            "low": self.plain(point.low, self.unit),
            "high": self.plain(point.high, self.unit),
            "partial": point.partial,
            "absent": point.absent,
        }
        if len(point.values) > 1:
            shown["values"] = {
                name: self.plain(value, self.value_units.get(name, self.unit))
                for name, value in point.values.items()
            }
        return shown

    def plain(self, value: Value, unit: str) -> int | float | dict[str, str | None] | None:
        """Return a value as JSON holds it: money as amount and currency, the rest as a number."""
        if value is None:
            return None
        if unit == "money":
            exact = value if isinstance(value, Decimal) else Decimal(str(value))
            return {"amount": plain_amount(exact), "currency": self.currency}
        return float(value) if isinstance(value, Decimal) else value

    def showing(self, name: str) -> Answer:
        """Return the answer with another of its named values as the headline, which no lines judge."""
        if name == self.headline:
            return self
        points = tuple(
            replace(
                point,
                value=value,
                low=None,
                high=None,
                absent=None if value is not None else point.absent or "not reached",
            )
            for point in self.points
            for value in (point.values.get(name),)
        )
        unit = self.value_units.get(name, self.unit)
        return replace(self, headline=name, unit=unit, points=points, verdict=None)

    def called(self, dimension: str, part: str | None) -> str:
        """Return what a part of a split by `dimension` is called: its name with its id, else its id."""
        name = None if part is None else self.labels.get(dimension, {}).get(part)
        if name is None or name == part:
            return part_name(dimension, part, self.unit)
        return f"{name} ({part})"

    @property
    def last(self) -> Point | None:
        """The latest point that is complete, else the latest there is."""
        complete = [point for point in self.points if not point.partial]
        return next(reversed(complete or self.points), None)


def part_name(dimension: str, part: str | None, unit: str) -> str:
    """Return what a part of a split by `dimension` is called; null is of nobody, or of no version."""
    if part is not None:
        return part
    if dimension == "version":
        return "unversioned"
    return "unallocated" if unit == "money" else "unattributed"


def plain_amount(amount: Decimal) -> str:
    """Write an exact amount with at least two decimals and no exponent."""
    places = max(2, -int(amount.normalize().as_tuple().exponent))
    return f"{amount:.{places}f}"
