"""How does a metric over a scope become one query? Facts, relations and aggregates: named expressions and a select."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlglot import exp

from firstcall.metrics.dimensions import USAGE_DIMENSIONS
from firstcall.metrics.metric import Ratio
from firstcall.periods import FIRST_DAY
from firstcall.query import facts, ledger, plan
from firstcall.query.bindings import Bindings, Expression
from firstcall.query.filters import filters, known, split_of, split_parts
from firstcall.query.template import template
from firstcall.schema.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from firstcall.engines.lowering import Dialect
    from firstcall.metrics.metric import Part, Relation
    from firstcall.periods import Scope
    from firstcall.query.filters import PlanContext
    from firstcall.query.nodes import Operand

FAR = date(2200, 1, 1)
OF_ROW = "_row_"
"""What the columns of a row begin with where they stand beside the numbers of its period and split."""
ROWS = "rows_of"
"""What the relation that is asked is called in the select that reads it."""
WHO_IS_WHO = frozenset({"partners", "developers"})
"""Tables that an as-of leaves whole: it hides what had not happened, not whose a row is."""
_INSIDE = "rows_of.period >= $first_period and rows_of.period < $end"
"""Keeps the periods of the scope."""


@dataclass(frozen=True, slots=True)
class Query:
    """A select with the named expressions it stands on, each after those it reads."""

    expressions: Mapping[str, Expression]
    select: Expression

    @property
    def tables(self) -> Counter[str]:
        """How often each table and named expression is read."""
        read = Counter(self.select.tables)
        for each in self.expressions.values():
            read.update(each.tables)
        return read

    def sql(self, dialect: Dialect) -> str:
        """Return it in the engine's SQL."""
        read = self.tables
        named = [(name, each.sql(dialect), read[name]) for name, each in self.expressions.items()]
        return dialect.joined(named, self.select.sql(dialect))

    def tree(self) -> exp.Expr:
        """Return it as one portable tree of its own, as its parts are before an engine spells them."""
        query = self.select.tree()
        named = [
            exp.CTE(this=each.tree(), alias=exp.TableAlias(this=exp.to_identifier(name)))
            for name, each in self.expressions.items()
        ]
        query.set("with_", exp.With(expressions=named))
        return query


@dataclass(frozen=True, slots=True)
class Composition:
    """A relation over a scope: the named expressions it stands on, itself among them as `rows_of`."""

    relation: Relation
    bindings: Bindings
    expressions: Mapping[str, Expression]

    def query(self, select: str) -> Query:
        """Return the query of a select over `rows_of`, in the notation of `template.py`."""
        return Query(self.expressions, Expression(template(select), (self.bindings,)))

    @property
    def asked(self) -> frozenset[str]:
        """The names of all that the texts have the question fill in."""
        return frozenset(name for each in self.expressions.values() for name, _ in each.template.holes)

    @property
    def tables(self) -> frozenset[str]:
        """The tables of the schema that are read, rollups under their own names."""
        read = Counter[str]()
        for each in self.expressions.values():
            read.update(each.tables)
        return frozenset(read.keys() - self.expressions.keys())


def compose(
    relation: Relation,
    scope: Scope,
    context: PlanContext,
    relations: Mapping[str, Relation],
    values: Mapping[str, Operand],
) -> Composition:
    """Return the relation with every fact it needs, narrowed to the scope. `values` are what its definitions say."""
    needed = _with_dependencies(relation, relations)
    history = any(each.history for each in needed)
    bindings = Bindings(scope, {**_of_scope(scope, history=history), **values, "currency": context.currency})
    texts = {each.name: _relation(each, bindings) for each in needed}
    makers: dict[str, Callable[[], Expression]] = {
        **_fact_makers(relation, bindings, context, texts.values(), history=history),
        **{f"known_{name}": _table(name, bindings) for name in TABLES},
        **{name: partial(texts.__getitem__, name) for name in texts},
    }
    found: dict[str, Expression] = {}
    _collect(texts[relation.name], makers, found, {relation.name})
    found[ROWS] = texts[relation.name]
    return Composition(relation, bindings, found)


