"""What may a metric be asked: which splits, filters and variants, and which rows beyond the usual world?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.reference.question import Grain

PARTNER = ("partner", "segment", "country", "channel")
CALL = ("endpoint", "product", "method", "route", "version", "environment", "status", "outcome")
OWNED = ("partner", "developer", "app", "consumer", "segment", "country", "traffic_class", "source", "sdk")
ANY_GRAIN: tuple[Grain, ...] = ("day", "week", "month", "month", "month", "quarter", "year", "all")


@dataclass(frozen=True, slots=True)
class Ask:
    """What one metric can be asked: splits, filters, variants.

    `extra` names modules `worlds/NAME_worlds` whose `rows(random, world, zone)` add tables to the metric's worlds;
    `values` gives values of dimensions that neither calls nor partners have. `of_calls` asks it once more without
    rollups; `loose` is for quotients of amounts, each of which is exact to a millionth.
    """

    by: tuple[str, ...]
    where: tuple[str, ...]
    grains: tuple[Grain, ...] = ANY_GRAIN
    entities: tuple[str, ...] = ()
    environments: bool = False
    variants: tuple[tuple[str, str], ...] = ()
    whole: bool = False
    always_by: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    of_calls: bool = False
    loose: bool = False
