"""What does a question mean in this program: its metric, its scope, its definitions, and what the store allows?"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from firstcall import registry
from firstcall.errors import ScopeError, UnknownName
from firstcall.query import definitions
from firstcall.query.execute import ResolvedQuestion, missing_tables
from firstcall.query.filters import PlanContext
from firstcall.query.known_span import known_span
from firstcall.query.names import meant
from firstcall.query.scope import scope_of, with_floors, with_funnels
from firstcall.settings.milestone import Milestone, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firstcall.metrics.metric import Metric, Traffic
    from firstcall.periods import Calendar, Question, Scope
    from firstcall.query.store_state import StoreState
    from firstcall.settings import Settings


def resolve(
    question: Question,
    metrics: Mapping[str, Metric],
    settings: Settings,
    calendar: Calendar,
    state: StoreState,
) -> ResolvedQuestion:
    """Return the question with its metric and scope resolved; raises UnknownName or ScopeError."""
    if question.metric not in metrics:
        raise UnknownName("metric", question.metric, metrics, hint="`firstcall metrics` lists them.")
    metric = with_funnels(metrics[question.metric], settings.funnels)
    plain, traffic, milestone = _plain(question, metric, settings.definitions.milestone)
    span = partial(known_span, metric.needs, state=state, since=settings.known_since)
    scope = scope_of(plain, metric, calendar, state.seen(metric), span)
    calls_since = settings.known_since.calls or state.call_days((), (), scope.known_at).first
    scope = replace(scope, calls_since=calls_since)
    own = settings.funnels.get(scope.variant("preset"))
    if own is not None:
        mode = scope.variant("mode", own.mode)
        scope = replace(scope, steps=own.steps, mode=mode, variants=(*scope.variants, ("mode", mode)))
    if not missing_tables(metric, scope, state.counts):  # what could not be answered says so first
        scope = meant(scope, metric, registry.relations(), state)
    if metric.main_for is not None:
        metric = replace(metric, main=metric.main_for(scope))
    floors = settings.definitions
    least = {5: floors.percentile_cases, 10: floors.high_percentile_cases}
    metric = with_floors(metric, least, floors.survey_cases)
    said = definitions.of_program(settings, milestone, None if own is None else own.window_days)
    values = definitions.of_question(metric, scope, said, external=traffic == "external")
    context = _context(settings, scope, traffic, state)
    return ResolvedQuestion(question.metric, metric, scope, context, registry.relations(), values)


def _context(settings: Settings, scope: Scope, traffic: Traffic, state: StoreState) -> PlanContext:
    """Return what planning needs to know of the program and of its store."""
    return PlanContext(
        currency=settings.program.currency,
        traffic=traffic,
        straddles=state.straddles(scope),
        months_straddle=state.straddles(scope, "callers_by_month"),
        rolled_up=state.rolled_up,
    )


def _plain(question: Question, metric: Metric, milestone: Milestone) -> tuple[Question, Traffic, Milestone]:
    """Return the question without the variants that every metric has, whose traffic counts, and the milestone."""
    variants = dict(question.variants)
    traffic = variants.pop("traffic", metric.traffic)
    if traffic not in {"all", "external"}:
        raise UnknownName("value of traffic", traffic, ("all", "external"))
    environment = question.environment
    if "milestone" in {variant.name for variant in metric.variants}:
        if "milestone" in variants:
            milestone = _milestone(variants["milestone"])
        variants["milestone"] = "first" if milestone == Milestone() else "nth"
        if metric.environment != "any":
            environment = environment or milestone.environment
            milestone = replace(milestone, environment="any")  # the scope's environment says it already
    asked = replace(question, variants=tuple(variants.items()), environment=environment)
    return asked, "all" if traffic == "all" else "external", milestone


def _milestone(said: str) -> Milestone:
    try:
        return parse(said)
    except ValueError as error:
        raise ScopeError(f"milestone={said}: {error}") from error
