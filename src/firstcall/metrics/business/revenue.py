"""What do the APIs earn, and from whom? Revenue, per product and partner, and who pays most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.dimensions import MONEY_DIMENSIONS
from firstcall.metrics.idioms import PARTNER_DIMENSIONS, amount
from firstcall.metrics.metric import Metric, Part, Ratio, Variant
from firstcall.metrics.relations import money
from firstcall.metrics.relations import revenue_movements as movements

if TYPE_CHECKING:
    from firstcall.metrics.metric import Relation
    from firstcall.periods import Scope

_FINANCE = Audience("Finance", "business", "mid")
BASIS = Variant(
    "basis",
    "Date revenue by service period, by invoice, or by payment.",
    ("service", "invoiced", "paid"),
    "service",
)
RECURRING_BASIS = Variant(
    "basis",
    "Recurring value by month (value), revenue spread by days of service (recognised), by invoice, or by payment.",
    ("value", "recognised", "invoiced", "paid"),
    "value",
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
    card=Card(
        question="What does the program earn?",
        words=(
            "Invoice lines without tax, credits and refunds taken off, dated by service: subscriptions spread by "
            "days over their period, usage and overage in the month their period ends. In the reporting currency at "
            "the rate of the invoice date. Lines of test and duplicate partners are left out, as in all revenue "
            "(--set traffic=all keeps them)."
        ),
        action="Read the trend first, the level second.",
        better="higher",
        why_no_bands="How much is enough depends on what it costs; see cost_value_ratio.",
        audience=_FINANCE,
        requirement="B1",
    ),
    main=_TOTAL,
    headline="total",
    unit="money",
    dimensions=tuple(name for name in MONEY_DIMENSIONS if name != "category"),
    needs=("invoice_lines",),
    variants=(BASIS,),
    additive=True,
)

revenue_per_product = Metric(
    card=Card(
        question="Which products earn, and which do not?",
        words=(
            "Program revenue by API product. A line without a product is shared out by the calls its partner made to "
            "each product in the period; without any it stays unallocated."
        ),
        action="Invest in what earns; ask of the rest whether it should.",
        better="higher",
        why_no_bands="It compares products.",
        audience=_FINANCE,
        requirement="B3",
    ),
    main=Part(of=_by_product, values=_TOTAL.values, cases=_TOTAL.cases),
    headline="total",
    unit="money",
    dimensions=program_revenue.dimensions,
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
)

revenue_per_partner = Metric(
    card=Card(
        question="What is an active paying partner worth?",
        words=(
            "Program revenue of the period over partners with revenue above zero and an external production call in "
            "it."
        ),
        action="Flat means pricing does not scale with use.",
        better="higher",
        why_no_bands="It depends on the price list.",
        audience=_FINANCE,
        requirement="B2",
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
    dimensions=("partner", "product", "segment", "country", "channel", "manager"),
    needs=("invoice_lines", "calls", "credentials"),
    variants=(BASIS,),
)

highest_value_accounts = Metric(
    card=Card(
        question="Which partners bring the most, and how much of everything is that?",
        words="Program revenue of each partner in the period, and its share of the revenue of all of them.",
        action="Know the people behind the first five, and what they would miss.",
        better="higher",
        why_no_bands="It ranks; it does not judge.",
        audience=Audience("Partner management", "business", "mid"),
        requirement="B18",
    ),
    main=Part(
        of=movements.ACCOUNTS,
        values={
            "revenue": amount(),
            "share": Ratio(
                "sum(rows_of.micros)", "greatest(max(rows_of.all_micros), cast(0 as hugeint))", "no revenue"
            ),
        },
        cases="count(rows_of.micros)",
    ),
    headline="revenue",
    unit="money",
    unit_of={"share": "share"},
    dimensions=PARTNER_DIMENSIONS,
    needs=("invoice_lines",),
    default_by=("partner",),
    ranked=True,
    default_grain="all",
    variants=(BASIS,),
)
