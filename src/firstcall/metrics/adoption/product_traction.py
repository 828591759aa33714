"""Which products gain traction, and which are dead weight?"""

from __future__ import annotations

from firstcall.metrics.adoption.product_traction_relations import PRODUCTS_OFFERED
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import how_many
from firstcall.metrics.metric import Metric, Part, Ratio

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
        of=PRODUCTS_OFFERED,
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
    looks_back=("growth",),
    needs=("calls", "credentials"),
    default_by=("product",),
    grains=("day", "week", "month", "quarter", "year"),
    ranked=True,
)
