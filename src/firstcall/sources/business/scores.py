"""Which of a survey's questions stand for our four scores, on which scale were they asked, and in which wave?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from firstcall.errors import UsageError
from firstcall.sources.mapping.converters import CONVERTERS, Convert, scaled
from firstcall.sources.mapping.mapping import Take, constant, take
from firstcall.sources.source import Option

SCORES = ("documentation", "reliability", "support", "ease")
SCALE = re.compile(r"(\d+)-(\d+)")


def survey_options(scale: str) -> tuple[Option, ...]:
    """Return the options that every survey has, with the scale it asks on unless told."""
    return (
        *(Option(score, f"the question that asks for {score}: its id, name or heading") for score in SCORES),
        Option("comment", "the question that asks for words of one's own"),
        Option(
            "scale",
            "lowest and highest score of the questions; scores are moved to 1–10 in proportion",
            scale,
        ),
        Option("wave", "the wave, such as 2026Q3; else the quarter in which the answer came"),
        Option("partner", "path or column that names the partner"),
        Option("developer", "path or column that names the developer"),
    )


def scores(
    options: Mapping[str, str], default: str, paths: Callable[[str], tuple[str, ...]]
) -> dict[str, Take]:
    """Return the columns of the scores; `paths` says where the answer to a question stands.

    Raises UsageError when the scale is none or no question is named.
    """
    said = options.get("scale", default)
    ends = SCALE.fullmatch(said)
    if ends is None or int(ends[1]) >= int(ends[2]):
        raise UsageError(
            f"The option scale={said} is no scale; write the lowest and the highest score, as in 1-5."
        )
    read = scaled(Decimal(ends[1]), Decimal(ends[2]))
    columns = {score: take(*paths(options[score]), read=read) for score in SCORES if score in options}
    if not columns:
        raise UsageError(
            f"Which question asks for what? Name at least one: --option ease=QUESTION; known are {', '.join(SCORES)}."
        )
    if "comment" in options:
        columns["comment"] = take(*paths(options["comment"]))
    return columns


def wave(options: Mapping[str, str], *paths: str, read: Convert | None = None) -> Take:
    """Return the column of the wave: the one that was told, else the quarter of the time at `paths`."""
    if "wave" in options:
        return constant(options["wave"])
    quarter = CONVERTERS["quarter"]
    return take(*paths, read=lambda value, unit: quarter(read(value, unit) if read else value, unit))
