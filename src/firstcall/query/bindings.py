"""What fills the places of a text in one question: the scope's days, its split and filters, the definitions?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from sqlglot import exp

from firstcall.literals import NOBODY, SEPARATOR
from firstcall.query.filters import MACROS_OF_SCOPE, split_parts
from firstcall.query.nodes import closed, node
from firstcall.query.template import Template, filled, render

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from firstcall.engines.lowering import Dialect
    from firstcall.metrics.metric import Relation
    from firstcall.periods import Scope
    from firstcall.query.nodes import Operand


@dataclass(frozen=True, slots=True)
class Bindings:
    """What the names of a text stand for in a scope; `relation` says how splits are put together."""

    scope: Scope
    values: Mapping[str, Operand]
    relation: Relation | None = None
    _texts: dict[tuple[Dialect, str, tuple[str, ...]], str] = field(
        default_factory=dict, repr=False, compare=False
    )

    def also(self, relation: Relation | None = None, **values: Operand | None) -> Bindings:
        """Return the same with further names, for the text of one relation or fact; None adds no name."""
        if relation is None and not any(value is not None for value in values.values()):
            return self
        added = {name: value for name, value in values.items() if value is not None}
        return Bindings(self.scope, {**self.values, **added}, relation or self.relation)

    def condition(self, name: str) -> exp.Expr | None:
        """Return the expression that a name stands for, not to be changed, or None for a plain value."""
        value = self.values[name]
        return value if isinstance(value, exp.Expr) else None

    def tree(self, name: str, arguments: Sequence[exp.Expr]) -> exp.Expr:
        """Return a node of its own for a hole."""
        if name in MACROS_OF_SCOPE:
            return MACROS_OF_SCOPE[name](self.scope)(*arguments)
        if name == "joined_split":
            return closed(self._joined(*arguments))
        return filled(node(self.values[name]), self.tree)

    def text(self, dialect: Dialect, name: str, arguments: tuple[str, ...]) -> str:
        """Return a hole in the engine's SQL; each is written once per question."""
        key = (dialect, name, arguments)
        if key not in self._texts:
            self._texts[key] = self._written(dialect, name, arguments)
        return self._texts[key]

    def _written(self, dialect: Dialect, name: str, arguments: tuple[str, ...]) -> str:
        if name in MACROS_OF_SCOPE:
            return _macro(dialect, MACROS_OF_SCOPE[name](self.scope), arguments)
        if name in self.values and self.condition(name) is None:
            value = self.values[name]
            return _literal(dialect, type(value).__name__, value)
        return dialect.lower(self.tree(name, [exp.Var(this=argument) for argument in arguments]))

    def _joined(self, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        """Return the split that people supply before the one that the other fact does, as far as either is asked."""
        if self.relation is None:
            raise TypeError("joined_split stands in a text that is no relation's")
        mine, others = split_parts(self.relation, self.scope)
        if not others:
            return left
        nobody = exp.Literal.string(SEPARATOR.join(NOBODY for _ in others))
        known = exp.Coalesce(this=right, expressions=[nobody])
        if not mine:
            return known
        return exp.DPipe(
            this=exp.DPipe(this=left, expression=exp.Literal.string(SEPARATOR)), expression=known
        )


@lru_cache(maxsize=16384)
def _macro(dialect: Dialect, make: Callable[..., exp.Expr], arguments: tuple[str, ...]) -> str:
    return dialect.lower(make(*(exp.Var(this=argument) for argument in arguments)))


@lru_cache(maxsize=16384)
def _literal(dialect: Dialect, _kind: str, value: Operand) -> str:
    return dialect.lower(node(value))


@dataclass(frozen=True, slots=True)
class Expression:
    """A template with what fills it; with several bindings, the rows of each of them."""

    template: Template
    bindings: tuple[Bindings, ...]

    def sql(self, dialect: Dialect) -> str:
        """Return it in the engine's SQL."""
        pieces = self.template.pieces(dialect)
        return "\nUNION ALL\n".join(render(pieces, partial(each.text, dialect)) for each in self.bindings)

    def tree(self) -> exp.Expr:
        """Return it as a portable tree of its own."""
        first, *others = (filled(self.template.tree.copy(), each.tree) for each in self.bindings)
        for other in others:
            first = exp.Union(this=first, expression=other, distinct=False)
        return first

    @property
    def tables(self) -> Counter[str]:
        """How often each table, fact or relation outside of it is read."""
        times = len(self.bindings)
        return Counter({table: times * count for table, count in self.template.tables.items()})
