"""What is an example of a function? An expression of the subset, its value worked out by hand, and what it reads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """An expression of the subset, its value, and the select it reads its columns `x.…` from."""

    text: str
    value: object
    over: str = "select 1 as one"


def plain(*pairs: tuple[str, object]) -> tuple[Example, ...]:
    """Return examples that read no column, from (expression, value)."""
    return tuple(Example(text, value) for text, value in pairs)


def over_rows(rows: str, *pairs: tuple[str, object]) -> tuple[Example, ...]:
    """Return examples that read the rows of one select as `x`, from (expression, value)."""
    return tuple(Example(text, value, rows) for text, value in pairs)
