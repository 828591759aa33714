"""Which products gain traction, what is out of the usual, and what does load do to latency?"""

from __future__ import annotations

from firstcall.metrics.adoption import traction_relations as traction
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.dimensions import USAGE_DIMENSIONS
from firstcall.metrics.idioms import TIMED_LOG, how_many
from firstcall.metrics.metric import Metric, Part, Ratio
from firstcall.metrics.reliability.performance import GROWTH

product_traction = Metric(
    card=Card(
        question="Which API products gain traction, and which are dead weight?",
        words=(
            "Of each product on the market or called: calls, growth against the period before (complete periods), "
            "and active partners. Dead weight is 1 without an active partner in the last 90 days of the period, or "
            "when calls fell three times in a row over its last four stretches of 30 days. Its revenue, "
            "revenue_per_product tells."
        ),
        action="Invest where both growth and revenue are; retire what nobody uses, with notice.",
        better="higher",
        why_no_bands="A product is compared with its own past and with the others.",
        audience=Audience("API product", "adoption", "mid"),
        requirement="U5",
    ),
    main=Part(
        of=traction.PRODUCTS_OFFERED,
        values={
            "calls": "sum(rows_of.calls)",
            "growth": Ratio(
                "sum(rows_of.calls)",
                "case when bool_or(rows_of.over) then sum(rows_of.before) end",
                "no calls in the period before, or the period is not over",
                minus_one=True,
            ),
            "partners": "sum(rows_of.partners)",
            "dead_weight": how_many("rows_of.dead"),
        },
        cases="count(*)",
    ),
    headline="calls",
    unit="count",
    unit_of={"growth": "share"},
    dimensions=("product",),
    needs=("calls", "credentials"),
    default_by=("product",),
    grains=("day", "week", "month", "quarter", "year"),
    ranked=True,
)

_SCORE = "abs(rows_of.off) / rows_of.scale"
_MARKED = "2 * abs(rows_of.off) >= rows_of.usual and rows_of.usual >= 20"


def _flag(condition: str) -> str:
    """Return 1 where the condition holds, 0 where it does not, nothing where there is no scale."""
    return f"max(case when rows_of.scale > 0 then case when {condition} then 1 else 0 end end)"


usage_anomalies = Metric(
    card=Card(
        question="Which days stand out, up or down?",
        words=(
            "How far the calls of a day are from the median of the same weekday in the eight weeks before, over "
            "1.4826 times their median absolute deviation (the root of the median where that is 0). Anomalous from "
            "3.5 and watched from 2.5, when the move is at least half of the median and the median at least 20. "
            "Absent while the day runs and with fewer than four such weekdays since the first call."
        ),
        action="A drop to zero first; the same shape everywhere is a fault of the pipeline, not of the users.",
        better="neither",
        why_no_bands="The score says how unusual a day is, not how bad.",
        audience=Audience("API product", "adoption", "short"),
        requirement="U13",
    ),
    main=Part(
        of=traction.WEEKDAYS,
        values={
            "score": Ratio(
                "max(abs(rows_of.off))",
                "max(rows_of.scale)",
                "fewer than 4 weekdays before, or the day is not over",
            ),
            "direction": "max(case when rows_of.scale > 0 then sign(rows_of.off) end)",
            "anomalous": _flag(f"{_MARKED} and {_SCORE} >= 3.5"),
            "watched": _flag(f"{_MARKED} and {_SCORE} >= 2.5 and {_SCORE} < 3.5"),
            "calls": "sum(rows_of.calls)",
            "usual": "max(case when rows_of.scale > 0 then rows_of.usual end)",
        },
        cases="sum(rows_of.calls)",
    ),
    headline="score",
    unit="number",
    unit_of={"calls": "count"},
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=("calls",),
    environment="any",
    traffic="all",
    grains=("day",),
    default_grain="day",
)


def _bucket(load: str) -> str:
    """Return the latency bucket that holds the 95th percentile (lower rank) under a load."""
    return (
        f"min(rows_of.latency_bucket) filter (where rows_of.load = '{load}' "
        "and rows_of.upto > 0.95 * (rows_of.total - 1))"
    )


def _p95(load: str) -> str:
    return f"2 * power({GROWTH}, {_bucket(load)}) / ({GROWTH} + 1)"


def _total(load: str) -> str:
    return f"coalesce(max(rows_of.total) filter (where rows_of.load = '{load}'), 0)"


def _single(load: str) -> str:
    return f"quantile_cont(rows_of.latency_ms, 0.95) filter (where rows_of.load = '{load}')"


def _part(load_of: str, values: tuple[str, str], totals: tuple[str, str]) -> Part:
    """Return the part that compares busy with typical; `values` and `totals` are those of both loads."""
    relation = traction.DAYS_BY_LOAD if load_of == "day" else traction.MINUTES_BY_LOAD
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
