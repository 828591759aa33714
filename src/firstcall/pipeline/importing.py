"""How does `firstcall import` take files in: opened, read, conformed, admitted and journalled, all or nothing each?"""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import duckdb

from firstcall import registry
from firstcall.errors import ImportRefused, UnknownName, UsageError
from firstcall.pipeline.conforming.matched_columns import match_columns
from firstcall.pipeline.conforming.table_rows import conform_rows, row_content
from firstcall.pipeline.loading import journal, reclassify, rollup
from firstcall.pipeline.loading.business_records import admit_records
from firstcall.pipeline.loading.calls import admit_conformed, admit_lines
from firstcall.pipeline.loading.contract_changes import admit_changes
from firstcall.pipeline.loading.load_job import Counts, LoadJob
from firstcall.pipeline.loading.merges import merge_notes
from firstcall.pipeline.loading.partner_names import names_to_ids
from firstcall.pipeline.loading.read_otherwise import take_place, told
from firstcall.pipeline.loading.transaction import transaction
from firstcall.pipeline.loading.upsert import admit_rows, update_watermark
from firstcall.pipeline.reading.business_files import read_records
from firstcall.pipeline.reading.decompress import DecompressionLimits
from firstcall.pipeline.reading.encodings import in_utf8
from firstcall.pipeline.reading.files import OpenedFile, expand, open_file
from firstcall.pipeline.reading.normalise_text import normalised, traits
from firstcall.pipeline.reading.unwrapping import first_lines, unwrapped
from firstcall.schema.table import Table
from firstcall.schema.tables import TABLES
from firstcall.settings import Settings
from firstcall.sources.openapi.endpoints import OPENAPI, load_document
from firstcall.sources.recognise import recognised
from firstcall.sources.source import Source
from firstcall.sources.tables.delimited import Sheet, Text, load_parquet, load_text, shape
from firstcall.sources.tables.reading_options import OPTIONS, check

AUTO = "auto"
"""The name that stands for whatever format a file is in."""


