"""How fast are the answers? Latency as the gateway saw it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics import relations_of_use as use
from firstcall.metrics.metric import Metric, Part, Variant
from firstcall.metrics.narrowing import USAGE_DIMENSIONS

if TYPE_CHECKING:
    from firstcall.metrics.metric import Relation
    from firstcall.periods import Scope

GROWTH = 1.02
"""Each latency bucket is 2 % wider than the one before, so a value is at most 1 % off."""


def _quantile(share: float) -> str:
    """Return the middle of the bucket that holds the lower-rank quantile; none beyond what completed."""
    bucket = f"min(rows_of.latency_bucket) filter (where rows_of.upto > {share} * (rows_of.total - 1))"
    return f"case when {bucket} < 32767 then 2 * power({GROWTH}, {bucket}) / ({GROWTH} + 1) end"


def _latencies(scope: Scope) -> Relation:
    return use.LATENCIES_CENSORED if scope.variant("timeouts") == "censored" else use.LATENCIES


latency = Metric(
    question="How fast are the answers, typically and on a bad day?",
    words=(
        "50th, 95th and 99th percentile of the gateway's total time over completed calls, timeouts left out; from a "
        "histogram whose buckets are 2 % wide, so at most 1 % off. --exact reads the calls (type 7)."
    ),
    main=Part(
        of=_latencies,
        values={"p50": _quantile(0.5), "p95": _quantile(0.95), "p99": _quantile(0.99)},
        cases="max(rows_of.total)",
        floors={
            "p50": ("max(rows_of.total)", 5),
            "p95": ("max(rows_of.total)", 10),
            "p99": ("max(rows_of.total)", 10),
        },
    ),
    exact=Part(
        of=use.COMPLETED,
        values={
            "p50": "quantile_cont(rows_of.latency_ms, 0.5)",
            "p95": "quantile_cont(rows_of.latency_ms, 0.95)",
            "p99": "quantile_cont(rows_of.latency_ms, 0.99)",
        },
        cases="count(*)",
        floors={"p50": ("count(*)", 5), "p95": ("count(*)", 10), "p99": ("count(*)", 10)},
    ),
    beside=(
        Part(
            of=use.TIMEOUTS,
            values={"timeouts": "sum(rows_of.calls)"},
            cases="sum(rows_of.calls)",
        ),
    ),
    headline="p50",
    unit="milliseconds",
    unit_of={"timeouts": "count"},
    better="lower",
    dimensions=tuple(USAGE_DIMENSIONS),
    horizon="short",
    category="reliability",
    owner="Platform engineering",
    row="R6",
    action="Look at P95 and P99 by endpoint: caching, queries, capacity.",
    needs=(("calls", "firstcall import nginx access.log --option variant=combined_request_time"),),
    environment="any",
    traffic="all",
    variants=(
        Variant("outcome", "Which completed calls count.", ("all", "success"), "all"),
        Variant(
            "timeouts",
            "Leave timeouts out, or count them as longer than everything.",
            ("excluded", "censored"),
            "excluded",
        ),
    ),
    method="histogram",
    why_no_bands="Targets depend on the API class; see latency targets.",
)
