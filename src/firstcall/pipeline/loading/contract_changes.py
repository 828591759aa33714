"""How do two OpenAPI documents of one product become changes of its contract?"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from firstcall.pipeline.conforming.matched_columns import match_columns
from firstcall.pipeline.conforming.table_rows import conform_rows, row_content
from firstcall.pipeline.loading import journal
from firstcall.pipeline.loading.load_job import Counts, LoadJob
from firstcall.pipeline.loading.transaction import transaction
from firstcall.pipeline.loading.upsert import admit_rows, update_watermark
from firstcall.pipeline.reading.files import open_file
from firstcall.schema.tables import TABLES
from firstcall.sources.openapi.contract_diff import Pair, load_changes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from firstcall.pipeline.reading.decompress import DecompressionLimits
    from firstcall.pipeline.reading.files import OpenedFile
    from firstcall.settings import Settings
    from firstcall.sources.tables.delimited import Sheet

TABLE = "contract_changes"


def admit_changes(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    options: Mapping[str, str],
    documents: Sequence[str],
    scratch: Path,
    limits: DecompressionLimits,
    *,
    dry_run: bool,
) -> tuple[str, Counts, int] | None:
    """Land the changes from the first document to the second in one transaction; the same again changes nothing.

    Returns what they were read as, what became of them, and the bytes read; None when the documents are of two
    products. Raises ImportRefused when one cannot be read.
    """
    old, new = _opened(documents, scratch, limits)
    with transaction(connection, f"changes of {new.shown}", keep=not dry_run) as current:
        sheet = load_changes(
            connection, Pair(old.path, new.path, (old.shown, new.shown)), options, _dated(documents[1])
        )
        if sheet is None:
            current.keep = False
            return None
        counts = _admitted(connection, sheet, (old, new), settings, options)
    return sheet.variant, counts, old.bytes + new.bytes


def _opened(
    documents: Sequence[str], scratch: Path, limits: DecompressionLimits
) -> tuple[OpenedFile, OpenedFile]:
    folders = (scratch / "old", scratch / "new")
    for folder in folders:
        folder.mkdir()
    return open_file(documents[0], folders[0], limits), open_file(documents[1], folders[1], limits)


def _dated(file: str) -> datetime:
    """Return when a file was written last."""
    path = Path(file)
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else datetime.now(UTC)


def _admitted(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    documents: tuple[OpenedFile, OpenedFile],
    settings: Settings,
    options: Mapping[str, str],
) -> Counts:
    old, new = documents
    table, zone = TABLES[TABLE], settings.program.timezone
    now = datetime.now(UTC).replace(tzinfo=None)
    shown = f"{old.shown} to {new.shown}"
    job = LoadJob(journal.next_id(connection), "openapi", "openapi", TABLE, shown, now, settings, options)
    fingerprint = hashlib.sha256(f"{old.fingerprint} {new.fingerprint}".encode()).hexdigest()
    seen = journal.seen(connection, job, fingerprint)
    matched = match_columns(sheet, table, job.file, {})
    notes = conform_rows(connection, matched, zone, {}, contents=False)
    counts = admit_rows(connection, table, job, row_content(matched), seen=seen)
    update_watermark(connection, table, zone)
    counts = replace(counts, notes=(*sheet.notes, *notes, *counts.notes))
    journal.close(connection, job, fingerprint, old.bytes + new.bytes, counts, seen=seen)
    return counts
