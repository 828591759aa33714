"""What do the words of a metric say, under the definitions of the settings?"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firstcall.metrics.metric import Metric
    from firstcall.settings.model import Definitions

PLACE = re.compile(r"\{([a-z_]+)\}")
"""Where the words of a metric say what the settings decide."""


def spoken(metric: Metric, said: Definitions) -> Metric:
    """Return the metric with the definitions in force in its words, where they leave a place for one."""
    units = "call" if said.active_calls == "any" else "successful call"
    words = {
        "churn_nth": f"{said.churn_days}{_ending(said.churn_days)}",
        "window": f"{said.activation_window_days} days",
        "grace": f"{said.grace_seconds} seconds",
        "least_calls": f"one external {units}"
        if said.min_calls == 1
        else f"{said.min_calls:,} external {units}s",
        "success": said.success,
        "docs_hours": f"{said.docs_window_hours}",
        "depth": " + ".join(f"{weight:g} {name}" for name, weight in said.depth_weights),
        "tier_low": f"{said.tiers[0]:g}",
        "tier_high": f"{said.tiers[1]:g}",
    }
    text = PLACE.sub(lambda place: words.get(place[1], place[0]), metric.card.words)
    return metric if text == metric.card.words else replace(metric, card=replace(metric.card, words=text))


def _ending(number: int) -> str:
    teens = 10 < number % 100 < 14
    return "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
