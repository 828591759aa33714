"""How fast do others integrate, where to, and do their integrations grow and live?"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import PARTNER_DIMENSIONS, how_many, waits
from firstcall.metrics.metric import Metric, Part, Ratio
from firstcall.metrics.relations import ecosystem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from firstcall.answers import Value

_PARTNERSHIPS = Audience("Partnerships", "adoption", "long")
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
