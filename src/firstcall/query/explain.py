"""Where does an answer come from: its definition, the SQL that ran, its inputs, and the rows behind it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from firstcall.query.compile import listing
from firstcall.query.readable_rows import readable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firstcall.answers import Answer
    from firstcall.engines.engine import Engine
    from firstcall.metrics.metric import Metric
    from firstcall.query.execute import Found, ResolvedQuestion
    from firstcall.query.store_state import StoreState


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where an answer comes from: its definition, the SQL that ran, its inputs, and the rows behind it.

    `rows` are the rows of the main relation, at most as many as were asked for; `total` counts them all. `inputs`
    names the tables read with how many rows each has.
    """

    answer: Answer
    metric: Metric
    relation: str
    queries: tuple[str, ...]
    listing: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    total: int
    inputs: Mapping[str, int]


def explain(
    resolved: ResolvedQuestion,
    made: Answer,
    found: Found,
    engine: Engine,
    state: StoreState,
    *,
    limit: int | None,
) -> Explanation:
    """Return what an answer rests on; the rows come in one order, so that a limit always keeps the same."""
    composition = resolved.composition(resolved.parts()[0])
    sql = listing(composition).sql(engine.dialect)
    columns, rows = engine.run(sql if limit is None else f"{sql}\nLIMIT {limit}")
    _, total = engine.run(f"SELECT count(*) FROM ({sql}) AS rows_behind")
    columns, rows = readable(columns, rows, composition.relation, resolved.scope)
    return Explanation(
        answer=made,
        metric=resolved.metric,
        relation=composition.relation.words,
        queries=tuple(found.queries),
        listing=sql,
        columns=columns,
        rows=rows,
        total=int(str(total[0][0])),
        inputs={table: state.counts.get(table, 0) for table in state.tables_of(composition)},
    )
