"""What is an engine? Something that lowers a portable query to its own SQL, and runs it on one state of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from firstcall.engines.lowering import Dialect

Row = tuple[object, ...]


class Engine(Protocol):
    """The contract."""

    @property
    def dialect(self) -> Dialect:
        """What writes queries of the portable subset in the engine's own SQL."""
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
