"""Can a metric be computed from what the store holds: wholly, in part, or what is missing?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from firstcall.query.commands import command
from firstcall.query.execute import missing_tables
from firstcall.schema import rollup
from firstcall.schema.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firstcall.query.execute import ResolvedQuestion

State = Literal["computable", "in part", "missing"]
_ROLLUPS = frozenset(table.name for table in rollup.TABLES)
_SELDOM = frozenset({"exchange_rates"})
"""Tables that only some programs have any use for; their lack takes nothing away."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a metric is still without: tables it needs, and tables that would tell more of it.

    Both are (table, command that fills it).
    """

    missing: tuple[tuple[str, str], ...] = ()
    without: tuple[tuple[str, str], ...] = ()

    @property
    def state(self) -> State:
        """How much of the metric can be computed."""
        if self.missing:
            return "missing"
        return "in part" if self.without else "computable"


def readiness(resolved: ResolvedQuestion, counts: Mapping[str, int]) -> Readiness:
    """Return what a question misses in a store that holds `counts` rows by table."""
    missing = missing_tables(resolved.metric, resolved.scope, counts)
    if missing:
        return Readiness(missing)
    read = {name for part in resolved.parts() for name in resolved.composition(part).tables}
    if read & _ROLLUPS:
        read.add("calls")
    spared = {table for tables in resolved.metric.needs if "|" in tables for table in tables.split("|")}
    empty = [name for name in TABLES if name in read - _SELDOM - spared and not counts.get(name, 0)]
    return Readiness(without=tuple((name, command(name)) for name in empty))
