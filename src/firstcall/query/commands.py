"""Which command fills a table? What `firstcall status`, an absent answer and the catalogue propose."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firstcall.metrics.metric import Metric

_OTHER = {
    "calls": "firstcall import nginx access.log",
    "endpoints": "firstcall import openapi openapi.yaml",
    "contract_changes": "firstcall import openapi OLD.yaml NEW.yaml",
}


def command(table: str, metric: Metric | None = None) -> str:
    """Return the command that fills a table, the metric's own if it needs more than rows."""
    return {**_OTHER, **(metric.card.filled_by if metric else {})}.get(
        table, f"firstcall import {table} {table}.csv"
    )