def _fact_makers(
    relation: Relation,
    bindings: Bindings,
    context: PlanContext,
    texts: Collection[Expression],
    *,
    history: bool,
) -> dict[str, Callable[[], Expression]]:
    """Return by name what writes each fact; `texts` are all relations that may read them."""
    scope = bindings.scope
    mine, others = split_parts(relation, scope)
    if relation.splits_by == "own":
        others = tuple(name for name in others if name in USAGE_DIMENSIONS)
    bounded = not (history or relation.ever) and relation.splits_by in {"usage", "money", "own"}
    everything = (*texts, _text(ledger.used(), bindings)) if relation.shares_products else tuple(texts)
    of_calls = partial(plan.usage, bindings=bindings, context=context, by=others, bounded=bounded)
    whole = ("product",) if relation.shares_products else ()
    return {
        "periods": lambda: facts.periods(bindings, history=history),
        "months": lambda: facts.months(bindings, history=history),
        "parties": lambda: _text(facts.parties(scope), bindings),
        "owners": lambda: _text(facts.owners(scope), bindings),
        "straddled": lambda: _text(plan.straddled(), bindings),
        "catalogued": lambda: _text(facts.catalogued(scope), bindings),
        "people": lambda: facts.people(bindings, mine),
        "entrants": lambda: _text(facts.entrants(), bindings),
        "usage": lambda: of_calls(_columns("usage", everything), whole=whole),
        "reaches": lambda: of_calls(_columns("reaches", everything)),
        "moments": lambda: of_calls(_columns("moments", everything), raw=True),
        "anything": lambda: plan.usage(
            _columns("anything", everything),
            replace(bindings, scope=replace(scope, environment="any", where=())),
            replace(context, traffic="all"),
            (),
            bounded=False,
        ),
        **_money_makers(relation, bindings, context, everything, others),
    }


def _money_makers(
    relation: Relation,
    bindings: Bindings,
    context: PlanContext,
    everything: Collection[Expression],
    by: tuple[str, ...],
) -> dict[str, Callable[[], Expression]]:
    """Return by name what writes each fact of money; only the books that relations name are opened."""
    scope = bindings.scope
    named = frozenset[str]().union(*(each.template.texts for each in everything))
    books = [book for book in ledger.BOOKS if book in named]
    return {
        "entries": lambda: _text(ledger.entries(scope, books), bindings),
        "rated": lambda: _text(ledger.rated(scope), bindings),
        "priced": lambda: _text(ledger.priced(scope, context), bindings),
        "laid": lambda: _text(ledger.laid(), bindings),
        "used": lambda: _text(ledger.used(), bindings),
        "shared": lambda: _text(ledger.shared(), bindings),
        "valued": lambda: _text(ledger.valued(), bindings),
        "ledger": lambda: ledger.ledger(bindings, by, of="shared" if relation.shares_products else "laid"),
        "recurring": lambda: ledger.recurring(bindings, by),
    }


def _text(text: str, bindings: Bindings) -> Expression:
    return Expression(template(text), (bindings,))


def _with_dependencies(relation: Relation, relations: Mapping[str, Relation]) -> list[Relation]:
    found = [relation]
    for name in template(relation.sql).tables:
        if name in relations and name != relation.name:
            found.extend(each for each in _with_dependencies(relations[name], relations) if each not in found)
    return found


def _collect(
    text: Expression,
    makers: Mapping[str, Callable[[], Expression]],
    found: dict[str, Expression],
    busy: set[str],
) -> None:
    """Put every expression that `text` reads before it, each once."""
    for name in text.template.tables:
        if name in makers and name not in found and name not in busy:
            made = makers[name]()
            _collect(made, makers, found, busy | {name})
            found[name] = made


def _columns(fact: str, everything: Collection[Expression]) -> frozenset[str]:
    """Return the columns that all relations together read of a fact."""
    read: set[str] = set()
    for each in everything:
        for bindings in each.bindings:
            read |= each.template.columns_with(bindings.condition).get(fact, set())
    return frozenset(read)


