"""How does all of it look, on a sample program with a known story?"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from firstcall.cli.options import Common
from firstcall.cli.progress import progress
from firstcall.cli.report import rendered
from firstcall.cli.serve import HOST, PORT, check_address, serve_program
from firstcall.cli.session import opened
from firstcall.cli.terminal import Terminal
from firstcall.errors import FirstcallError
from firstcall.settings import Settings, load
from firstcall.units import show

if TYPE_CHECKING:
    from firstcall.demo import Manifest
    from firstcall.program import Program

FOLDER = Path("firstcall-demo")

ASK = """Ask it yourself:
  cd {folder}
  firstcall status
  firstcall ask time_to_first_call --grain month
  firstcall explain error_rate --by endpoint"""
"""What to try next, once the sample program is there."""


def demo(
    folder: Annotated[Path, Parameter(name="DIR")] = FOLDER,
    /,
    *,
    serve: bool = True,
    host: str = HOST,
    port: int = PORT,
    scale: float = 1.0,
    common: Common | None = None,
) -> int:
    """Make a sample program, import it, print its CFO page, serve it.

    Parameters
    ----------
    folder
        Folder for its files and its store; it is made when it is not there.
    serve
        Serve the dashboard afterwards, until it is stopped.
    host
        Address to serve on.
    port
        Port to serve on.
    scale
        How much traffic there is; 1 is about 1.1 million calls.
    """
    terminal = Terminal(common)
    if serve:
        check_address(host, port)  # before a minute of work, not after it
    began = time.monotonic()
    terminal.remark(f"Making the sample program in {folder} …")
    manifest, settings = _make(folder, scale)
    with opened(settings, must_exist=False) as program:
        _import(terminal, program, manifest)
        terminal.remark(f"Ready after {show(time.monotonic() - began, 'seconds')}.")
        terminal.words()
        terminal.words(rendered(program, "cfo"))
    terminal.remark(ASK.format(folder=folder))
    return serve_program(terminal, settings, host=host, port=port) if serve else 0


def _make(folder: Path, scale: float) -> tuple[Manifest, Settings]:
    # numpy loads with it
    from firstcall.demo import make_world

    try:
        manifest = make_world(folder, scale=scale)
    except OSError as error:
        raise FirstcallError(
            f"The sample program cannot be written to {folder}: {error.strerror}."
        ) from error
    return manifest, load(manifest.settings)


def _import(terminal: Terminal, program: Program, manifest: Manifest) -> None:
    """Import every file through the ordinary import, and say what became of the rows."""
    read = landed = 0
    with progress(terminal) as told:
        for each in manifest.imports:
            report = program.import_files(
                each.source,
                [str(path) for path in each.paths],
                name=each.name,
                options={name.replace("-", "_"): value for name, value in each.options},
                progress=told,
            )
            read += report.total.read
            landed += report.total.landed
    terminal.remark(f"Read {show(read, 'count')} rows, {show(landed, 'count')} of them new.")
