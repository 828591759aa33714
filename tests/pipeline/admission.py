"""What do the tests of admission share: a store in memory, lines admitted in a transaction, and the answers?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from firstcall.engines.duckdb import DuckDBEngine, open_store
from firstcall.pipeline.loading.calls import admit_lines
from firstcall.pipeline.loading.load_job import Counts, LoadJob
from firstcall.settings import Settings
from firstcall.sources.gateways import nginx
from firstcall.sources.source import Source

NOW = datetime(2025, 11, 1)  # noqa: DTZ001 - the store's times are UTC without zone


def line(
    path: str = "/pets/7",
    *,
    user: str = "bob",
    when: str = "10/Oct/2025:13:55:36 +0000",
    status: int = 200,
    method: str = "GET",
    ip: str = "10.1.2.3",
    agent: str = "pets-python/2.1 (linux)",
) -> str:
    """Return an nginx combined line."""
    return f'{ip} - {user} [{when}] "{method} {path} HTTP/1.1" {status} 12 "-" "{agent}"'


@dataclass(slots=True)
class Admission:
    """A store and a folder; `admit` writes lines there and admits them in one transaction."""

    store: DuckDBEngine
    folder: Path
    settings: Settings = field(default_factory=Settings)
    imports: int = 0
    now: datetime = NOW

    def admit(
        self,
        lines: Iterable[str] | bytes,
        source: Source = nginx.SOURCE,
        *,
        name: str = "edge",
        replace: bool = False,
        settings: Settings | None = None,
        options: Mapping[str, str] | None = None,
    ) -> Counts:
        """Admit lines as one file; the counts add up."""
        path = self.folder / "access.log"
        path.write_bytes(lines if isinstance(lines, bytes) else "".join(f"{one}\n" for one in lines).encode())
        self.imports += 1
        job = LoadJob(
            self.imports,
            source.name,
            name,
            "calls",
            path.name,
            self.now,
            settings or self.settings,
            options or {},
            replace=replace,
        )
        connection = self.store.connection
        connection.execute("BEGIN")
        try:
            counts = admit_lines(connection, source, path, job)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
        assert counts.adds_up
        return counts

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Ask the store."""
        return self.store.connection.execute(sql).fetchall()

    def value(self, sql: str) -> object:
        """Ask the store for one value."""
        return self.rows(sql)[0][0]

    def know(self, *endpoints: str, product: str = "pets") -> None:
        """Add endpoints such as `GET /pets/{id}`."""
        for endpoint in endpoints:
            method, route = endpoint.split(" ")
            self.store.connection.execute(
                "INSERT INTO endpoints (product, method, route) VALUES (?, ?, ?)", [product, method, route]
            )


@contextmanager
def admission(folder: Path, settings: Settings | None = None, now: datetime = NOW) -> Iterator[Admission]:
    """Open a store in memory."""
    store = open_store(None)
    try:
        yield Admission(store, folder, settings or Settings(), now=now)
    finally:
        store.close()
