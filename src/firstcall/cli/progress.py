"""How far is it, how fast does it go, and how long will it take?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.progress import Progress as Bar

from firstcall.cli.escapes import clean
from firstcall.cli.terminal import Terminal

if TYPE_CHECKING:
    from firstcall.pipeline.importing import Progress


@contextmanager
def progress(terminal: Terminal) -> Iterator[Callable[[Progress], None]]:
    """Show a bar with rate and remaining time on stderr while the block runs, if somebody looks there."""
    if terminal.quiet or not terminal.err.is_terminal:
        yield lambda _: None
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=terminal.err, transient=True) as bar:
        task = bar.add_task("", total=None)

        def told(now: Progress) -> None:
            many = f"{now.number}/{now.files} " if now.files > 1 else ""
            what = clean(f"{many}{Path(now.file).name}: {now.stage}")
            if now.done == 0:
                bar.reset(task)
            bar.update(task, description=what, completed=now.done, total=now.total)

        yield told
