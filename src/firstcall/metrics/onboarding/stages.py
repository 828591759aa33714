"""At which stage of onboarding is everybody, who looks after them, and for how long have they been there?"""

from __future__ import annotations

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import PARTNER_DIMENSIONS
from firstcall.metrics.metric import Metric, Part
from firstcall.metrics.onboarding.funnel import MILESTONE, NEEDS, PRESET, SCALING, by_preset, of_presets
from firstcall.metrics.onboarding.stage_relations import standing
from firstcall.metrics.relations.funnel import Funnel


def _standing(name: str, funnel: Funnel) -> Part:
    """Return how many stand at each step, and since when."""
    return Part(
        of=standing(name, funnel),
        values={
            "partners": "count(*)",
            "median": "quantile_cont(rows_of.lasted, 0.5)",
            "p90": "quantile_cont(rows_of.lasted, 0.9)",
            "longest": "max(rows_of.lasted)",
            "place": "min(rows_of.place)",
        },
        cases="count(*)",
        floors={"median": ("count(*)", 5), "p90": ("count(*)", 10)},
    )


_BY_PRESET = of_presets(_standing)

onboarding_stages = Metric(
    card=Card(
        question="At which stage of onboarding is every partner?",
        words=(
            "Those registered by the end of the period (pending, approved, suspended), by the furthest step they "
            "had ever come to by then, by the journey or by calls of theirs, in whatever order: registered, active "
            "in the sandbox, first successful call, production; the other presets and the settings' own funnels "
            "have other steps. Beside the number the median, 90th percentile (type 7) and longest time since they "
            "first came to it. Split by partner, step and manager it is the list of all."
        ),
        action="Go through the list with the managers; who has stood at a step for long is in stuck_partners.",
        better="neither",
        why_no_bands="It says where everybody stands.",
        audience=Audience("Developer relations", "onboarding", "short"),
        requirement="A27",
    ),
    main=_BY_PRESET["program", False],
    main_for=by_preset(_standing, _BY_PRESET),
    headline="partners",
    unit="count",
    unit_of=dict.fromkeys(("median", "p90", "longest"), "seconds"),
    dimensions=("step", *PARTNER_DIMENSIONS),
    needs=NEEDS,
    environment="any",
    default_by=("step",),
    default_grain="all",
    variants=(PRESET, SCALING, MILESTONE),
)
