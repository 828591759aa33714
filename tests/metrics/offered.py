"""By what can a metric be split, whoever it counts?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from firstcall.metrics.metric import Metric
from firstcall.periods import Calendar, Entity, Scope
from firstcall.query.filters import people_offers

NOON = datetime.fromisoformat("2025-03-30 12:00:00")
WITHIN: dict[str, Any] = {"start": date(2025, 3, 3), "end": date(2025, 4, 2)}


def rows_of(metric: Metric, entity: str) -> set[str]:
    """Return what supplies the splits of the metric's parts."""
    return {part.relation(_scope(entity)).splits_by for part in metric.parts}


def dimensions(metric: Metric, entity: str) -> tuple[str, ...]:
    """Return what the metric can be split by for the entity."""
    offered = people_offers(_scope(entity)) if rows_of(metric, entity) == {"people"} else metric.dimensions
    return tuple(name for name in metric.dimensions if name in offered)


def _scope(entity: str) -> Scope:
    return Scope(
        **WITHIN,
        grain="all",
        environment="any",
        entity=cast("Entity", entity),
        as_of=NOON,
        calendar=Calendar(),
    )
