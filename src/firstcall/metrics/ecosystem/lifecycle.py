"""How does each API do at its stage of life?"""

from __future__ import annotations

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.metric import Metric, Part, Ratio
from firstcall.metrics.relations import ecosystem

lifecycle_stages = Metric(
    card=Card(
        question="How does each API do at its stage of life?",
        words=(
            "Of each product and its stage at the end of the period: partners active with it, calls, the share of "
            "calls with client error, server error or timeout, tickets, and what partners active with it rated "
            "documentation, SDKs and examples (sample code, onboarding); under five ratings nothing is shown. "
            "Opinions name no product."
        ),
        action="Errors and low ratings in preview are cheap to mend; the same in a mature API drive partners away.",
        better="neither",
        why_no_bands="A matrix: stages are read beside each other.",
        audience=Audience("API product", "adoption", "long"),
        requirement="E7",
    ),
    main=Part(
        of=ecosystem.LIFECYCLE,
        values={
            "active_partners": "count(distinct rows_of.caller)",
            "calls": "sum(rows_of.calls)",
            "error_rate": Ratio("sum(rows_of.errors)", "sum(rows_of.calls)", "no calls"),
            "tickets": "sum(rows_of.tickets)",
            **{
                name: Ratio(f"sum(rows_of.{name})", f"sum(rows_of.{name}_count)", "nobody said")
                for name in ("documentation", "sdk", "examples")
            },
        },
        cases="count(distinct rows_of.caller)",
        floors={name: (f"sum(rows_of.{name}_count)", 5) for name in ("documentation", "sdk", "examples")},
        survey=True,
    ),
    headline="active_partners",
    unit="count",
    unit_of={"error_rate": "share", **dict.fromkeys(("documentation", "sdk", "examples"), "score")},
    dimensions=("product", "kind"),
    needs=("product_stages", "calls", "credentials"),
    default_by=("product", "kind"),
    default_grain="quarter",
)
