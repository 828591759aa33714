"""How does a metric over a scope become one query? Facts, relations and aggregates, as one WITH statement."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

import sqlglot

from firstcall.literals import NOBODY, SEPARATOR, day_literal, moment_literal, quoted
from firstcall.metrics.dimensions import USAGE_DIMENSIONS
from firstcall.metrics.metric import Ratio
from firstcall.query import filters, ledger, plan
from firstcall.schema.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlglot import exp

    from firstcall.metrics.metric import Part, Relation
    from firstcall.periods import Scope
    from firstcall.query.filters import PlanContext

FAR = date(2200, 1, 1)
OF_ROW = "_row_"
"""What the columns of a row begin with where they stand beside the numbers of its period and split."""
_READS = re.compile(r"\b(?:from|join) (\w+)")
_DEFINES = re.compile(r"\b(\w+) as \(\s*(?:select|with)\b")
_CALLS = {fact: re.compile(rf"\b{fact} as (\w+)") for fact in ("usage", "reaches", "moments", "anything")}


class _Macro:
    """Lets a relation's text say {period[u.day]} or {local_day[j.time]}."""

    def __init__(self, make: Callable[[str], str]) -> None:
        self._make = make

    def __getitem__(self, argument: str) -> str:
        return self._make(argument)


@dataclass(frozen=True, slots=True)
class Composition:
    """A relation over a scope: its common table expressions and the select that reads them."""

    relation: Relation
    scope: Scope
    ctes: Mapping[str, str]

    def query(self, select: str) -> str:
        """Return the text of a select over `rows`, with everything it stands on."""
        listed = ",\n".join(f"{name} as ({text})" for name, text in self.ctes.items())
        return f"with {listed}\n{select}"

    @property
    def inside(self) -> str:
        """The condition that keeps the periods of the scope."""
        first = self.scope.periods[0].first
        return f"rows_of.period >= {day_literal(first)} and rows_of.period < {day_literal(self.scope.end)}"


def compose(
    relation: Relation,
    scope: Scope,
    context: PlanContext,
    relations: Mapping[str, Relation],
    extra: Mapping[str, str],
) -> Composition:
    """Return the relation with every fact it needs, narrowed to the scope. `extra` fills {names} of its text."""
    needed = _with_dependencies(relation, relations)
    history = any(each.history for each in needed)
    extra = {**extra, "first_end": day_literal(_first_end(scope, history=history))}
    texts = {each.name: _filled(each, scope, extra) for each in needed}
    everything = " ".join((*texts.values(), ledger.used() if relation.shares_products else ""))
    makers: dict[str, Callable[[], str]] = {
        **_fact_makers(relation, scope, context, everything, history=history),
        **{f"known_{name}": _table(name, scope) for name in TABLES},
        **{name: partial(texts.__getitem__, name) for name in texts},
    }
    ctes: dict[str, str] = {}
    _collect(texts[relation.name], makers, ctes, {relation.name})
    ctes["rows_of"] = texts[relation.name]
    return Composition(relation, scope, ctes)


def _fact_makers(
    relation: Relation, scope: Scope, context: PlanContext, everything: str, *, history: bool
) -> dict[str, Callable[[], str]]:
    """Return by name what writes each fact; `everything` is the text of all relations that may read them."""
    mine, others = filters.split_parts(relation, scope)
    if relation.splits_by == "own":
        others = tuple(name for name in others if name in USAGE_DIMENSIONS)
    bounded = not (history or relation.ever) and relation.splits_by in {"usage", "money", "own"}
    return {
        "periods": lambda: plan.periods(scope, history=history),
        "parties": lambda: plan.parties(scope),
        "owners": lambda: plan.owners(scope),
        "straddled": plan.straddled,
        "catalogued": lambda: plan.catalogued(scope),
        "people": lambda: plan.people(scope, mine),
        "usage": lambda: plan.usage(
            _columns("usage", everything),
            scope,
            context,
            others,
            bounded=bounded,
            whole=("product",) if relation.shares_products else (),
        ),
        "reaches": lambda: plan.usage(
            _columns("reaches", everything), scope, context, others, bounded=bounded
        ),
        "moments": lambda: plan.usage(
            _columns("moments", everything), scope, context, others, bounded=bounded, raw=True
        ),
        "anything": lambda: plan.usage(
            _columns("anything", everything),
            replace(scope, environment="any", where=()),
            replace(context, traffic="all"),
            (),
            bounded=False,
        ),
        **_money_makers(relation, scope, context, everything, others),
    }


def _money_makers(
    relation: Relation, scope: Scope, context: PlanContext, everything: str, by: tuple[str, ...]
) -> dict[str, Callable[[], str]]:
    """Return by name what writes each fact of money; only the books that relations name are opened."""
    books = [book for book in ledger.BOOKS if f"'{book}'" in everything]
    return {
        "entries": lambda: ledger.entries(scope, books),
        "rated": lambda: ledger.rated(scope, context),
        "priced": lambda: ledger.priced(scope, context),
        "laid": ledger.laid,
        "used": ledger.used,
        "shared": ledger.shared,
        "ledger": lambda: ledger.ledger(scope, by, shared=relation.shares_products),
    }


def _read_by(text: str) -> list[str]:
    """Return what a text reads, except what it defines itself."""
    own = set(_DEFINES.findall(text))
    return [name for name in _READS.findall(text) if name not in own]


