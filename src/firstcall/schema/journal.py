"""What does the product keep about its own work? Imports, refused rows, and facts about the store."""

from __future__ import annotations

from firstcall.schema.table import Column, Table, date, integer, text, time

IMPORTS = Table(
    "imports",
    "journal",
    "One row per imported file, with its accounting: read = landed + duplicate + conflicting + refused + filtered.",
    (
        integer("import_id", "Running number.", required=True),
        text("source", "Format or table the file was read as.", required=True),
        text("name", "Name of the gateway connection (`--from-name`), or the table."),
        text("table", "Table it filled.", required=True),
        text("file", "File as it was named.", required=True),
        text("fingerprint", "SHA-256 of the file's bytes as stored."),
        integer("bytes", "Size of the file."),
        time("started_at", "When the import began.", required=True),
        time("finished_at", "When it was committed.", required=True),
        integer("read", "Rows read.", required=True),
        integer("landed", "Rows added or changed.", required=True),
        integer("duplicate", "Rows that were there already.", required=True),
        integer("conflicting", "Rows whose key was there with other content.", required=True),
        integer("refused", "Rows refused.", required=True),
        integer("filtered", "Rows left out by a rule.", required=True),
        Column("refused_by", "json", 'Refused rows by reason: {"reason": n}.'),
        Column(
            "notes", "json", "What the import wants known: unknown columns, assumed zones, inclusive ends."
        ),
        Column("options", "json", 'What the import was told by options: {"name": "value"}.'),
    ),
    key=("import_id",),
)

REFUSED = Table(
    "refused",
    "journal",
    "One row per refused or conflicting row, with what is needed to mend and re-import it.",
    (
        integer("import_id", "Import that met it.", required=True),
        text("source", "Format or table.", required=True),
        text("file", "File.", required=True),
        integer("line", "Physical line or row number, from 1."),
        text(
            "verdict", "Refused, or in conflict with what is there.", "refused", "conflicting", required=True
        ),
        text("reason", "Why, in a few words that can be counted.", required=True),
        text("detail", "What was found and what to do."),
        text("content", "The row as it was read, cut at 64 KiB, secrets masked."),
    ),
)

REPEATS = Table(
    "repeats",
    "journal",
    "One row per row of an import that was there already, so that it stays when the earlier import is taken back.",
    (
        integer("import_id", "Import that met it again.", required=True),
        text("table", "Table it is in.", required=True),
        Column("key", "key", "Key of the call, or of the content of the row.", required=True),
    ),
)

STORE = Table(
    "store",
    "journal",
    "Facts about the store itself, one row per name.",
    (
        text("name", "schema_version, created_by, rollup_zone, …", required=True),
        text("value", "Its value.", required=True),
    ),
    key=("name",),
)

WATERMARKS = Table(
    "watermarks",
    "journal",
    "The latest row of each source, kept so that asking for it costs nothing.",
    (
        text("table", "calls or another table.", required=True),
        text("source", "Gateway connection, or the table.", required=True),
        time("first_time", "Earliest row."),
        time("last_time", "Latest row."),
        date("first_day", "Local day of the earliest row."),
        date("last_day", "Local day of the latest row."),
        integer("rows", "Rows."),
    ),
    key=("table", "source"),
)

TABLES = (IMPORTS, REFUSED, REPEATS, STORE, WATERMARKS)
