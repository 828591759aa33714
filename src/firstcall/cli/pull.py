"""What do other systems know that we do not have yet?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter

from firstcall.cli.import_ import ended
from firstcall.cli.options import Common, Flag, Json, Many
from firstcall.cli.progress import progress
from firstcall.cli.session import opened, settings_of
from firstcall.cli.terminal import Terminal
from firstcall.errors import StoreError
from firstcall.query.question import pairs


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class PullOptions:
    """Where a system is asked, and for what."""

    url: str | None = None
    """Address of the system; else the variable FIRSTCALL_<SOURCE>_URL, else the vendor's own."""

    option: Annotated[tuple[str, ...], Many] = ()
    """NAME=VALUE for the system; `firstcall sources NAME` lists what it takes."""

    again: Annotated[bool, Flag] = False
    """Ask for everything, whatever was pulled before."""

    dry_run: Annotated[bool, Flag] = False
    """Ask and count everything, and keep nothing."""

    @property
    def options(self) -> dict[str, str]:
        """The options of the system by name."""
        return {name: values[-1] for name, values in pairs("--option", self.option)}


def pull(
    source: Annotated[str, Parameter(name="SOURCE")],
    /,
    *,
    asking: PullOptions | None = None,
    as_json: Json = False,
    common: Common | None = None,
) -> int:
    """Ask another system for what is new; a pull that broke goes on where it stopped.

    The token is read from FIRSTCALL_<SOURCE>_TOKEN, and neither kept nor shown.

    Parameters
    ----------
    source
        A system with an API, such as stripe or github.
    """
    # duckdb and urllib3 load with it, and `firstcall pull --help` needs neither
    from firstcall.engines.duckdb import DuckDBEngine
    from firstcall.pipeline.pulling.pull import pull_source

    terminal, how = Terminal(common, as_json=as_json), asking or PullOptions()
    with opened(settings_of(common), must_exist=False) as program, progress(terminal) as told:
        if not isinstance(program.engine, DuckDBEngine):
            raise StoreError("Only the embedded store is filled by a pull.")
        report = pull_source(
            program.engine,
            program.settings,
            source,
            url=how.url,
            options=how.options,
            again=how.again,
            dry_run=how.dry_run,
            progress=told,
        )
    return ended(terminal, report)
