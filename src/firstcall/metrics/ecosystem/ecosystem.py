"""What do others build on the APIs: how fast, where to, how openly, and does the platform hold?"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.ecosystem import ecosystem_relations as ecosystem
from firstcall.metrics.idioms import PARTNER_DIMENSIONS, how_many, share, waits
from firstcall.metrics.metric import Metric, Part, Ratio

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from firstcall.answers import Value
    from firstcall.metrics.metric import Relation
    from firstcall.periods import Scope

_PARTNERSHIPS = Audience("Partnerships", "adoption", "long")
_API_PRODUCT = Audience("API product", "adoption", "long")
_ACTIVE = "rows_of.active"

third_party_integration_time = Metric(
    card=Card(
        question="How long does a third party need from start to live?",
        words=(
            "Median and 90th percentile (type 7) from started to live, over integrations that went live, by the day "
            "they were begun; and by Kaplan–Meier with those not live yet counted as waiting."
        ),
        action="Give the slowest kind of integration an adapter or a sample to start from.",
        better="lower",
        why_no_bands="Kinds of integrations differ; compare each with its own past.",
        audience=Audience("Partnerships", "adoption", "mid"),
        requirement="E1",
    ),
    main=waits(
        ecosystem.INTEGRATIONS_BEGUN,
        (how_many("rows_of.backwards"), "{n} were live before they were begun; left out"),
        counts=True,
    ),
    headline="median",
    unit="seconds",
    unit_of={"done": "count", "waiting": "count"},
    dimensions=(*PARTNER_DIMENSIONS, "kind", "target"),
    needs=("integrations",),
    environment="any",
)


def _diversity(rows: Sequence[Mapping[str, object]]) -> Mapping[str, Value]:
    """Return Shannon entropy (natural logarithm) of integrations over targets, and the effective number of targets."""
    named = Counter(str(row["target"]) for row in rows if row["target"] is not None)
    total = sum(named.values())
    if not total:
        return {"effective": None, "entropy": None}
    entropy = max(0.0, -math.fsum(count / total * math.log(count / total) for count in named.values()))
    return {"effective": math.exp(entropy), "entropy": entropy}


deployment_target_diversity = Metric(
    card=Card(
        question="On how many different targets do integrations run?",
        words=(
            "Distinct deployment targets of the integrations live at the end of the period; beside it Shannon "
            "entropy (natural logarithm) and the effective number of targets, its exponential: as many as if all "
            "were used alike."
        ),
        action="A low effective number is a dependency on one platform.",
        better="higher",
        why_no_bands="How many targets make sense depends on the market.",
        audience=_PARTNERSHIPS,
        requirement="E2",
    ),
    main=Part(
        of=ecosystem.INTEGRATIONS_LIVE,
        values={
            "targets": "count(distinct rows_of.target)",
            "integrations": "count(*)",
            "without_target": how_many("rows_of.target is null"),
        },
        cases="count(*)",
        then=_diversity,
        then_needs=("target",),
        then_values=("effective", "entropy"),
    ),
    headline="targets",
    unit="count",
    unit_of={"effective": "number", "entropy": "number"},
    dimensions=(*PARTNER_DIMENSIONS, "kind", "target"),
    needs=("integrations",),
    environment="any",
)

marketplace_activity = Metric(
    card=Card(
        question="Is the marketplace alive?",
        words=(
            "Marketplace listings live at the end of the period, those that went live in it, and their installs and "
            "active installs as last reported."
        ),
        action="Listings without active installs want promotion or removal.",
        better="higher",
        why_no_bands="Watch its direction.",
        audience=_PARTNERSHIPS,
        requirement="E3",
    ),
    main=Part(
        of=ecosystem.INTEGRATIONS_LIVE,
        values={
            "listings": how_many("rows_of.kind = 'marketplace'"),
            "new": how_many("rows_of.kind = 'marketplace' and rows_of.fresh"),
            "installs": "sum(rows_of.installs) filter (where rows_of.kind = 'marketplace')",
            "active_installs": "sum(rows_of.active_installs) filter (where rows_of.kind = 'marketplace')",
            "active_share": Ratio(
                "sum(rows_of.active_installs) filter (where rows_of.kind = 'marketplace')",
                "sum(rows_of.installs) filter (where rows_of.kind = 'marketplace')",
                "no installs",
            ),
        },
        cases=how_many("rows_of.kind = 'marketplace'"),
    ),
    headline="listings",
    unit="count",
    unit_of={"active_share": "share"},
    dimensions=(*PARTNER_DIMENSIONS, "target"),
    needs=("integrations",),
    environment="any",
)

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
        audience=_API_PRODUCT,
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

ecosystem_growth = Metric(
    card=Card(
        question="Does the ecosystem around the APIs grow?",
        words=(
            "Integrations live at the end of the period and not reported without active installs; those that went "
            "live in it, and these over those that were live before; how many partners have one. Stability: "
            "platform_stability."
        ),
        action="When fewer come, look at third_party_integration_time; when they fall silent, at platform_stability.",
        better="higher",
        why_no_bands="Watch its direction.",
        audience=_PARTNERSHIPS,
        requirement="E6",
    ),
    main=Part(
        of=ecosystem.INTEGRATIONS_LIVE,
        values={
            "active": how_many(_ACTIVE),
            "new": how_many(f"{_ACTIVE} and rows_of.fresh"),
            "growth": Ratio(
                how_many(f"{_ACTIVE} and rows_of.fresh"),
                how_many(f"{_ACTIVE} and not rows_of.fresh"),
                "nothing was live before",
            ),
            "partners": f"count(distinct case when {_ACTIVE} then rows_of.partner end)",
        },
        cases=how_many(_ACTIVE),
    ),
    headline="active",
    unit="count",
    unit_of={"growth": "share"},
    dimensions=(*PARTNER_DIMENSIONS, "kind", "target"),
    needs=("integrations",),
    environment="any",
)


def _stability(scope: Scope) -> Relation:
    return ecosystem.STABILITY_BY_SPLIT if scope.by else ecosystem.STABILITY


platform_stability = Metric(
    card=Card(
        question="How much of the time could integrations rely on the platform?",
        words=(
            "1 − time within an incident that hit integrations, over the time of the period up to now; overlaps count "
            "once, maintenance is no incident, what is not resolved lasts. Cases are whole days watched."
        ),
        action="Read the incidents behind it; those that repeat come first.",
        better="higher",
        why_no_bands="What partners were promised differs; see integration_incidents_within_commitment.",
        audience=Audience("Platform", "reliability", "long"),
        requirement="E6",
    ),
    main=Part(
        of=_stability,
        values={
            "stability": Ratio(
                "max(rows_of.span) - sum(rows_of.seconds)", "max(rows_of.span)", "no time has passed"
            ),
            "incidents": "count(rows_of.incident_id)",
            "seconds": "sum(rows_of.seconds)",
        },
        cases="max(rows_of.span) / 86400",
    ),
    headline="stability",
    unit="share",
    unit_of={"incidents": "count", "seconds": "seconds"},
    dimensions=("severity",),
    needs=("incidents",),
    environment="any",
)

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
        audience=_API_PRODUCT,
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
