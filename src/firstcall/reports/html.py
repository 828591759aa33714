"""How does a report look on paper and screen: one file of HTML that needs nothing else?"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from firstcall.charts.theme import stylesheet
from firstcall.reports.document import Document, tied
from firstcall.reports.plain_text import ARROWS, ending

if TYPE_CHECKING:
    from jinja2 import Template

ROOM = 2_600
"""Characters of running text beside which the charts fit on one printed page; with more they stay on screen."""


def html(document: Document) -> str:
    """Return the report as one self-contained page: inline style and pictures, no script, nothing fetched."""
    return _template("page.html").render(document=document, article=article(document), style=style())


def article(document: Document) -> str:
    """Return the report as an `<article>`, for a page that brings the style itself."""
    return _template("article.html").render(
        document=document,
        arrows=ARROWS,
        ending=ending(document),
        printed=document.size <= ROOM,
    )


def style() -> str:
    """Return the CSS of the article and its charts."""
    return stylesheet() + files("firstcall.reports").joinpath("page.css").read_text(encoding="utf-8")


@cache
def _template(name: str) -> Template:
    # jinja2 is not needed for the other formats
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("firstcall.reports", ".")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["tied"] = tied
    return environment.get_template(name)
