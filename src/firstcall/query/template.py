"""How is the text of a relation understood: once per process, as a tree, with the places that a question fills?

A text is SQL of the portable subset. Two things in it stand for what only the question knows, and both are SQL:
`$name` is a value or a condition, `name(…)` with a name of `MACROS` an expression made of others. `join party_of(x)
as p` is short for the joins that follow merges. Nothing that a user types is ever part of a text; it enters as a
node, see `bindings.py`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.scope import traverse_scope

from firstcall.query.nodes import closed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from firstcall.engines.lowering import Dialect

MACROS = frozenset({"period_of", "local_day", "as_seen", "joined_split", "walker_of"})
"""What stands for an expression made of its arguments; `bindings.py` makes it."""
CONDITIONS = frozenset(
    {
        "kept",
        "active",
        "active_call",
        "external",
        "raw_traffic",
        "outcome_of_u",
        "outcome_of_m",
        "milestone_call",
    }
)
"""Names that stand for something true or false."""
PARTY = "party_of"
_REMEMBERED = 4096
_OPENS, _CLOSES = "\x01", "\x02"
"""Around the number of a hole in an engine's SQL; no text holds them, see `_lowered`."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A place to fill: the name, and of a macro the arguments in the engine's SQL, which may have holes themselves."""

    name: str
    arguments: tuple[Pieces, ...] = ()


Pieces = tuple["str | Hole", ...]
"""A text in an engine's SQL, cut at its holes."""
Place = tuple[str, "Mapping[str, str]"]
"""The name of a hole, and which table each alias around it stands for."""


@dataclass(frozen=True)
class Template:
    """A parsed text. `tree` is shared by all who ask and never changed; who changes it copies it.

    `tables` counts how often each table, fact or relation outside the text is read; `columns` names what is read of
    each of them where it has an alias; `holes` lists the places to fill with what their aliases stand for.
    """

    tree: exp.Expr
    tables: Counter[str]
    columns: Mapping[str, frozenset[str]]
    holes: tuple[Place, ...]
    _pieces: dict[Dialect, Pieces] = field(default_factory=dict, repr=False, compare=False)

    def pieces(self, dialect: Dialect) -> Pieces:
        """Return the text in the engine's SQL, cut at its holes; lowered once per engine."""
        if dialect not in self._pieces:
            self._pieces[dialect] = _lowered(self.tree.copy(), dialect)
        return self._pieces[dialect]

    @cached_property
    def texts(self) -> frozenset[str]:
        """Every text literal in it."""
        return frozenset(str(each.this) for each in self.tree.find_all(exp.Literal) if each.is_string)

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of the columns it returns, in order."""
        return tuple(self.tree.named_selects) if isinstance(self.tree, exp.Query) else ()

    def columns_with(self, filled: Callable[[str], exp.Expr | None]) -> dict[str, set[str]]:
        """Return the columns read of each table, those included that come with what fills the holes."""
        read = {table: set(names) for table, names in self.columns.items()}
        for name, aliases in self.holes:
            value = None if name in MACROS else filled(name)
            for alias, column in () if value is None else columns_of(value):
                if alias in aliases:
                    read.setdefault(aliases[alias], set()).add(column)
        return read


@lru_cache(maxsize=_REMEMBERED)
def template(text: str) -> Template:
    """Return the text understood: a query, or an expression alone."""
    tree = _with_parties(sqlglot.parse_one(text, dialect="duckdb"))
    tables: Counter[str] = Counter()
    columns: dict[str, set[str]] = {}
    places: list[Place] = []
    for scope in traverse_scope(tree) if isinstance(tree, exp.Query) else ():
        aliases = {
            alias: source.name
            for alias, (_, source) in scope.selected_sources.items()
            if isinstance(source, exp.Table)
        }
        tables.update(aliases.values())
        for column in scope.columns:
            if column.table in aliases:
                columns.setdefault(aliases[column.table], set()).add(column.name)
        if isinstance(scope.expression, exp.Select):
            places += [
                (name_of(hole), aliases)
                for hole in holes_in(scope.expression)
                if _within(hole, scope.expression)
            ]
    if not isinstance(tree, exp.Query):
        places = [(name_of(hole), {}) for hole in holes_in(tree)]
    return Template(
        tree, tables, {table: frozenset(names) for table, names in columns.items()}, tuple(places)
    )


def parsed(text: str) -> exp.Expr:
    """Return a tree of one's own of a text of ours: a query, or an expression alone."""
    return template(text).tree.copy()


