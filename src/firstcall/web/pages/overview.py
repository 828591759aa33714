"""How is the program doing? The four questions, the charts behind them, and what needs attention."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from firstcall.answers import Answer
from firstcall.units import show
from firstcall.web.answer_service import AnswerService
from firstcall.web.figures.active_partners import partners
from firstcall.web.figures.call_volume import volume
from firstcall.web.figures.error_rates import errors
from firstcall.web.figures.onboarding import onboarding
from firstcall.web.figures.retention import retention
from firstcall.web.figures.time_to_first_call import wait
from firstcall.web.pages import attention, kpi
from firstcall.web.pages.figure_card import figure_card
from firstcall.web.pages.page import Page
from firstcall.web.pages.readiness import missing_tables
from firstcall.web.query_string import address
from firstcall.web.view import PRESETS, View, explain_address, view_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firstcall.periods import Question
    from firstcall.query.question import Parameters
    from firstcall.web.answer_service import Outcome

FIGURES = (wait, volume, errors, onboarding, retention, partners)
"""The charts of the overview, in reading order."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a control: what it is called, its value or address, and whether it holds now."""

    name: str
    value: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Attribution:
    """How many calls belong to known partners, in words, and where that is explained."""

    known: str
    unknown: str
    share: float
    href: str


def overview(service: AnswerService, asked: Parameters) -> Page:
    """Return the overview of a period; an empty store gets the page that says how to begin."""
    counts = service.program.store_state.counts
    if not any(counts.values()):
        return Page("start.html", "Start", "/", {"sources": ("nginx", "kong", "apache")})
    view = view_of(asked, service)
    outcomes = service.ask_all(_questions(view, service))
    cards = [kpi.card(each, view, service, outcomes) for each in kpi.KPIS]
    values = {
        "view": view,
        "last_day": view.end - timedelta(days=1),
        "presets": _presets(view),
        "partners": _partners(view, service),
        "where": [
            f"{name}:{value}"
            for name, values in view.parameters.where
            if name != "partner"
            for value in values
        ],
        "stakeholders": cards[:4],
        "others": cards[4:],
        # what can be drawn comes first, so that logs alone make a page worth reading
        "figures": sorted(
            (figure_card(each, view, service, outcomes) for each in FIGURES),
            key=lambda drawn: bool(drawn.why),
        ),
        "remarks": attention.remarks(view, service, outcomes),
        "attribution": _attribution(view, outcomes),
        "missing": missing_tables(service),
    }
    return Page("overview.html", "Overview", "/", values)


def _questions(view: View, service: AnswerService) -> list[Question]:
    found = [question for figure in FIGURES for question in figure.asks(view).values()]
    found += [question for each in kpi.KPIS for question in kpi.questions(each, view).values()]
    found += attention.questions(view, service.program).values()
    return [*found, *_attributing(view).values()]


def _attributing(view: View) -> dict[str, Question]:
    plain = replace(view, parameters=replace(view.parameters, where=()))
    asked = {
        "all": plain.question("call_volume", "all"),
        "nobody": replace(plain.question("call_volume", "all"), where=(("partner", ("null",)),)),
    }
    return {name: replace(question, variants=(("traffic", "external"),)) for name, question in asked.items()}


def _attribution(view: View, outcomes: Mapping[Question, Outcome]) -> Attribution | None:
    asked = _attributing(view)
    calls = {name: _calls(outcomes[question]) for name, question in asked.items()}
    if not calls["all"]:
        return None
    unknown = calls["nobody"] / calls["all"]
    split = replace(asked["all"], by=("partner",))
    return Attribution(show(1 - unknown, "share"), show(unknown, "share"), unknown, explain_address(split))


def _calls(outcome: Outcome) -> int:
    return sum(point.cases for point in outcome.points) if isinstance(outcome, Answer) else 0


def _presets(view: View) -> list[Choice]:
    asked = view.parameters
    keep = replace(asked, start=None, end=None)
    chosen = None if asked.start or asked.end else asked.last
    return [Choice(name, address("/", replace(keep, last=last)), chosen == last) for last, name in PRESETS]


def _partners(view: View, service: AnswerService) -> list[Choice]:
    chosen = dict(view.parameters.where).get("partner", ())
    known = {**service.partners, "null": "Unattributed calls"} if service.partners else {}
    return [Choice(name, f"partner:{key}", key in chosen) for key, name in known.items()]
