"""How fast is each format of calls imported, against nginx's combined, on the same machine in the same run?

    python benchmarks/sources_speed.py [--rows 200000] [--only SOURCE …]

Every sample of every format is made N rows long: the lines of it that are calls over and over, each with ids and a
path of its own, so that none is a duplicate. Documents are taken apart first; what is measured is the whole import of
one record a line, into a store of its own on disk. Ratios are what holds, those of processor time also where others
use the machine at the same time.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice, takewhile
from pathlib import Path

import duckdb

from firstcall import registry
from firstcall.engines.duckdb import open_store
from firstcall.pipeline.importing import import_files
from firstcall.pipeline.reading.unwrapping import unwrapped
from firstcall.settings import Settings
from firstcall.sources.recognise import values
from firstcall.sources.source import Source

SAMPLES = Path(__file__).resolve().parents[1] / "tests" / "samples"
BASELINE = "nginx", "combined.log"
ROWS = 200_000
MEMORY_MB = 700
LINE_BYTES = 1 << 20
TURN = 10_000
"""Lines that are written at once."""
OPTIONS = {
    "cloudfront/real-time.log": {
        "fields": "timestamp c-ip time-to-first-byte sc-status sc-bytes cs-method cs-protocol cs-host cs-uri-stem "
        "cs-bytes time-taken cs-user-agent origin-lbl"
    },
}
"""What a sample needs said to be read."""
ID = r"[\w./+=-]+"
Line = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one sample's import took: seconds on the clock and of processors."""

    source: str
    sample: str
    read: int
    landed: int
    seconds: float
    processor: float

    @property
    def speed(self) -> float:
        """Rows a second."""
        return self.read / self.seconds


def numbered(word: str, *, path: bool) -> Line:
    """Return what stands for an id or a path in the k-th copy: of its own, and of the same shape."""
    if path:
        return lambda k: f"{word}/{k}"
    if word.isdigit():
        return lambda k: f"{word}{k:08d}"
    if re.fullmatch(r".*[0-9a-f]{12}", word):
        return lambda k: f"{word[:-8]}{k:08x}"
    return lambda k: f"{word}-{k}"


@dataclass(frozen=True, slots=True)
class Row:
    """A line that is a call, with the ids and the paths in it."""

    line: str
    ids: frozenset[str]
    paths: frozenset[str]


def calls(
    source: Source, lines: Sequence[str], payloads: Sequence[str], options: dict[str, str]
) -> tuple[list[str], list[Row]]:
    """Return (comments on top, lines that become calls by them); `payloads` is what the format sees: CSV as JSON."""
    if source.conform is None:
        raise SystemExit(f"{source.name} does not read calls")
    head = [*takewhile(lambda line: line.startswith("#"), payloads)]
    select = source.conform(payloads, options).select
    asked = f"SELECT event_id, request_id, trace_id, split_part(path, '?', 1) FROM ({select}) "
    asked += "WHERE refusal IS NULL AND status IS NOT NULL AND time IS NOT NULL"
    found = []
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for line, payload in zip(lines[len(head) :], payloads[len(head) :], strict=True):
            connection.execute(
                "CREATE OR REPLACE TEMP TABLE lines AS SELECT unnest(CAST(? AS VARCHAR[])) AS line",
                [[*head, payload]],
            )
            held = connection.execute(asked).fetchall()
            names = {part for *given, _ in held for name in given if name for part in re.split("[: ]", name)}
            ids = {word for name in names if re.fullmatch(ID, name) for word in (name, name.upper())}
            paths = {path for *_, path in held if path and path != "/"}
            if held:
                found.append(Row(line, frozenset(ids), frozenset(paths)))
    return head, found