@lru_cache(maxsize=_REMEMBERED)
def aliases_of(text: str) -> frozenset[tuple[str, str]]:
    """Return the (alias, column) pairs that an expression of ours reads."""
    return frozenset(columns_of(template(text).tree))


def columns_of(tree: exp.Expr) -> Iterator[tuple[str, str]]:
    """Yield the (alias, column) pairs in a tree."""
    for column in tree.find_all(exp.Column):
        if column.table:
            yield column.table, column.name


def holes_in(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the nodes that a question fills, outer ones first."""
    for node in tree.find_all(exp.Placeholder, exp.Anonymous):
        if isinstance(node, exp.Placeholder) or str(node.this).lower() in MACROS:
            yield node


def name_of(hole: exp.Expr) -> str:
    """Return the name of a hole."""
    return str(hole.this).lower()


def filled(tree: exp.Expr, make: Callable[[str, Sequence[exp.Expr]], exp.Expr]) -> exp.Expr:
    """Return the tree, which is used up, with every hole replaced by what `make` says to its name and arguments."""
    for hole in reversed(list(holes_in(tree))):
        value = make(name_of(hole), hole.expressions)
        if hole is tree:
            return value
        hole.replace(value)
    return tree


def render(pieces: Pieces, text_of: Callable[[str, tuple[str, ...]], str]) -> str:
    """Return the SQL, each hole filled with what `text_of` says to its name and arguments."""
    return "".join(
        piece
        if isinstance(piece, str)
        else text_of(piece.name, tuple(render(argument, text_of) for argument in piece.arguments))
        for piece in pieces
    )


def _within(hole: exp.Expr, select: exp.Select) -> bool:
    """Whether the nearest select around a hole is this one."""
    return hole.find_ancestor(exp.Select) is select


def _with_parties(tree: exp.Expr) -> exp.Expr:
    """Write out `join party_of(x) as p`: the partner that x names, and the one it was merged into at last."""
    for join in list(tree.find_all(exp.Join)):
        called = join.this.this if isinstance(join.this, exp.Table) else None
        if isinstance(called, exp.Anonymous) and name_of(called) == PARTY:
            (partner,) = called.expressions
            named = exp.column("partner_id", table="named").eq(partner.copy())
            root = exp.Coalesce(this=exp.column("root", table="named"), expressions=[partner.copy()])
            last = exp.column("partner_id", table=join.this.alias).eq(root)
            select = join.parent_select
            both = [_left_join("named", named), _left_join(join.this.alias, last)]
            joins = select.args["joins"] if select is not None else []
            written = [each for old in joins for each in (both if old is join else [old])]
            if select is not None:
                select.set("joins", written)
    return tree


def _left_join(alias: str, on: exp.Expr) -> exp.Join:
    return exp.Join(this=exp.alias_(exp.to_table("parties"), alias, table=True), side="LEFT", on=on)


def _lowered(tree: exp.Expr, dialect: Dialect) -> Pieces:
    """Return a tree, which is used up, in the engine's SQL, cut at its holes; inner holes are part of outer ones."""
    holes: list[Hole] = []
    for node in reversed(list(holes_in(tree))):
        arguments = tuple(_cut(dialect.lower(closed(each.copy())), holes) for each in node.expressions)
        holes.append(Hole(name_of(node), arguments))
        mark = exp.Var(this=f"{_OPENS}{len(holes) - 1}{_CLOSES}")
        mark.meta["boolean"] = name_of(node) in CONDITIONS
        if node is tree:
            tree = mark
        else:
            node.replace(mark)
    return _cut(dialect.lower(tree), holes)


def _cut(sql: str, holes: Sequence[Hole]) -> Pieces:
    first, *others = sql.split(_OPENS)
    pieces: list[str | Hole] = [first]
    for other in others:
        number, _, rest = other.partition(_CLOSES)
        pieces += [holes[int(number)], rest]
    return tuple(piece for piece in pieces if piece)
