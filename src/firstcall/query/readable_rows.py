"""How are the rows behind a number shown to people? Splits by name, money as amounts, confidence in words."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from firstcall.answers import CONFIDENCES
from firstcall.literals import split_values
from firstcall.query.filters import split_parts
from firstcall.query.points import MICRO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firstcall.metrics.metric import Relation
    from firstcall.periods import Scope

Shown = tuple[tuple[str, ...], tuple[tuple[object, ...], ...]]


def readable(
    columns: Sequence[str], rows: Sequence[Sequence[object]], relation: Relation, scope: Scope
) -> Shown:
    """Return column names and rows of a relation as people read them.

    `split` becomes a column for each dimension, or nothing; `micros` and `…_micros` become `amount` and `…_amount` in
    the reporting currency; `confidence` becomes its word. Everything else stays as it is.
    """
    mine, others = split_parts(relation, scope)
    by = (*mine, *others)
    names: list[str] = []
    for column in columns:
        names += by if column == "split" else (column.replace("micros", "amount"),)
    return tuple(names), tuple(
        tuple(
            value
            for column, cell in zip(columns, row, strict=True)
            for value in (split_values(str(cell), len(by)) if column == "split" else (_cell(column, cell),))
        )
        for row in rows
    )


def _cell(column: str, value: object) -> object:
    if value is None:
        return None
    if column.endswith("micros"):
        return Decimal(int(str(value))) * MICRO
    return CONFIDENCES[int(str(value))] if column == "confidence" else value
