"""Do our APIs keep what their contracts promise?"""

from __future__ import annotations

from firstcall.bands import above
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import how_many, share
from firstcall.metrics.metric import Metric, Part, Ratio
from firstcall.metrics.reliability.compatibility_relations import CHANGES

_API_PRODUCT = Audience("API product", "reliability", "long")
_BREAKING = "rows_of.kind = 'breaking'"
_NEEDS = ("contract_changes",)

breaking_changes = Metric(
    card=Card(
        question="How often do we break those who built on us, and how much warning do they get?",
        words=(
            "Breaking changes released in the period; beside them their share of all changes, the share that came "
            "behind a new version so that old callers kept the old contract (of those that say), the median days of "
            "notice (type 7, of five or more), the releases (versions of a product), and breaking changes per "
            "release."
        ),
        action="Put what breaks behind a new version, announce it, and keep the old one for the notice promised.",
        better="lower",
        why_no_bands="One may be needed; what counts is the notice and the version it came behind.",
        audience=_API_PRODUCT,
        requirement="R13",
    ),
    main=Part(
        of=CHANGES,
        values={
            "breaking": how_many(_BREAKING),
            "breaking_share": share(_BREAKING, when_zero="no changes"),
            "behind_new_version": share(
                "rows_of.behind_new_version",
                f"{_BREAKING} and rows_of.behind_new_version is not null",
                "no breaking change says whether it came behind a new version",
            ),
            "notice_days": f"quantile_cont(rows_of.notice_days, 0.5) filter (where {_BREAKING})",
            "releases": "sum(rows_of.first)",
            "per_release": Ratio(how_many(_BREAKING), "sum(rows_of.first)", "no releases"),
            "changes": "count(*)",
        },
        cases="count(*)",
        floors={"notice_days": (f"count(rows_of.notice_days) filter (where {_BREAKING})", 5)},
    ),
    headline="breaking",
    unit="count",
    unit_of={
        "breaking_share": "share",
        "behind_new_version": "share",
        "notice_days": "days",
        "per_release": "number",
    },
    dimensions=("product", "version", "kind"),
    needs=_NEEDS,
    environment="any",
    traffic="all",
)

compatible_release_rate = Metric(
    card=Card(
        question="Which share of our releases could be taken without changing a line?",
        words=(
            "Releases (versions of a product) without a breaking change for those who call the old contract, over all "
            "releases that changed something. A breaking change behind a new version breaks nobody."
        ),
        action="Check the contract in the pipeline: `firstcall import openapi OLD NEW --dry-run` says what breaks.",
        better="higher",
        bands=above(good=0.95, needs_work=0.8),
        audience=_API_PRODUCT,
        requirement="R13",
    ),
    main=Part(
        of=CHANGES,
        values={
            "rate": share("rows_of.broke = 0", "rows_of.first = 1", "no releases"),
            "compatible": how_many("rows_of.first = 1 and rows_of.broke = 0"),
            "releases": "sum(rows_of.first)",
        },
        cases="sum(rows_of.first)",
    ),
    headline="rate",
    unit="share",
    unit_of={"compatible": "count", "releases": "count"},
    dimensions=("product", "version", "kind"),
    needs=_NEEDS,
    environment="any",
    traffic="all",
    interval="rate",
)
