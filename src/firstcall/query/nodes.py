"""How does a value become a node of a query, so that no engine can read it as anything but a value?"""

from __future__ import annotations

from datetime import date, datetime

from sqlglot import exp

Operand = date | datetime | str | int | float | exp.Expr
"""What a name in a text may stand for."""


def node(value: Operand) -> exp.Expr:
    """Return a value as a node of its own; a node is copied, and closed where it has more than one operand."""
    if isinstance(value, exp.Expr):
        return closed(value.copy())
    if isinstance(value, datetime):
        return moment_node(value)
    if isinstance(value, date):
        return day_node(value)
    return exp.Literal.string(value) if isinstance(value, str) else number(value)


def closed(operand: exp.Expr) -> exp.Expr:
    """Return an expression that stays one operand wherever it is put."""
    several = isinstance(operand, exp.Binary | exp.Unary | exp.In | exp.Between)
    return exp.Paren(this=operand) if several and not isinstance(operand, exp.Paren | exp.Dot) else operand


def day_node(day: date) -> exp.Expr:
    """Return a date."""
    return exp.Cast(this=exp.Literal.string(day.isoformat()), to=exp.DataType(this=exp.DType.DATE))


def moment_node(moment: datetime) -> exp.Expr:
    """Return a timestamp, of a moment in UTC without zone."""
    text = exp.Literal.string(moment.isoformat(sep=" "))
    return exp.Cast(this=text, to=exp.DataType(this=exp.DType.TIMESTAMPNTZ))


def number(value: float) -> exp.Expr:
    """Return a number; a negative one in parentheses."""
    if value < 0:
        return exp.Paren(this=exp.Neg(this=exp.Literal.number(repr(-value))))
    return exp.Literal.number(repr(value))
