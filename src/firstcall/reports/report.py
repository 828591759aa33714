"""What is a report? A name, a question, the periods it covers, and a function that builds its document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from firstcall.answers import Answer
from firstcall.periods import Period, Question
from firstcall.reports.document import Document
from firstcall.reports.facts import ProgramFacts

Ask = Callable[[Question], Answer]
"""How a report gets its numbers; whoever renders one decides on as-of and known-at by wrapping it."""

Build = Callable[[Ask, ProgramFacts, Period, str | None], Document]
"""(ask, facts, period, the reader's own paragraph or None) → document."""


def looking_back(ask: Ask, as_of: datetime | None, known_at: datetime | None) -> Ask:
    """Return how to ask when every number is to be as of a moment, or as it was known by one."""

    def asked(question: Question) -> Answer:
        return ask(replace(question, as_of=as_of or question.as_of, known_at=known_at or question.known_at))

    return asked


@dataclass(frozen=True, slots=True)
class Report:
    """One page that is handed over; `question` says in one sentence what its reader learns."""

    name: str
    title: str
    question: str
    build: Build
    grain: str = "quarter"
