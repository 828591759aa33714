"""How does the embedded engine keep the store and answer? One process, one file, one transaction per import."""

from __future__ import annotations

import json
import os
import re
import threading
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from firstcall.engines.lowering import DUCKDB, Dialect
from firstcall.engines.migrations import MIGRATIONS, SCHEMA_VERSION
from firstcall.errors import StoreBusy, StoreError, StoreTooNew
from firstcall.literals import identifier
from firstcall.schema.tables import KEPT_TABLES, TABLES, stored

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from firstcall.engines.engine import Row
    from firstcall.schema.table import Column

TYPES = {
    "text": "VARCHAR",
    "time": "TIMESTAMP",
    "date": "DATE",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "money": "DECIMAL(24, 6)",
    "rate": "DECIMAL(24, 10)",
    "boolean": "BOOLEAN",
    "json": "VARCHAR",
    "key": "HUGEINT",
}
_NARROW = {"status": "SMALLINT", "hour": "TINYINT", "latency_bucket": "SMALLINT"}
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "v1.5.0",
    "disabled_optimizers": "statistics_propagation",
    "wal_autocheckpoint": "128MB",
}
"""Files are written so that both DuckDB 1.5 and 2.x open them. Bounds of columns are not carried through queries:
up to 2.0.0 the bounds of one side of a UNION ALL pass for those of both when the other's are not known, and a
condition on such a column can be decided, wrongly, before a row is read. By default the log of changes would be taken
into the file after every other import, which rewrites what is half full."""
_FILE = "store.duckdb"
_OWNER = "owner.json"


def column_type(column: Column) -> str:
    """Return the engine's type of a column."""
    if column.kind == "integer" and column.name in _NARROW:
        return _NARROW[column.name]
    return TYPES[column.kind]


def create(name: str) -> str:
    """Return the statement that makes the physical table called `name`."""
    columns = ", ".join(f"{identifier(column.name)} {column_type(column)}" for column in stored(name))
    return f"CREATE TABLE {identifier(name)} ({columns})"


