"""What is an engine? Something that lowers a portable query to its own SQL, and runs it on one state of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from sqlglot import exp

Row = tuple[object, ...]


class Engine(Protocol):
    """The contract; `lower` takes the portable subset of `functions.py` and nothing else."""

    @property
    def name(self) -> str:
        """The dialect's name, as `functions.py` uses it."""
        ...

    def lower(self, query: exp.Expr) -> str:
        """Return the query, which is used up, in the engine's own SQL."""
        ...

    def joined(self, named: Sequence[tuple[str, str, int]], select: str) -> str:
        """Return one query of named expressions in the engine's SQL, each with how often it is read, and a select."""
        ...

    def run(self, sql: str) -> tuple[tuple[str, ...], Sequence[Row]]:
        """Run lowered SQL; return the column names and the rows as plain Python values, times in UTC without zone."""
        ...

    def snapshot(self) -> AbstractContextManager[Engine]:
        """Give an engine whose queries all read the state that the store is in at the first of them.

        What is imported meanwhile is not seen, until the block ends. An engine without such transactions gives itself
        and says in its docstring what may be seen instead.
        """
        ...
