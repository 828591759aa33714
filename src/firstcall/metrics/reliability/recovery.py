"""Do callers find their way out of an error?"""

from __future__ import annotations

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.dimensions import USAGE_DIMENSIONS
from firstcall.metrics.idioms import how_many, share, still_open
from firstcall.metrics.metric import Metric, Part
from firstcall.metrics.reliability.recovery_relations import recovery

_NONE = "no errors whose time is over"

error_recovery = Metric(
    card=Card(
        question="Do callers find their way out of an error?",
        words=(
            "An episode begins with an error (4xx, 5xx or a timeout) of a caller at an endpoint (method and route) "
            "after ten minutes without one, and is dated by it. The share of episodes that a success of the same "
            "caller at the same endpoint follows within ten minutes, at the moment of the error or later; beside it "
            "within a day, the median seconds until then of those that recovered within the day, and the shares of "
            "those without a success in that day that gave up (no further call there) or kept failing. Each over the "
            "episodes whose ten minutes, or day, are over. Calls without a caller are left out."
        ),
        action="Split by status: an error that nobody gets out of needs a better message or page.",
        better="higher",
        why_no_bands="It depends on what the errors are; compare endpoints and your own past.",
        audience=Audience("Developer experience", "reliability", "mid"),
        requirement="R19",
    ),
    main=Part(
        of=recovery,
        values={
            "within_10_minutes": share("rows_of.quickly", "rows_of.soon_over", _NONE),
            "within_a_day": share("rows_of.recovered", "rows_of.mature", _NONE),
            "median": "quantile_cont(rows_of.needed, 0.5)",
            "gave_up": share("not rows_of.recovered and not rows_of.tried", "rows_of.mature", _NONE),
            "kept_failing": share("not rows_of.recovered and rows_of.tried", "rows_of.mature", _NONE),
            "episodes": "count(*)",
        },
        cases=how_many("rows_of.soon_over"),
        open=how_many("not rows_of.mature"),
        floors={"median": ("count(rows_of.needed)", 5)},
        notes=(still_open(),),
    ),
    headline="within_10_minutes",
    unit="share",
    unit_of={"median": "seconds", "episodes": "count"},
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=("calls",),
    environment="any",
    traffic="all",
    interval="within_10_minutes",
)
