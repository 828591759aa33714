"""How does a report look on paper and screen: one file of HTML that needs nothing else?"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from firstcall.charts.theme import stylesheet
from firstcall.reports.document import Document
from firstcall.reports.plain import ARROWS, ending

if TYPE_CHECKING:
    from jinja2 import Template

ROOM = 3_600
"""Characters of running text beside which both charts fit on one page; with more the second one is not printed."""

TIGHT = 4_800
"""With more than these, no chart is printed."""


def html(document: Document) -> str:
    """Return the report as one self-contained page: inline style and pictures, no script, nothing fetched."""
    return _template("page.html").render(document=document, article=article(document), style=style())


def article(document: Document) -> str:
    """Return the report as an `<article>`, for a page that brings the style itself."""
    return _template("article.html").render(
        document=document,
        arrows=ARROWS,
        ending=ending(document),
        printed=2 if document.size <= ROOM else 1 if document.size <= TIGHT else 0,
    )


def style() -> str:
    """Return the CSS of the article and its charts."""
    return stylesheet() + files("firstcall.reports").joinpath("page.css").read_text(encoding="utf-8")


@cache
def _template(name: str) -> Template:
    # jinja2 is not needed for the other formats
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("firstcall.reports", ".")
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).get_template(name)
