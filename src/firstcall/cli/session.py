"""How does a command get at the program: its settings, its store, its answers?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from firstcall.cli.options import Common
from firstcall.errors import UsageError
from firstcall.settings import Settings, load

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from firstcall.program import Program


def settings_of(common: Common | None) -> Settings:
    """Return the settings that hold for this command."""
    return load(common.config if common else None)


@contextmanager
def opened(
    settings: Settings, *, must_exist: bool = True, serving: str | None = None, settled: bool = True
) -> Iterator[Program]:
    """Open the program's store for as long as the block runs; `serving` is where others may ask meanwhile.

    With `settled` false its calls stay as they were judged, whatever the settings say now.
    """
    # duckdb, sqlglot and scipy load with it; a wrong option should not wait for them
    from firstcall.program import Program

    with Program.open(settings, must_exist=must_exist, serving=serving, settled=settled) as program:
        yield program


def connection_of(program: Program) -> DuckDBPyConnection:
    """Return the connection to the journal, which the embedded store keeps."""
    # duckdb is loaded by the time there is a program
    from firstcall.engines.duckdb import DuckDBEngine

    if not isinstance(program.engine, DuckDBEngine):
        raise UsageError(
            f"The journal of imports is kept by the embedded store, not by {program.engine.dialect.name}."
        )
    return program.engine.connection
