"""How do calls get into the store: once each, judged by the settings, refused with a reason when they cannot?"""

from __future__ import annotations

from pathlib import Path

import duckdb

from firstcall.pipeline.job import Counts, Job
from firstcall.sources.source import Source


def admit_lines(connection: duckdb.DuckDBPyConnection, source: Source, path: Path, job: Job) -> Counts:
    """Read the file at `path` (plain text, already decompressed) in the format of `source` and admit its calls.

    Runs inside the caller's open transaction and never commits. Raises ImportRefused when the file as a whole
    cannot be read as this format.
    """
    raise NotImplementedError


def admit_calls(
    connection: duckdb.DuckDBPyConnection, conformed: str, job: Job, *, numbered: str | None = None
) -> Counts:
    """Admit the calls that the SELECT `conformed` returns: columns of `calls`, host, refusal, refusal_detail, content.

    `numbered` is a SELECT of (line_number BIGINT, content VARCHAR) over the same file, read only when a row was
    refused; without it refused rows have no line. Runs inside the caller's open transaction and never commits.
    """
    raise NotImplementedError
