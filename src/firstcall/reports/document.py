"""What does a report say, before anybody decides on paper, terminal or JSON?

Everything here is finished text and plain values: a renderer only places it. Text from outside (names, labels,
notes) comes in through `line`, which leaves no control characters; each renderer escapes for its own format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from firstcall.charts.chart import Chart
from firstcall.charts.svg import clean
from firstcall.query.change import Change
from firstcall.units import NONE

_APART = re.compile(
    r"(?<=\b[A-Z]{3}) (?=−?[0-9])|(?<=[0-9]) (?=%|pts|: 1|MoM|[A-Z][a-z]{2}\b)|(?<=:) (?=1\b)"
)


def tied(text: str) -> str:
    """Return running text in which no line breaks between a number and its unit, currency or month."""
    return _APART.sub("\N{NO-BREAK SPACE}", text)


def untied(text: str) -> str:
    """Return the text with plain spaces again."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def line(text: object, most: int = 120) -> str:
    """Return text of unknown origin as one line without control characters, cut to `most` characters."""
    one = " ".join(clean(str(text)).split())
    return one if len(one) <= most else f"{one[: most - 1].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Span:
    """The days a column covers: `name` as one types it, `title` as one says it, `dates` with first and last day.

    `start` and `end` are local days, half-open, in ISO 8601; `complete` says whether it was over when data ended.
    """

    name: str
    title: str
    dates: str
    start: str
    end: str
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """One number: how it is shown, and the point of the answer it comes from, as JSON; absent ones say why."""

    shown: str = NONE
    value: int | float | Decimal | None = None
    point: Mapping[str, Any] | None = None
    absent: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `beside` are lines that qualify it, `note` is the number of its footnote."""

    key: str
    label: str
    metric: str
    value: str
    unit: str
    better: str
    confidence: str
    now: Cell
    before: Cell
    trend: Change
    note: int = 0
    beside: tuple[Row, ...] = ()
    spark: Chart | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart drawn for a wide and for a narrow page; both show the same values."""

    wide: Chart
    narrow: Chart


@dataclass(frozen=True, slots=True)
class Footnote:
    """What a reader has to know about a number; `number` 0 belongs to the whole page."""

    number: int
    head: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One report, ready to be shown. `draft` says that the paragraphs were drafted from the numbers."""

    report: str
    title: str
    question: str
    program: str
    currency: str
    timezone: str
    period: Span
    previous: Span
    as_of: datetime | None
    confidence: str
    heads: tuple[str, str, str, str]
    rows: tuple[Row, ...]
    paragraphs: tuple[str, ...] = ()
    draft: bool = True
    figures: tuple[Figure, ...] = ()
    footnotes: tuple[Footnote, ...] = ()

    @property
    def size(self) -> int:
        """Characters of running text; paper has room for so many."""
        return sum(map(len, self.paragraphs)) + sum(
            len(note.head) + len(note.text) for note in self.footnotes
        )


def sentence(text: str) -> str:
    """Return the text with a capital at its beginning and a full stop at its end."""
    return f"{text[:1].upper()}{text[1:]}."


def listed(words: Iterable[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last
