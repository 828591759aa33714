"""How does something enter the store whole or not at all?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import duckdb

from firstcall.errors import StoreError

TEMPORARY = ("sheet", "conformed", "judged")
"""What an import makes on its way; dropped before the next one."""


@dataclass(slots=True)
class Transaction:
    """What is being written; with `keep` false it is all taken back at the end."""

    keep: bool


@contextmanager
def transaction(
    connection: duckdb.DuckDBPyConnection, what: str, *, keep: bool = True
) -> Iterator[Transaction]:
    """Keep everything written inside, or nothing when it fails or is not to be kept.

    Raises StoreError that begins with `what` when the engine refuses.
    """
    connection.execute("BEGIN")
    try:
        current = Transaction(keep)
        yield current
        for name in TEMPORARY:
            connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
        connection.execute("COMMIT" if current.keep else "ROLLBACK")
    except BaseException as error:
        # after some errors the engine has rolled back by itself, and says so
        with suppress(duckdb.Error):
            connection.execute("ROLLBACK")
        if isinstance(error, duckdb.Error):
            raise StoreError(
                f"{what}: the store could not take it; nothing of it was kept. {error}"
            ) from error
        raise
