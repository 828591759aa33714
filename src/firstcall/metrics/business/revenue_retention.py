"""Does the revenue of existing customers last and grow? Net and gross retention, and expansion."""

from __future__ import annotations

from dataclasses import replace

from firstcall.bands import above
from firstcall.metrics.business.revenue import RECURRING_BASIS
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.metric import Metric, Part, Ratio
from firstcall.metrics.relations import money

_FINANCE = Audience("Finance", "business", "long")
_DIMENSIONS = ("partner", "product", "plan", "segment", "country", "channel", "manager")

net_revenue_retention = Metric(
    card=Card(
        question="Do existing customers pay more or less than a year ago?",
        words=(
            "Recurring value (see revenue_movements) now of the partners that had some a year before, over what they "
            "paid then; newcomers left out, one-off lines left out. With method=period, against the period before; "
            "with method=ttm, twelve months against the twelve before, which partners that joined midway through "
            "those inflate."
        ),
        action="Under 100 % look into churn, and build what grows with use.",
        better="higher",
        bands=above(excellent=1.2, good=1.0),
        audience=_FINANCE,
        requirement="B7",
    ),
    main=Part(
        of=money.retained,
        values={
            "net": Ratio(
                "sum(rows_of.now_micros)", "sum(rows_of.base_micros)", "no revenue in the base period"
            ),
            "gross": Ratio(
                "sum(least(rows_of.now_micros, rows_of.base_micros))",
                "sum(rows_of.base_micros)",
                "no revenue in the base period",
            ),
        },
        cases="count(*)",
    ),
    headline="net",
    unit="share",
    dimensions=_DIMENSIONS,
    needs=("invoice_lines",),
    grains=("month", "quarter", "year"),
    variants=(
        money.METHOD,
        RECURRING_BASIS,
    ),
)


def _of_base(name: str, part: str) -> Part:
    over = Ratio(part, "sum(rows_of.base_micros)", "no revenue in the base period")
    return Part(of=money.retained, values={name: over}, cases="count(*)")


gross_revenue_retention = Metric(
    card=Card(
        question="How much of last year's recurring revenue is still there, gains left out?",
        words=(
            "Of the partners with recurring value (see revenue_movements) a year before, the lesser of what they paid "
            "then and pay now, over what they paid then. With method=period, against the period before; with "
            "method=ttm, twelve months against the twelve before. Never above 100 %."
        ),
        action="What is lost here no upsell brings back: look into who left and who pays less.",
        better="higher",
        bands=above(excellent=0.95, good=0.9, needs_work=0.8),
        audience=_FINANCE,
        requirement="B7",
    ),
    main=_of_base("gross", "sum(least(rows_of.now_micros, rows_of.base_micros))"),
    headline="gross",
    unit="share",
    dimensions=_DIMENSIONS,
    needs=("invoice_lines",),
    grains=("month", "quarter", "year"),
    variants=(money.METHOD, RECURRING_BASIS),
)

expansion_rate = replace(
    gross_revenue_retention,
    card=replace(
        gross_revenue_retention.card,
        question="How much more do existing customers pay than a year ago?",
        words=(
            "Of the partners with recurring value (see revenue_movements) a year before, what each pays more now, "
            "over what all of them paid then. With method=period, against the period before; with method=ttm, twelve "
            "months against the twelve before."
        ),
        action="Build what grows with use, and price it so that growth pays.",
        bands=above(excellent=0.3, good=0.1),
        requirement="B9",
    ),
    main=_of_base("rate", "sum(greatest(rows_of.now_micros - rows_of.base_micros, cast(0 as hugeint)))"),
    headline="rate",
)
