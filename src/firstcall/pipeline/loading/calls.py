"""How do calls get into the store: once each, judged by the settings, refused with a reason when they cannot?

Rows stream straight from the parse into `calls`; what arrived twice is found afterwards by its key alone, so that the
memory needed does not grow with the file. All of it happens in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from firstcall.errors import ImportRefused, UsageError
from firstcall.literals import identifier, moment_literal, quoted
from firstcall.pipeline.conforming import masking, routes
from firstcall.pipeline.conforming.call_select import judged, refusal
from firstcall.pipeline.loading import duplicates, rollup
from firstcall.pipeline.loading.load_job import Counts, LoadJob
from firstcall.pipeline.reading.text_lines import NUMBERED, hold_arrays, open_lines
from firstcall.pipeline.reading.unwrapping import unwrapped
from firstcall.schema.tables import stored
from firstcall.schema.usage import CALLS
from firstcall.sources.parsing.call_columns import BESIDE, BLANK, address
from firstcall.sources.parsing.csv_records import PROBLEM
from firstcall.sources.source import Source
from firstcall.sources.tables.delimited import TOO_LONG

LONGEST_CONTENT = 65_536
PROBLEM_OF = (
    f"CASE WHEN starts_with(content, '{PROBLEM}') THEN split_part(content, '{PROBLEM}', 2) ELSE refusal END"
)
TEXT_OF = f"regexp_replace(content, '^{PROBLEM}[^{PROBLEM}]*{PROBLEM}', '')"
"""Why a CSV record could not be read, and the record; see `firstcall.sources.parsing.csv_records`."""
SAID = ("refusal", "refusal_detail", "content")
"""What reading a table says beside the columns of calls."""
NO_CALLER = (
    "no call says who called, so none will be a partner's. Let the gateway write its caller into the log (nginx: "
    "$remote_user, or $http_x_api_key with --option consumer=http_x_api_key), then import that; docs/sources.md says "
    "where each format has it"
)
AS_WRITTEN = "filter_pushdown,in_clause"
"""Pushed down, the filter on the verdict would parse every time four times, and hold all that it parsed in memory; a
list of ten methods is no join."""


def admit_lines(connection: duckdb.DuckDBPyConnection, source: Source, path: Path, job: LoadJob) -> Counts:
    """Read the file at `path` (plain text, already decompressed) in the format of `source` and admit its calls.

    Runs inside the caller's open transaction and never commits. Raises ImportRefused when the file as a whole
    cannot be read as this format.
    """
    if source.conform is None:
        raise UsageError(f"{source.name} is no format of calls; its files are read by their own columns.")
    with TemporaryDirectory(prefix="firstcall-") as scratch:
        limit = job.settings.limits.line_bytes
        inside = unwrapped(path, job.file, source, Path(scratch), limit)
        lines = open_lines(connection, inside.path, limit, Path(scratch))
        try:
            way = source.conform(lines.sample, job.options)
        except UsageError as error:
            raise ImportRefused(f"{job.file}: {error}") from error
        conformed = way.select
        if lines.cut:
            cut = f"CASE WHEN starts_with(content, {quoted(TOO_LONG)}) THEN 'line_too_long' ELSE refusal END"
            conformed = f"SELECT * REPLACE ({cut} AS refusal) FROM ({conformed})"
        if inside.problems:
            conformed = f"SELECT * REPLACE ({PROBLEM_OF} AS refusal, {TEXT_OF} AS content) FROM ({conformed})"
        numbered = (
            f"SELECT line_number, {TEXT_OF} AS content FROM ({NUMBERED})" if inside.problems else NUMBERED
        )
        count = None if way.expands and hold_arrays(connection) else lines.count
        counts = admit_calls(connection, conformed, job, numbered=numbered, lines=count, ordered=way.ids)
        connection.execute("DROP VIEW lines")
    said = (*inside.notes, f"read as {source.name} {way.variant}: {way.why}", *way.notes)
    return counts + Counts(notes=said)


def admit_calls(
    connection: duckdb.DuckDBPyConnection,
    conformed: str,
    job: LoadJob,
    *,
    numbered: str | None = None,
    lines: int | None = None,
    ordered: bool = True,
) -> Counts:
    """Admit the calls that the SELECT `conformed` returns, with the columns of `call_columns.COLUMNS`.

    `numbered` is a SELECT of (line_number, content) over the same file, read only when a row was refused; without
    it refused rows have no line. `lines` is the number of rows when known beforehand. `ordered` keeps the file's
    order, which matters when rows bring ids. Runs inside the caller's open transaction and never commits.
    """
    routing = routes.prepare(
        connection, job.settings.routes, {n: n for n in ("path", "method", "host", "source")}
    )
    with _as_written(connection, ordered=ordered):
        inserted = _insert(connection, judged(conformed, job, routing, where="verdict IS NULL"), job)
    blank = 0
    refused: dict[str, int] = {}
    if lines is None or lines != inserted:
        blank, refused = _refuse(connection, conformed, job, numbered)
    read = inserted + blank + sum(refused.values())
    if lines is not None and lines != read:
        raise ImportRefused(
            f"{job.file}: the file has {lines} lines, but {read} rows were read. Nothing was imported; "
            "please report the file's format."
        )
    duplicate, conflicting = duplicates.resolve(connection, job) if inserted else (0, 0)
    notes = _count_in(connection, job) if inserted else ()
    return Counts(read, inserted - duplicate - conflicting, duplicate, conflicting, blank, refused, notes)


def admit_conformed(connection: duckdb.DuckDBPyConnection, job: LoadJob) -> Counts:
    """Admit the rows of the temporary table `conformed` as calls."""
    alone = {"client_ip": f"{address('client_ip')} AS client_ip"}
    own = ", ".join(alone.get(name, identifier(name)) for name in CALLS.names)
    beside = ", ".join(f"NULL::{kind} AS {name}" for name, kind in BESIDE.items() if name not in SAID)
    return admit_calls(
        connection,
        f"SELECT {own}, {beside}, refusal, refusal_detail, content FROM conformed",
        job,
        numbered="SELECT row AS line_number, content FROM conformed",
    )


@contextmanager
def _as_written(connection: duckdb.DuckDBPyConnection, *, ordered: bool) -> Iterator[None]:
    """Let the engine evaluate a statement over lines as it is written.

    Which optimizers are off is a setting of the database: readers plan by it meanwhile, which costs them time but
    changes no answer. Only one writer at a time may change it.
    """
    connection.execute(f"SET SESSION preserve_insertion_order = {str(ordered).lower()}")
    # on a cursor of its own, since an error ends the transaction and nothing can be set in it any more
    with connection.cursor() as database:
        (usual,) = database.execute("SELECT current_setting('disabled_optimizers')").fetchone() or ("",)
        database.execute(f"SET disabled_optimizers = {quoted(','.join(filter(None, (usual, AS_WRITTEN))))}")
        try:
            yield
        finally:
            database.execute(f"SET disabled_optimizers = {quoted(usual)}")
    # after an error the session ends with its writer
    connection.execute("SET SESSION preserve_insertion_order = true")


def _insert(connection: duckdb.DuckDBPyConnection, select: str, job: LoadJob) -> int:
    names = [column.name for column in stored("calls")]
    own = {"import_id": str(job.import_id), "known_from": moment_literal(job.now), "known_to": "NULL"}
    columns = ", ".join(own.get(name, name) for name in names)
    row = connection.execute(
        f"INSERT INTO calls ({', '.join(names)}) SELECT {columns} FROM ({select})"
    ).fetchone()
    return int(row[0]) if row else 0


def _refuse(
    connection: duckdb.DuckDBPyConnection, conformed: str, job: LoadJob, numbered: str | None
) -> tuple[int, dict[str, int]]:
    """Keep the refused rows with their reason and line; return (blank lines, refused rows by reason)."""
    with _as_written(connection, ordered=True):
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE turned_down AS SELECT verdict, refusal_detail, content "
            f"FROM ({_verdicts(conformed, job)}) WHERE verdict IS NOT NULL"
        )
    counted = connection.execute(
        "SELECT verdict, count(*) FROM turned_down GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    reasons = {str(reason): int(count) for reason, count in counted}
    blank = reasons.pop(BLANK, 0)
    if reasons:
        place = "NULL" if numbered is None else "n.line_number"
        located = "" if numbered is None else (
            "LEFT JOIN (SELECT line_number, content, "
            "row_number() OVER (PARTITION BY content ORDER BY line_number) AS nth "
            f"FROM ({numbered}) WHERE content IN (SELECT content FROM turned_down)) n "
            "ON n.content = r.content AND n.nth = r.nth"
        )  # fmt: skip
        connection.execute(
            "INSERT INTO refused (import_id, source, file, line, verdict, reason, detail, content) "
            f"SELECT {job.import_id}, {quoted(job.source)}, {quoted(job.file)}, {place}, 'refused', r.verdict, "
            f"r.refusal_detail, {masking.masked(f'left(r.content, {LONGEST_CONTENT})')} FROM "
            "(SELECT *, row_number() OVER (PARTITION BY content) AS nth FROM turned_down "
            f"WHERE verdict <> '{BLANK}') r {located}"
        )
    connection.execute("DROP TABLE turned_down")
    return blank, reasons


def _verdicts(conformed: str, job: LoadJob) -> str:
    return f"SELECT content, refusal_detail, {refusal(job)} AS verdict FROM ({conformed})"


def _count_in(connection: duckdb.DuckDBPyConnection, job: LoadJob) -> tuple[str, ...]:
    """Settle routes, add to rollups and watermarks; return notes for the journal."""
    notes = routes.settle(connection, job.import_id, job.settings.limits.routes_per_product)
    rollup.add(connection, job.import_id)
    if job.replace:
        rollup.rebuild(connection, duplicates.REPLACED_DAYS.format(now=moment_literal(job.now)))
    _watermark(connection, job)
    caller = f"SELECT 1 FROM calls WHERE import_id = {job.import_id} AND consumer IS NOT NULL LIMIT 1"
    if connection.execute(caller).fetchone() is None:
        notes += (NO_CALLER,)
    odd, streams, sampled, stand_for = connection.execute(
        "SELECT count(attributes ->> 'latency_ms'), count(attributes ->> 'lifetime_ms'), "
        "count(attributes ->> 'weight'), "
        "coalesce(sum(TRY_CAST(attributes ->> 'weight' AS DOUBLE)), 0) "
        f"FROM calls WHERE import_id = {job.import_id} AND attributes IS NOT NULL"
    ).fetchone() or (0, 0, 0, 0)
    if streams:
        notes += (
            f"{streams:,} upgraded or streaming connections count as calls; their lifetime is no latency",
        )
    if odd:
        notes += (
            f"{odd} calls have a latency below zero or above an hour; they count, their latency does not",
        )
    if sampled:
        said = f"{sampled:,} rows say that they stand for {stand_for:,.0f} calls"
        notes += (
            f"the gateway sampled: {said}; all counts are of rows, the weights are in their attributes",
        )
    return notes


def _watermark(connection: duckdb.DuckDBPyConnection, job: LoadJob) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE marks AS SELECT source, "
        "min(first_time) AS first_time, max(last_time) AS last_time, "
        "min(first_day) AS first_day, max(last_day) AS last_day, sum(rows) AS rows FROM ("
        "SELECT source, min(time) AS first_time, max(time) AS last_time, min(day) AS first_day, max(day) AS last_day, "
        f"count(*) AS rows FROM calls WHERE import_id = {job.import_id} AND known_to IS NULL GROUP BY source UNION ALL "
        "SELECT source, first_time, last_time, first_day, last_day, rows FROM watermarks WHERE \"table\" = 'calls') "
        "GROUP BY source"
    )
    connection.execute("DELETE FROM watermarks WHERE \"table\" = 'calls'")
    connection.execute(
        'INSERT INTO watermarks ("table", source, first_time, last_time, first_day, last_day, rows) '
        "SELECT 'calls', source, first_time, last_time, first_day, last_day, rows FROM marks"
    )
    connection.execute("DROP TABLE marks")
