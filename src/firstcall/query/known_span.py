"""Since when and until when is everything known that a question needs?

A layer, such as calls or tickets, is known from the local day of its first row to the watermark. Periods of money are
known as far as they reach: the month after the last invoice is not one without revenue. `[known_since]` of the
settings overrides a beginning. A question that needs several layers knows the days that all of them know.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from firstcall.periods import FIRST_DAY, LAST_DAY, KnownSpan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from firstcall.periods import Scope
    from firstcall.query.store_state import Extent, StoreState
    from firstcall.settings import KnownSince

_NOUNS = {
    "journey": "steps of the journey",
    "effort": "hours of work",
    "value": "amounts of value",
    "headcount": "heads",
    "feedback": "opinions",
    "surveys": "survey answers",
}
"""What rows of a table are called, where its name does not say it."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """What is known of one layer; `dense` says that it ends with its own last row, not with the watermark."""

    noun: str
    first: date | None
    last: date | None
    dense: bool = False


def known_span(
    needs: Iterable[str], scope: Scope, *, state: StoreState, since: KnownSince
) -> KnownSpan | None:
    """Return the days of which all `needs` are known, each a table or several of which one is enough.

    None where no need is dated. Where nothing is known of a layer, the span ends before it begins.
    """
    layers = [found for tables in needs if (found := _widest(tables.split("|"), scope, state, since))]
    if not layers:
        return None
    if unknown := next((layer for layer in layers if layer.first is None), None):
        return KnownSpan(LAST_DAY, FIRST_DAY, said := f"no {unknown.noun} are known", said)
    newest = max(layers, key=lambda layer: layer.first or FIRST_DAY)
    shortest = min(layers, key=lambda layer: layer.last or LAST_DAY)
    first, last = newest.first or LAST_DAY, shortest.last or FIRST_DAY
    seen = scope.calendar.day(scope.as_of - timedelta(microseconds=1)) if scope.cut else last
    what = shortest.noun if shortest.dense and last <= seen else "data"
    return KnownSpan(
        first,
        min(last, seen),
        f"no {newest.noun} are known before {written(first)}",
        f"not over yet: {what} until {written(min(last, seen))}",
    )


def _widest(tables: list[str], scope: Scope, state: StoreState, since: KnownSince) -> _Layer | None:
    """Return what is known of tables of which one is enough; None where one of them is not dated."""
    people = {"partner": "partners", "developer": "developers", "app": "credentials"}
    named = [people[scope.entity] if table in {"partners", "developers"} else table for table in tables]
    found = [_layer(table, scope, state, since) for table in named]
    layers = [layer for layer in found if layer is not None]
    if len(layers) < len(found):
        return None
    begun = [layer for layer in layers if layer.first is not None]
    if not begun:
        return layers[0]
    first = min(begun, key=lambda layer: layer.first or LAST_DAY)
    last = max(begun, key=lambda layer: layer.last or FIRST_DAY)
    return _Layer(first.noun, first.first, last.last, last.dense)


def _layer(table: str, scope: Scope, state: StoreState, since: KnownSince) -> _Layer | None:
    said: date | None = getattr(since, table, None)
    if table == "calls":
        days, noun = _calls(scope, state)
    else:
        dated = state.days(table, scope.known_at)
        if dated is None:
            return None
        days, noun = dated, _NOUNS.get(table, table.replace("_", " "))
    newest = state.newest
    if days.last is None or days.begun is None:
        return _Layer(noun, said, newest if said else None)
    if newest is None or (days.covers and days.last < newest):
        return _Layer(noun, said or days.first, days.last, days.covers)
    return _Layer(noun, said or days.first, max(newest, days.begun))


def _calls(scope: Scope, state: StoreState) -> tuple[Extent, str]:
    """Return the days of the calls in the environment and of the sources asked for."""
    where = dict(scope.where)
    sources = where.get("source")
    environments = where.get("environment", () if scope.environment == "any" else (scope.environment,))
    noun = " ".join([*environments, "calls"]) + (f" of {' or '.join(sources)}" if sources else "")
    return state.call_days(sources or (), environments, scope.known_at), noun


def written(day: date) -> str:
    """Return a day as people write it: 3 Aug 2026."""
    return f"{day.day} {day:%b %Y}"
