"""How is an import taken back, to the state as if it had never been?

Its rows go; what they had replaced holds again; what a later import has met a second time stays, as that import's own.
Rollups, watermarks, routes and the journal follow. A row of a later import that was refused because it contradicted one
of these stays refused: importing that file again brings it in.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from firstcall.errors import UnknownName, UsageError
from firstcall.literals import identifier, moment_literal, quoted
from firstcall.pipeline.loading import journal, reclassify, rollup
from firstcall.pipeline.loading.repeats import content_key
from firstcall.pipeline.loading.upsert import update_watermark
from firstcall.schema.table import Table
from firstcall.schema.tables import TABLES
from firstcall.settings import Settings


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: the imports of one file, how many rows went, were kept as another's, and hold again."""

    imports: tuple[journal.Imported, ...]
    removed: int
    kept: int
    restored: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """One table of the import that goes; `ids` are the numbers of all its parts."""

    connection: duckdb.DuckDBPyConnection
    table: Table
    ids: str
    began: str

    def count(self, sql: str) -> int:
        """Run a statement and return how many rows it changed, or the number it asks for."""
        row = self.connection.execute(sql).fetchone()
        return int(row[0]) if row else 0


def undo(connection: duckdb.DuckDBPyConnection, settings: Settings, number: int) -> Undone:
    """Take back import `number`, all tables that its file filled; runs inside the caller's open transaction.

    Raises UnknownName when there is no such import, UsageError when a later one has to go before.
    """
    every = journal.imports(connection)
    found = next((each for each in every if each.import_id == number), None)
    if found is None:
        known = [str(each.import_id) for each in every]
        raise UnknownName("import", str(number), known, hint="`firstcall imports` lists them.")
    same = tuple(
        each
        for each in every
        if (each.started_at, each.file, each.fingerprint) == (found.started_at, found.file, found.fingerprint)
    )
    ids = ", ".join(str(each.import_id) for each in same)
    removed = kept = restored = 0
    notes: tuple[str, ...] = ()
    for each in same:
        part = _Part(connection, TABLES[each.table], ids, moment_literal(found.started_at))
        taken = _calls(part) if each.table == "calls" else _rows(part)
        removed, kept, restored = removed + taken[0], kept + taken[1], restored + taken[2]
    for name in ("refused", "repeats", "imports"):
        connection.execute(f"DELETE FROM {name} WHERE import_id IN ({ids})")
    for each in same:
        if each.table != "calls":
            update_watermark(connection, TABLES[each.table], settings.program.timezone)
    tables = {each.table for each in same}
    if "endpoints" in tables:
        notes += reclassify.keep_rules(connection, settings)
    elif "calls" in tables:
        notes += reclassify.reclassify(connection, settings)
    return Undone(same, removed, kept, restored, notes)


def _calls(part: _Part) -> tuple[int, int, int]:
    """Take calls back; return how many went, were kept, and hold again."""
    run = part.connection.execute
    run("CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT day, source FROM calls "
        f"WHERE import_id IN ({part.ids}) OR known_to = {part.began}")  # fmt: skip
    restored = part.count(
        "UPDATE calls AS old SET known_to = n.known_to FROM calls AS n WHERE old.call_key = n.call_key "
        f"AND old.known_to = {part.began} AND n.import_id IN ({part.ids})"
    )
    kept = _hand_over(
        part, "call_key", "known_to IS NULL AND call_key NOT IN (SELECT call_key FROM calls "
        f"WHERE known_to IS NULL AND import_id NOT IN ({part.ids}))",
    )  # fmt: skip
    # the rollups are counted without them while their days can still be told
    run(f"UPDATE calls SET known_to = {part.began} WHERE import_id IN ({part.ids})")
    rollup.rebuild(part.connection, "day IN (SELECT day FROM touched)")
    removed = part.count(f"DELETE FROM calls WHERE import_id IN ({part.ids})")
    run("DELETE FROM watermarks WHERE \"table\" = 'calls' AND source IN (SELECT source FROM touched)")
    run(
        'INSERT INTO watermarks ("table", source, first_time, last_time, first_day, last_day, rows) '
        "SELECT 'calls', source, min(time), max(time), min(day), max(day), count(*) FROM calls "
        "WHERE known_to IS NULL AND source IN (SELECT source FROM touched) GROUP BY source"
    )
    run("DROP TABLE touched")
    return removed, kept, restored


