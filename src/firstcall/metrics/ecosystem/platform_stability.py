"""How much of the time could integrations rely on the platform?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.metric import Metric, Part, Ratio
from firstcall.metrics.relations import ecosystem

if TYPE_CHECKING:
    from firstcall.metrics.metric import Relation
    from firstcall.periods import Scope


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
