"""How are the records of a business system taken in: mapped to rows of several tables, each table by its own rules?

Every record is accounted for: it gives rows, or counts once as filtered or refused for the mapping's first table.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TextIO

import duckdb

from firstcall.errors import ImportRefused
from firstcall.literals import identifier, quoted
from firstcall.pipeline.conforming.matched_columns import match_columns
from firstcall.pipeline.conforming.table_rows import conform_rows, row_content
from firstcall.pipeline.loading import journal
from firstcall.pipeline.loading.calls import admit_conformed
from firstcall.pipeline.loading.load_job import Counts, LoadJob
from firstcall.pipeline.loading.partner_names import names_to_ids
from firstcall.pipeline.loading.upsert import admit_rows, update_watermark
from firstcall.pipeline.reading.business_files import Records, Unreadable, read_records
from firstcall.pipeline.reading.files import OpenedFile
from firstcall.schema.table import Table
from firstcall.schema.tables import TABLES
from firstcall.sources.mapping.mapping import LeftOut, RecordMapping, Row, as_text, rows_of, unwrapped
from firstcall.sources.source import Source
from firstcall.sources.tables.delimited import Sheet

CONTENT_BYTES = 65_536
PERSON = re.compile(r"[\w.+%-]+(@[\w-]+(?:\.[\w-]+)+)?")
"""An address, or a word that begins none: taken whole, so that no letter of it is looked at twice."""
PAIRS = 1000
"""Records written beside their rows at once."""
_FIELDS = "{row: 'BIGINT', record: 'BIGINT', line: 'BIGINT', fields: 'VARCHAR[]', problem: 'VARCHAR'}"

Place = tuple[int, int]
"""Number of a record, and the line of the file at which it begins, 0 where its number says as much."""


@dataclass(slots=True)
class _Gathered:
    """What is found for one table: how many rows, and what was left out by reason.

    `latest` holds the newest state of each thing, without fields when that is one that leaves it out; `ended` then
    names the things whose rows end.
    """

    out: TextIO
    columns: tuple[str, ...]
    separator: str = ""
    rows: int = 0
    duplicate: int = 0
    filtered: int = 0
    why: dict[str, int] = field(default_factory=dict)
    latest: dict[tuple[str | None, ...], tuple[str, Place, list[str | None] | None]] = field(
        default_factory=dict
    )
    ended: list[tuple[str | None, ...]] = field(default_factory=list)
    remarks: dict[str, set[tuple[str | None, ...]]] = field(default_factory=dict)

    def leave_out(self, why: str) -> None:
        """Count a record or a row that is not taken."""
        self.filtered += 1
        self.why[why] = self.why.get(why, 0) + 1

    def write(self, place: Place, fields: list[str | None] | None, problem: str | None) -> None:
        """Add a row, or what is wrong with it."""
        self.rows += 1
        number, line = place
        row = {
            "row": self.rows,
            "record": number,
            "line": line or number,
            "fields": fields,
            "problem": problem,
        }
        self.out.write(json.dumps(row, ensure_ascii=False) + "\n")


def admit_records(
    connection: duckdb.DuckDBPyConnection, source: Source, opened: OpenedFile, job: LoadJob, scratch: Path
) -> tuple[str, Counts]:
    """Take one file of a mapped source into its tables and journal each; return (shape, all counts together).

    Runs inside the caller's open transaction. Raises ImportRefused for a file that cannot be read at all.
    """
    if source.maps is None or opened.kind == "parquet":
        raise ImportRefused(
            f"{opened.shown}: {source.name} is read from JSON or CSV. Export it so, or name the table."
        )
    mapping = source.maps(job.options)
    found = read_records(opened.path, opened.shown, mapping.head, job.settings.limits.line_bytes)
    tables = _tables(mapping)
    records = scratch / "records.ndjson"
    with records.open("w", encoding="utf-8", newline="\n") as kept:
        gathered = {
            name: _Gathered(
                (scratch / f"{name}.ndjson").open("w", encoding="utf-8", errors="replace"), columns
            )
            for name, columns in tables.items()
        }
        try:
            cut = _gather(found, mapping, job.options, gathered, kept)
        finally:
            for each in gathered.values():
                each.out.close()
    total = Counts(notes=("the file is empty",) if found.shape == "empty" else ())
    parts = []
    for name, each in gathered.items():
        if each.rows or each.filtered or name == mapping.rows[0].table:
            each.separator = found.separator
            counts = _journalled(connection, mapping, replace(job, table=name), each, opened, scratch)
            total += counts
            parts.append(f"{name} {counts.landed:,}")
    short = f"only the first lines are there, records: {cut:,}; pull them, or export the lines too"
    notes = (f"landed: {', '.join(parts)}", *total.notes, *((short,) if cut else ()))
    return found.shape, replace(total, notes=notes)


def _journalled(
    connection: duckdb.DuckDBPyConnection,
    mapping: RecordMapping,
    job: LoadJob,
    found: _Gathered,
    opened: OpenedFile,
    scratch: Path,
) -> Counts:
    """Take in what was found for one table and write it into the journal."""
    job = replace(job, import_id=journal.next_id(connection))
    before = journal.seen(connection, job, opened.fingerprint)
    counts = _admit_table(connection, mapping, job, found, scratch, seen=before)
    journal.close(connection, job, opened.fingerprint, opened.bytes, counts, seen=before)
    return counts


def _tables(mapping: RecordMapping) -> Mapping[str, tuple[str, ...]]:
    """Return the columns that the mapping fills, by table."""
    found: dict[str, dict[str, None]] = {}
    for rows in mapping.rows:
        names = found.setdefault(rows.table, {})
        names.update(dict.fromkeys(rows.columns))
    return {name: tuple(columns) for name, columns in found.items()}


def _gather(
    found: Records,
    mapping: RecordMapping,
    options: Mapping[str, str],
    gathered: Mapping[str, _Gathered],
    kept: TextIO,
) -> int:
    """Sort what the records give to its tables; return of how many records only a part is in the file."""
    main = gathered[mapping.rows[0].table]
    number = cut = 0
    for value in found.values:
        if isinstance(value, Unreadable):
            number += 1
            kept.write(" ".join(value.text.splitlines()) + "\n")
            main.write((number, found.line()), None, value.why)
            continue
        for node in unwrapped(value, mapping):
            number += 1
            kept.write(as_text(node.value) + "\n")
            cut += bool(mapping.cut) and node.find(mapping.cut) is True
            for made in rows_of(node, mapping, options):
                _sort(made, (number, found.line()), gathered)
    for each in gathered.values():
        for named, (_, place, fields) in each.latest.items():
            if fields is None:
                each.ended.append(named)
            else:
                each.write(place, fields, None)
    return cut


def _sort(made: Row | LeftOut, place: Place, gathered: Mapping[str, _Gathered]) -> None:
    if isinstance(made, LeftOut):
        into = gathered[made.table]
        if made.refused:
            into.write(place, None, made.why)
            return
        into.leave_out(made.why)
        for row in made.ended:
            _hold(into, row, place, None)
        return
    into = gathered[made.rows.table]
    fields = [made.fields.get(name) for name in into.columns]
    for remark in made.remarks:
        into.remarks.setdefault(remark, set()).add(_named(made) or (str(place[0]),))
    if not (made.rows.version or made.rows.identity) or None in _named(made):
        into.write(place, fields, None)
        return
    _hold(into, made, place, fields)


def _named(row: Row) -> tuple[str | None, ...]:
    return tuple(row.fields.get(name) for name in row.rows.key)


def _hold(into: _Gathered, row: Row, place: Place, fields: list[str | None] | None) -> None:
    """Keep the newest state of a thing; the older one is a duplicate, or counted as such."""
    state = (row.version, place, fields)
    held = into.latest.setdefault(_named(row), state)
    if held is state:
        return
    if held[2] == fields:
        into.duplicate += fields is not None
        return
    if fields is not None or held[2] is not None:
        newer = held[0] <= row.version
        if (held[2] if newer else fields) is not None:
            into.leave_out("an older state of the same thing")
        if newer:
            into.latest[_named(row)] = state


def _admit_table(
    connection: duckdb.DuckDBPyConnection,
    mapping: RecordMapping,
    job: LoadJob,
    found: _Gathered,
    scratch: Path,
    *,
    seen: bool,
) -> Counts:
    table, calls, gone = TABLES[job.table], job.table == "calls", 0
    _load(connection, scratch / f"{table.name}.ndjson")
    sheet = Sheet(found.columns, "mapped" if found.rows else "empty", separator=found.separator)
    matched = match_columns(sheet, table, job.file, {"source": job.name} if calls else {})
    notes = conform_rows(connection, matched, job.settings.program.timezone, job.options, contents=calls)
    if calls:
        counts = admit_conformed(connection, job)
    else:
        _keep_records(connection, scratch / "records.ndjson")
        identity = (rows.identity for rows in mapping.rows if rows.table == table.name and rows.identity)
        _end_older(connection, table, next(identity, None), job)
        gone = _end(connection, table, found.ended, job)
        notes += names_to_ids(connection, table)
        counts = admit_rows(connection, table, job, row_content(matched), seen=seen)
        # a row is known by its record, which is what the user has in the file, and which is kept once
        connection.execute(
            "UPDATE refused SET line = sheet.line, content = CASE WHEN verdict <> 'refused' OR sheet.content "
            "IS NOT NULL THEN refused.content END FROM sheet WHERE import_id = ? AND refused.line = sheet.row",
            [job.import_id],
        )
        update_watermark(connection, table, job.settings.program.timezone)
    known = (note for note in notes if not note.startswith("columns unknown"))
    return replace(
        counts,
        read=counts.read + found.filtered + found.duplicate,
        duplicate=counts.duplicate + found.duplicate,
        filtered=found.filtered,
        notes=(*counts.notes, *known, *_said(found, gone)),
    )


def _said(found: _Gathered, gone: int) -> list[str]:
    """Return the notes on what was left out, kept all the same, and ended."""
    return [
        *(f"{count:,} left out, {why}" for why, count in sorted(found.why.items())),
        *(f"{len(kept):,} kept, {why}" for why, kept in sorted(found.remarks.items())),
        *([f"{gone:,} rows taken in before end with what is left out now"] if gone else []),
    ]


def _load(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Fill the temporary table `sheet` with the rows made for one table."""
    connection.execute("DROP TABLE IF EXISTS sheet")
    connection.execute(
        "CREATE TEMP TABLE sheet AS SELECT row, record, line, fields, problem, NULL::VARCHAR AS content "
        f"FROM read_json({quoted(str(path))}, columns = {_FIELDS}, format = 'newline_delimited', "
        f"maximum_object_size = {64 << 20})"
    )