def _rows(part: _Part) -> tuple[int, int, int]:
    """Take the rows of a table back; return how many went, were kept, and hold again."""
    name = identifier(part.table.name)
    ended = f"SELECT count(*) FROM {name} WHERE known_to = {part.began}"
    replaced = f"SELECT count(*) FROM {name} WHERE import_id IN ({part.ids}) AND known_to IS NOT NULL"
    if not part.table.key and part.count(ended) and part.count(replaced):
        raise UsageError(
            f"A later import has replaced rows of {part.table.name} that this one brought. Take that one back first; "
            "`firstcall imports` lists them."
        )
    kept = _hand_over(part, content_key(part.table), "true")
    restored = part.count(ended)
    if part.table.key:
        same = " AND ".join(
            f"n.{column} IS NOT DISTINCT FROM old.{column}" for column in map(identifier, part.table.key)
        )
        # what came after an ended row is now the next version of its key that stays, whoever brought it
        part.connection.execute(
            f"UPDATE {name} AS old SET known_to = (SELECT min(CASE WHEN n.import_id IN ({part.ids}) THEN n.known_to "
            f"ELSE n.known_from END) FROM {name} AS n WHERE n.rowid <> old.rowid AND n.known_from >= {part.began} "
            f"AND {same}) WHERE old.known_to = {part.began} AND old.import_id NOT IN ({part.ids})"
        )
    else:
        part.connection.execute(f"UPDATE {name} SET known_to = NULL WHERE known_to = {part.began}")
    removed = part.count(f"DELETE FROM {name} WHERE import_id IN ({part.ids})")
    return removed, kept, restored


def _hand_over(part: _Part, key: str, only: str) -> int:
    """Give rows to the later import that has met most of them again, as many as it has met; return how many."""
    name = quoted(part.table.name)
    table = identifier(part.table.name)
    part.connection.execute(
        "CREATE OR REPLACE TEMP TABLE handed AS WITH met AS (SELECT key, import_id, count(*) AS times FROM repeats "
        f'WHERE "table" = {name} AND import_id NOT IN ({part.ids}) AND key IN (SELECT {key} FROM {table} '
        f"WHERE import_id IN ({part.ids})) GROUP BY ALL), "
        f"own AS (SELECT {key} AS key, import_id, count(*) AS times FROM {table} WHERE known_to IS NULL "
        f"AND import_id NOT IN ({part.ids}) GROUP BY ALL), "
        "wanted AS (SELECT met.key, met.import_id, met.times + coalesce(own.times, 0) - coalesce((SELECT sum(times) "
        "FROM own AS o WHERE o.key = met.key), 0) AS times FROM met LEFT JOIN own USING (key, import_id)), "
        "first AS (SELECT key, arg_min(import_id, (-times, import_id)) AS import_id, max(times) AS times FROM wanted "
        "WHERE times > 0 GROUP BY key), "
        f"places AS (SELECT rowid AS place, {key} AS key, row_number() OVER (PARTITION BY {key} ORDER BY rowid) AS nth "
        f"FROM {table} WHERE import_id IN ({part.ids}) AND ({only})) "
        "SELECT place, key, nth, first.import_id, i.started_at FROM places JOIN first USING (key) "
        'JOIN imports i ON i.import_id = first.import_id AND i."table" = '
        + name
        + " WHERE nth <= first.times"
    )
    moved = part.count(
        f"UPDATE {table} SET import_id = h.import_id, known_from = h.started_at FROM handed h "
        f"WHERE {table}.rowid = h.place"
    )
    if moved:
        part.connection.execute(
            "UPDATE imports SET landed = landed + h.rows, duplicate = duplicate - h.rows FROM (SELECT import_id, "
            "count(*) AS rows FROM handed GROUP BY ALL) AS h WHERE imports.import_id = h.import_id"
        )
        part.connection.execute(
            "DELETE FROM repeats WHERE rowid IN (SELECT r.place FROM (SELECT rowid AS place, key, import_id, "
            "row_number() OVER (PARTITION BY key, import_id ORDER BY rowid) AS nth FROM repeats "
            f'WHERE "table" = {name}) AS r JOIN handed h USING (key, import_id, nth))'
        )
    part.connection.execute("DROP TABLE handed")
    return moved