def template(row: Row) -> Line:
    """Return how the k-th copy of a line is written."""
    there = {word: False for word in row.ids if word in row.line}
    there |= {word: True for word in row.paths if word in row.line}
    if not there:
        return lambda _: row.line
    pattern = "|".join(re.escape(word) for word in sorted(there, key=len, reverse=True))
    parts: list[str | Line] = [
        numbered(part, path=there[part]) if part in there else part
        for part in re.split(f"({pattern})", row.line)
        if part
    ]
    return lambda k: "".join(part if isinstance(part, str) else part(k) for part in parts)


def opened(source: Source, file: Path, options: dict[str, str], scratch: Path) -> tuple[list[str], list[Row]]:
    """Return (lines that stand once on top, lines that are calls) of a sample; documents are taken apart."""
    lines = file.read_text(encoding="utf-8").splitlines()
    inside = unwrapped(file, file.name, source, scratch, LINE_BYTES).path
    payloads = inside.read_text(encoding="utf-8").splitlines()
    if lines[0].lstrip().startswith(("{", "[")):
        payloads = [*values(payloads)]
        return calls(source, payloads, payloads, options)
    if source.reads != "csv" or inside == file:
        return calls(source, lines, lines, options)
    head = [] if source.header else lines[:1]
    return head, calls(source, lines[len(head) :], payloads, options)[1]


def make(source: Source, file: Path, options: dict[str, str], rows: int, scratch: Path) -> Path:
    """Write the sample `rows` lines long and return the file."""
    head, found = opened(source, file, options, scratch)
    if not found:
        raise SystemExit(f"no line of {source.name}/{file.name} is a call")
    copies = [template(row) for row in found]
    made = scratch / f"made{file.suffix}"
    written = (copy(k) for k, copy in enumerate(cycle(copies)))
    with made.open("w", encoding="utf-8") as out:
        out.writelines(f"{line}\n" for line in head)
        for start in range(0, rows, TURN):
            out.writelines(f"{line}\n" for line in islice(written, min(TURN, rows - start)))
    return made


def measured(source: Source, file: Path, rows: int) -> Measured:
    """Import a sample made long into a new store, and return what that took."""
    options = OPTIONS.get(f"{source.name}/{file.name}", {})
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        made = make(source, file, options, rows, scratch)
        store = open_store(scratch / "store", memory_mb=MEMORY_MB)
        try:
            start, busy = time.perf_counter(), time.process_time()
            report = import_files(store, Settings(), source.name, [str(made)], options=options)
            took, busy = time.perf_counter() - start, time.process_time() - busy
        finally:
            store.close()
    return Measured(source.name, file.name, report.total.read, report.total.landed, took, busy)


def chosen(only: Sequence[str]) -> list[tuple[Source, Path]]:
    """Return every sample of every format of calls, the one that the others are held against first."""
    formats = {name: source for name, source in registry.sources().items() if source.conform is not None}
    found = [
        (formats[name], file)
        for name in sorted(formats)
        for file in sorted((SAMPLES / name).iterdir())
        if not only or name in only
    ]
    base = formats[BASELINE[0]], SAMPLES / BASELINE[0] / BASELINE[1]
    return [base, *(each for each in found if each[1] != base[1])]


def main() -> int:
    """Measure all of them and print a line for each as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--only", nargs="*", default=())
    asked = parser.parse_args()
    print(f"{asked.rows:,} rows of each, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    heads = f"{'seconds':>9}{'rows/s':>10}{'x nginx':>9}{'CPU s':>8}{'x nginx':>9}"
    print(f"{'source':22}{'sample':26}{'rows':>10}{'landed':>10}{heads}")
    found = chosen(asked.only)
    measured(*found[0], 1000)  # what a process does once is not the first format's own
    base: Measured | None = None
    for source, file in found:
        one = measured(source, file, asked.rows)
        base = base or one
        ratio = base.processor * one.read / one.processor / base.read
        busy = f"{one.processor:>8.2f}{ratio:>9.2f}"
        what = f"{one.source:22}{one.sample:26}{one.read:>10,}{one.landed:>10,}"
        print(f"{what}{one.seconds:>9.2f}{one.speed:>10,.0f}{one.speed / base.speed:>9.2f}{busy}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
