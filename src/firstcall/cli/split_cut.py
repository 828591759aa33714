"""Which parts of a split does a printed table show, in which order, and how many more are there?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from firstcall.cli.options import Flag
from firstcall.errors import UsageError

if TYPE_CHECKING:
    from firstcall.answers import Answer

MOST_PARTS = 20
"""Parts of a split in a table, when nothing else is asked for."""
_ADDED_UP = {"count", "money"}
Part = tuple[str | None, ...]
Order = Literal["value", "name"]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Cut:
    """What of a split is printed; JSON and CSV always hold all of it."""

    top: int | None = None
    """Print this many parts of a split, the largest (20)."""

    sort: Order | None = None
    """Order of the parts: value (largest first) or name; without it the metric's own, if all parts are printed."""

    whole: Annotated[bool, Flag, Parameter(name="--all")] = False
    """Print every part of a split."""

    def checked(self, *, as_data: bool) -> Cut:
        """Return these options; raises UsageError when they say nothing, or two things at once."""
        if as_data and (self.top is not None or self.sort is not None):
            raise UsageError("--top and --sort are for the table; --json and --csv hold every point.")
        if self.whole and self.top is not None:
            raise UsageError(f"--top {self.top} and --all exclude each other; use one of them.")
        if self.top is not None and self.top < 1:
            raise UsageError(f"--top {self.top} would print nothing; use 1 or more, or --all.")
        return self


def cut(answer: Answer, asked: Cut) -> tuple[Answer, int]:
    """Return the answer with the parts that are printed, in order within each period, and how many parts are not.

    Counts and money are ranked by their sum over the periods, everything else by the latest period with a value;
    parts without any stand last.
    """
    sizes = _sizes(answer)
    most = len(sizes) if asked.whole else asked.top or MOST_PARTS
    if not answer.scope["by"] or (len(sizes) <= most and asked.sort is None):
        return answer, 0
    names = {
        part: tuple(answer.called(*each).casefold() for each in zip(answer.scope["by"], part, strict=True))
        for part in sizes
    }

    def by_size(part: Part) -> tuple[bool, float, tuple[str, ...]]:
        size = sizes[part]
        return size is None, -(size or 0.0), names[part]

    largest = sorted(sizes, key=by_size)[:most]
    places = {
        part: place
        for place, part in enumerate(
            sorted(largest, key=names.__getitem__) if asked.sort == "name" else largest
        )
    }
    kept = [point for point in answer.points if tuple(point.by.values()) in places]
    kept.sort(key=lambda point: (point.period, places[tuple(point.by.values())]))
    return replace(answer, points=tuple(kept)), len(sizes) - len(largest)


def _sizes(answer: Answer) -> dict[Part, float | None]:
    """Return how large each part of the split is; None without any value."""
    sizes: dict[Part, float | None] = {}
    for point in answer.points:
        part = tuple(point.by.values())
        before = sizes.setdefault(part, None)
        if point.value is not None:
            added = before or 0.0 if answer.unit in _ADDED_UP else 0.0
            sizes[part] = added + float(point.value)
    return sizes
