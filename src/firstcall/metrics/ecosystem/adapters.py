"""Do partners integrate by adapters, and do others contribute some?"""

from __future__ import annotations

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import PARTNER_DIMENSIONS, how_many, share
from firstcall.metrics.metric import Metric, Part
from firstcall.metrics.relations import ecosystem

standard_adapter_share = Metric(
    card=Card(
        question="How many partners integrate by standard adapters rather than bespoke work?",
        words=(
            "Partners with a live marketplace, adapter or sample integration at the end of the period, over all with "
            "a live one; beside it who has only those, only custom ones, or both."
        ),
        action="Ask those with custom work alone what no adapter gave them.",
        better="higher",
        why_no_bands="Watch its direction.",
        audience=Audience("API product", "adoption", "long"),
        requirement="E4",
    ),
    main=Part(
        of=ecosystem.ADAPTING,
        values={
            "share": share("rows_of.standard > 0", when_zero="no live integrations"),
            "partners": "count(*)",
            "standard_only": how_many("rows_of.custom = 0"),
            "both": how_many("rows_of.custom > 0 and rows_of.standard > 0"),
            "custom_only": how_many("rows_of.standard = 0"),
        },
        cases="count(*)",
    ),
    headline="share",
    unit="share",
    unit_of=dict.fromkeys(("partners", "standard_only", "both", "custom_only"), "count"),
    dimensions=(*PARTNER_DIMENSIONS, "target"),
    needs=("integrations",),
    environment="any",
    interval="share",
)

open_source_adapters = Metric(
    card=Card(
        question="How many adapters and sample apps did others contribute, and are they used?",
        words=(
            "Adapters and sample apps from outside accepted by the end of the period, those accepted in it, and the "
            "installs of live adapters and samples as last reported."
        ),
        action="Name the contributors, and validate what they bring so that others dare use it.",
        better="higher",
        why_no_bands="Watch its direction.",
        audience=Audience("Developer relations", "adoption", "long"),
        requirement="E5",
    ),
    main=Part(
        of=ecosystem.ADAPTERS_ACCEPTED,
        values={"adapters": "count(*)", "new": how_many("rows_of.fresh")},
        cases="count(*)",
    ),
    beside=(
        Part(
            of=ecosystem.ADAPTERS_INSTALLED,
            values={
                "installs": "sum(rows_of.installs)",
                "active_installs": "sum(rows_of.active_installs)",
            },
            cases="count(*)",
        ),
    ),
    headline="adapters",
    unit="count",
    dimensions=("kind",),
    needs=("contributions",),
    environment="any",
)
