"""Is a sheet read as it is proposed? Shown before it is asked, and kept as a mapping file on a yes."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from firstcall.cli.terminal import Head, Terminal
from firstcall.errors import UsageError
from firstcall.schema import TABLES

if TYPE_CHECKING:
    from firstcall.pipeline.proposing import From, Proposal
    from firstcall.program import Program

SUFFIX = ".mapping.toml"


def proposed(program: Program, source: str, file: str, options: Mapping[str, str]) -> Proposal | None:
    """Return how a file might be read; None when it needs no proposal, or is none that one can look into twice."""
    if source not in {*TABLES, "auto"} or not Path(file).is_file():
        return None
    return program.proposal(source, file, options)


def agreed(terminal: Terminal, found: Proposal, *, yes: bool, dry_run: bool) -> Path:
    """Show a proposal and return the mapping file that it becomes; raises UsageError when nobody says yes."""
    _show(terminal, found)
    path = Path(f"{Path(found.file).stem}{SUFFIX}")
    if dry_run:
        path = Path(tempfile.mkdtemp(prefix="firstcall-")) / path
    elif path.exists() and path.read_text(encoding="utf-8") != found.toml:
        raise UsageError(
            f"{path} is there already and says something else. Import by it: firstcall import mapping {found.file} "
            f"--option mapping={path}; or move it away."
        )
    elif not yes:
        _ask(found.file)
    path.write_text(found.toml, encoding="utf-8")
    if not dry_run:
        terminal.words(f"Written as {path}; the next sheet of this kind is read by it:")
        terminal.words(f"  firstcall import mapping FILE --option mapping={path}")
        terminal.words()
    return path


def _ask(file: str) -> None:
    if not sys.stdin.isatty():
        raise UsageError(f"{file}: nothing was imported. To read it as shown above, add --yes.")
    sys.stderr.write("Read it so? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes", "j", "ja"}:
        raise UsageError(
            "Nothing was imported. Name the columns in the header as the table does, or write a mapping file "
            "(docs/mapping.md)."
        )


def _show(terminal: Terminal, found: Proposal) -> None:
    if terminal.as_json:
        return
    heads = (Head("column"), Head("from", whole=False), Head("first value", whole=False), Head(""))
    for table, columns in found.tables.items():
        rows = [(name, *_row(how)) for name, how in columns.items()]
        terminal.table(heads, rows, title=f"{Path(found.file).name} as {table}")
        terminal.words()
    if found.left:
        terminal.words(f"Left aside: {', '.join(found.left)}")
        terminal.words()


def _row(how: From) -> tuple[str, str, str]:
    if not how.heading:
        return "", how.constant, how.why or "in every row"
    said = ", ".join(f"{word} is {kind}" for word, kind in how.values.items())
    return how.heading, how.first, how.why or said