class Store(Protocol):
    """An open store of the embedded engine."""

    def writer(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """Give a connection to one writer at a time."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: file `number` of `files`, `done` of `total` bytes, and what is happening to it."""

    file: str
    number: int
    files: int
    done: int
    total: int
    stage: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file; `variant` is the shape it was read as, `error` why it was refused as a whole."""

    path: str
    source: str
    variant: str
    counts: Counts
    seconds: float
    bytes: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of all files. With `dry_run`, what would have become of each on its own.

    `before` is what had to be done before the first of them.
    """

    source: str
    table: str
    files: tuple[FileReport, ...]
    dry_run: bool = False
    before: tuple[str, ...] = ()

    @property
    def total(self) -> Counts:
        """All files' counts added up."""
        return sum((file.counts for file in self.files), Counts())

    @property
    def notes(self) -> tuple[str, ...]:
        """What the import wants known, each once."""
        return (*self.before, *self.total.notes)

    @property
    def refused_files(self) -> tuple[FileReport, ...]:
        """The files of which nothing was kept."""
        return tuple(file for file in self.files if file.error)


@dataclass(frozen=True, slots=True)
class _Target:
    source: str
    table: Table
    format: Source | None


@dataclass(slots=True)
class _Run:
    """What stays the same over the files of one import."""

    connection: duckdb.DuckDBPyConnection
    settings: Settings
    target: _Target
    name: str | None
    dry_run: bool
    replace: bool
    options: Mapping[str, str]
    limits: DecompressionLimits
    tell: Callable[[str, int, int, str], None] = field(default=lambda *_: None)


def import_files(  # noqa: PLR0913 - the verb's own options, each by its name
    engine: Store,
    settings: Settings,
    source: str,
    files: Sequence[str],
    *,
    name: str | None = None,
    dry_run: bool = False,
    replace: bool = False,
    options: Mapping[str, str] | None = None,
    progress: Callable[[Progress], None] | None = None,
    limits: DecompressionLimits | None = None,
) -> ImportReport:
    """Import files into the store, one transaction a file, and return what became of every row.

    `source` is a table, a format, or `auto`: then every file says for itself. `files` are names, globs,
    directories or `-`; `name` is the gateway connection, without it the name of the format.
    Of two OpenAPI documents of one product, the older first, the changes are landed too.
    Importing the same again changes nothing. A file that cannot be read is refused as a whole; the others go on,
    and ImportRefused is raised only when nothing could be imported. Raises UnknownName for an unknown source,
    UsageError for options that the source does not have, StoreError when the store cannot take the rows.
    """
    target = _target(source)
    _check_options(target, options or {})
    names, documents = _named(target, files)
    given = dict(options or {})
    with engine.writer() as connection:
        run = _Run(
            connection, settings, target, name, dry_run, replace, given, limits or DecompressionLimits()
        )
        before = () if dry_run else kept_definitions(connection, settings)
        reports = _import_all(run, names, progress)
        if documents and not any(report.error for report in reports):
            reports += _changes(run, names)
    if all(report.error for report in reports):
        raise ImportRefused("\n".join(report.error or "" for report in reports))
    filled = {_target(report.source).table.name for report in reports if not report.error}
    return ImportReport(source, ", ".join(sorted(filled)), tuple(reports), dry_run, before)


def _named(target: _Target, files: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """Return the files in order, and whether they are two OpenAPI documents: of those the newer one stands last."""
    names = expand(files)
    if target.source == OPENAPI.name and set(names) == set(files):
        return tuple(dict.fromkeys(files)), len(names) == 2
    return names, False


def _import_all(
    run: _Run, names: Sequence[str], progress: Callable[[Progress], None] | None
) -> list[FileReport]:
    reports = []
    for number, file in enumerate(names, 1):
        if progress is not None:
            run.tell = _teller(progress, number, len(names))
        reports.append(_import_one(run, file, alone=len(names) == 1))
    return reports


def _changes(run: _Run, documents: Sequence[str]) -> list[FileReport]:
    """Land what changed from one OpenAPI document to the next; nothing when they are of two products."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="firstcall-") as folder:
        made = admit_changes(
            run.connection,
            run.settings,
            run.options,
            documents,
            Path(folder),
            run.limits,
            dry_run=run.dry_run,
        )
    if made is None:
        return []
    shown = f"changes from {documents[0]} to {documents[1]}"
    return [FileReport(shown, run.target.source, made[0], made[1], time.monotonic() - began, made[2])]


def kept_definitions(connection: duckdb.DuckDBPyConnection, settings: Settings) -> tuple[str, ...]:
    """Make again what calls derive from the settings when those say something else than the store was made with."""
    with transaction(connection, "the changed settings"):
        return rollup.keep_definitions(connection, settings) + reclassify.keep_rules(connection, settings)


def _teller(
    progress: Callable[[Progress], None], number: int, files: int
) -> Callable[[str, int, int, str], None]:
    return lambda file, done, total, stage: progress(Progress(file, number, files, done, total, stage))


def _target(source: str) -> _Target:
    if source in TABLES:
        return _Target(source, TABLES[source], None)
    if source == AUTO:
        return _Target(source, TABLES["calls"], None)
    formats = registry.sources()
    if source in formats:
        return _Target(source, TABLES[formats[source].fills], formats[source])
    raise UnknownName(
        "table or format", source, (AUTO, *TABLES, *formats), hint="`firstcall sources` lists them all."
    )


def _check_options(target: _Target, options: Mapping[str, str]) -> None:
    if target.source == AUTO:
        return  # asked again when the file has said what it is
    known = [option.name for option in target.format.options] if target.format else []
    if _is_sheet(target):
        known += [option.name for option in OPTIONS]
        check(options)
    for name in options:
        if name not in known:
            raise UnknownName(f"option of {target.source}", name, known, hint="" if known else "It has none.")


def _is_sheet(target: _Target) -> bool:
    """Return whether files of this kind may be a sheet that people have kept, rather than a log."""
    return target.format is None or target.format.maps is not None


def _import_one(run: _Run, file: str, *, alone: bool) -> FileReport:
    began = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="firstcall-") as folder:
            report = _in_transaction(run, file, Path(folder))
    except (ImportRefused, UsageError) as error:
        if alone or (isinstance(error, UsageError) and run.target.source != AUTO):
            raise
        return FileReport(file, run.target.source, "", Counts(), time.monotonic() - began, error=str(error))
    return replace(report, seconds=time.monotonic() - began)


def _in_transaction(run: _Run, file: str, scratch: Path) -> FileReport:
    opened = open_file(
        file,
        scratch,
        run.limits,
        lambda done, all_: run.tell(file, done, all_, "reading"),
        run.options.get("sheet"),
    )
    target, why = _recognised(run, opened, scratch)
    opened = replace(opened, notes=(*why, *opened.notes))
    if _is_sheet(target):
        opened = in_utf8(opened, run.options.get("encoding"), scratch)
    try:
        with transaction(run.connection, opened.shown, keep=not run.dry_run):
            report = _admit(run, target, opened, scratch)
            run.tell(file, opened.bytes, opened.bytes, "writing")
    except (UsageError, ImportRefused) as error:
        if not why:
            raise
        # an option that is missing says little to somebody who has not named the format
        kind = ImportRefused if isinstance(error, ImportRefused) else UsageError
        raise kind(f"{why[0]}. {error}") from error
    return report


def _recognised(run: _Run, opened: OpenedFile, scratch: Path) -> tuple[_Target, tuple[str, ...]]:
    """Return what is imported into what; with `auto` by what the file looks like, and why."""
    if run.target.source != AUTO:
        return run.target, ()
    if opened.kind == "parquet":
        raise UsageError(
            f"{opened.shown}: a Parquet file is a table's own; name the table instead of {AUTO}."
        )
    limit = run.settings.limits.line_bytes
    inside = unwrapped(opened.path, opened.shown, None, scratch, limit)
    records = _records(opened, limit)
    found, why = recognised(opened.shown, first_lines(inside.path, limit), registry.sources(), records)
    target = _target(found.name)
    _check_options(target, run.options)
    return target, (f"{opened.shown} recognised as {found.name}: {why}",)


def _records(opened: OpenedFile, line_bytes: int) -> Iterator[object]:
    """Yield a file's JSON values or rows of CSV; none when it is neither."""
    with suppress(ImportRefused, csv.Error):
        yield from read_records(opened.path, opened.shown, 1, line_bytes).values


def _admit(run: _Run, target: _Target, opened: OpenedFile, scratch: Path) -> FileReport:
    connection = run.connection
    job = LoadJob(
        0, target.source, run.name or target.source, target.table.name, opened.shown,
        datetime.now(UTC).replace(tzinfo=None), run.settings, told(run.options), run.replace,
    )  # fmt: skip
    tables = {target.table.name}
    if target.format is not None and target.format.maps is not None:
        tables = {rows.table for rows in target.format.maps(run.options).rows}
    gone = take_place(connection, job, opened.fingerprint, tables, run.name)
    opened = replace(opened, notes=(*opened.notes, *gone))
    job = replace(job, import_id=journal.next_id(connection))
    run.tell(opened.shown, opened.bytes, opened.bytes, "importing")
    if target.format is not None and target.format.maps is not None:
        variant, counts = admit_records(connection, target.format, opened, job, scratch)
        counts = replace(counts, notes=(*opened.notes, *counts.notes))
        return FileReport(opened.shown, target.source, variant, counts, 0.0, opened.bytes)
    before = journal.seen(connection, job, opened.fingerprint)
    if target.format is not None and target.format.name != OPENAPI.name:
        if opened.kind == "parquet":
            raise ImportRefused(f"{opened.shown}: a Parquet file, but {target.source} is read from text.")
        variant, counts = target.source, admit_lines(connection, target.format, opened.path, job)
    else:
        sheet = _load(run, target, opened, scratch)
        variant, counts = sheet.variant, _admit_sheet(connection, sheet, target.table, job, seen=before)
    counts = replace(counts, notes=(*opened.notes, *counts.notes))
    journal.close(connection, job, opened.fingerprint, opened.bytes, counts, seen=before)
    return FileReport(opened.shown, target.source, variant, counts, 0.0, opened.bytes)


def _load(run: _Run, target: _Target, opened: OpenedFile, scratch: Path) -> Sheet:
    """Fill the temporary table `sheet` from a file in a table's own shape, or from an OpenAPI document."""
    if target.format is not None:
        return load_document(run.connection, opened.path, opened.shown, run.options)
    if opened.kind == "parquet":
        return load_parquet(run.connection, opened.path, opened.shown)
    found = traits(opened.path)
    limit = run.settings.limits.line_bytes
    # an array may stand on one line; its rows are measured when they have been taken apart
    path = normalised(opened.path, found, None if shape(opened.path) == "json" else limit, scratch)
    text = Text(path, opened.shown, limit, found.quotes, foreign=found.replaced, longest=found.longest)
    return load_text(run.connection, text, target.table, scratch)


def _admit_sheet(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, table: Table, job: LoadJob, *, seen: bool
) -> Counts:
    calls = table.name == "calls"
    zone = job.settings.program.timezone
    matched = match_columns(sheet, table, job.file, {"source": job.name} if calls else {})
    notes = conform_rows(connection, matched, zone, job.options, contents=calls)
    if sheet.variant == "empty":
        notes = ("the file is empty",)
    if calls:
        counts = admit_conformed(connection, job)
    else:
        notes += names_to_ids(connection, table)
        counts = admit_rows(connection, table, job, row_content(matched), seen=seen)
        update_watermark(connection, table, zone)
        if table.name == "partners":
            notes += merge_notes(connection)
        if table.name == "endpoints":
            notes += reclassify.end_dropped(connection, job) + reclassify.keep_rules(connection, job.settings)
    if sheet.lines and counts.conflicting + sum(counts.refused.values()):
        connection.execute(
            f"UPDATE refused SET line = n.line FROM ({sheet.lines}) n WHERE import_id = ? AND refused.line = n.row",
            [job.import_id],
        )
    return replace(counts, notes=(*sheet.notes, *notes, *counts.notes))
