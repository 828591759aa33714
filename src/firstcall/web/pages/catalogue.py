"""Which metrics are there, what do they mean, and which can be computed now?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from firstcall.web.judging import goals
from firstcall.web.pages.page import CATEGORIES, Page
from firstcall.web.pages.readiness import missing_tables, readiness

if TYPE_CHECKING:
    from firstcall.metrics.metric import Metric
    from firstcall.web.answer_service import AnswerService, Need
    from firstcall.web.query_string import Asked

TITLES = {
    "onboarding": "Onboarding speed",
    "adoption": "Adoption depth",
    "reliability": "Reliability",
    "business": "Business impact",
    "satisfaction": "Satisfaction",
}
HORIZONS = {"short": "watch weekly", "mid": "review monthly", "long": "review quarterly"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One metric of the catalogue; without `needs` it can be computed."""

    name: str
    metric: Metric
    goals: str
    horizon: str
    needs: tuple[Need, ...]


def catalogue(service: AnswerService, asked: Asked) -> Page:
    """Return the metrics in their five categories; `q` keeps those that mention every word of it."""
    words = asked.others.get("q", "").casefold().split()
    needs = readiness(service)
    entries = [
        Entry(name, metric, goals(service.program, name), HORIZONS[metric.horizon], needs[name])
        for name, metric in service.program.metrics.items()
        if all(word in _text(name, metric) for word in words)
    ]
    groups = [
        (TITLES[category], [e for e in entries if e.metric.category == category]) for category in CATEGORIES
    ]
    values = {
        "q": asked.others.get("q", ""),
        "groups": [(title, found) for title, found in groups if found],
        "found": len(entries),
        "total": len(service.program.metrics),
        "ready": sum(not each for each in needs.values()),
        "missing": missing_tables(service),
    }
    return Page("catalogue.html", "Metrics", "/metrics", values)


def _text(name: str, metric: Metric) -> str:
    parts = (
        name,
        name.replace("_", " "),
        metric.question,
        metric.words,
        metric.owner,
        metric.category,
        metric.row,
    )
    return " ".join(parts).casefold()
