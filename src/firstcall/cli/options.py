"""Which options do the verbs share, and which parameters of a question are they?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from firstcall.query.question import Parameters, read

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

Flag = Parameter(negative="", show_default=False)
Many = Parameter(negative="", show_default=False, consume_multiple=False)


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Common:
    """What every verb takes."""

    config: Annotated[Path | None, Parameter(name="--config")] = None
    """Settings file; without it firstcall.toml in this folder, else the defaults."""

    quiet: Annotated[bool, Flag, Parameter(name=("--quiet", "-q"))] = False
    """Say nothing but results and errors."""


Json = Annotated[bool, Flag, Parameter(name="--json", help="Print JSON and nothing else on stdout.")]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class QuestionOptions:
    """What narrows a question."""

    start: Annotated[str | None, Parameter(name="--from")] = None
    """First day, as 2026-07-01, 2026-07, 2026Q3 or 2026."""

    end: Annotated[str | None, Parameter(name="--to")] = None
    """First day after the last one, in the same forms."""

    last: str | None = None
    """Instead of --from: 30d, 12w or 6m up to the newest complete day."""

    grain: str | None = None
    """Length of a period: day, week, month, quarter, year or all."""

    by: Annotated[tuple[str, ...], Many] = ()
    """Dimensions to split by, with commas or repeated."""

    where: Annotated[tuple[str, ...], Many] = ()
    """DIM=VALUE keeps that value only, an id or a name; repeated for one dimension, any of them. null keeps what
    belongs to nobody."""

    environment: str | None = None
    """production, sandbox or any; the metric has its own default."""

    entity: str | None = None
    """Who is counted: partner, developer or app; the metric has its own default."""

    as_of: str | None = None
    """Look as if it were this moment: nothing later is seen."""

    known_at: str | None = None
    """Use only what had been imported by this moment."""

    chosen: Annotated[tuple[str, ...], Many, Parameter(name="--set")] = ()
    """NAME=VALUE chooses a variant; `firstcall explain METRIC` lists them."""

    exact: Annotated[bool, Flag] = False
    """Read the calls instead of the roll-up."""

    def parameters(self, zone: ZoneInfo) -> Parameters:
        """Return what was asked; times without an offset are in the program's zone."""
        once = {
            "from": self.start, "to": self.end, "last": self.last, "grain": self.grain,
            "environment": self.environment, "entity": self.entity, "as_of": self.as_of, "known_at": self.known_at,
            "exact": "true" if self.exact else None,
        }  # fmt: skip
        given = {name: (text,) for name, text in once.items() if text is not None}
        return read({**given, "by": self.by, "where": self.where, "set": self.chosen}, zone, option)


def option(parameter: str) -> str:
    """Return how the command line writes a parameter."""
    return f"--{parameter.replace('_', '-')}"
