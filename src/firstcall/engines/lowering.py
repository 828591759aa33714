"""How does a query in the portable subset become an engine's own SQL?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from firstcall.engines.functions import SPELLINGS

if TYPE_CHECKING:
    from collections.abc import Callable


def lowered(query: exp.Expression, dialect: str) -> str:
    """Return `query` as SQL of the dialect, every function of the subset in that engine's spelling."""

    def spell(node: exp.Expression) -> exp.Expression:
        name = _name(node)
        if name not in SPELLINGS:
            return node
        arguments = [argument.sql(dialect=dialect) for argument in _arguments(node)]
        return sqlglot.exp.Var(this=SPELLINGS[name][dialect].format(*arguments))

    rewritten = _bottom_up(query.copy(), spell)
    return rewritten.sql(dialect=dialect, pretty=True)


def _name(node: exp.Expression) -> str:
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower()
    if isinstance(node, exp.PercentileCont | exp.Quantile):
        return "quantile_cont"
    if isinstance(node, exp.Pow):
        return "power"
    if isinstance(node, exp.LogicalOr):
        return "bool_or"
    return ""


def _arguments(node: exp.Expression) -> list[exp.Expression]:
    if isinstance(node, exp.Anonymous):
        return list(node.expressions)
    if isinstance(node, exp.Quantile):
        return [node.this, node.args["quantile"]]
    return [part for part in (node.this, node.args.get("expression")) if part is not None]


def _bottom_up(node: exp.Expression, change: Callable[[exp.Expression], exp.Expression]) -> exp.Expression:
    """Apply `change` to every node, children first, so that arguments are already spelled."""
    for child in list(node.iter_expressions()):
        new = _bottom_up(child, change)
        if new is not child:
            child.replace(new)
    return change(node)
