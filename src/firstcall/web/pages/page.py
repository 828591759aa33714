"""What is a page? A template and what fills it, inside the frame that every page has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from firstcall import __version__, registry
from firstcall.units import show

if TYPE_CHECKING:
    from firstcall.web.answer_service import AnswerService


@dataclass(frozen=True, slots=True)
class Page:
    """A template's name and values; `here` is the path that the navigation marks."""

    template: str
    title: str
    here: str
    values: Mapping[str, object] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Watermark:
    """How far one source has come, in the program's zone."""

    source: str
    when: str


@cache
def environment() -> Environment:
    """Return the templates, which escape everything that is not markup of our own charts."""
    found = Environment(
        loader=PackageLoader("firstcall.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    found.filters["words"] = lambda name: str(name).replace("_", " ")
    found.filters["count"] = lambda number: show(number, "count")
    return found


def svg(text: str) -> Markup:
    """Mark a chart's SVG as markup: charts escape every text they print."""
    return Markup(text)  # noqa: S704  see above


def render(page: Page, service: AnswerService) -> str:
    """Return the page as HTML."""
    values = {**_frame(service), **page.values, "title": page.title, "here": page.here}
    return environment().get_template(page.template).render(values)


def _frame(service: AnswerService) -> dict[str, object]:
    program = service.program.settings.program
    return {
        "program": program.name,
        "version": __version__,
        "timezone": program.timezone,
        "currency": program.currency,
        "nav": navigation(),
        "marks": marks(service),
    }


def navigation() -> tuple[tuple[str, str], ...]:
    """Return path and name of the pages there are."""
    reports = tuple((f"/reports/{report.name}", report.title) for report in registry.reports().values())
    return (("/", "Overview"), ("/metrics", "Metrics"), *reports)


def marks(service: AnswerService) -> tuple[Watermark, ...]:
    """Return how far each source has come."""
    last = service.program.store_state.last_times
    return tuple(Watermark(source, local(service, last[source])) for source in sorted(last))


def local(service: AnswerService, moment: datetime | None) -> str:
    """Print a moment given in UTC without zone as local time."""
    if moment is None:
        return "–"
    return f"{service.program.calendar.local(moment):%d %b %Y %H:%M}"
