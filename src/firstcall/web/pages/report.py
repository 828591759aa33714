"""What does a report look like inside the dashboard, and which periods can be chosen?"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.exceptions import HTTPException

from firstcall.answers import Answer
from firstcall.errors import UnknownName
from firstcall.reports import quarters, render
from firstcall.reports.facts import ProgramFacts, gather
from firstcall.reports.html import article
from firstcall.reports.report import looking_back
from firstcall.web.pages.page import Page

if TYPE_CHECKING:
    from firstcall.periods import Question
    from firstcall.query.question import Parameters
    from firstcall.reports.report import Ask
    from firstcall.web.answer_service import AnswerService
    from firstcall.web.query_string import QueryString


def handed_over(service: AnswerService, asked: Parameters) -> tuple[Ask, ProgramFacts]:
    """Return how a report asks, and what it knows of the program, as of the moments asked for.

    It asks the service, which knows the answers of this state of the store.
    """

    def ask(question: Question) -> Answer:
        outcome = service.ask(question)
        if not isinstance(outcome, Answer):
            raise outcome
        return outcome

    program = service.program
    facts = gather(program.settings, program.engine, program.store_state, as_of=asked.as_of)
    return looking_back(ask, asked.as_of, asked.known_at), facts


def report(service: AnswerService, name: str, asked: QueryString) -> Page:
    """Return the page of a report over a `period` written as 2026Q3, or the last complete one."""
    try:
        found = render.find(name)
    except UnknownName as error:
        raise HTTPException(404, str(error)) from error
    ask, facts = handed_over(service, asked.parameters)
    document = render.build(found, ask, facts, asked.others.get("period"))
    chosen, kept = document.period.name, asked.parameters.texts()
    values = {
        "name": name,
        "periods": [(each, each == chosen) for each in _names(facts)],
        "kept": kept,
        "query": urlencode([("period", chosen), *kept]),
        "article": Markup(article(document)),  # noqa: S704  a template that escapes what it prints
    }
    return Page("report.html", found.title, f"/reports/{name}", values)


def _names(facts: ProgramFacts) -> list[str]:
    return [quarters.name(period, facts.calendar) for period in reversed(quarters.with_data(facts))]


@cache
def report_css() -> str:
    """Return the style that reports bring with them."""
    return files("firstcall.reports").joinpath("page.css").read_text(encoding="utf-8")
