"""What was imported, what became of it, and which rows were refused?"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from firstcall.errors import FirstcallError, UnknownName
from firstcall.pipeline.loading.load_job import Counts, LoadJob

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Imported:
    """One file of the journal; times are UTC without a zone. `options` are None when an earlier version imported it."""

    import_id: int
    source: str
    name: str
    table: str
    file: str
    fingerprint: str
    bytes: int
    started_at: datetime
    finished_at: datetime
    counts: Counts
    options: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """One refused or conflicting row; `line` counts from 1, `content` is the row as JSON or as it was read.

    It is None where the record it came from stands with an earlier row.
    """

    import_id: int
    source: str
    file: str
    line: int | None
    verdict: str
    reason: str
    detail: str | None
    content: str | None


def next_id(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the number of the next import; ask inside the transaction that uses it."""
    row = connection.execute("SELECT coalesce(max(import_id), 0) + 1 FROM imports").fetchone()
    return int(row[0]) if row else 1


def seen(connection: duckdb.DuckDBPyConnection, job: LoadJob, fingerprint: str) -> bool:
    """Return whether the same bytes were imported before as the same thing."""
    row = connection.execute(
        'SELECT count(*) FROM imports WHERE fingerprint = ? AND source = ? AND name = ? AND "table" = ?',
        [fingerprint, job.source, job.name, job.table],
    ).fetchone()
    return bool(row and row[0])


def otherwise(
    connection: duckdb.DuckDBPyConnection, job: LoadJob, fingerprint: str, tables: Collection[str]
) -> tuple[Imported, ...]:
    """Return the imports of the same bytes that read them otherwise: as another format, or by other options."""
    return tuple(
        each
        for each in imports(connection)
        if each.fingerprint == fingerprint
        and each.table in tables
        and (each.source != job.source or (each.options is not None and each.options != dict(job.options)))
    )


def close(
    connection: duckdb.DuckDBPyConnection,
    job: LoadJob,
    fingerprint: str,
    size: int,
    counts: Counts,
    *,
    seen: bool,
) -> None:
    """Write one file's import into the journal, once its rows are accounted for; `seen` when its bytes came before.

    Raises FirstcallError when a row is not accounted for.
    """
    if not counts.adds_up:
        raise FirstcallError(
            f"{job.file}: {counts.read:,} rows were read for {job.table}, but the counts of what became of them do "
            f"not add up ({counts}). Nothing was imported. This is a fault of firstcall: please report it."
        )
    if seen:
        _forget_repeated(connection, job, fingerprint)
    connection.execute(
        'INSERT INTO imports (import_id, source, name, "table", file, fingerprint, bytes, started_at, finished_at, '
        "read, landed, duplicate, conflicting, refused, filtered, refused_by, notes, options) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            job.import_id, job.source, job.name, job.table, job.file, fingerprint, size, job.now,
            datetime.now(UTC).replace(tzinfo=None),
            counts.read, counts.landed, counts.duplicate, counts.conflicting,
            sum(counts.refused.values()), counts.filtered,
            json.dumps(dict(counts.refused)), json.dumps(counts.notes),
            json.dumps(dict(job.options), sort_keys=True),
        ],
    )  # fmt: skip


def _forget_repeated(connection: duckdb.DuckDBPyConnection, job: LoadJob, fingerprint: str) -> None:
    """Keep a refused row once, however often the same bytes are imported; the journal still counts it each time."""
    connection.execute(
        """DELETE FROM refused AS new USING refused AS old, imports
        WHERE new.import_id = ? AND old.import_id < new.import_id AND imports.import_id = old.import_id
        AND imports.fingerprint = ? AND imports.name = ? AND old.source = new.source AND old.verdict = new.verdict
        AND old.line IS NOT DISTINCT FROM new.line AND old.reason = new.reason
        AND old.content IS NOT DISTINCT FROM new.content""",
        [job.import_id, fingerprint, job.name],
    )


def imports(connection: duckdb.DuckDBPyConnection, last: int | None = None) -> tuple[Imported, ...]:
    """Return the journal, newest first; `last` bounds how many."""
    limit = "" if last is None else f" LIMIT {int(last)}"
    rows = connection.execute(
        'SELECT import_id, source, name, "table", file, fingerprint, bytes, started_at, finished_at, '
        "read, landed, duplicate, conflicting, filtered, refused_by, notes, options "
        f"FROM imports ORDER BY import_id DESC{limit}"
    ).fetchall()
    return tuple(map(_imported, rows))


def _imported(row: tuple[Any, ...]) -> Imported:
    read, landed, duplicate, conflicting, filtered, refused_by, notes, options = row[9:]
    counts = Counts(
        read,
        landed,
        duplicate,
        conflicting,
        filtered,
        refused=json.loads(refused_by or "{}"),
        notes=tuple(json.loads(notes or "[]")),
    )
    import_id, source, name, table, file, fingerprint, size, started_at, finished_at = row[:9]
    told = None if options is None else json.loads(options)
    return Imported(
        import_id, source, name, table, file, fingerprint, size, started_at, finished_at, counts, told
    )


def refused(connection: duckdb.DuckDBPyConnection, source: str | None = None) -> Iterator[Refused]:
    """Yield the refused and conflicting rows, newest import first, of one source or of all.

    Raises UnknownName when nothing of that source was ever imported.
    """
    if source is not None:
        known = [name for (name,) in connection.execute("SELECT DISTINCT source FROM imports").fetchall()]
        if source not in known:
            raise UnknownName("imported source", source, known)
    cursor = connection.cursor()
    cursor.execute(
        "SELECT import_id, source, file, line, verdict, reason, detail, content FROM refused "
        "WHERE ? IS NULL OR source = ? ORDER BY import_id DESC, file, line, reason",
        [source, source],
    )
    while batch := cursor.fetchmany(BATCH):
        yield from (Refused(*row) for row in batch)


def reasons(
    connection: duckdb.DuckDBPyConnection, source: str | None = None
) -> Mapping[tuple[str, str], int]:
    """Return how many rows were refused or in conflict, by (source, reason), most first."""
    rows = connection.execute(
        "SELECT source, reason, count(*) FROM refused WHERE ? IS NULL OR source = ? "
        "GROUP BY source, reason ORDER BY 3 DESC, 1, 2",
        [source, source],
    ).fetchall()
    return {(name, reason): count for name, reason, count in rows}


def export_refused(connection: duckdb.DuckDBPyConnection, path: Path, source: str) -> int:
    """Write the refused rows of one source to `path`, to be mended and imported again; return how many lines.

    A record of which several rows were refused is one line. Rows of tables are JSON objects, one a line; lines of a
    log are as they were. Rows in conflict are left out: there is nothing wrong with them but that another row was
    first.
    """
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for row in refused(connection, source):
            if row.verdict == "refused" and row.content is not None:
                out.write(row.content.rstrip("\n") + "\n")
                count += 1
    return count
