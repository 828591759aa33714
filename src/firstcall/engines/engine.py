"""What is an engine? Something that creates our tables, lowers a portable query to its own SQL, and runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot import exp

Row = tuple[object, ...]


class Engine(Protocol):
    """The contract; `lower` takes the portable subset of `functions.py` and nothing else."""

    @property
    def name(self) -> str:
        """The dialect's name, as `functions.py` uses it."""
        ...

    def lower(self, query: exp.Expr) -> str:
        """Return the query in the engine's own SQL."""
        ...

    def run(self, sql: str) -> tuple[tuple[str, ...], Sequence[Row]]:
        """Run lowered SQL; return the column names and the rows as plain Python values, times in UTC without zone."""
        ...
