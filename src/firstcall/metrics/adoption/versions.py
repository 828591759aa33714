"""Which versions are called, and who must move before one ends?"""

from __future__ import annotations

from firstcall.metrics.adoption import version_relations as versions
from firstcall.metrics.adoption.usage import CALLERS, POPULARITY
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.dimensions import USAGE_DIMENSIONS
from firstcall.metrics.metric import Metric, Part, Ratio

_CALLER = tuple(USAGE_DIMENSIONS)

version_mix = Metric(
    card=Card(
        question="How is traffic spread over the versions of the APIs?",
        words=(
            "Share of all calls of the period that go to each version; its calls, and the number of distinct partners "
            "behind them. Calls without a version are unversioned, and have no version in the split."
        ),
        action="Announce an end only for versions whose callers you can name; version_laggards lists them.",
        better="neither",
        why_no_bands="How fast callers should move depends on what was promised.",
        audience=Audience("API product", "adoption", "mid"),
        requirement="U18",
    ),
    main=POPULARITY,
    beside=(CALLERS,),
    headline="share",
    unit="share",
    unit_of={"calls": "count", "partners": "count"},
    dimensions=_CALLER,
    needs=("calls",),
    environment="any",
    traffic="all",
    default_by=("version",),
    ranked=True,
)

version_laggards = Metric(
    card=Card(
        question="Who still calls versions that are on their way out, and how long do they have?",
        words=(
            "Partners with calls in the last 30 days of the period to operations whose version is deprecated by its "
            "end or has an end of life, with the days left until the first of these ends (negative once it is past), "
            "and the calls. Where the catalogue has no entry for a call's version, the entry for every version "
            "counts, or the only one that the operation has."
        ),
        action="Write to them now, with what changes and an example; offer help to the largest.",
        better="higher",
        why_no_bands="Days left are read beside how much is left to move.",
        audience=Audience("Developer relations", "adoption", "mid"),
        requirement="U18",
    ),
    main=Part(
        of=versions.laggards,
        values={
            "days_left": Ratio(
                "min(rows_of.left_days)", "sign(count(rows_of.left_days))", "no end has been announced"
            ),
            "calls": "sum(rows_of.calls)",
            "partners": "count(distinct rows_of.entity)",
        },
        cases="sum(rows_of.calls)",
    ),
    headline="days_left",
    unit="days",
    unit_of={"calls": "count", "partners": "count"},
    dimensions=_CALLER,
    needs=("calls", "credentials", "endpoints"),
    environment="any",
    default_by=("partner", "version"),
    default_grain="all",
)
