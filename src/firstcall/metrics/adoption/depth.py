"""How deep are the integrations? The score, the tiers, and who moved between them."""

from __future__ import annotations

from firstcall.metrics.adoption.coverage import of_many
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import PARTY_DIMENSIONS, how_many
from firstcall.metrics.metric import Metric, Part, Ratio, Variant
from firstcall.metrics.relations import depth

_DEVELOPER_RELATIONS = Audience("Developer relations", "adoption", "mid")
_NEEDS = ("calls", "credentials", "endpoints")
_ACTIVE = "rows_of.tier in ('experimenting', 'building', 'scaling')"
HYSTERESIS = Variant(
    "hysteresis",
    "Points by which a score must pass a cut before the tier changes.",
    (),
    "2",
    unit="points",
    most=50,
)
_BUCKETS = ("day", "week", "month", "quarter", "year")
_PARTS = ("score", "volume", "coverage", "features")
_DEPTHS = Part(
    of=depth.DEPTHS,
    values={name: f"quantile_cont(rows_of.{name}, 0.5)" for name in _PARTS},
    cases="count(*)",
    floors=dict.fromkeys(_PARTS, ("count(*)", 5)),
)

integration_depth = Metric(
    card=Card(
        question="How deeply are the APIs built into what developers make?",
        words=(
            "Of those active in the last 30 days of the period: 100 × ({depth}), "
            "the weights from the settings. Volume is ln(1 + calls) over ln(1 + the 95th percentile of calls of all "
            "of them), at most 1; coverage and features are the shares used of what is offered, 0 where nothing is. "
            "The answer is the median, and the medians of the parts, from five of them on; split by developer, or "
            "asked of one, each one's own."
        ),
        action="Talk to the deep ones before you change anything; show the shallow ones what else is there.",
        better="higher",
        why_no_bands="The cuts of depth_tiers judge it.",
        audience=Audience("Developer experience", "adoption", "mid"),
        requirement="U8",
    ),
    main=_DEPTHS,
    main_for=of_many(_DEPTHS),
    headline="score",
    unit="score",
    unit_of={"volume": "share", "coverage": "share", "features": "share"},
    dimensions=PARTY_DIMENSIONS,
    needs=_NEEDS,
    entity="developer",
    ranked=True,
)

depth_tiers = Metric(
    card=Card(
        question="How many experiment, how many build, how many scale?",
        words=(
            "Those registered by the end of the period, by integration_depth: experimenting below "
            "{tier_low}, building below "
            "{tier_high}, scaling from there (the settings' tiers). A tier changes only when the score "
            "passes a cut by 2 "
            "points. Silent are those who called some time but are not active in the last 30 days, never_called "
            "those who did not call at all. Beside them the share of scaling among the three active tiers."
        ),
        action=(
            "Give each tier its own support: examples to those who experiment, limits and a contact to those who "
            "scale."
        ),
        better="higher",
        why_no_bands="Map the tiers against your own product strategy.",
        audience=_DEVELOPER_RELATIONS,
        requirement="U9",
    ),
    main=Part(
        of=depth.DEPTH_STATES,
        values={
            **{
                name: how_many(f"rows_of.tier = '{name}'")
                for name in ("scaling", "building", "experimenting", "silent", "never_called")
            },
            "scaling_share": Ratio(how_many("rows_of.tier = 'scaling'"), how_many(_ACTIVE), "nobody active"),
        },
        cases="count(*)",
    ),
    headline="scaling",
    unit="count",
    unit_of={"scaling_share": "share"},
    dimensions=PARTY_DIMENSIONS,
    needs=(*_NEEDS, "developers"),
    entity="developer",
    variants=(HYSTERESIS,),
)

depth_movements = Metric(
    card=Card(
        question="Who moved from which depth to which?",
        words=(
            "Those registered by the end of the period, by their tier at the end of the period before (tier; new "
            "when they were not registered yet) and their tier now (kind). All moves of a period together are all "
            "members."
        ),
        action="Follow up those who fell from scaling before they are silent.",
        better="neither",
        why_no_bands="It is a matrix to read.",
        audience=_DEVELOPER_RELATIONS,
        requirement="U9",
    ),
    main=Part(of=depth.DEPTH_MOVES, values={"members": "count(*)"}, cases="count(*)"),
    headline="members",
    unit="count",
    dimensions=("tier", "kind"),
    looks_back=("members",),
    needs=(*_NEEDS, "developers"),
    entity="developer",
    default_by=("tier", "kind"),
    grains=_BUCKETS,
    variants=(HYSTERESIS,),
)
