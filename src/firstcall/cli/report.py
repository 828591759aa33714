"""What is handed over, in which format, to which file?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from firstcall.cli import STDIN
from firstcall.cli.escapes import clean, harmless_json
from firstcall.cli.export import whole
from firstcall.cli.options import Common, Json
from firstcall.cli.session import opened, settings_of
from firstcall.cli.terminal import Terminal
from firstcall.errors import UsageError
from firstcall.query.question import moment

if TYPE_CHECKING:
    from datetime import datetime

    from firstcall.program import Program

SUFFIXES = {".txt": "text", ".md": "md", ".json": "json", ".html": "html", ".htm": "html"}
"""Which format a file's name stands for."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What is to be handed over."""

    period: str | None = None
    """Quarter to report, as 2026Q3; without it the last complete one."""

    format: str | None = None
    """text, md, json or html; without it what the file's suffix says, else text."""

    output: Annotated[Path | None, Parameter(name=("--output", "-o"))] = None
    """File to write to; without it, or with -, the report is printed."""

    text: str | None = None
    """Your own paragraph instead of the one drafted from the numbers."""

    as_of: str | None = None
    """Look as if it were this moment: nothing later is seen."""

    known_at: str | None = None
    """Use only what had been imported by this moment."""


def report(
    name: Annotated[str, Parameter(name="NAME", help="Name of the report, as cfo.")],
    /,
    *,
    handed: ReportOptions | None = None,
    as_json: Json = False,
    common: Common | None = None,
) -> int:
    """Make a report to hand over."""
    what = handed or ReportOptions()
    to = None if what.output is None or str(what.output) == STDIN else what.output
    form = "json" if as_json else what.format or _by_suffix(to)
    settings = settings_of(common)
    zone = settings.program.zone
    as_of = None if what.as_of is None else moment("--as-of", what.as_of, zone)
    known_at = None if what.known_at is None else moment("--known-at", what.known_at, zone)
    with opened(settings) as program:
        said = rendered(program, name, what.period, form, text=what.text, as_of=as_of, known_at=known_at)
    terminal = Terminal(common)
    if to is None:
        terminal.out.file.write(
            said if form == "html" else harmless_json(said) if form == "json" else clean(said, lines=True)
        )
        return 0
    with whole(to) as part:
        part.write_text(said, encoding="utf-8")
    terminal.remark(f"Wrote {to}.")
    return 0


def rendered(
    program: Program,
    name: str,
    period: str | None = None,
    form: str = "text",
    *,
    text: str | None = None,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
) -> str:
    """Return a report on an open program; `as_of` and `known_at` hold for every number in it."""
    # jinja2 loads with it
    from firstcall.reports.facts import gather
    from firstcall.reports.render import find, render
    from firstcall.reports.report import looking_back

    ask = looking_back(program.ask, as_of, known_at)
    facts = gather(program.settings, program.engine, program.store_state, as_of=as_of)
    return render(find(name), ask, facts, period, form, text=text)


def _by_suffix(to: Path | None) -> str:
    if to is None:
        return "text"
    if (form := SUFFIXES.get(to.suffix.lower())) is None:
        raise UsageError(f"{to} has no suffix that names a format; use {', '.join(SUFFIXES)}, or --format.")
    return form
