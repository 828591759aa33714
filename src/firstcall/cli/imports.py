"""What was imported, and how is an import taken back?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from firstcall.cli.options import Common, Flag, Json
from firstcall.cli.session import connection_of, opened, settings_of
from firstcall.cli.terminal import Head, Terminal
from firstcall.units import show

if TYPE_CHECKING:
    from firstcall.pipeline.loading.journal import Imported

MOST = 50
"""Imports shown; `--json` has all."""


def imports(*, as_json: Json = False, common: Common | None = None) -> int:
    """List what was imported, the latest first."""
    # duckdb loads with it, and --help needs none
    from firstcall.pipeline.loading import journal

    terminal = Terminal(common, as_json=as_json)
    with opened(settings_of(common)) as program:
        found = journal.imports(connection_of(program))
    if as_json:
        terminal.json([_json(each) for each in found])
    elif not found:
        terminal.words("Nothing was imported yet.")
    else:
        _list(terminal, found)
    return 0


def _list(terminal: Terminal, found: tuple[Imported, ...]) -> None:
    heads = (
        Head("import", right=True),
        Head("when (UTC)"),
        Head("read as"),
        Head("table"),
        Head("file", whole=False),
        Head("landed", right=True),
        Head("duplicate", right=True),
        Head("refused", right=True),
    )
    terminal.table(
        heads,
        [
            (
                each.import_id,
                f"{each.started_at:%Y-%m-%d %H:%M}",
                each.source if each.name in {each.source, None} else f"{each.source} ({each.name})",
                each.table,
                Path(each.file).name,
                show(each.counts.landed, "count"),
                show(each.counts.duplicate, "count"),
                show(sum(each.counts.refused.values()), "count"),
            )
            for each in found[:MOST]
        ],
    )
    if len(found) > MOST:
        terminal.words(f"The latest {MOST} of {show(len(found), 'count')}; --json has all.")
    terminal.remark("firstcall undo NUMBER takes one back.")


def _json(each: Imported) -> dict[str, object]:
    return {**asdict(each), "options": None if each.options is None else dict(each.options)}


def undo(
    number: Annotated[int, Parameter(name="NUMBER")],
    /,
    *,
    dry_run: Annotated[bool, Flag] = False,
    as_json: Json = False,
    common: Common | None = None,
) -> int:
    """Take an import back, as if it had never been.

    Parameters
    ----------
    number
        Its number, as `firstcall imports` lists it; all tables that its file filled go with it.
    dry_run
        Say what would become of the rows, and change nothing.
    """
    terminal = Terminal(common, as_json=as_json)
    with opened(settings_of(common)) as program:
        found = program.undo(number, dry_run=dry_run)
    first = found.imports[0]
    if as_json:
        numbers = [each.import_id for each in found.imports]
        terminal.json({**asdict(found), "imports": numbers, "dry_run": dry_run})
        return 0
    would = "Would take" if dry_run else "Took"
    terminal.words(
        f"{would} back {Path(first.file).name}, read as {first.source}: {show(found.removed, 'count')} rows."
    )
    if found.kept:
        terminal.words(f"{show(found.kept, 'count')} rows stay, since a later import has them too.")
    if found.restored:
        terminal.words(f"{show(found.restored, 'count')} rows that they had replaced hold again.")
    for note in found.notes:
        terminal.words(f"Note: {note}")
    return 0
