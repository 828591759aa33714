"""What becomes of a file that was imported before, and is now read in another way?"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

from firstcall.errors import ImportRefused
from firstcall.pipeline.loading import journal
from firstcall.pipeline.loading.load_job import LoadJob
from firstcall.pipeline.loading.undo import undo

MAPPING_SAYS = "mapping_says"
"""What is written down beside the name of a mapping file: what it said."""


def told(options: Mapping[str, str]) -> Mapping[str, str]:
    """Return the options with what tells one state of a mapping file from another."""
    path = Path(options.get("mapping", ""))
    if not path.is_file():
        return options
    return {**options, MAPPING_SAYS: hashlib.sha256(path.read_bytes()).hexdigest()[:12]}


def take_place(
    connection: duckdb.DuckDBPyConnection,
    job: LoadJob,
    fingerprint: str,
    tables: Collection[str],
    name: str | None,
) -> tuple[str, ...]:
    """See that no call counts twice because its file was read as something else before; return what has to be said.

    With `--replace` the earlier import is taken back. `name` is the connection that the user has named: the same file
    may well be that of another one. Raises ImportRefused when calls would count twice.
    """
    before = tuple(
        each for each in journal.otherwise(connection, job, fingerprint, tables) if name in {None, each.name}
    )
    if not before:
        return ()
    numbers = ", ".join(sorted({str(each.import_id) for each in before}))
    if job.replace:
        gone: set[int] = set()
        for each in before:
            if each.import_id not in gone:
                gone |= {one.import_id for one in undo(connection, job.settings, each.import_id).imports}
        return (f"took the place of import {numbers}",)
    if "calls" in tables and any(each.counts.landed for each in before):
        how = "with other options" if before[0].source == job.source else f"as {before[0].source}"
        raise ImportRefused(
            f"{job.file}: imported before, {how} (import {numbers}); its calls would count twice. With --replace this "
            "import takes the place of that one."
        )
    return (f"this file was read otherwise before (import {numbers}); with --replace this takes its place",)
