"""How good is good in this program: by the lines of a metric, or by the target that the settings set for it?

Everybody who judges takes the metrics from here: their cards hold the lines, say them, and name who answers. Their
words say the definitions of the settings.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from firstcall.bands import TOO_FEW, Bands
from firstcall.errors import SettingsError, UnknownName
from firstcall.query.words import spoken
from firstcall.settings.load import whence
from firstcall.units import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firstcall.answers import Answer, Point
    from firstcall.bands import Verdict
    from firstcall.metrics.metric import Metric
    from firstcall.settings import Settings, Target

LINES = ("excellent", "good", "needs_work")
"""The lines of a target, from the best to the worst."""


def with_targets(metrics: Mapping[str, Metric], settings: Settings) -> Mapping[str, Metric]:
    """Return the metrics, those with a target judged by it; SettingsError names each line that cannot be used."""
    found, wrong = dict(metrics), []
    for name, target in settings.targets.items():
        key, given = f"targets.{name}", ""
        try:
            found[name] = _targeted(_known(name, metrics), target, settings.program.name)
        except _Unusable as error:
            if error.line:
                key, given = f"{key}.{error.line}", f" = {getattr(target, error.line)!r}"
            wrong.append(f"{whence(settings, key)}: {key}{given} cannot be used: {error}")
    if wrong:
        raise SettingsError("\n".join(wrong))
    return {name: spoken(metric, settings.definitions) for name, metric in found.items()}


def verdict(metric: Metric, answer: Answer, least: int) -> Verdict | Literal["too few to judge"] | None:
    """Return what the lines of a metric say to its latest complete value; None without lines, and of a split.

    With fewer than `least` cases it is said only where both ends of the interval are told the same.
    """
    return None if answer.last is None or answer.scope["by"] else judge(metric, answer.last, least)


def judge(metric: Metric, point: Point, least: int) -> Verdict | Literal["too few to judge"] | None:
    """Return what the lines of a metric say to one point of it, on whatever surface; None without lines or value."""
    bands = metric.card.bands
    if bands is None or point.value is None:
        return None
    if point.cases >= least:
        return bands.verdict(point.value)
    low, high = bands.verdict(point.low), bands.verdict(point.high)
    return low if low == high and low is not None else TOO_FEW


class _Unusable(ValueError):
    """A line of a target, or all of it, that cannot be used, and why."""

    def __init__(self, line: str, why: object) -> None:
        self.line = line
        super().__init__(f"{str(why).removesuffix('.')}.")


def _known(name: str, metrics: Mapping[str, Metric]) -> Metric:
    if name not in metrics:
        raise _Unusable("", UnknownName("metric", name, metrics))
    return metrics[name]


def _targeted(metric: Metric, target: Target, program: str) -> Metric:
    card = metric.card
    if target.owner is not None:
        card = replace(card, audience=replace(card.audience, owner=target.owner))
    drawn = [line for line in LINES if getattr(target, line) is not None]
    if drawn:
        card = replace(card, bands=_bands(metric, target, drawn), why_no_bands="", target_of=program)
    return replace(metric, card=card)


def _bands(metric: Metric, target: Target, drawn: list[str]) -> Bands:
    """Return the lines of a target in the unit of its metric."""
    if metric.card.better == "neither":
        raise _Unusable(drawn[0], "neither more nor less of it is better, so that it has no target")
    if "good" not in drawn:
        raise _Unusable(drawn[0], "say beside it where good begins, as good = …")
    lines = {line: _number(target, line, metric.unit) for line in drawn}
    try:
        return Bands(metric.card.better, **lines)
    except ValueError as error:
        raise _Unusable("good", error) from error


def _number(target: Target, line: str, unit: str) -> float:
    try:
        number = read(getattr(target, line), unit)
    except ValueError as error:
        raise _Unusable(line, error) from error
    if not math.isfinite(number):
        raise _Unusable(line, "give a number that is reached")
    return number
