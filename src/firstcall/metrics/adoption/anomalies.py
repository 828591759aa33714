"""Which days are out of the usual?"""

from __future__ import annotations

from firstcall.metrics.adoption.anomaly_relations import WEEKDAYS
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.dimensions import USAGE_DIMENSIONS
from firstcall.metrics.metric import Metric, Part, Ratio

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
        of=WEEKDAYS,
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
