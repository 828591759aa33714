"""Is everything billed that was used, and what would use bring that nobody pays for yet?"""

from __future__ import annotations

from firstcall.metrics.business import leakage_relations as leaks
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.metric import Metric, Part, Ratio

_FINANCE = Audience("Finance", "business", "mid")
_NEEDS = ("calls", "credentials", "plans")
_BILLED_NEEDS = (*_NEEDS, "subscriptions", "invoice_lines")
_GRAINS = ("month", "quarter", "year", "all")
_DUE = "sum(rows_of.due) filter (where rows_of.counted)"
_LEAKED = "sum(greatest(rows_of.gap, 0)) filter (where rows_of.counted)"
_OVERBILLED = "sum(greatest(-rows_of.gap, 0)) filter (where rows_of.counted)"
_CASES = "count(*) filter (where rows_of.counted)"
_TOLERANCE = "greatest(rows_of.due, 200000000)"
"""What two hundred times a gap may be: half a percent of what is due, or one unit of the currency."""
_ATTRIBUTED = Part(
    of=leaks.COVERAGE,
    values={
        "attributed": Ratio(
            "sum(rows_of.calls) filter (where rows_of.entity is not null)", "sum(rows_of.calls)", "no calls"
        )
    },
    cases="count(*)",
    notes=(
        (
            "sum(rows_of.calls) filter (where rows_of.entity is null)",
            "{n} calls belong to no partner and are rated for nobody",
        ),
    ),
)

leakage = Metric(
    card=Card(
        question="Is everything that was used billed, and nothing else?",
        words=(
            "Per partner, product and month: metered units of external calls in the environment and with the "
            "outcomes the plan bills, rated by its tiers beyond the included units, less usage and overage lines "
            "(credits that name units taken off). What is missing is leaked, what is too much overbilled; the sums "
            "do not cancel. Fees are left out. In the reporting currency at the last day of the month. A month that "
            "is not over and has no line is no leak; it is counted as over contract when its units exceed the "
            "contracted ones. Tolerance (0.5 %, at least one unit of the currency) flags and does not change the "
            "sums."
        ),
        action="Split by kind: each cause has its own repair. Then correct the invoices of the largest rows.",
        better="lower",
        why_no_bands="Any amount is worth a look; compare its share with other months.",
        audience=_FINANCE,
        requirement="B4",
    ),
    main=Part(
        of=leaks.LEAKS,
        values={
            "leaked": _LEAKED,
            "overbilled": _OVERBILLED,
            "rate": Ratio(_LEAKED, _DUE, "nothing was due"),
            "expected": _DUE,
            "billed": "sum(rows_of.billed) filter (where rows_of.counted)",
            "flagged": f"count(*) filter (where rows_of.counted and abs(rows_of.gap) * 200 > {_TOLERANCE})",
            "over_contract": "count(*) filter (where rows_of.over_contract)",
        },
        cases=_CASES,
    ),
    beside=(_ATTRIBUTED,),
    headline="leaked",
    unit="money",
    unit_of={"rate": "share", "flagged": "count", "over_contract": "count", "attributed": "share"},
    dimensions=tuple(leaks.OFFERS),
    needs=_BILLED_NEEDS,
    environment="any",
    grains=_GRAINS,
    additive=True,
)

billing_accuracy = Metric(
    card=Card(
        question="How right are the invoices?",
        words=(
            "One less the sum of what was leaked and overbilled per partner, product and month, over what was due; "
            "see leakage."
        ),
        action="See leakage by kind, then by partner.",
        better="higher",
        why_no_bands="The tolerance stands in leakage.",
        audience=_FINANCE,
        requirement="B4",
    ),
    main=Part(
        of=leaks.LEAKS,
        values={
            "accuracy": Ratio(
                "sum(rows_of.due - abs(rows_of.gap)) filter (where rows_of.counted)", _DUE, "nothing was due"
            )
        },
        cases=_CASES,
    ),
    beside=(_ATTRIBUTED,),
    headline="accuracy",
    unit="share",
    dimensions=tuple(leaks.OFFERS),
    needs=_BILLED_NEEDS,
    environment="any",
    grains=_GRAINS,
)

unrealised_revenue = Metric(
    card=Card(
        question="What would the use bring that nobody pays for?",
        words=(
            "External production use of partners on days without a paid plan for the product, rated by month with "
            "the tiers and included units of the plan proposed for it, without its fee. Beside it the uplift: what "
            "the use of paying partners would bring more than they were billed for it."
        ),
        action="Decide on the price; then talk to the partners who use most.",
        better="neither",
        why_no_bands="It is what a decision would be worth.",
        audience=Audience("API product", "business", "mid"),
        requirement="B11",
    ),
    main=Part(
        of=leaks.UNREALISED,
        values={
            "amount": "sum(rows_of.micros) filter (where rows_of.counted and not rows_of.paying)",
            "partners": "count(distinct rows_of.entity) filter (where rows_of.counted and not rows_of.paying)",
            "calls": "sum(rows_of.calls) filter (where rows_of.counted and not rows_of.paying)",
            "uplift": "sum(rows_of.micros - rows_of.billed) filter (where rows_of.counted and rows_of.paying)",
        },
        cases="count(distinct rows_of.entity) filter (where rows_of.counted and not rows_of.paying)",
    ),
    headline="amount",
    unit="money",
    unit_of={"partners": "count", "calls": "count"},
    dimensions=tuple(leaks.UNREALISED.offers),
    needs=_NEEDS,
    grains=_GRAINS,
)
