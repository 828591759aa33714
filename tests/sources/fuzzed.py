"""Where do broken files come from, and what must hold of each, whatever became of it?"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from firstcall.engines.duckdb import open_store
from firstcall.errors import ImportRefused, UsageError
from firstcall.pipeline.importing import ImportReport, import_files
from firstcall.schema import TABLES
from firstcall.settings import Settings

SAMPLES = Path(__file__).parents[1] / "samples"
INPUTS = int(os.environ.get("FIRSTCALL_FUZZ", "2000"))
"""Broken lines, records or documents a parser."""
FAULT = "please report"
"""What the program says when the fault is its own."""
Record = Callable[[str, object], None]
"""Pytest's `record_property`: what a run made is in its report."""


def samples(name: str) -> list[Path]:
    """Return the sample files of a format."""
    folder = SAMPLES / name
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []


@cache
def documents(path: Path) -> tuple[Any, ...]:
    """Return the JSON values of a sample: one a line, or the items of the one document that it is; none of text."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if not text.lstrip("\ufeff \n").startswith(("{", "[")):
        return ()
    with suppress(ValueError):
        value = json.loads(text)
        return tuple(value) if isinstance(value, list) else (value,)
    values = []
    for line in text.splitlines():
        with suppress(ValueError):
            values.append(json.loads(line))
    return tuple(values)


@cache
def lines_of(path: Path) -> tuple[bytes, ...]:
    """Return the lines of a sample that are not blank; of a document over several lines, each of its items as one."""
    lines = tuple(line.rstrip(b"\r") for line in path.read_bytes().split(b"\n") if line.strip())
    with suppress(ValueError):
        if len(lines) > 1 and json.loads(b"".join(lines)):
            return tuple(json.dumps(value).encode() for value in documents(path))
    return lines


def held_to_account(file: Path, source: str, options: Mapping[str, str] | None = None) -> ImportReport | str:
    """Import a file into a scratch store; return the report, or why the file was refused as a whole.

    Every row read is accounted for, what landed is in the store, and so is what was refused, each with its reason.
    """
    store = open_store(None)
    try:
        report = import_files(store, Settings(), source, [str(file)], options=options)
        tables = " + ".join(f'(SELECT count(*) FROM "{table}")' for table in TABLES)
        kept = "SELECT verdict, count(*) FROM refused WHERE reason <> '' GROUP BY ALL"
        landed = store.connection.execute(f"SELECT {tables}").fetchone()
        refused = dict(store.connection.execute(kept).fetchall())
    except (ImportRefused, UsageError) as error:
        return str(error)
    finally:
        store.close()
    assert report.total.adds_up, report.total
    assert landed == (report.total.landed,), report.total
    assert refused.get("refused", 0) == sum(report.total.refused.values()), report.total
    return report