@dataclass(frozen=True, slots=True)
class DuckDBSnapshot:
    """One state of an open store: every query runs in the transaction that `cursor` has begun."""

    cursor: duckdb.DuckDBPyConnection
    dialect: Dialect = DUCKDB

    def run(self, sql: str) -> tuple[tuple[str, ...], Sequence[Row]]:
        """Run a query on the state; return column names and rows."""
        return fetched(self.cursor, sql)

    def reader(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """Give the cursor that reads this state."""
        return nullcontext(self.cursor)

    def snapshot(self) -> AbstractContextManager[DuckDBSnapshot]:
        """Give this state again."""
        return nullcontext(self)


@dataclass(frozen=True, slots=True)
class DuckDBEngine:
    """An open store. `connection` owns it; every query, every snapshot and every writer has a cursor of its own."""

    connection: duckdb.DuckDBPyConnection
    folder: Path | None = None
    dialect: Dialect = DUCKDB
    _writing: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)

    def run(self, sql: str) -> tuple[tuple[str, ...], Sequence[Row]]:
        """Run a query on a cursor of its own; return column names and rows."""
        with self.reader() as cursor:
            return fetched(cursor, sql)

    def reader(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """Give a new cursor, closed when the block ends."""
        return self.connection.cursor()

    @contextmanager
    def writer(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a new cursor to one at a time; others wait until the block ends, and what it left open is taken back.

        Settings of its session and temporary tables are its own. Who writes may change a setting of the database, and
        puts it back as it was.
        """
        with self._writing, self.connection.cursor() as cursor:
            yield cursor

    @contextmanager
    def snapshot(self) -> Iterator[DuckDBSnapshot]:
        """Give the state that the store is in at the first query; imports go on meanwhile and are not seen."""
        with self.reader() as cursor:  # to close it ends its transaction
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            yield DuckDBSnapshot(cursor)

    def fact(self, name: str) -> str | None:
        """Return what the store says of itself under `name`."""
        with self.reader() as cursor:
            found = cursor.execute("SELECT value FROM store WHERE name = ?", [name]).fetchone()
        return None if found is None else str(found[0])

    def set_fact(self, name: str, value: str) -> None:
        """Write down what the store says of itself under `name`."""
        self.connection.execute("DELETE FROM store WHERE name = ?", [name])
        self.connection.execute("INSERT INTO store VALUES (?, ?)", [name, value])

    def lock(self) -> None:
        """Close the doors of a serving connection: no files, no settings, no extensions from SQL."""
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET lock_configuration = true")

    def close(self) -> None:
        """Give the store back."""
        self.connection.close()
        if self.folder is not None:
            with suppress(FileNotFoundError):
                (self.folder / _OWNER).unlink()


def fetched(cursor: duckdb.DuckDBPyConnection, sql: str) -> tuple[tuple[str, ...], Sequence[Row]]:
    """Return the column names and rows of a query."""
    result = cursor.execute(sql)
    return tuple(str(column[0]) for column in result.description or ()), result.fetchall()


def open_store(
    folder: Path | None,
    *,
    memory_mb: int = 768,
    threads: int = 0,
    serving: str | None = None,
    must_exist: bool = False,
) -> DuckDBEngine:
    """Open the store in `folder` (None keeps it in memory), make or migrate its tables, and own it.

    `serving` is the address another process is told to ask while this one owns the store.
    Raises StoreBusy, StoreTooNew or StoreError.
    """
    if folder is not None:
        if must_exist and not (folder / _FILE).exists():
            raise StoreError(
                f"There is no store in {folder}. `firstcall import …` makes one, `firstcall demo` a full one."
            )
        _make(folder)
    connection = _connect(folder)
    connection.execute(f"SET memory_limit = '{memory_mb}MB'")
    if threads:
        connection.execute(f"SET threads = {threads}")
    # a time without an offset is UTC on every cursor, whatever zone the machine is in
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    engine = DuckDBEngine(connection, folder)
    try:
        _prepare(engine)
    except BaseException:
        connection.close()
        raise
    if folder is not None:
        owner = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(), "serving": serving}
        (folder / _OWNER).write_text(json.dumps(owner), encoding="utf-8")
    return engine


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The store's folder {folder} cannot be made: {error.strerror}.") from error


def _connect(folder: Path | None) -> duckdb.DuckDBPyConnection:
    if folder is None:
        return duckdb.connect(":memory:", config=CONFIG)
    try:
        return duckdb.connect(str(folder / _FILE), config=CONFIG)
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise StoreBusy(_who_owns(folder, str(error))) from error
        raise StoreError(f"The store in {folder} cannot be opened: {error}") from error
    except duckdb.Error as error:
        raise StoreError(f"The store in {folder} cannot be opened: {error}") from error


def _who_owns(folder: Path, said: str) -> str:
    """Say which process owns the store and what to do about it."""
    pid = re.search(r"PID (\d+)", said)
    owner: dict[str, object] = {}
    with suppress(OSError, ValueError):
        owner = json.loads((folder / _OWNER).read_text(encoding="utf-8"))
    number = pid.group(1) if pid else owner.get("pid", "unknown")
    where = owner.get("serving")
    if where:
        return (
            f"The store in {folder} is owned by `firstcall serve` (process {number}). "
            f"Ask it at {where}, or stop it first."
        )
    return f"The store in {folder} is owned by process {number}. Wait until it is done, or stop it first."


def _prepare(engine: DuckDBEngine) -> None:
    """Make the tables of a new store, bring an older one up to date, refuse a newer one."""
    connection = engine.connection
    known = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if "store" not in known:
        if known:
            raise StoreError("The file is a database, but no firstcall store. Point [store] path elsewhere.")
        connection.execute("BEGIN")
        for name in (*TABLES, *KEPT_TABLES):
            connection.execute(create(name))
        engine.set_fact("schema_version", str(SCHEMA_VERSION))
        connection.execute("COMMIT")
        return
    version = int(engine.fact("schema_version") or 0)
    if version > SCHEMA_VERSION:
        raise StoreTooNew(
            f"The store has schema version {version}; this program knows up to {SCHEMA_VERSION}. "
            "Use the newer firstcall that wrote it, or import into a new store."
        )
    for number, statements in MIGRATIONS[version:]:
        connection.execute("BEGIN")
        for statement in statements:
            connection.execute(statement)
        engine.set_fact("schema_version", str(number))
        connection.execute("COMMIT")
