"""How does a test start a real gateway, stop it, and hold its log against what was sent?"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from firstcall.pipeline.importing import ImportReport
from firstcall.program import Program
from firstcall.settings import Settings
from firstcall.settings.model import Privacy
from tests.gateways.traffic import AGENT, IMPATIENCE, MANY, REPEATED, TOKEN, Call, Heard
from tests.gateways.upstream import ADDRESSES, listening

SERVERS = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
"""Debian keeps servers out of the path of those who are not root."""
OUTCOMES = {
    200: "success", 201: "success", 204: "success", 304: "redirect", 400: "client_error", 401: "client_error",
    404: "client_error", 429: "client_error", 499: "timeout", 500: "server_error", 502: "server_error",
    503: "server_error", 504: "timeout", 0: "timeout",
}  # fmt: skip
SHOWN = "!#$%&'()*+,-./:;<=>?@[]^_`~"
"""Signs that a path may hold as they are; quotes, backslashes, braces, bars and bytes are compared percent-encoded."""
HEX = re.compile("%[0-9a-f]{2}")
PAUSE = 0.3
"""Seconds by which clocks of two processes on a busy machine may disagree."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """What a gateway was sent, what it answered, and the logs it wrote of that by the name of their format."""

    calls: tuple[Call, ...]
    heard: Mapping[str, Heard]
    logs: Mapping[str, Path]

    @property
    def lines(self) -> int:
        """How many calls the gateway should have written down."""
        return sum(call.status is not None for call in self.calls) + REPEATED


@contextmanager
def running(
    command: Sequence[str],
    port: int,
    folder: Path,
    *,
    stop: signal.Signals,
    zone: str = "UTC",
    addresses: Sequence[str] = ADDRESSES,
    more: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a gateway in the foreground until the block ends; `stop` lets it finish what it is doing.

    Its output goes to the file output.log. Fails, with all it said, when it is not there or does not listen on the
    port on all addresses. `more` is added to its environment.
    """
    program = shutil.which(command[0], path=SERVERS)
    assert program, f"{command[0]} is not installed; tests/setup.sh installs it"
    own = {**os.environ, "TZ": zone, "HOME": str(folder), "XDG_DATA_HOME": str(folder), **more}
    said = folder / "said.log"
    with (
        said.open("wb") as errors,
        folder.joinpath("output.log").open("wb") as out,
        subprocess.Popen([program, *command[1:]], stdout=out, stderr=errors, env=own, cwd=folder) as process,
    ):
        try:
            assert listening(port, addresses), said.read_text(encoding="utf-8", errors="replace")
            yield process
            process.send_signal(stop)
            process.wait(timeout=20)
        finally:
            process.kill()


@contextmanager
def imported(
    source: str, files: Iterable[Path], **options: str
) -> Iterator[tuple[Program, tuple[ImportReport, ...]]]:
    """Import the files, one after the other, through the product's own import into a store in memory."""
    settings = Settings(privacy=Privacy(store_client_ip=True))
    with Program.open(settings, memory=True) as program:
        yield (
            program,
            tuple(program.import_files(source, [str(file)], options=options) for file in files),
        )


def rows(program: Program) -> list[Row]:
    """Return every call in the store."""
    names, found = program.engine.run("SELECT * FROM calls WHERE known_to IS NULL ORDER BY time")
    return [dict(zip(names, row, strict=True)) for row in found]


def by_name(program: Program) -> dict[str, Row]:
    """Return the row of each call that named itself and was made once."""
    return {row["sdk_version"]: row for row in rows(program) if f"{row['sdk']}/" == AGENT}


def sent(calls: Iterable[Call], *, names: bool = True) -> Counter[tuple[object, ...]]:
    """Return what the store must hold: (name, method, path, status, outcome) → how often."""
    expected: Counter[tuple[object, ...]] = Counter()
    for call, often in ((MANY, REPEATED), *((call, 1) for call in calls)):
        if call.status is not None:
            method = "_OTHER" if call.raw is not None or call.method == "BREW" else call.method
            name = call.name if names and call.raw is None and not call.nameless else None
            path = (call.target if call.path is None else call.path) or None
            expected[name, method, path, call.status, call.outcome or OUTCOMES[call.status]] += often
    return expected


def held(program: Program, *, names: bool = True) -> Counter[tuple[object, ...]]:
    """Return the same of what the store holds; paths as they would be percent-encoded."""
    return Counter(
        (
            row["sdk_version"] if names else None,
            row["method"],
            row["path"] and HEX.sub(lambda hex_: hex_[0].upper(), quote(row["path"], safe=SHOWN)),
            row["status"],
            row["outcome"],
        )
        for row in rows(program)
    )


def check_answers(run: Run) -> None:
    """See that the client heard what the calls are expected to become, where it stayed to hear it."""
    other = {
        call.name: run.heard[call.name].status
        for call in run.calls
        if call.leaves is None and call.status is not None and run.heard[call.name].status != call.status
    }
    assert other == {}


def check_accounting(
    program: Program, report: ImportReport, run: Run, refused: Mapping[str, int] = MappingProxyType({})
) -> None:
    """See that every line is accounted for, none refused but those expected, no secret kept."""
    total = report.total
    assert total.adds_up
    assert (total.landed, total.refused, total.conflicting) == (run.lines, refused, 0)
    for table in ("calls", "refused"):
        _, found = program.engine.run(f"SELECT * FROM {table}")
        assert TOKEN not in str(found)


def check_times(program: Program, run: Run, *, resolution: float) -> None:
    """See that every call began when it was sent, by a clock that counts in `resolution` seconds."""
    for name, row in by_name(program).items():
        if name in run.heard:
            early = run.heard[name].began - timedelta(seconds=resolution + 0.01)
            late = run.heard[name].began + timedelta(seconds=run.heard[name].seconds + PAUSE)
            assert early <= row["time"] <= late, name


def check_latency(program: Program, run: Run) -> None:
    """See that latencies are at least what the service slept, and not above what the client waited."""
    found = by_name(program)
    for call in run.calls:
        if call.name in found and call.leaves is None:
            least = min(call.sleeps, IMPATIENCE) * 1000 - 5
            most = (run.heard[call.name].seconds + PAUSE) * 1000
            assert least <= found[call.name]["latency_ms"] <= most, call.name
    order = ("slow", "slower", "timed-out")
    assert sorted(order, key=lambda name: float(found[name]["latency_ms"])) == list(order)


def check_bytes(program: Program, run: Run, *, whole: bool = False) -> None:
    """See that response_bytes is the body the client received, or all it received when `whole`."""
    found = by_name(program)
    heard = {
        name: one.size if whole else one.body for name, one in run.heard.items() if one.status is not None
    }
    other = {
        name: (found[name]["response_bytes"], size)
        for name, size in heard.items()
        if name in found and found[name]["response_bytes"] != size
    }
    assert other == {}