def _with_dependencies(relation: Relation, relations: Mapping[str, Relation]) -> list[Relation]:
    found = [relation]
    for name in _read_by(relation.sql):
        if name in relations and name != relation.name:
            found.extend(each for each in _with_dependencies(relations[name], relations) if each not in found)
    return found


def _collect(
    text: str, makers: Mapping[str, Callable[[], str]], ctes: dict[str, str], busy: set[str]
) -> None:
    """Put every expression that `text` reads before it, each once."""
    for name in _read_by(text):
        if name in makers and name not in ctes and name not in busy:
            made = makers[name]()
            _collect(made, makers, ctes, busy | {name})
            ctes[name] = made


def _columns(fact: str, text: str) -> frozenset[str]:
    aliases = set(_CALLS[fact].findall(text))
    return frozenset(name for alias in aliases for name in re.findall(rf"\b{alias}\.(\w+)", text))


def _table(name: str, scope: Scope) -> Callable[[], str]:
    happened = TABLES[name].happened
    return lambda: f'select t.* from "{name}" as t where {filters.known("t", scope, happened)}'


def _filled(relation: Relation, scope: Scope, extra: Mapping[str, str]) -> str:
    mine, others = filters.split_parts(relation, scope)
    nobody = SEPARATOR.join(NOBODY for _ in others)

    def joined(pair: str) -> str:
        left, right = pair.split(",")
        if not others:
            return left
        right = f"coalesce({right}, {quoted(nobody)})"
        return f"{left} || {quoted(SEPARATOR)} || {right}" if mine else right

    return relation.sql.format(
        start=day_literal(scope.start),
        end=day_literal(scope.end),
        as_of=moment_literal(scope.as_of),
        seen_end=day_literal(_seen_end(scope)),
        as_of_day=day_literal(scope.calendar.day(scope.as_of)),
        period=_Macro(lambda day: filters.period_of(day, scope)),
        local_day=_Macro(lambda moment: filters.local_day(moment, scope)),
        join=_Macro(joined),
        seen=_Macro(lambda moment: filters.seen(moment, scope)),
        party=_Macro(filters.party),
        split=filters.split_of(relation.offers.get(name, "null") for name in scope.by),
        kept=" and ".join(filters.conditions(scope, relation.offers)) or "true",
        **extra,
    )


def _seen_end(scope: Scope) -> date:
    """Return the first day of which an explicit as-of sees nothing; far away without one."""
    return (
        scope.calendar.day(scope.as_of - timedelta(microseconds=1)) + timedelta(days=1) if scope.cut else FAR
    )


def _first_end(scope: Scope, *, history: bool) -> date:
    """Return the day after the last day seen of the first bucket: what looks back over its last days ends there."""
    first = (scope.history() if history else scope.periods)[0]
    return min(first.end, scope.end, scope.calendar.day(scope.as_of) + timedelta(days=1))


def measured(part: Part, composition: Composition) -> str:
    """Return the query of a part's numbers: one row per period and split, both halves of every ratio.

    Where Python goes on from the rows, the numbers stand beside each row behind them, whose columns are called
    `_row_…`: the rows are found once.
    """
    columns = _numbers(part, composition)
    listed = ",\n  ".join(f"{text} as {name}" for name, text in columns.items())
    numbers = (
        f"select {listed}\nfrom rows_of where {composition.inside}\ngroup by rows_of.period, rows_of.split"
    )
    if part.then is None:
        return composition.query(f"{numbers} order by rows_of.period, rows_of.split")
    shown = [f"n.{name} as {name}" for name in columns]
    shown += [f"rows_of.{name} as {OF_ROW}{name}" for name in part.then_needs]
    return replace(composition, ctes={**composition.ctes, "numbers_of": numbers}).query(
        f"select {', '.join(shown)}\nfrom rows_of join numbers_of as n "
        f"on n.period = rows_of.period and n.split = rows_of.split\n"
        f"where {composition.inside} order by n.period, n.split"
    )


def _numbers(part: Part, composition: Composition) -> dict[str, str]:
    """Return the expressions of a part's numbers by the names of their columns."""
    columns = {"period": "rows_of.period", "split": "rows_of.split", "_cases": part.cases}
    for name, value in part.values.items():
        if isinstance(value, Ratio):
            columns |= {f"{name}__part": value.part, f"{name}__over": value.over}
        else:
            columns[name] = value
    columns |= {f"_floor_{number}": count for number, count in enumerate(floor_counts(part))}
    if part.open:
        columns["_open"] = part.open
    if composition.relation.has_money:
        columns |= {"_confidence": "max(rows_of.confidence)", "_gaps": "count(rows_of.missing_rate)"}
    return columns | {f"_note_{number}": count for number, (count, _) in enumerate(part.notes)}


def floor_counts(part: Part) -> tuple[str, ...]:
    """Return the distinct expressions that the floors of a part count, in a fixed order."""
    return tuple(dict.fromkeys(count for count, _ in part.floors.values()))


def listing(composition: Composition) -> str:
    """Return the query of the rows behind the numbers: the same rows, not aggregated."""
    return composition.query(f"select rows_of.* from rows_of where {composition.inside}")


def missing_rates(composition: Composition) -> str:
    """Return the query of the exchange rates that the rows needed and did not find."""
    return composition.query(
        f"select distinct rows_of.missing_rate from rows_of where {composition.inside} "
        "and rows_of.missing_rate is not null order by rows_of.missing_rate"
    )


def parsed(text: str) -> exp.Expr:
    """Return the portable query as a tree, ready for an engine to lower."""
    return sqlglot.parse_one(text, dialect="duckdb")
