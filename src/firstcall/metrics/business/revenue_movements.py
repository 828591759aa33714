"""What made recurring revenue rise or fall? Movements that add up, and growth."""

from __future__ import annotations

from firstcall.bands import above
from firstcall.metrics.business.revenue import BASIS, RECURRING_BASIS
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import how_many
from firstcall.metrics.metric import Metric, Part, Ratio
from firstcall.metrics.relations import revenue_movements as movements

_FINANCE = Audience("Finance", "business", "mid")
_DIMENSIONS = ("partner", "product", "plan", "segment", "country", "channel", "manager")


def _moved(*kinds: str, column: str = "change_micros") -> str:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return f"sum(case when rows_of.movement in ({listed}) then rows_of.{column} else 0 end)"


RECURRING = (
    "Recurring value: a line with a period counts its amount over its months in every month at whose end the period "
    "runs, a year's plan a twelfth in each of twelve; use and overage count in the month in which their period ends, "
    "money back on a single day and one-off lines never. Of a quarter or a year its last month counts, of a month "
    "not over the last day known."
)
_LOST = f"-{_moved('churn', 'contraction')}"
_CENT = 10_000

revenue_movements = Metric(
    card=Card(
        question="What made recurring revenue rise or fall?",
        words=(
            f"{RECURRING} Movements are each partner's at the period's end less that at the end of the one before. "
            "Above zero for the first time is new, above zero again reactivation, no longer above zero churn; the "
            "rest is expansion or contraction. Start plus all of them is end. Quick ratio: what was gained over what "
            "was lost, when that is 0.01 or more: less comes from spreading amounts over days (basis=recognised). By "
            "use: what lines of usage and overage did to the expansion and the contraction; the rest is plans, packs "
            "and credits."
        ),
        action="Churn and contraction first: they have names. Ask those partners before winning new ones.",
        better="higher",
        why_no_bands="Its parts are read side by side; net_revenue_retention judges.",
        audience=_FINANCE,
        requirement="B10",
    ),
    main=Part(
        of=movements.MOVED,
        values={
            "net": "sum(rows_of.change_micros)",
            "new": _moved("new"),
            "expansion": _moved("expansion"),
            "contraction": _moved("contraction"),
            "churn": _moved("churn"),
            "reactivation": _moved("reactivation"),
            "expansion_by_use": _moved("expansion", column="change_by_use_micros"),
            "contraction_by_use": _moved("contraction", column="change_by_use_micros"),
            "start": "sum(rows_of.before_micros)",
            "end": "sum(rows_of.micros)",
            "quick_ratio": Ratio(
                _moved("new", "expansion", "reactivation"),
                f"case when {_LOST} >= {_CENT} then {_LOST} end",
                "nothing lost",
            ),
        },
        cases=how_many("rows_of.known"),
    ),
    headline="net",
    unit="money",
    unit_of={"quick_ratio": "ratio"},
    dimensions=_DIMENSIONS,
    needs=("invoice_lines",),
    grains=("month", "quarter", "year"),
    variants=(RECURRING_BASIS,),
)

revenue_growth = Metric(
    card=Card(
        question="How fast does revenue grow?",
        words=(
            "Program revenue of the period, one-off lines included, less that of the period before, over that of the "
            "period before."
        ),
        action="Read the trend before the level: little that grows deserves more than much that stands still.",
        better="higher",
        bands=above(excellent=0.2, good=0.05, needs_work=0.0),
        audience=_FINANCE,
        requirement="B19",
    ),
    main=Part(
        of=movements.MOVED_ALTOGETHER,
        values={
            "growth": Ratio(
                "sum(rows_of.change_micros)",
                "greatest(sum(rows_of.before_micros), cast(0 as hugeint))",
                "no revenue in the period before",
            ),
            "revenue": "sum(rows_of.micros)",
        },
        cases=how_many("rows_of.known"),
    ),
    headline="growth",
    unit="share",
    unit_of={"revenue": "money"},
    dimensions=_DIMENSIONS,
    needs=("invoice_lines",),
    grains=("month", "quarter", "year"),
    variants=(BASIS,),
)