def _table(name: str, bindings: Bindings) -> Callable[[], Expression]:
    happened = None if name in WHO_IS_WHO else TABLES[name].happened
    text = f'select t.* from "{name}" as t where {known("t", bindings.scope, happened)}'
    return lambda: _text(text, bindings)


def _relation(relation: Relation, bindings: Bindings) -> Expression:
    """Return a relation's text with its own split and filters among what fills it."""
    scope = bindings.scope
    kept = filters(scope, relation.offers)
    split = template(split_of(relation.offers.get(name, "null") for name in scope.by)).tree
    own = bindings.also(relation, kept=exp.true() if kept is None else kept, split=split)
    return Expression(template(relation.sql), (own,))


def _of_scope(scope: Scope, *, history: bool) -> dict[str, Operand]:
    """Return what the scope itself is called in texts."""
    values: dict[str, Operand] = {
        "start": scope.start,
        "end": scope.end,
        "as_of": scope.as_of,
        "as_of_day": scope.calendar.day(scope.as_of),
        "calls_since": scope.calls_since or FIRST_DAY,
        "known_since": scope.known.first if scope.known else FIRST_DAY,
        "known_until": scope.known.last + timedelta(days=1) if scope.known else FAR,
        "seen_end": _seen_end(scope),
        "first_end": _first_end(scope, history=history),
        "first_period": scope.periods[0].first,
        "environment": scope.environment,
    }
    return values if scope.known_at is None else {**values, "known_at": scope.known_at}


def _seen_end(scope: Scope) -> date:
    """Return the first day of which an explicit as-of sees nothing; far away without one."""
    return (
        scope.calendar.day(scope.as_of - timedelta(microseconds=1)) + timedelta(days=1) if scope.cut else FAR
    )


def _first_end(scope: Scope, *, history: bool) -> date:
    """Return the day after the last day seen of the first bucket: what looks back over its last days ends there."""
    first = (scope.history() if history else scope.periods)[0]
    return min(first.end, scope.end, scope.calendar.day(scope.as_of) + timedelta(days=1))


def measured(part: Part, composition: Composition) -> Query:
    """Return the query of a part's numbers: one row per period and split, both halves of every ratio.

    Where Python goes on from the rows, the numbers stand beside each row behind them, whose columns are called
    `_row_…`: the rows are found once.
    """
    columns = _numbers(part, composition)
    listed = ", ".join(f"{text} as {name}" for name, text in columns.items())
    numbers = f"select {listed} from rows_of where {_INSIDE} group by rows_of.period, rows_of.split"
    if part.then is None:
        return composition.query(f"{numbers} order by rows_of.period, rows_of.split")
    shown = [f"n.{name} as {name}" for name in columns]
    shown += [f"rows_of.{name} as {OF_ROW}{name}" for name in part.then_needs]
    beside = {**composition.expressions, "numbers_of": _text(numbers, composition.bindings)}
    return replace(composition, expressions=beside).query(
        f"select {', '.join(shown)} from rows_of join numbers_of as n "
        "on n.period = rows_of.period and n.split = rows_of.split "
        f"where {_INSIDE} order by n.period, n.split"
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


def listing(composition: Composition) -> Query:
    """Return the query of the rows behind the numbers: the same rows, not aggregated, always in the same order."""
    shown = composition.expressions[ROWS].template.shown
    order = ("period", "split", *(name for name in shown if name not in {"period", "split"}))
    ordered = ", ".join(f"rows_of.{name} nulls last" for name in order)
    return composition.query(f"select rows_of.* from rows_of where {_INSIDE} order by {ordered}")


def missing_rates(composition: Composition) -> Query:
    """Return the query of the exchange rates that the rows needed and did not find."""
    return composition.query(
        f"select distinct rows_of.missing_rate from rows_of where {_INSIDE} "
        "and rows_of.missing_rate is not null order by rows_of.missing_rate"
    )
