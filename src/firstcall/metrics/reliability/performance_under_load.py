"""Does latency hold when traffic is high?"""

from __future__ import annotations

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.dimensions import USAGE_DIMENSIONS
from firstcall.metrics.idioms import TIMED_LOG, how_many, middle_of
from firstcall.metrics.metric import Metric, Part, Ratio
from firstcall.metrics.reliability.load_relations import DAYS_BY_LOAD, MINUTES_BY_LOAD


def _bucket(load: str) -> str:
    """Return the latency bucket that holds the 95th percentile (lower rank) under a load."""
    return (
        f"min(rows_of.latency_bucket) filter (where rows_of.load = '{load}' "
        "and rows_of.upto > 0.95 * (rows_of.total - 1))"
    )


def _p95(load: str) -> str:
    return middle_of(_bucket(load))


def _total(load: str) -> str:
    return f"coalesce(max(rows_of.total) filter (where rows_of.load = '{load}'), 0)"


def _single(load: str) -> str:
    return f"quantile_cont(rows_of.latency_ms, 0.95) filter (where rows_of.load = '{load}')"


def _part(load_of: str, values: tuple[str, str], totals: tuple[str, str]) -> Part:
    """Return the part that compares busy with typical; `values` and `totals` are those of both loads."""
    relation = DAYS_BY_LOAD if load_of == "day" else MINUTES_BY_LOAD
    return Part(
        of=relation,
        values={
            "ratio": Ratio(values[0], values[1], "no calls with a latency"),
            "busy": values[0],
            "typical": values[1],
        },
        cases="max(rows_of.all_calls)",
        floors={
            "ratio": (f"least({totals[0]}, {totals[1]})", 10),
            "busy": (totals[0], 10),
            "typical": (totals[1], 10),
        },
    )


performance_under_load = Metric(
    card=Card(
        question="Does latency hold when traffic is high?",
        words=(
            "The 95th percentile of latency on busy days of the period (at least as many completed calls as the 90th "
            "percentile of its days) over that on typical days (between the 40th and the 60th); timeouts left out. "
            "Latencies are kept by the day, so days are compared; --exact compares minutes, from the calls."
        ),
        action="Above 1 by much: find what saturates, by endpoint, before the next launch.",
        better="lower",
        why_no_bands="At 1, load makes no difference; how much more is fine depends on the latency itself.",
        audience=Audience("Platform engineering", "reliability", "mid"),
        requirement="U15",
        filled_by=TIMED_LOG,
    ),
    main=_part("day", (_p95("busy"), _p95("typical")), (_total("busy"), _total("typical"))),
    exact=_part(
        "minute",
        (_single("busy"), _single("typical")),
        (how_many("rows_of.load = 'busy'"), how_many("rows_of.load = 'typical'")),
    ),
    headline="ratio",
    unit="multiple",
    unit_of={"busy": "milliseconds", "typical": "milliseconds"},
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=("calls",),
    environment="any",
    traffic="all",
    method="histogram",
)
