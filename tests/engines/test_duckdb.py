"""Does a store open, from its first version on, and is another's store left alone?"""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from firstcall.engines.duckdb import DuckDBEngine, open_store
from firstcall.engines.migrations import MIGRATIONS, SCHEMA_VERSION
from firstcall.errors import StoreBusy, StoreError, StoreTooNew
from firstcall.schema.tables import KEPT_TABLES, TABLES, stored

FIRST = Path(__file__).parents[1] / "samples" / "store" / "version-1.sql"
SHAPE = """
SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal
ORDER BY table_name, column_index
"""


def shape(engine: DuckDBEngine) -> list[tuple[object, ...]]:
    """Return every column of the store with its type, in order."""
    return engine.connection.execute(SHAPE).fetchall()


def test_a_new_store_has_every_table_of_the_schema() -> None:
    """The physical columns are those of `stored`, in order."""
    made: dict[str, list[str]] = {}
    for table, column, _ in shape(open_store(None)):
        made.setdefault(str(table), []).append(str(column))
    assert made == {name: [column.name for column in stored(name)] for name in (*TABLES, *KEPT_TABLES)}


def test_a_store_of_the_first_version_becomes_one_of_today(tmp_path: Path) -> None:
    """Its rows stay and its tables are those of a new store: a change of the schema needs a migration."""
    with duckdb.connect(str(tmp_path / "store.duckdb")) as first:
        first.execute(FIRST.read_text(encoding="utf-8"))
        first.execute("INSERT INTO milestones (date, label) VALUES (DATE '2026-01-01', 'Launch')")
    engine = open_store(tmp_path)
    try:
        assert shape(engine) == shape(open_store(None))
        assert engine.fact("schema_version") == str(SCHEMA_VERSION)
        assert engine.run("SELECT label FROM milestones")[1] == [("Launch",)]
    finally:
        engine.close()


def test_migrations_lead_from_one_version_to_the_next() -> None:
    """Versions count up from one without a gap."""
    assert [version for version, _ in MIGRATIONS] == list(range(1, SCHEMA_VERSION + 1))


def test_a_newer_store_is_refused(tmp_path: Path) -> None:
    """The message names both versions and what to do; the store stays as it was."""
    engine = open_store(tmp_path)
    engine.set_fact("schema_version", str(SCHEMA_VERSION + 1))
    engine.close()
    with pytest.raises(StoreTooNew, match=f"schema version {SCHEMA_VERSION + 1}.*newer firstcall"):
        open_store(tmp_path)
    with duckdb.connect(str(tmp_path / "store.duckdb")) as left:
        assert left.execute("SELECT value FROM store").fetchone() == (str(SCHEMA_VERSION + 1),)


def test_a_database_that_is_no_store_is_left_alone(tmp_path: Path) -> None:
    """A file with somebody's own tables gets none of ours."""
    with duckdb.connect(str(tmp_path / "store.duckdb")) as other:
        other.execute("CREATE TABLE mine (a INTEGER)")
    with pytest.raises(StoreError, match="no firstcall store"):
        open_store(tmp_path)
    with duckdb.connect(str(tmp_path / "store.duckdb")) as other:
        assert other.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("mine",)]


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """Bytes of another kind are named as such, not overwritten."""
    (tmp_path / "store.duckdb").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(tmp_path)
    assert (tmp_path / "store.duckdb").read_bytes().startswith(b"not a database")


def test_a_missing_store_is_not_made_by_asking(tmp_path: Path) -> None:
    """ResolvedQuestion says how to make one and leaves no folder behind."""
    with pytest.raises(StoreError, match="firstcall import"):
        open_store(tmp_path / "nowhere", must_exist=True)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("serving", [None, "http://127.0.0.1:8765"])
