"""How do rows become a file that opens anywhere: CSV, JSON, NDJSON or Parquet, by its suffix?"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from firstcall.cli.terminal import plain
from firstcall.errors import FirstcallError, UsageError
from firstcall.literals import identifier, quoted
from firstcall.web.csv import harmless

Rows = Iterable[Sequence[object]]


def export(file: Path, columns: Sequence[str], rows: Rows, *, raw: bool = False) -> int:
    """Write every row and return how many there were; nothing is cut.

    The file is complete or not there. A CSV cell that a spreadsheet would compute gets an apostrophe in front,
    unless it is a number, or `raw` is set. Raises UsageError for a suffix that has no writer.
    """
    if (write := WRITERS.get(file.suffix.lower())) is None:
        raise UsageError(f"{file} has no suffix that says how to write it; use {', '.join(WRITERS)}.")
    with whole(file) as part:
        return write(part, columns, rows if raw else _defused(file, rows))


@contextmanager
def whole(file: Path) -> Iterator[Path]:
    """Give a path beside `file` to write to; it takes the file's place when the block ends without an error."""
    part = file.with_name(f".{file.name}.part")
    try:
        try:
            yield part
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise FirstcallError(f"{file} cannot be written: {error.strerror or error}.") from error


def _defused(file: Path, rows: Rows) -> Rows:
    return ([defuse(cell) for cell in row] for row in rows) if file.suffix.lower() == ".csv" else rows


def defuse(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    return harmless(cell) if isinstance(cell, str) else cell


def _csv(file: Path, columns: Sequence[str], rows: Rows) -> int:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        return sum(1 for _ in map(writer.writerow, (map(_cell, row) for row in rows)))


def _cell(value: object) -> object:
    return value if isinstance(value, str | int | float | None) else plain(value)


def _ndjson(file: Path, columns: Sequence[str], rows: Rows) -> int:
    with file.open("w", encoding="utf-8") as out:
        return sum(1 for _ in map(out.write, (f"{line}\n" for line in _objects(columns, rows))))


def _json(file: Path, columns: Sequence[str], rows: Rows) -> int:
    count = 0
    with file.open("w", encoding="utf-8") as out:
        out.write("[")
        for count, line in enumerate(_objects(columns, rows), 1):
            out.write(f"{',' if count > 1 else ''}\n{line}")
        out.write("\n]\n")
    return count


def _objects(columns: Sequence[str], rows: Rows) -> Iterator[str]:
    for row in rows:
        yield json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=plain)


def _parquet(file: Path, columns: Sequence[str], rows: Rows) -> int:
    # duckdb takes a while to load, and only this writer needs it
    import duckdb

    with TemporaryDirectory() as scratch, duckdb.connect() as connection:
        lines = Path(scratch) / "rows.ndjson"
        count = _ndjson(lines, columns, rows)
        if count:
            read = f"SELECT * FROM read_json({quoted(str(lines))}, format = 'newline_delimited', sample_size = -1)"
        else:
            read = f"SELECT {', '.join(_empty(column) for column in columns)} WHERE false"
        connection.execute(f"COPY ({read}) TO {quoted(str(file))} (FORMAT parquet, COMPRESSION zstd)")
    return count


def _empty(column: str) -> str:
    return f"NULL::VARCHAR AS {identifier(column)}"


WRITERS: dict[str, Callable[[Path, Sequence[str], Rows], int]] = {
    ".csv": _csv,
    ".json": _json,
    ".ndjson": _ndjson,
    ".parquet": _parquet,
}
"""How each suffix is written: (file, columns, rows) → number of rows."""
