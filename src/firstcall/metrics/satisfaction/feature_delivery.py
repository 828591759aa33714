"""How many of the features that developers ask for are delivered, how fast, and for whom?"""

from __future__ import annotations

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import PARTNER_DIMENSIONS, STILL_WAITING, how_many, share, survival_of
from firstcall.metrics.metric import Metric, Part
from firstcall.metrics.satisfaction.feature_delivery_relations import ASKED_FOR, DELIVERED

_ASKED = how_many("rows_of.counted")

feature_delivery = Metric(
    card=Card(
        question="Do customers get the features they ask for, and how fast?",
        words=(
            "Requests of kind feature that were deployed in the period; the share of them that a partner asked for; "
            "and the median and 90th percentile (type 7) of the time from request to deployment. Beside it, of the "
            "features asked for in the period: the same by Kaplan–Meier, with those not deployed counted as waiting, "
            "and how many they are."
        ),
        action="Where partners ask and others get, look at who decides; where all wait, look at the size of releases.",
        better="higher",
        why_no_bands="Features differ in size; compare with your own past.",
        audience=Audience("API product", "satisfaction", "long"),
        requirement="X15",
    ),
    main=Part(
        of=DELIVERED,
        values={
            "delivered": "count(*)",
            "from_partners": share("rows_of.partner is not null", when_zero="no feature was delivered"),
            "median": "quantile_cont(rows_of.lasted, 0.5)",
            "p90": "quantile_cont(rows_of.lasted, 0.9)",
        },
        cases="count(*)",
        floors={"median": ("count(rows_of.lasted)", 5), "p90": ("count(rows_of.lasted)", 10)},
        notes=(
            (
                how_many("rows_of.lasted is null"),
                "{n} were deployed before they were asked for; without a time",
            ),
        ),
    ),
    beside=(
        Part(
            of=ASKED_FOR,
            values={"asked": _ASKED, "waiting": STILL_WAITING},
            cases=_ASKED,
            floors={"km_median": (_ASKED, 5), "km_p90": (_ASKED, 5)},
            then=survival_of("waited", "watched", "counted"),
            then_needs=("waited", "watched", "counted"),
            then_values=("km_median", "km_p90"),
        ),
    ),
    headline="delivered",
    unit="count",
    unit_of={"from_partners": "share", **dict.fromkeys(("median", "p90", "km_median", "km_p90"), "seconds")},
    dimensions=PARTNER_DIMENSIONS,
    needs=("requests",),
    environment="any",
    default_grain="quarter",
)