def test_a_second_process_is_told_who_owns_the_store(tmp_path: Path, serving: str | None) -> None:
    """The owner's process number, and where to ask when it serves."""
    engine = open_store(tmp_path, serving=serving)
    program = (
        "import sys\nfrom pathlib import Path\nfrom firstcall.engines.duckdb import open_store\n"
        "from firstcall.errors import StoreBusy\n"
        "try:\n    open_store(Path(sys.argv[1]))\nexcept StoreBusy as error:\n    print(error)\n"
    )
    try:
        said = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)], check=True, capture_output=True, text=True
        ).stdout
    finally:
        engine.close()
    assert "owned by" in said
    assert (serving or "process") in said
    open_store(tmp_path).close()
    assert issubclass(StoreBusy, StoreError)


def test_a_locked_connection_reads_no_files(tmp_path: Path) -> None:
    """A serving connection cannot be talked into the file system, nor unlocked."""
    engine = open_store(tmp_path)
    engine.lock()
    for sql in (
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY milestones TO '/tmp/out.csv'",
        "SET enable_external_access = true",
    ):
        with pytest.raises(duckdb.Error):
            engine.run(sql)
    engine.close()


def test_a_sum_beside_a_column_keeps_its_size() -> None:
    """5 sums of about 103 each stand beside numbers up to 3; all 5 are above 5, whatever the engine knows of bounds."""
    store = open_store(None)
    store.connection.execute(
        "CREATE TABLE held AS SELECT i % 5 AS k, i % 7 = 0 AS bad, i % 3 + 1 AS calls FROM range(600) t(i)"
    )
    store.connection.execute("CREATE TABLE other (k INTEGER)")
    _, rows = store.run(
        "SELECT sum(CASE WHEN calls > 5 THEN 1 ELSE 0 END) FROM (SELECT sum(calls) AS calls FROM (SELECT held.calls, "
        "held.k FROM held LEFT JOIN other ON other.k = held.k) WHERE k >= 0 GROUP BY k "
        "UNION ALL SELECT calls FROM held WHERE bad)"
    )
    store.close()
    assert rows == [(5,)]


def test_a_snapshot_reads_one_state() -> None:
    """What is written meanwhile is seen after the block, and a snapshot of a snapshot is the same state."""
    engine = open_store(None)
    count = "SELECT count(*) FROM store"
    with engine.snapshot() as state:
        (before,) = state.run(count)[1]
        engine.set_fact("colour", "green")
        with state.snapshot() as again:
            assert [*state.run(count)[1], *again.run(count)[1]] == [before, before]
    assert engine.run(count)[1] == [(int(str(before[0])) + 1,)]


def test_a_snapshot_cannot_write() -> None:
    """It is there to be read."""
    with open_store(None).snapshot() as state, pytest.raises(duckdb.Error, match="read-only"):
        state.run("DELETE FROM store")


def test_one_writes_at_a_time_in_a_session_of_its_own() -> None:
    """What a writer set for itself, made for itself or left open is gone; the second begins when the first is done."""
    engine, order, second = open_store(None), list[str](), threading.Event()

    def write() -> None:
        with engine.writer() as connection:
            second.set()
            order.append("second")
            assert connection.execute("SELECT current_setting('preserve_insertion_order')").fetchone() == (
                True,
            )
            with pytest.raises(duckdb.CatalogException):
                connection.execute("FROM mine")

    with engine.writer() as connection:
        thread = threading.Thread(target=write)
        thread.start()
        connection.execute("SET SESSION preserve_insertion_order = false")
        connection.execute("BEGIN")
        connection.execute("CREATE TEMP TABLE mine (a INTEGER)")
        connection.execute("INSERT INTO store VALUES ('left', 'open')")
        assert not second.wait(0.2)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
    assert engine.fact("left") is None


def test_what_has_no_offset_is_utc_on_every_cursor() -> None:
    """Whatever zone the machine is in."""
    engine = open_store(None)
    asked = "SELECT current_setting('TimeZone'), hour(CAST(TIMESTAMPTZ '2026-01-01 12:00' AS TIMESTAMP))"
    for connection in (engine.connection, engine.connection.cursor()):
        assert connection.execute(asked).fetchall() == [("UTC", 12)]