def _keep_records(connection: duckdb.DuckDBPyConnection, records: Path) -> None:
    """Keep the refused records, addresses hashed, to be mended and imported again.

    A record stands once, at the first of its rows that are refused: an invoice may have ten thousand lines.
    """
    first = dict(
        connection.execute(
            "SELECT record, min(row) FROM sheet JOIN conformed USING (row) WHERE refusal IS NOT NULL GROUP BY record"
        ).fetchall()
    )
    chosen = _chosen(records, first)
    while pairs := list(islice(chosen, PAIRS)):
        rows, texts = zip(*pairs, strict=True)
        connection.execute(
            "UPDATE sheet SET content = kept.content FROM (SELECT unnest(?::BIGINT[]) AS row, "
            "unnest(?::VARCHAR[]) AS content) AS kept WHERE sheet.row = kept.row",
            [list(rows), list(texts)],
        )


def _chosen(records: Path, first: Mapping[int, int]) -> Iterator[tuple[int, str]]:
    """Yield (row, record) of the records that are wanted."""
    if not first:
        return
    with records.open(encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            if number in first:
                yield first[number], PERSON.sub(_hashed, line.rstrip("\n"))[:CONTENT_BYTES]


def _hashed(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[0]
    return "sha256:" + hashlib.sha256(found[0].lower().encode()).hexdigest()


def _end_older(
    connection: duckdb.DuckDBPyConnection, table: Table, identity: str | None, job: LoadJob
) -> None:
    """End the rows in force of a table without a key whose thing, if it has an identity, has another state now."""
    if identity is None:
        return
    named = f"json_extract_string(%s.attributes, {quoted('$.' + identity)})"
    same = " AND ".join(
        f"old.{column} IS NOT DISTINCT FROM new.{column}"
        for column in map(identifier, (*table.names, "attributes"))
    )
    connection.execute(
        f"UPDATE {identifier(table.name)} AS old SET known_to = ? "
        "FROM (SELECT * FROM conformed WHERE refusal IS NULL) AS new "
        f"WHERE old.known_to IS NULL AND {named % 'old'} = {named % 'new'} AND NOT ({same})",
        [job.now],
    )


def _end(
    connection: duckdb.DuckDBPyConnection, table: Table, named: list[tuple[str | None, ...]], job: LoadJob
) -> int:
    """End the rows in force of the things that are left out now; return how many there were."""
    wanted = [each for each in named if None not in each]
    if not wanted or len(table.key) != 1:
        return 0
    ended = connection.execute(
        f"UPDATE {identifier(table.name)} SET known_to = ? WHERE known_to IS NULL "
        f"AND {identifier(table.key[0])} IN (SELECT unnest(?::VARCHAR[])) RETURNING 1",
        [job.now, [each[0] for each in wanted]],
    )
    return len(ended.fetchall())
