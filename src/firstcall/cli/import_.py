"""What came in, and what became of every row?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from firstcall.cli import STDIN
from firstcall.cli.options import Common, Flag, Json, Many
from firstcall.cli.progress import progress
from firstcall.cli.proposal import agreed, proposed
from firstcall.cli.session import opened, settings_of
from firstcall.cli.terminal import Head, Terminal
from firstcall.query.question import pairs
from firstcall.units import show

if TYPE_CHECKING:
    from firstcall.pipeline.importing import ImportReport
    from firstcall.pipeline.loading.load_job import Counts

MOST_FILES = 20
"""Files that are listed one by one; of more, the total says enough and `--json` says all."""
KINDS = ("read", "landed", "duplicate", "conflicting", "filtered", "refused")
SOME_REFUSED = 3
"""The exit code of an import that is done but refused rows."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How files are to be read and kept."""

    from_name: str | None = None
    """Name of the gateway connection the calls belong to; without it the name of the format."""

    log_format: str | None = None
    """The `log_format` of nginx or `LogFormat` of Apache, when it is one of your own."""

    option: Annotated[tuple[str, ...], Many] = ()
    """NAME=VALUE for the format; `firstcall sources NAME` lists what it takes."""

    yes: Annotated[bool, Flag] = False
    """Read a sheet by the mapping that is proposed, without being asked."""

    dry_run: Annotated[bool, Flag] = False
    """Read and count everything, and keep nothing."""

    replace: Annotated[bool, Flag] = False
    """Let the files win over rows with their keys, and take the place of what they gave when read otherwise."""

    @property
    def options(self) -> dict[str, str]:
        """The options of the format by name."""
        given = {name: values[-1] for name, values in pairs("--option", self.option)}
        return given if self.log_format is None else {**given, "log_format": self.log_format}


def import_(
    source: Annotated[str, Parameter(name="SOURCE")],
    /,
    *files: Annotated[str, Parameter(name="FILE")],
    reading: ImportOptions | None = None,
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
    how = reading or ImportOptions()
    names = ["-" if file == STDIN else file for file in files]
    with opened(settings_of(common), must_exist=False) as program:
        options = how.options
        if len(names) == 1 and (found := proposed(program, source, names[0], options)) is not None:
            source = "mapping"
            options |= {"mapping": str(agreed(terminal, found, yes=how.yes, dry_run=how.dry_run))}
        with progress(terminal) as told:
            report = program.import_files(
                source,
                names,
                name=how.from_name,
                dry_run=how.dry_run,
                replace=how.replace,
                options=options,
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
