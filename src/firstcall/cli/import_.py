"""What came in, and what was refused?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from firstcall.cli import STDIN
from firstcall.cli.export import WRITERS, export
from firstcall.cli.options import Common, Flag, Json, Many
from firstcall.cli.progress import progress
from firstcall.cli.terminal import Head, Terminal
from firstcall.cli.wiring import connection_of, opened, settings_of
from firstcall.errors import UsageError
from firstcall.query.question import pairs
from firstcall.units import show

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from firstcall.pipeline.importing import ImportReport
    from firstcall.pipeline.loading.job import Counts
    from firstcall.pipeline.loading.journal import Refused

MOST_FILES = 20
"""Files that are listed one by one; of more, the total says enough and `--json` says all."""
MOST_ROWS = 50
"""Refused rows shown; `--export` writes all."""
MOST_TEXT = 200
"""Characters of a refused row shown."""
KINDS = ("read", "landed", "duplicate", "conflicting", "filtered", "refused")
SOME_REFUSED = 3
"""The exit code of an import that is done but refused rows."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Reading:
    """How files are to be read and kept."""

    from_name: str | None = None
    """Name of the gateway connection the calls belong to; without it the name of the format."""

    log_format: str | None = None
    """The `log_format` of nginx or `LogFormat` of Apache, when it is one of your own."""

    option: Annotated[tuple[str, ...], Many] = ()
    """NAME=VALUE for the format; `firstcall sources NAME` lists what it takes."""

    dry_run: Annotated[bool, Flag] = False
    """Read and count everything, and keep nothing."""

    replace: Annotated[bool, Flag] = False
    """Let the files win over rows with their keys."""

    @property
    def options(self) -> dict[str, str]:
        """The options of the format by name."""
        given = {name: values[-1] for name, values in pairs("--option", self.option)}
        return given if self.log_format is None else {**given, "log_format": self.log_format}


def import_(
    source: Annotated[str, Parameter(name="SOURCE")],
    /,
    *files: Annotated[str, Parameter(name="FILE")],
    reading: Reading | None = None,
    as_json: Json = False,
    common: Common | None = None,
) -> int:
    """Import files; the same file twice changes nothing.

    Parameters
    ----------
    source
        A table or a format; `firstcall sources` lists them. With `auto` every file is told by its first lines.
    files
        Files, globs, directories, or - for standard input; plain, .gz or .zst.
    """
    terminal = Terminal(common, as_json=as_json)
    how = reading or Reading()
    names = ["-" if file == STDIN else file for file in files]
    with opened(settings_of(common), must_exist=False) as program, progress(terminal) as told:
        report = program.import_files(
            source,
            names,
            name=how.from_name,
            dry_run=how.dry_run,
            replace=how.replace,
            options=how.options,
            progress=told,
        )
    return ended(terminal, report)


def ended(terminal: Terminal, report: ImportReport) -> int:
    """Tell what became of the rows, in words and as JSON where asked; return the exit code."""
    if terminal.as_json:
        terminal.json(report_json(report))
    print_report(terminal, report)
    return SOME_REFUSED if report.total.refused or report.refused_files else 0


def print_report(terminal: Terminal, report: ImportReport) -> None:
    """Print what became of every row, by file and in total, and how to look at what was refused."""
    heads = [Head("file", whole=False), *(Head(name, right=True) for name in KINDS)]
    listed = report.files if len(report.files) <= MOST_FILES else ()
    rows = [_row(Path(file.path).name, file.counts) for file in listed if not file.error]
    if len(rows) != 1:
        rows.append(_row(f"{len(report.files):,} files", report.total))
    terminal.table(heads, rows)
    for reason, count in sorted(report.total.refused.items(), key=lambda item: -item[1]):
        terminal.words(f"  {show(count, 'count')} refused: {reason}")
    for file in report.refused_files:
        terminal.warning(f"Nothing was kept of {file.error}")
    for note in report.notes:
        terminal.words(f"Note: {note}")
    seconds = sum(file.seconds for file in report.files)
    if seconds >= 1:
        rate = show(round(report.total.read / seconds), "count")
        terminal.remark(f"Took {show(seconds, 'seconds')}: {rate} rows a second.")
    if report.dry_run:
        terminal.remark("This was a dry run; nothing was kept.")
    elif report.total.refused:
        formats = {file.source for file in report.files if file.counts.refused}
        narrowed = f" --source {formats.pop()}" if len(formats) == 1 else ""
        terminal.remark(f"The refused rows are kept: firstcall refused{narrowed}")


def _row(name: str, counts: Counts) -> tuple[str, ...]:
    refused = sum(counts.refused.values())
    numbers = (counts.read, counts.landed, counts.duplicate, counts.conflicting, counts.filtered, refused)
    return (name, *(show(number, "count") for number in numbers))


def report_json(report: ImportReport) -> dict[str, object]:
    """Return the accounting as JSON holds it: per file and in total."""
    files = [
        {
            "file": file.path,
            "source": file.source,
            "format": file.variant,
            "error": file.error,
            "bytes": file.bytes,
        }
        | {"seconds": round(file.seconds, 3)}
        | counts_json(file.counts)
        for file in report.files
    ]
    return {
        "source": report.source,
        "table": report.table,
        "dry_run": report.dry_run,
        "files": files,
        "total": counts_json(report.total),
        "notes": report.notes,
    }


def counts_json(counts: Counts) -> dict[str, object]:
    """Return what became of rows, refused ones by reason."""
    return {
        "read": counts.read,
        "landed": counts.landed,
        "duplicate": counts.duplicate,
        "conflicting": counts.conflicting,
        "filtered": counts.filtered,
        "refused": dict(counts.refused),
    }


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
