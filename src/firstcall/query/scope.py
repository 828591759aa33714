"""Which scope does a question mean? Fills in the metric's and the program's defaults, and refuses what cannot be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, cast

from firstcall.errors import ScopeError, UnknownName
from firstcall.periods import Scope, as_grain, as_utc
from firstcall.query.filters import people_offers, unknown_filters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from firstcall.metrics.metric import Metric, Part, Variant
    from firstcall.periods import Calendar, Entity, Environment, KnownSpan, Question
    from firstcall.settings.model import Funnel


@dataclass(frozen=True, slots=True)
class Seen:
    """What the store has seen: the first and last day of any row, and the watermark of calls and journey."""

    first: date | None = None
    last: date | None = None
    watermark: datetime | None = None


def scope_of(
    question: Question,
    metric: Metric,
    calendar: Calendar,
    seen: Seen,
    span: Callable[[Scope], KnownSpan | None],
) -> Scope:
    """Return the question with every default filled in; raises ScopeError or UnknownName.

    `span` tells the days known; a scope begins with them unless the question says when.
    """
    grain = question.grain or metric.default_grain
    if grain not in metric.grains:
        raise ScopeError(f"{question.metric} has no grain {grain}; it has {', '.join(metric.grains)}.")
    by = question.by or metric.default_by
    as_of = as_utc(question.as_of) if question.as_of else _default_as_of(seen, calendar)
    dated = seen.last if question.as_of is None and seen.watermark is None else None
    last = dated or calendar.day(as_of)
    start, end = _bounds(question, grain, calendar, last, seen.first)
    scope = Scope(
        start=start,
        end=end,
        grain=as_grain(grain),
        environment=cast("Environment", question.environment or metric.environment),
        entity=cast("Entity", question.entity or _entity(question, metric)),
        as_of=as_of,
        calendar=calendar,
        by=by,
        where=question.where,
        cut=question.as_of is not None,
        known_at=as_utc(question.known_at) if question.known_at else None,
        variants=_variants(question, metric),
        exact=question.exact,
        earliest=seen.first,
    )
    scope = _within_known(scope, question, last, span(scope))
    unknown_filters(scope, metric.dimensions, question.metric)
    _people_can(scope, metric, question.metric)
    return scope


def _within_known(scope: Scope, question: Question, last: date, known: KnownSpan | None) -> Scope:
    """Return the scope with the days known, where it begins unless the question says when."""
    if known is None or known.first > known.last:
        return replace(scope, known=known)
    first = max(scope.earliest or known.first, known.first)
    start, end = _bounds(question, scope.grain, scope.calendar, last, first)
    return replace(scope, start=start, end=end, known=known)


def _bounds(
    question: Question, grain: str, calendar: Calendar, last: date, first: date | None
) -> tuple[date, date]:
    """Return the days asked for; without them, from the bucket of the first day to that of the last."""
    start = question.start or first or last
    if question.end is not None:
        end = question.end
    elif grain == "all":
        end = max(last, start) + timedelta(days=1)
    else:
        end = calendar.period(max(last, start), grain).end
    if question.start is None:
        start = min(start, end - timedelta(days=1))
        start = start if grain == "all" else calendar.period(start, grain).first
    return start, end


def _people_can(scope: Scope, metric: Metric, name: str) -> None:
    """Refuse an entity that money does not name, and dimensions that it does not have where only people are counted."""
    if scope.entity != "partner" and any(part.relation(scope).splits_by == "money" for part in metric.parts):
        raise ScopeError(f"{name} is known by partner only: invoices and costs name no {scope.entity}.")
    if all(part.relation(scope).splits_by == "people" for part in metric.parts):
        unknown_filters(scope, people_offers(scope), f"{name} of {scope.entity}s")


def _default_as_of(seen: Seen, calendar: Calendar) -> datetime:
    if seen.watermark is not None:
        return seen.watermark
    if seen.last is not None:
        return calendar.starts(seen.last + timedelta(days=1))
    return datetime(2000, 1, 1)  # noqa: DTZ001  UTC without zone, as everywhere; an empty store has seen nothing


def with_floors(metric: Metric, least: Mapping[int, int], survey: int) -> Metric:
    """Return the metric with its floors of cases replaced: `least` maps the usual floor to the program's own."""

    def changed(part: Part) -> Part:
        floors = {
            name: (count, survey if part.survey else least.get(cases, cases))
            for name, (count, cases) in part.floors.items()
        }
        return replace(part, floors=floors)

    exact = None if metric.exact is None else changed(metric.exact)
    beside = tuple(changed(part) for part in metric.beside)
    return replace(metric, main=changed(metric.main), beside=beside, exact=exact)


def with_funnels(metric: Metric, funnels: Mapping[str, Funnel]) -> Metric:
    """Return the metric with the program's own funnels among its presets, where it has any."""

    def widened(variant: Variant) -> Variant:
        if variant.name != "preset":
            return variant
        entities = {name: "developer" for name, own in funnels.items() if own.steps[0] == "signup"}
        values = tuple(dict.fromkeys((*variant.values, *funnels)))
        return replace(variant, values=values, entity_of={**variant.entity_of, **entities})

    if not funnels or all(variant.name != "preset" for variant in metric.variants):
        return metric
    counts = dict.fromkeys((step for own in funnels.values() for step in own.steps), "count")
    variants = tuple(widened(variant) for variant in metric.variants)
    return replace(metric, variants=variants, unit_of={**counts, **metric.unit_of})


def _entity(question: Question, metric: Metric) -> str:
    """Return whom the metric counts, which a variant may change."""
    chosen = dict(question.variants)
    for variant in metric.variants:
        if chosen.get(variant.name) in variant.entity_of:
            return variant.entity_of[chosen[variant.name]]
    return metric.entity


def _variants(question: Question, metric: Metric) -> tuple[tuple[str, str], ...]:
    known = {variant.name: variant for variant in metric.variants}
    for name, value in question.variants:
        if name not in known:
            raise UnknownName(f"variant of {question.metric}", name, known, hint="See firstcall explain.")
        if known[name].values and value not in known[name].values:
            raise UnknownName(f"value of {name}", value, known[name].values)
    chosen = dict(question.variants)
    bounded = question.start is not None or question.end is not None
    open_ended = () if bounded else tuple(each for each in metric.variants if each.unbounded)
    return (
        *question.variants,
        *((each.name, each.unbounded) for each in open_ended if each.name not in chosen),
    )
