"""Where does good begin: the target that the settings name for a metric, else the metric's own bands?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.units import read, show

if TYPE_CHECKING:
    from firstcall.program import Program


def target(program: Program, name: str) -> float | None:
    """Return the target of the settings in the metric's unit, or None."""
    metric, found = program.metrics[name], program.settings.targets.get(name)
    if found is None or found.good is None:
        return None
    return read(found.good, metric.unit if metric.unit in {"seconds", "milliseconds", "share"} else None)


def good_from(program: Program, name: str) -> float | None:
    """Return the value at which good begins, or None where nothing is judged."""
    bands = program.metrics[name].card.bands
    own = target(program, name)
    return own if own is not None else bands.good if bands else None


def goals(program: Program, name: str) -> str:
    """Say where the verdicts of a metric begin, or why there are none."""
    metric, own = program.metrics[name], target(program, name)
    if own is not None:
        good = show(own, metric.unit, short=True, currency=program.settings.program.currency)
        return f"the target of {program.settings.program.name} is {good}"
    return metric.card.goals(metric.unit)
