"""How does a query in the portable subset become an engine's own SQL?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlglot import exp

from firstcall.engines.functions import NAMES, SPELLINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_STRUCTURE = (
    exp.Query, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Limit, exp.With,
    exp.CTE, exp.Table, exp.TableAlias, exp.Alias, exp.Column, exp.Identifier, exp.Star, exp.Literal, exp.Boolean,
    exp.Null, exp.Paren, exp.DataType, exp.DataTypeParam,
)  # fmt: skip
"""What a query consists of besides functions and operators."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """An engine's SQL: what writes queries of the portable subset in it. Its name is the parser's for it."""

    name: str

    def lower(self, query: exp.Expr) -> str:
        """Return `query`, which is used up, as SQL of the dialect, every function in that engine's spelling."""
        if self.name in KEEPS:
            _keep(query)
        changes = (*REWRITES.get(self.name, ()), _spelling(self.name))
        return _bottom_up(query, changes).sql(dialect=self.name, pretty=True, copy=False)

    def joined(self, named: Sequence[tuple[str, str, int]], select: str) -> str:
        """Return one query of named expressions in this SQL, each with how often it is read, and a select."""
        if not named:
            return select
        kept = "MATERIALIZED " if self.name in KEEPS else ""
        listed = ",\n".join(f"{name} AS {kept if read > 1 else ''}({sql})" for name, sql, read in named)
        return f"WITH {listed}\n{select}"


DUCKDB = Dialect("duckdb")
CLICKHOUSE = Dialect("clickhouse")


def functions_of(query: exp.Expr) -> frozenset[str]:
    """Return the functions and operators that the query uses, as `functions.py` calls them."""
    return frozenset(_name(node) for node in query.walk() if not isinstance(node, _STRUCTURE))


def _name(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower()
    if isinstance(node, exp.Cast):
        return f"cast as {node.to.this.value.lower()}"
    return NAMES.get(node.key, node.key)


def _spelling(dialect: str) -> Callable[[exp.Expr], exp.Expr]:
    def spell(node: exp.Expr) -> exp.Expr:
        spellings = SPELLINGS.get(_name(node))
        if spellings is None:
            return node
        arguments = [argument.sql(dialect=dialect, copy=False) for argument in _arguments(node)]
        return exp.Var(this=spellings[dialect].format(*arguments))

    return spell


def _arguments(node: exp.Expr) -> list[exp.Expr]:
    if isinstance(node, exp.Anonymous):
        return list(node.expressions)
    if isinstance(node, exp.Quantile):
        return [node.this, node.args["quantile"]]
    return [part for part in (node.this, node.args.get("expression")) if part is not None]


def _bottom_up(node: exp.Expr, changes: Sequence[Callable[[exp.Expr], exp.Expr]]) -> exp.Expr:
    """Apply the changes to every node, children first, so that arguments are already spelled."""
    for child in list(node.iter_expressions()):
        new = _bottom_up(child, changes)
        if new is not child:
            child.replace(new)
    for change in changes:
        node = change(node)
    return node


def _keep(query: exp.Expr) -> None:
    """Mark every expression read more than once, so that it is computed once, and what it reads as well."""
    read = Counter(table.name for table in query.find_all(exp.Table) if not table.db)
    for expression in query.find_all(exp.CTE):
        if read[expression.alias] > 1:
            expression.set("materialized", True)  # noqa: FBT003  it is the parser's own argument


def _times(node: exp.Expr) -> exp.Expr:
    """ClickHouse: casting to DateTime loses the microseconds, and Date ends before 1970."""
    if not isinstance(node, exp.Cast):
        return node
    literal = isinstance(node.this, exp.Literal)
    if node.to.is_type("timestamp", "timestampntz"):
        if literal:
            return exp.func("toDateTime64", node.this, exp.Literal.number(6), exp.Literal.string("UTC"))
        node.set("to", exp.DataType.build("Nullable(DateTime64(6, 'UTC'))", dialect="clickhouse"))
    elif node.to.is_type("date"):
        if literal:
            return exp.func("toDate32", node.this)
        node.set("to", exp.DataType.build("Nullable(Date32)", dialect="clickhouse"))
    return node


def _names(node: exp.Expr) -> exp.Expr:
    """ClickHouse: of a join, a.name without a name of its own is called a.name, where it is shared."""
    if isinstance(node, exp.Select):
        for shown in list(node.expressions):
            if isinstance(shown, exp.Column) and shown.table and not shown.is_star:
                shown.replace(exp.alias_(shown.copy(), shown.name))
    return node


def _neighbours(node: exp.Expr) -> exp.Expr:
    """ClickHouse: the neighbour of the first row of a column without nulls would be 0, not null."""
    if isinstance(node, exp.Lag | exp.Lead):
        node.set("this", exp.func("toNullable", node.this))
    return node


def _signed(node: exp.Expr) -> exp.Expr:
    """ClickHouse: a number written down or counted is unsigned, and has no type in common with a signed one."""
    values = node.expressions if isinstance(node, exp.Select) else ()
    if isinstance(node, exp.Case):
        values = [*(branch.args["true"] for branch in node.args["ifs"]), node.args.get("default")]
    for value in values:
        number = value.unalias() if value is not None else None
        if isinstance(number, exp.Literal) and number.is_int:
            number.replace(exp.func("toInt64", number.copy()))
    inner = node
    while isinstance(inner, exp.Window | exp.Filter):
        inner = inner.this
    if isinstance(inner, exp.Count | exp.RowNumber) and not isinstance(node.parent, exp.Window | exp.Filter):
        return exp.func("toInt64", node.copy())
    return node


def _booleans(node: exp.Expr) -> exp.Expr:
    """ClickHouse: a comparison is the number 0 or 1; what a select returns is to be true or false."""
    if isinstance(node, exp.Select):
        for shown in node.expressions:
            value = shown.unalias()
            if _is_boolean(value) and not isinstance(value, exp.Boolean):
                value.replace(exp.func("toBool", value.copy()))
    return node


def _is_boolean(node: exp.Expr) -> bool:
    if isinstance(node, exp.Paren):
        return _is_boolean(node.this)
    if isinstance(node, exp.Var):
        return bool(node.meta.get("boolean"))  # a condition that is filled in later
    if isinstance(node, exp.Coalesce):
        return any(_is_boolean(part) for part in (node.this, *node.expressions))
    if isinstance(node, exp.Case):
        return any(_is_boolean(branch.args["true"]) for branch in node.args["ifs"])
    return isinstance(node, exp.Predicate | exp.Connector | exp.Not | exp.Boolean | exp.LogicalOr)


REWRITES: Mapping[str, tuple[Callable[[exp.Expr], exp.Expr], ...]] = MappingProxyType(
    {"clickhouse": (_times, _names, _neighbours, _signed, _booleans)}
)
"""What an engine needs besides its spelling of functions, in this order."""
KEEPS = frozenset({"clickhouse"})
"""Engines that compute an expression anew for every reader unless told otherwise."""
