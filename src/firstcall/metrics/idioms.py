"""Which forms recur in many metrics? Shares, amounts, waits, latencies, and survival of those still waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics.metric import Part, Ratio
from firstcall.schema.rollup import BUCKET_GROWTH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from firstcall.answers import Value
    from firstcall.metrics.metric import Relation
    from firstcall.periods import Scope

MINUTE, HOUR, DAY = 60, 3600, 86400
OPEN_WINDOW = "window not closed"
"""Why a cohort of which nobody's window is over has no value; one without anybody says that instead."""
PARTY_DIMENSIONS = ("partner", "developer", "app", "segment", "country", "channel", "manager")
"""What people can be split and filtered by."""
PARTNER_DIMENSIONS = ("partner", "segment", "country", "channel", "manager")
"""What rows can be split and filtered by that know their partner alone."""
TIMED_LOG = {"calls": "firstcall import nginx access.log --option variant=combined_request_time"}
"""For metrics of durations: the plain log of nginx has none."""
WAITED = "count(rows_of.waited)"
STILL_WAITING = "count(*) filter (where rows_of.counted and rows_of.waited is null)"
EXACT_WAITS = {"median": "quantile_cont(rows_of.waited, 0.5)", "p90": "quantile_cont(rows_of.waited, 0.9)"}
EXACT_FLOORS = {"median": (WAITED, 5), "p90": (WAITED, 10)}
CALLED_BEFORE = (
    "count(*) filter (where rows_of.called_before)",
    "{n} called before they signed up; left out",
)


def share(of: str, among: str = "true", when_zero: str = "no cases") -> Ratio:
    """Return the share of rows fulfilling `of` among those fulfilling `among`."""
    return Ratio(
        f"count(*) filter (where ({among}) and ({of}))", f"count(*) filter (where {among})", when_zero
    )


def how_many(condition: str) -> str:
    """Return the number of rows fulfilling the condition."""
    return f"count(*) filter (where {condition})"


def still_open(condition: str = "not rows_of.mature") -> tuple[str, str]:
    """Return the note that says how many are not judged yet."""
    return how_many(condition), "{n} are still inside their window and not counted yet"


def amount(condition: str = "true") -> str:
    """Return the sum of the millionths of the rows fulfilling the condition."""
    return f"sum(rows_of.micros) filter (where {condition})"


def middle_of(bucket: str) -> str:
    """Return the latency that stands for all of a bucket of the histogram, in milliseconds."""
    return f"2 * power({BUCKET_GROWTH}, {bucket}) / ({BUCKET_GROWTH} + 1)"


def survival_of(
    waited: str, watched: str, counted: str
) -> Callable[[Sequence[Mapping[str, object]]], Mapping[str, Value]]:
    """Return a function from rows to Kaplan–Meier median and 90th percentile, in the unit of the columns.

    A row whose `waited` is null was watched for `watched` without the event. Only rows with `counted` enter.
    """

    def measure(rows: Sequence[Mapping[str, object]]) -> Mapping[str, Value]:
        from firstcall.statistics.survival import quantiles_of  # SciPy takes half a second to load

        cohort = [row for row in rows if row[counted]]
        durations = [float(str(row[waited] if row[waited] is not None else row[watched])) for row in cohort]
        events = [row[waited] is not None for row in cohort]
        median, p90 = quantiles_of(durations, events, (0.5, 0.9))
        return {"km_median": median, "km_p90": p90}

    return measure


def waits(
    of: Relation | Callable[[Scope], Relation],
    *notes: tuple[str, str],
    medians: tuple[str, ...] = (),
    counts: bool = False,
) -> Part:
    """Return median and 90th percentile of a wait, exact and by Kaplan–Meier.

    Rows bring `waited` (null while they wait), `watched` and `counted`. `medians` are further columns whose median
    stands beside; `counts` adds how many are done and how many still wait.
    """
    counted = how_many("rows_of.counted")
    return Part(
        of=of,
        values={
            **EXACT_WAITS,
            **{name: f"quantile_cont(rows_of.{name}, 0.5)" for name in medians},
            **({"done": WAITED, "waiting": STILL_WAITING} if counts else {}),
        },
        cases=WAITED,
        floors={
            **EXACT_FLOORS,
            "km_median": (counted, 5),
            "km_p90": (counted, 5),
            **{name: (f"count(rows_of.{name})", 5) for name in medians},
        },
        then=survival_of("waited", "watched", "counted"),
        then_needs=("waited", "watched", "counted"),
        then_values=("km_median", "km_p90"),
        notes=notes,
    )
