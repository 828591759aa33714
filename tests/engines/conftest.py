"""Which engines run in tests? The embedded one, and ClickHouse's in process; one of each for the whole run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chdb.session import Session

from firstcall.engines.clickhouse import ClickHouseEngine
from firstcall.engines.duckdb import DuckDBEngine, open_store


@pytest.fixture(scope="session")
def clickhouse() -> Iterator[ClickHouseEngine]:
    """Return ClickHouse with every table, empty; a process can hold one such session."""
    session = Session()  # type: ignore[no-untyped-call]  # chdb ships no types
    try:
        engine = ClickHouseEngine(lambda sql: bytes(session.query(sql, "CSV").bytes()))  # type: ignore[no-untyped-call]
        engine.create_tables("Memory")
        yield engine
    finally:
        session.close()  # type: ignore[no-untyped-call]


@pytest.fixture(scope="session")
def duckdb() -> Iterator[DuckDBEngine]:
    """Return an embedded store with every table, empty."""
    engine = open_store(None)
    yield engine
    engine.close()
