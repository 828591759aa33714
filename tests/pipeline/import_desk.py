"""What do the import tests share: a store in memory, a file put on disk, and what the store says afterwards?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from firstcall.engines.duckdb import DuckDBEngine, open_store
from firstcall.pipeline.importing import ImportReport, import_files
from firstcall.pipeline.loading.load_job import Counts
from firstcall.settings import Program, Settings

PARTNERS = "partner_id,name,registered_at\n"


@dataclass(frozen=True, slots=True)
class ImportDesk:
    """A store and a folder; `take` writes a file there and imports it."""

    store: DuckDBEngine
    folder: Path
    settings: Settings = field(default_factory=Settings)

    def put(self, name: str, content: str | bytes) -> str:
        """Write a file and return its name."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def take(
        self,
        source: str,
        content: str | bytes,
        file: str = "file.csv",
        *,
        replace: bool = False,
        dry_run: bool = False,
        options: dict[str, str] | None = None,
    ) -> ImportReport:
        """Write a file and import it."""
        name = self.put(file, content)
        return import_files(
            self.store, self.settings, source, [name], replace=replace, dry_run=dry_run, options=options
        )

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Ask the store."""
        return self.store.connection.execute(sql).fetchall()


@contextmanager
def desk(folder: Path, zone: str = "UTC") -> Iterator[ImportDesk]:
    """Open a store in memory for a program in `zone`."""
    store = open_store(None)
    try:
        yield ImportDesk(store, folder, Settings(program=Program(timezone=zone)))
    finally:
        store.close()


def outcome(counts: Counts) -> tuple[int, int, int, int, int]:
    """Return (read, landed, duplicate, conflicting, refused)."""
    return counts.read, counts.landed, counts.duplicate, counts.conflicting, sum(counts.refused.values())
