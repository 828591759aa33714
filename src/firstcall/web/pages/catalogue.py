"""Which metrics are there, what do they mean, and which can be computed now?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from firstcall.metrics.card import CATEGORIES
from firstcall.web.pages.page import Page
from firstcall.web.pages.readiness import missing_tables, readiness

if TYPE_CHECKING:
    from firstcall.metrics.card import Card
    from firstcall.web.answer_service import AnswerService, Need

TITLES = {
    "onboarding": "Onboarding speed",
    "adoption": "Adoption depth",
    "reliability": "Reliability",
    "business": "Business impact",
    "satisfaction": "Satisfaction",
}
CADENCES = {"short": "watch weekly", "mid": "review monthly", "long": "review quarterly"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One metric of the catalogue; without `needs` it can be computed."""

    name: str
    card: Card
    goals: str
    needs: tuple[Need, ...]

    @property
    def cadence(self) -> str:
        """How often to look at it, as its horizon says."""
        return CADENCES[self.card.audience.horizon]


def catalogue(service: AnswerService, search: str = "") -> Page:
    """Return the metrics in their five categories; `search` keeps those that mention every word of it."""
    words = search.casefold().split()
    needs, currency = readiness(service), service.program.settings.program.currency
    entries = [
        Entry(name, metric.card, metric.card.goals(metric.unit, currency), needs[name])
        for name, metric in service.program.metrics.items()
        if all(word in _text(name, metric.card) for word in words)
    ]
    groups = [
        (TITLES[category], [each for each in entries if each.card.audience.category == category])
        for category in CATEGORIES
    ]
    values = {
        "q": search,
        "groups": [(title, found) for title, found in groups if found],
        "found": len(entries),
        "total": len(service.program.metrics),
        "ready": sum(not each for each in needs.values()),
        "missing": missing_tables(service),
    }
    return Page("catalogue.html", "Metrics", "/metrics", values)


def _text(name: str, card: Card) -> str:
    owner, category = card.audience.owner, card.audience.category
    return " ".join((name, name.replace("_", " "), card.question, card.words, owner, category)).casefold()
