"""Which rows has an import met that were there already?

They stay when the import that brought them is taken back.
"""

from __future__ import annotations

import duckdb

from firstcall.literals import identifier, quoted
from firstcall.pipeline.conforming.call_select import key
from firstcall.pipeline.loading.load_job import LoadJob
from firstcall.schema.table import Table


def content_key(table: Table) -> str:
    """Return the SQL of the key of a row's content, whatever its key."""
    columns = ", ".join(f"{name} := {name}" for name in map(identifier, (*table.names, "attributes")))
    return key(f"CAST(to_json(struct_pack({columns})) AS VARCHAR)")


def note_repeats(connection: duckdb.DuckDBPyConnection, job: LoadJob, select: str) -> None:
    """Write down the keys that a SELECT gives, one for every row that was there already."""
    connection.execute(
        f'INSERT INTO repeats (import_id, "table", key) SELECT {job.import_id}, {quoted(job.table)}, * FROM ({select})'
    )
