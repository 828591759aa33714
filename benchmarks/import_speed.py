"""How fast is an nginx log imported, against GoAccess and `wc -l` on the same file in the same run?

Usage: import_speed.py [LINES] [MEMORY_MB]. Each contender is a process of its own; memory is the peak the kernel saw.
Ratios are what holds: seconds depend on the machine and on who else uses it.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
LINES = 5_000_000
MEMORY_MB = 700

PARSE = """
import sys, tempfile
from pathlib import Path
import duckdb
from firstcall.pipeline.reading.text_lines import open_lines
from firstcall.sources.gateways.nginx import SOURCE
with duckdb.connect() as c, tempfile.TemporaryDirectory() as scratch:
    c.execute("SET TimeZone = 'UTC'"); c.execute(f"SET memory_limit = '{sys.argv[2]}MB'")
    lines = open_lines(c, Path(sys.argv[1]), 1 << 20, Path(scratch))
    select = SOURCE.conform(lines.sample, {}).select
    names = [d[0] for d in c.execute(f"{select} LIMIT 0").description if d[0] != "content"]
    c.execute(f"SELECT count(*), {', '.join(f'max({n})' for n in names)} FROM ({select})").fetchall()
"""
WHOLE = """
import sys
from pathlib import Path
from firstcall.engines.duckdb import open_store
from firstcall.pipeline.importing import import_files
from firstcall.settings import Settings
store = open_store(Path(sys.argv[3]), memory_mb=int(sys.argv[2]))
report = import_files(store, Settings(), "nginx", [sys.argv[1]])
store.close()
assert report.total.landed > 0.99 * report.total.read, report.total
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a process took: seconds on the clock and of processors, peak memory in MB."""

    name: str
    seconds: float
    processor: float
    memory: float


def run(name: str, command: Sequence[str]) -> Run:
    """Run a command to its end; its output is dropped, a failure ends the benchmark."""
    start = time.perf_counter()
    quiet = os.open(os.devnull, os.O_WRONLY)
    actions = [(os.POSIX_SPAWN_DUP2, quiet, 1)]
    pid = os.posix_spawnp(command[0], tuple(command), os.environ, file_actions=actions)
    _, status, usage = os.wait4(pid, 0)
    os.close(quiet)
    if status:
        raise SystemExit(f"{name} failed: {' '.join(command[:2])}")
    return Run(name, time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def contenders(log: Path, folder: Path, memory: int) -> list[Run]:
    """Run all of them on the file."""
    python = [sys.executable, "-c"]
    report = str(folder / "report.json")
    found = [run("wc -l", ["wc", "-l", str(log)])]
    found.append(run("firstcall, parse alone", [*python, PARSE, str(log), str(memory)]))
    found.append(run("firstcall, whole", [*python, WHOLE, str(log), str(memory), str(folder / "store")]))
    if shutil.which("goaccess"):
        command = ["goaccess", str(log), "--log-format=COMBINED", "--no-progress", "-o", report]
        found.append(run("goaccess", command))
    return found


def main(arguments: Sequence[str]) -> int:
    """Make the log, run everything, print the table."""
    count = int(arguments[0]) if arguments else LINES
    memory = int(arguments[1]) if len(arguments) > 1 else MEMORY_MB
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        log = Path(os.environ.get("FIRSTCALL_BENCH_LOG", folder / "access.log"))
        if not log.exists():
            run("make", [sys.executable, str(HERE / "make_nginx_log.py"), str(log), str(count)])
        with log.open("rb") as raw:
            count = sum(chunk.count(b"\n") for chunk in iter(lambda: raw.read(1 << 20), b""))
        found = contenders(log, folder, memory)
        peer = next((one for one in found if one.name == "goaccess"), None)
        size = log.stat().st_size / 1e6
        print(f"{count:,} lines, {size:,.0f} MB, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        heads = f"{'seconds':>9}{'lines/s':>12}{'CPU s':>8}{'MB':>7}{'x GoAccess':>12}{'per CPU s':>11}"
        print(f"{'':24}{heads}")
        for one in found:
            against = (
                f"{peer.seconds / one.seconds:>12.1f}{peer.processor / one.processor:>11.1f}" if peer else ""
            )
            speed = f"{one.seconds:>9.2f}{count / one.seconds:>12,.0f}"
            print(f"{one.name:24}{speed}{one.processor:>8.1f}{one.memory:>7.0f}{against}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
