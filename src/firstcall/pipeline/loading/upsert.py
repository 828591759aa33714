"""How do conformed rows get into their table once each, replacing what they correct and keeping what was?

A row with a key replaces the row in force with the same key; the earlier version stays with the moment it ended.
Inside one file the first row of a key wins. A row without a key is there as often as the file with most of it says.
"""

from __future__ import annotations

import duckdb

from firstcall.literals import identifier, quoted
from firstcall.periods import calendar
from firstcall.pipeline.loading.load_job import Counts, LoadJob
from firstcall.pipeline.loading.repeats import content_key, note_repeats
from firstcall.schema.table import KEPT, Table

LANDED, REPLACES, DUPLICATE, CONFLICTING = "landed", "replaces", "duplicate", "conflicting"
CORRECTED = "corrected"
"""A row of a file that was imported before, and that another file has corrected since: it counts as a duplicate."""


def admit_rows(
    connection: duckdb.DuckDBPyConnection, table: Table, job: LoadJob, content: str, *, seen: bool = False
) -> Counts:
    """Move the rows of the temporary table `conformed` into `table`; refused and conflicting ones into `refused`.

    `content` is SQL over `sheet` of a row as JSON. `seen` says that the same bytes were imported before: then a
    row that some earlier version equals is no news. Runs inside the caller's open transaction.
    """
    if table.key:
        _judge_by_key(connection, table, seen=seen and not job.replace)
        _end_replaced(connection, table, job)
    else:
        _judge_by_content(connection, table)
    _insert(connection, table, job)
    repeated = (
        f"SELECT {content_key(table)} FROM conformed JOIN judged USING (row) WHERE verdict = '{DUPLICATE}'"
    )
    note_repeats(connection, job, repeated)
    _keep_refused(connection, table, job, content)
    return _counts(connection)


def _same(columns: tuple[str, ...], left: str, right: str) -> str:
    return " AND ".join(
        f"{left}.{column} IS NOT DISTINCT FROM {right}.{column}" for column in map(identifier, columns)
    )


def _named(columns: tuple[str, ...]) -> str:
    return ", ".join(map(identifier, columns))


def _compared(table: Table) -> tuple[str, ...]:
    return (*table.names, "attributes")


def _judge_by_key(connection: duckdb.DuckDBPyConnection, table: Table, *, seen: bool) -> None:
    content = _compared(table)
    window = f"OVER (PARTITION BY {_named(table.key)} ORDER BY row ROWS UNBOUNDED PRECEDING)"
    first = ", ".join(f"first_value({column}) {window} AS {column}" for column in map(identifier, content))
    earlier = (
        f"EXISTS (FROM {identifier(table.name)} AS old WHERE {_same(content, 'old', 'new')})"
        if seen
        else "false"
    )
    connection.execute("DROP TABLE IF EXISTS judged")
    connection.execute(
        f"""CREATE TEMP TABLE judged AS
        WITH good AS (SELECT * FROM conformed WHERE refusal IS NULL),
        leader AS (SELECT row, first_value(row) {window} AS leader, {first} FROM good),
        known AS (SELECT * FROM {identifier(table.name)} WHERE known_to IS NULL)
        SELECT new.row, CASE
            WHEN leader.leader <> new.row AND {_same(content, "leader", "new")} THEN '{DUPLICATE}'
            WHEN leader.leader <> new.row THEN '{CONFLICTING}'
            WHEN known.known_from IS NULL THEN '{LANDED}'
            WHEN {_same(content, "known", "new")} THEN '{DUPLICATE}'
            WHEN {earlier} THEN '{CORRECTED}'
            ELSE '{REPLACES}' END AS verdict
        FROM good AS new JOIN leader USING (row)
        LEFT JOIN known ON {_same(table.key, "known", "new")}"""
    )


