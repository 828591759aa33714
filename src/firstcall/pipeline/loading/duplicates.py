"""Which of the calls that landed were there already, and which contradict what is there?

A call without an id is its line: the k-th identical line of a file is the k-th such call, so that a file read again
adds nothing and two real identical calls both count. A call with an id is that id: same content is a duplicate,
other content a conflict, which the first one wins unless the import replaces.
"""

from __future__ import annotations

import re

import duckdb

from firstcall.literals import moment_literal, quoted
from firstcall.pipeline.conforming.call_select import GIVEN_ID, key
from firstcall.pipeline.loading.load_job import LoadJob
from firstcall.pipeline.loading.repeats import note_repeats

COMPARED = (
    "time", "consumer", "method", "path", "status", "latency_ms", "upstream_ms", "client_ms", "request_bytes",
    "response_bytes", "timed_out", "error_code", "units", "user_agent",
)  # fmt: skip
"""What a gateway says of a call; what settings make of it (environment, route …) may change between imports."""

REPLACED_DAYS = "day IN (SELECT day FROM calls WHERE known_to = {now})"


def _content(table: str) -> str:
    return "row(" + ", ".join(f"{table}.{name}" for name in COMPARED) + ")"


def resolve(connection: duckdb.DuckDBPyConnection, job: LoadJob) -> tuple[int, int]:
    """Take what is not new out of `calls` again; return (duplicates, conflicts). Conflicts are kept in `refused`."""
    connection.execute("CREATE OR REPLACE TEMP TABLE surplus (place BIGINT, conflicts BOOLEAN)")
    _number_identical(connection, job)
    _within_file(connection, job)
    _against_store(connection, job)
    _keep_conflicts(connection, job)
    counted = connection.execute(
        "SELECT count(*) FILTER (NOT conflicts), count(*) FILTER (conflicts) FROM surplus"
    ).fetchone()
    duplicate, conflicting = counted or (0, 0)
    if duplicate or conflicting:
        same = "SELECT place FROM surplus WHERE NOT conflicts"
        note_repeats(connection, job, f"SELECT DISTINCT call_key FROM calls WHERE rowid IN ({same})")
        connection.execute("DELETE FROM calls WHERE rowid IN (SELECT place FROM surplus)")
    for table in ("surplus", "repeated"):
        connection.execute(f"DROP TABLE {table}")
    return int(duplicate), int(conflicting)


def _number_identical(connection: duckdb.DuckDBPyConnection, job: LoadJob) -> None:
    """Give the second and later identical lines of the file keys of their own."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE repeated AS SELECT call_key FROM calls "
        f"WHERE import_id = {job.import_id} GROUP BY call_key HAVING count(*) > 1"
    )
    numbered = key("CAST(call_key AS VARCHAR) || ' ' || n.nth")
    connection.execute(
        f"UPDATE calls SET call_key = {numbered} FROM "
        "(SELECT rowid AS place, row_number() OVER (PARTITION BY call_key ORDER BY rowid) AS nth FROM calls "
        f"WHERE import_id = {job.import_id} AND {GIVEN_ID} IS NULL AND call_key IN (SELECT call_key FROM repeated)) n "
        f"WHERE calls.rowid = n.place AND n.nth > 1 AND import_id = {job.import_id}"
    )


def _within_file(connection: duckdb.DuckDBPyConnection, job: LoadJob) -> None:
    """Find the later rows of the file with an id that an earlier row has."""
    connection.execute(
        "INSERT INTO surplus SELECT place, content IS DISTINCT FROM first_value(content) OVER same FROM "
        f"(SELECT rowid AS place, call_key, {_content('calls')} AS content FROM calls "
        f"WHERE import_id = {job.import_id} AND {GIVEN_ID} IS NOT NULL "
        "AND call_key IN (SELECT call_key FROM repeated)) "
        "WINDOW same AS (PARTITION BY call_key ORDER BY place) QUALIFY row_number() OVER same > 1"
    )


def _against_store(connection: duckdb.DuckDBPyConnection, job: LoadJob) -> None:
    """Find the rows whose key the store has on the days the file touches; a replacing import retires those."""
    given = re.sub(r"(event_id|request_id|trace_id)", r"n.\1", GIVEN_ID)
    pairs = (
        "SELECT n.rowid AS place, o.rowid AS held, "
        f"{given} IS NOT NULL AND {_content('n')} IS DISTINCT FROM {_content('o')} AS conflicts "
        f"FROM calls n JOIN calls o ON o.call_key = n.call_key WHERE n.import_id = {job.import_id} "
        f"AND o.import_id <> {job.import_id} AND o.known_to IS NULL AND n.rowid NOT IN (SELECT place FROM surplus) "
        f"AND o.day BETWEEN (SELECT min(day) - 1 FROM calls WHERE import_id = {job.import_id}) "
        f"AND (SELECT max(day) + 1 FROM calls WHERE import_id = {job.import_id})"
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE met AS {pairs}")
    if job.replace:
        connection.execute(
            f"UPDATE calls SET known_to = {moment_literal(job.now)} "
            "WHERE rowid IN (SELECT held FROM met WHERE conflicts)"
        )
    connection.execute(
        f"INSERT INTO surplus SELECT place, conflicts FROM met WHERE NOT (conflicts AND {job.replace})"
    )
    connection.execute("DROP TABLE met")


def _keep_conflicts(connection: duckdb.DuckDBPyConnection, job: LoadJob) -> None:
    shown = ", ".join(
        f"{name} := {name}" for name in ("event_id", "request_id", "trace_id", "source", *COMPARED)
    )
    connection.execute(
        "INSERT INTO refused (import_id, source, file, line, verdict, reason, detail, content) "
        f"SELECT {job.import_id}, {quoted(job.source)}, {quoted(job.file)}, NULL, 'conflicting', "
        "'same id, other content', 'The call with this id that came first was kept; import with --replace to "
        f"take this one.', CAST(to_json(struct_pack({shown})) AS VARCHAR) FROM calls "
        f"WHERE import_id = {job.import_id} AND rowid IN (SELECT place FROM surplus WHERE conflicts)"
    )
