"""How does a command speak: words and tables on stdout, remarks on stderr, JSON alone when asked for?"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from firstcall.cli.escapes import clean, harmless_json
from firstcall.cli.options import Common

PIPED_WIDTH = 1_000
"""Columns when nobody looks: a table in a file or a pipe is as wide as it needs to be."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; numbers stand to the right, names are never broken over lines."""

    title: str
    right: bool = False
    whole: bool = True


class Terminal:
    """Where a command's output goes; with `as_json` words and tables are silent, with `quiet` remarks are."""

    def __init__(self, common: Common | None = None, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self.quiet = common is not None and common.quiet
        self.out = _console(sys.stdout)
        self.err = _console(sys.stderr)

    def words(self, text: str = "", style: str = "") -> None:
        """Print a line, or a paragraph, for people."""
        if not self.as_json:
            self.out.print(Text(clean(text, lines=True), style=style), soft_wrap=not self.out.is_terminal)

    def remark(self, text: str) -> None:
        """Print what is worth knowing and no part of the result."""
        if not self.quiet:
            self.err.print(Text(clean(text, lines=True), style="dim"), soft_wrap=True)

    def warning(self, text: str) -> None:
        """Print what has to be known even when nothing else is asked for."""
        self.err.print(Text(clean(text, lines=True), style="yellow"), soft_wrap=True)

    def table(self, heads: Sequence[Head], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
        """Print rows under their heads; a cell is text, None prints as nothing."""
        if self.as_json:
            return
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
        for head in heads:
            table.add_column(
                Text(clean(head.title)),
                justify="right" if head.right else "left",
                no_wrap=head.whole,
                overflow="fold",
            )
        for row in rows:
            table.add_row(*(Text("" if cell is None else clean(str(cell))) for cell in row))
        if title:
            self.words(title, "bold")
        with self.out.capture() as drawn:
            self.out.print(table)
        # the fill to the right of each line is of no use to anyone who copies or compares it
        for line in drawn.get().splitlines():
            self.out.file.write(f"{line.rstrip()}\n")

    def json(self, value: object) -> None:
        """Print a value as JSON, the only thing on stdout."""
        text = json.dumps(value, ensure_ascii=False, indent=2, default=plain)
        self.out.file.write(f"{harmless_json(text)}\n")

    def csv(self, text: str) -> None:
        """Print CSV, the only thing on stdout, without what a terminal would obey."""
        self.out.file.write(clean(text, lines=True))


def plain(value: object) -> object:
    """Return what JSON has no word for as what it has: times ISO 8601, exact numbers as text."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal | Path):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _console(stream: IO[str]) -> Console:
    looked_at = stream.isatty()
    coloured = looked_at and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    columns = os.environ.get("COLUMNS", "")
    return Console(
        file=stream,
        color_system="auto" if coloured else None,
        force_terminal=looked_at,
        width=None if looked_at else int(columns) if columns.isdecimal() else PIPED_WIDTH,
        markup=False,
        highlight=False,
        emoji=False,
    )
