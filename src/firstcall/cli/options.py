"""Which options do the verbs share, and how are dates, filters and variants read?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from cyclopts import Parameter

from firstcall.errors import UsageError
from firstcall.periods import Question

DAY = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?|-?Q(?P<quarter>[1-4]))?", re.IGNORECASE
)

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
class Asked:
    """What narrows a question."""

    start: Annotated[str | None, Parameter(name="--from")] = None
    """First day, as 2026-07-01, 2026-07, 2026Q3 or 2026."""

    end: Annotated[str | None, Parameter(name="--to")] = None
    """First day after the last one, in the same forms."""

    grain: str | None = None
    """Length of a period: day, week, month, quarter, year or all."""

    by: Annotated[tuple[str, ...], Many] = ()
    """Dimensions to split by, with commas or repeated."""

    where: Annotated[tuple[str, ...], Many] = ()
    """DIM=VALUE keeps only that value; repeated for one dimension, any of them. null keeps what belongs to nobody."""

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

    def question(self, metric: str, zone: ZoneInfo) -> Question:
        """Return the question about a metric; times without an offset are in the program's zone."""
        return Question(
            metric=metric,
            start=day("--from", self.start),
            end=day("--to", self.end),
            grain=self.grain,
            by=tuple(dim.strip() for each in self.by for dim in each.split(",") if dim.strip()),
            where=pairs("--where", self.where),
            environment=self.environment,
            entity=self.entity,
            as_of=moment("--as-of", self.as_of, zone),
            known_at=moment("--known-at", self.known_at, zone),
            variants=tuple((name, values[-1]) for name, values in pairs("--set", self.chosen)),
            exact=self.exact,
        )


def day(option: str, text: str | None) -> date | None:
    """Return the first day of what was written: a day, a month, a quarter or a year."""
    if text is None:
        return None
    if said := DAY.fullmatch(text.strip()):
        month = int(said["quarter"]) * 3 - 2 if said["quarter"] else int(said["month"] or 1)
        try:
            return date(int(said["year"]), month, int(said["day"] or 1))
        except ValueError:
            pass  # the 30th of February is answered like any other word that is no day
    raise UsageError(f"{option} {text!r} is no day; write 2026-07-01, 2026-07, 2026Q3 or 2026.")


def moment(option: str, text: str | None, zone: ZoneInfo) -> datetime | None:
    """Return a moment in UTC; without an offset it is local time, a day alone is its first moment."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"{option} {text!r} is no moment; write 2026-07-01 or 2026-07-01T12:30:00+02:00."
        ) from None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def pairs(option: str, given: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return (name, values) of each NAME=VALUE, values of one name together, in the order given."""
    found: dict[str, tuple[str, ...]] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"{option} {each!r} is no NAME=VALUE, as in {option} product=payments.")
        found[name.strip()] = (*found.get(name.strip(), ()), value)
    return tuple(found.items())