def _judge_by_content(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    content = _compared(table)
    connection.execute("DROP TABLE IF EXISTS judged")
    connection.execute(
        f"""CREATE TEMP TABLE judged AS
        WITH new AS (SELECT *, row_number() OVER (PARTITION BY {_named(content)} ORDER BY row) AS ordinal
            FROM conformed WHERE refusal IS NULL),
        known AS (SELECT {_named(content)}, count(*) AS times FROM {identifier(table.name)} WHERE known_to IS NULL
            GROUP BY ALL)
        SELECT new.row,
            CASE WHEN new.ordinal <= coalesce(known.times, 0) THEN '{DUPLICATE}' ELSE '{LANDED}' END AS verdict
        FROM new LEFT JOIN known ON {_same(content, "known", "new")}"""
    )


def _end_replaced(connection: duckdb.DuckDBPyConnection, table: Table, job: LoadJob) -> None:
    connection.execute(
        f"""UPDATE {identifier(table.name)} AS old SET known_to = ?
        FROM (SELECT {_named(table.key)} FROM conformed JOIN judged USING (row) WHERE verdict = '{REPLACES}') AS new
        WHERE old.known_to IS NULL AND {_same(table.key, "old", "new")}""",
        [job.now],
    )


def _insert(connection: duckdb.DuckDBPyConnection, table: Table, job: LoadJob) -> None:
    own = (*table.names, KEPT[0].name)
    connection.execute(
        f"""INSERT INTO {identifier(table.name)} ({_named(own)}, import_id, known_from)
        SELECT {_named(own)}, ?, ? FROM conformed JOIN judged USING (row)
        WHERE verdict IN ('{LANDED}', '{REPLACES}') ORDER BY row""",
        [job.import_id, job.now],
    )


def _keep_refused(connection: duckdb.DuckDBPyConnection, table: Table, job: LoadJob, content: str) -> None:
    key = ", ".join(table.key)
    said = quoted(f"an earlier row of this file has the same {key} and other content; the first one was kept")
    connection.execute(
        f"""INSERT INTO refused (import_id, source, file, line, verdict, reason, detail, content)
        SELECT ?, ?, ?, row, CASE WHEN refusal IS NULL THEN 'conflicting' ELSE 'refused' END,
            coalesce(refusal, 'conflicting row'), CASE WHEN refusal IS NULL THEN {said} ELSE refusal_detail END,
            {content}
        FROM conformed LEFT JOIN judged USING (row) JOIN sheet USING (row)
        WHERE refusal IS NOT NULL OR verdict = '{CONFLICTING}' ORDER BY row""",
        [job.import_id, job.source, job.file],
    )


def _counts(connection: duckdb.DuckDBPyConnection) -> Counts:
    verdicts = dict(connection.execute("SELECT verdict, count(*) FROM judged GROUP BY verdict").fetchall())
    refused = connection.execute(
        "SELECT refusal, count(*) FROM conformed WHERE refusal IS NOT NULL GROUP BY refusal ORDER BY 2 DESC, 1"
    ).fetchall()
    read = connection.execute("SELECT count(*) FROM sheet").fetchone() or (0,)
    replaced, corrected = verdicts.get(REPLACES, 0), verdicts.get(CORRECTED, 0)
    notes: tuple[str, ...] = (
        (f"{replaced:,} rows replaced an earlier version, which is kept",) if replaced else ()
    )
    if corrected:
        said = f"{corrected:,} rows have been corrected since this file was first imported and stay corrected"
        notes += (f"{said}; --replace makes the file win",)
    return Counts(
        read=read[0],
        landed=verdicts.get(LANDED, 0) + replaced,
        duplicate=verdicts.get(DUPLICATE, 0) + corrected,
        conflicting=verdicts.get(CONFLICTING, 0),
        refused=dict(refused),
        notes=notes,
    )


def update_watermark(connection: duckdb.DuckDBPyConnection, table: Table, zone: str) -> None:
    """Write down the earliest and latest row of a dated table; times in UTC, days in the program's `zone`."""
    column = table.happened and table.column(table.happened)
    if not column:
        return
    happened = identifier(column.name)
    first, last, rows = connection.execute(
        f"SELECT min({happened}), max({happened}), count(*) FROM {identifier(table.name)} WHERE known_to IS NULL"
    ).fetchone() or (None, None, 0)
    connection.execute('DELETE FROM watermarks WHERE "table" = ? AND source = ?', [table.name, table.name])
    if not rows:
        return
    local = calendar(zone)
    if column.kind == "date":
        times, days = [local.starts(first), local.starts(last)], [first, last]
    else:
        times, days = [first, last], [local.day(first), local.day(last)]
    connection.execute(
        'INSERT INTO watermarks ("table", source, first_time, last_time, first_day, last_day, rows) '
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [table.name, table.name, *times, *days, rows],
    )
