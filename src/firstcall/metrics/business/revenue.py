"""What do the APIs earn, from whom, and does it last? Revenue, per partner and product, and its retention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.bands import above
from firstcall.metrics.dimensions import MONEY_DIMENSIONS
from firstcall.metrics.idioms import amount
from firstcall.metrics.metric import Metric, Part, Ratio, Variant
from firstcall.metrics.relations import money

if TYPE_CHECKING:
    from firstcall.metrics.metric import Relation
    from firstcall.periods import Scope

BASIS = Variant(
    "basis",
    "Date revenue by service period, by invoice, or by payment.",
    ("service", "invoiced", "paid"),
    "service",
)
_KINDS = {
    "subscription": amount("rows_of.kind = 'subscription'"),
    "usage": amount("rows_of.kind = 'usage'"),
    "overage": amount("rows_of.kind = 'overage'"),
    "credit_pack": amount("rows_of.kind = 'credit_pack'"),
    "one_off": amount("rows_of.kind = 'one_off'"),
    "credits": amount("rows_of.kind in ('credit', 'refund')"),
}
_TOTAL = Part(of=money.REVENUE, values={"total": amount(), **_KINDS}, cases="count(rows_of.micros)")


def _by_product(scope: Scope) -> Relation:
    return money.REVENUE if scope.variant("allocation") == "none" else money.REVENUE_SHARED


program_revenue = Metric(
    question="What does the program earn?",
    words=(
        "Invoice lines without tax, credits and refunds taken off, dated by service: subscriptions spread by days over "
        "their period, usage and overage in the month their period ends. In the reporting currency at the rate of the "
        "invoice date. Lines of test and duplicate partners are left out, as in all revenue (--set traffic=all keeps "
        "them)."
    ),
    main=_TOTAL,
    headline="total",
    unit="money",
    better="higher",
    dimensions=tuple(name for name in MONEY_DIMENSIONS if name != "category"),
    horizon="mid",
    category="business",
    owner="Finance",
    row="B1",
    action="Read the trend first, the level second.",
    needs=("invoice_lines",),
    variants=(BASIS,),
    additive=True,
    why_no_bands="How much is enough depends on what it costs; see cost_value_ratio.",
)

revenue_per_product = Metric(
    question="Which products earn, and which do not?",
    words=(
        "Program revenue by API product. A line without a product is shared out by the calls its partner made to each "
        "product in the period; without any it stays unallocated."
    ),
    main=Part(of=_by_product, values=_TOTAL.values, cases=_TOTAL.cases),
    headline="total",
    unit="money",
    better="higher",
    dimensions=program_revenue.dimensions,
    horizon="mid",
    category="business",
    owner="Finance",
    row="B3",
    action="Invest in what earns; ask of the rest whether it should.",
    needs=("invoice_lines",),
    default_by=("product",),
    ranked=True,
    variants=(
        Variant(
            "allocation",
            "Share out lines without a product by use, or leave them.",
            ("usage_share", "none"),
            "usage_share",
        ),
        BASIS,
    ),
    additive=True,
    why_no_bands="It compares products.",
)

revenue_per_partner = Metric(
    question="What is an active paying partner worth?",
    words=(
        "Program revenue of the period over partners with revenue above zero and an external production call in it."
    ),
    main=Part(
        of=money.PAYING,
        values={
            "per_partner": Ratio(
                "sum(rows_of.micros)", "count(*) filter (where rows_of.paying)", "no active paying partners"
            ),
            "revenue": "sum(rows_of.micros)",
            "partners": "count(*) filter (where rows_of.paying)",
        },
        cases="count(*) filter (where rows_of.paying)",
    ),
    headline="per_partner",
    unit="money",
    unit_of={"partners": "count"},
    better="higher",
    dimensions=("partner", "product", "segment", "country", "channel", "manager"),
    horizon="mid",
    category="business",
    owner="Finance",
    row="B2",
    action="Flat means pricing does not scale with use.",
    needs=("invoice_lines", "calls", "credentials"),
    variants=(BASIS,),
    why_no_bands="It depends on the price list.",
)

net_revenue_retention = Metric(
    question="Do existing customers pay more or less than a year ago?",
    words=(
        "Recurring revenue now of the partners that had some a year before, over what they paid then; newcomers left "
        "out, one-off lines left out. With method=period, against the period before; with method=ttm, twelve months "
        "against the twelve before, which partners that joined midway through those inflate."
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
    better="higher",
    dimensions=("partner", "product", "plan", "segment", "country", "channel", "manager"),
    horizon="long",
    category="business",
    owner="Finance",
    row="B7",
    action="Under 100 % look into churn, and build what grows with use.",
    needs=("invoice_lines",),
    grains=("month", "quarter", "year"),
    variants=(
        money.METHOD,
        BASIS,
    ),
    bands=above(excellent=1.2, good=1.0),
)
