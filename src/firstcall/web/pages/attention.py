"""What needs attention: which verdicts are bad, which endpoint hides behind a good average, what is missing?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from firstcall.answers import Answer
from firstcall.query.targets import judge
from firstcall.units import show
from firstcall.web.view import View, explain_address

if TYPE_CHECKING:
    from firstcall.answers import Point
    from firstcall.metrics.card import Card
    from firstcall.periods import Question
    from firstcall.program import Program
    from firstcall.web.answer_service import AnswerService, Outcome

BAD = {"broken": 0, "needs work": 1}
FEW_CALLS = 200
"""Calls an endpoint must have in the period before its rate is held against it."""

TIMES_WORSE = 3
"""How many times the rate of all calls an endpoint's must be to hide behind it."""

TOO_FAR_BEHIND = 26 * 3600
"""Seconds that one source may be behind the newest before somebody should look."""

MOST = 8


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at: how bad (`tone` is a verdict), what it is, what to do, and where it is explained."""

    tone: str
    what: str
    detail: str
    todo: str
    href: str


def judged(program: Program) -> tuple[str, ...]:
    """Return the metrics that can be good or bad: those with bands of their own or a target of the settings."""
    return tuple(name for name, metric in program.metrics.items() if metric.card.bands)


def questions(view: View, program: Program) -> Mapping[str, Question]:
    """Return what has to be asked, by the name under which `remarks` looks for it."""
    asked = {name: view.question(name, _grain(program, name, view)) for name in judged(program)}
    found = {f"judged {name}": question for name, question in asked.items()}
    return found | {"endpoints": view.question("server_error_rate", "all", by=("endpoint",))}


def _grain(program: Program, name: str, view: View) -> str:
    grains = program.metrics[name].grains
    return "all" if "all" in grains else "month" if view.days >= 28 and "month" in grains else grains[0]


def remarks(view: View, service: AnswerService, outcomes: Mapping[Question, Outcome]) -> tuple[Remark, ...]:
    """Return what to look at, the worst first."""
    found: list[Remark] = []
    for name, question in questions(view, service.program).items():
        outcome = outcomes[question]
        if not isinstance(outcome, Answer):
            continue
        if name == "endpoints":
            found += _endpoints(question, outcome, service)
        else:
            found += _verdict(question, outcome, service)
    found += _sources(service)
    return tuple(sorted(found, key=lambda remark: BAD.get(remark.tone, 2)))[:MOST]


def _verdict(question: Question, answer: Answer, service: AnswerService) -> list[Remark]:
    metric, last = service.program.metrics[answer.metric], answer.last
    if answer.verdict not in BAD or last is None:
        return []
    said = show(last.value, answer.unit, short=True, currency=answer.currency)
    goals = metric.card.goals(metric.unit, answer.currency)
    line = f"{said} over {last.cases:,} cases; {goals}."
    todo = _todo(metric.card)
    return [Remark(answer.verdict or "", _title(answer.metric), line, todo, explain_address(question))]


def _endpoints(question: Question, answer: Answer, service: AnswerService) -> list[Remark]:
    """Return the endpoints whose calls fail far more often than all calls together."""
    metric = service.program.metrics[answer.metric]
    calls = sum(each.cases for each in answer.points)
    failed = sum(float(each.value or 0) * each.cases for each in answer.points)
    overall = failed / calls if calls else 0.0
    least = service.program.settings.definitions.verdict_cases
    told = [(each, str(said)) for each in answer.points if (said := judge(metric, each, least)) in BAD]
    worst = sorted(
        (one for one in told if one[0].cases >= FEW_CALLS), key=lambda one: -float(one[0].value or 0)
    )
    return [
        Remark(
            said,
            _endpoint(answer, each),
            f"{show(each.value, 'share')} of its {each.cases:,} calls end in a server error; "
            f"{show(overall, 'share')} of all calls do.",
            _todo(metric.card),
            explain_address(_only(question, each)),
        )
        for each, said in worst[:3]
        if float(each.value or 0) >= TIMES_WORSE * overall
    ]


def _only(question: Question, point: Point) -> Question:
    endpoint = next(iter(point.by.values())) or "null"
    where = (*(pair for pair in question.where if pair[0] != "endpoint"), ("endpoint", (endpoint,)))
    return replace(question, by=(), where=where)


def _endpoint(answer: Answer, point: Point) -> str:
    return answer.called("endpoint", point.by["endpoint"])


def _sources(service: AnswerService) -> list[Remark]:
    """Return the sources that have fallen behind the newest one."""
    last: Mapping[str, datetime] = service.program.store_state.last_calls
    if not last:
        return []
    newest = max(last.values())
    late = {source: (newest - when).total_seconds() for source, when in last.items()}
    return [
        Remark(
            "needs work", f"{source} is behind",
            f"Its last call is {show(lag, 'seconds', short=True)} older than the newest of all sources.",
            "Import its newer logs, or ask why there are none.", "/api/v1/status",
        )
        for source, lag in sorted(late.items(), key=lambda item: -item[1])
        if lag > TOO_FAR_BEHIND
    ]  # fmt: skip


def _todo(card: Card) -> str:
    return f"{card.audience.owner}: {card.action}"


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()
