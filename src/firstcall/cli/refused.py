"""Which rows were refused, why, and how do they come out again?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, fields
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from firstcall.cli.export import WRITERS, export
from firstcall.cli.options import Common, Flag, Json
from firstcall.cli.session import connection_of, opened, settings_of
from firstcall.cli.terminal import Head, Terminal
from firstcall.errors import UsageError
from firstcall.units import show

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from firstcall.pipeline.loading.journal import Refused

MOST_ROWS = 50
"""Refused rows shown; `--export` writes all."""
MOST_TEXT = 200
"""Characters of a refused row shown."""


def refused(
    *,
    source: str | None = None,
    to: Annotated[Path | None, Parameter(name="--export")] = None,
    raw: Annotated[bool, Flag] = False,
    as_json: Json = False,
    common: Common | None = None,
) -> int:
    """Show refused rows with reason, file and line.

    Parameters
    ----------
    source
        Only those of this table or format.
    to
        Write all of them to this file: a table as .csv, .json, .ndjson or .parquet; with any other suffix
        the rows of one source as they were read, to be mended and imported again.
    raw
        Leave CSV cells as they are, even those that a spreadsheet would compute.
    """
    # duckdb loads with it, and `firstcall import --help` needs none
    from firstcall.pipeline.loading import journal

    terminal = Terminal(common, as_json=as_json)
    with opened(settings_of(common)) as program:
        connection = connection_of(program)
        if to is not None:
            return _export_refused(terminal, connection, to, source, raw=raw)
        rows = journal.refused(connection, source)
        if as_json:
            terminal.json([asdict(row) for row in rows])
            return 0
        _list_refused(terminal, list(islice(rows, MOST_ROWS)), journal.reasons(connection, source))
    return 0


def _export_refused(
    terminal: Terminal, connection: DuckDBPyConnection, to: Path, source: str | None, *, raw: bool
) -> int:
    # duckdb, as above
    from firstcall.pipeline.loading import journal

    if to.suffix.lower() in WRITERS:
        rows = (astuple(row) for row in journal.refused(connection, source))
        count = export(to, [field.name for field in fields(journal.Refused)], rows, raw=raw)
    elif source is None:
        raise UsageError("Rows as they were read are written for one source at a time: add --source.")
    else:
        count = journal.export_refused(connection, to, source)
    terminal.words(f"{show(count, 'count')} rows written to {to}.")
    if terminal.as_json:
        terminal.json({"rows": count, "file": to})
    return 0


def _list_refused(
    terminal: Terminal, rows: Sequence[Refused], reasons: Mapping[tuple[str, str], int]
) -> None:
    if not reasons:
        terminal.words("No row was refused.")
        return
    counted = (Head("source"), Head("reason", whole=False), Head("rows", right=True))
    terminal.table(counted, [(source, reason, show(n, "count")) for (source, reason), n in reasons.items()])
    terminal.words()
    heads = (
        Head("file", whole=False),
        Head("line", right=True),
        Head("reason", whole=False),
        Head("row", whole=False),
    )
    terminal.table(
        heads,
        [
            (Path(row.file).name, row.line, row.detail or row.reason, (row.content or "")[:MOST_TEXT])
            for row in rows
        ],
    )
    total = sum(reasons.values())
    if total > MOST_ROWS:
        terminal.words(f"The latest {MOST_ROWS} of {show(total, 'count')}; --export FILE writes them all.")
