"""How far is it, how fast does it go, and how long will it take?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from firstcall.cli.escapes import clean
from firstcall.cli.terminal import Terminal

if TYPE_CHECKING:
    from firstcall.pipeline.importing import Progress

READING = "reading"
"""The stage in which bytes are counted; what follows is the engine's work on the whole file."""


@contextmanager
def progress(terminal: Terminal) -> Iterator[Callable[[Progress], None]]:
    """Show a bar with rate, elapsed and remaining time on stderr while the block runs, if somebody looks there.

    The bar counts files; a single one moves while it is read and pulses while the engine takes it in.
    """
    if terminal.quiet or not terminal.err.is_terminal:
        yield lambda _: None
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=terminal.err, transient=True) as bar:
        task = bar.add_task("", total=None, rate="")
        sizes: dict[str, int] = {}
        began = time.monotonic()

        def told(now: Progress) -> None:
            nonlocal began
            if now.number == 1 and now.file not in sizes:
                sizes.clear()
                began = time.monotonic()
                bar.reset(task)
            sizes[now.file] = now.done
            many = f"{now.number}/{now.files} " if now.files > 1 else ""
            part = now.done / now.total if now.total and now.stage == READING else 1.0
            pulsing = now.files == 1 and now.stage != READING
            bar.update(
                task,
                description=clean(f"{many}{Path(now.file).name}: {now.stage}"),
                completed=now.number - 1 + part / 2,
                rate=f"{sum(sizes.values()) / 1e6 / max(time.monotonic() - began, 0.1):,.1f} MB/s",
            )
            bar.tasks[0].total = None if pulsing else float(now.files)

        yield told
