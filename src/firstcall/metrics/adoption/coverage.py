"""How much of what is on offer is used? Endpoints, features and subscriptions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from firstcall.metrics.adoption import coverage_relations as coverage
from firstcall.metrics.business.consumption import NEEDED, entitlement
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.dimensions import USAGE_DIMENSIONS
from firstcall.metrics.idioms import PARTNER_DIMENSIONS, PARTY_DIMENSIONS, how_many
from firstcall.metrics.metric import Metric, Part, Ratio, Variant
from firstcall.metrics.relations.consumption import CONSUMED

if TYPE_CHECKING:
    from collections.abc import Callable

    from firstcall.periods import Scope

_API_PRODUCT = Audience("API product", "adoption", "mid")
_NEEDS = ("calls", "credentials", "endpoints")


def of_many(part: Part) -> Callable[[Scope], Part]:
    """Return what takes the floors away where the question names each caller: one's own value is no percentile."""
    own = replace(part, floors={})

    def chosen(scope: Scope) -> Part:
        named = any(name == scope.entity and len(values) == 1 for name, values in scope.where)
        return own if named or scope.entity in scope.by else part

    return chosen


_COVERED = Part(
    of=coverage.COVERED,
    values={
        "median": "quantile_cont(rows_of.share, 0.5)",
        "median_count": "quantile_cont(rows_of.used, 0.5)",
        "available": "quantile_cont(rows_of.available, 0.5)",
    },
    cases="count(*)",
    floors={
        "median": ("count(rows_of.share)", 5),
        **dict.fromkeys(("median_count", "available"), ("count(*)", 5)),
    },
)

endpoint_coverage = Metric(
    card=Card(
        question="How many of the endpoints offered to them do developers use?",
        words=(
            "Of those active in the last 30 days of the period, the median share of endpoints they reached with a "
            "successful call among those offered to them at its end: endpoints of the products they are subscribed "
            "to, all without a subscription; deprecated ones until they are shut down, versions of one endpoint "
            "counted once. Beside it the medians of both counts. Split by developer, or asked of one, each one's "
            "own; other medians need five of them."
        ),
        action="Either the rest is not valuable or developers do not know it exists; unused_endpoints tells which.",
        better="higher",
        why_no_bands="Few endpoints used deeply are worth more than many tried once; see integration_depth.",
        audience=Audience("Developer experience", "adoption", "mid"),
        requirement="U6",
    ),
    main=_COVERED,
    main_for=of_many(_COVERED),
    headline="median",
    unit="share",
    unit_of={"median_count": "endpoints", "available": "endpoints"},
    dimensions=PARTY_DIMENSIONS,
    needs=_NEEDS,
    entity="developer",
)

unused_endpoints = Metric(
    card=Card(
        question="Which endpoints does hardly anybody use, and do developers know of them?",
        words=(
            "Endpoints on offer at the end of the period that fewer than three partners (or those of --set "
            "fewer_than) reached with a successful call in its last 30 days: how many did, and how often its page "
            "was viewed (docs_viewed with the route, or METHOD route, as subject). Unknown are those nobody viewed, "
            "unwanted those viewed and used by nobody; without any page view in these days nobody can tell."
        ),
        action="Show the unknown ones in quickstarts; ask about the unwanted ones, then improve or retire them.",
        better="neither",
        why_no_bands="It is a list to work through.",
        audience=_API_PRODUCT,
        requirement="U7",
    ),
    main=Part(
        of=coverage.LITTLE_USED,
        values={
            "partners": "max(rows_of.partners)",
            "endpoints": "count(*)",
            "docs_views": "sum(rows_of.docs_views)",
            "unknown": "sum(case when rows_of.all_views = 0 then null when rows_of.docs_views = 0 then 1 else 0 end)",
            "unwanted": (
                "sum(case when rows_of.all_views = 0 then null when rows_of.docs_views > 0 and rows_of.partners = 0 "
                "then 1 else 0 end)"
            ),
        },
        cases="count(*)",
    ),
    headline="partners",
    unit="count",
    unit_of={"unknown": "number", "unwanted": "number"},
    dimensions=("endpoint", "product", "method", "route"),
    needs=_NEEDS,
    default_by=("endpoint",),
    default_grain="all",
    variants=(
        Variant(
            "fewer_than",
            "Partners from which on an endpoint is used.",
            (),
            "3",
            unit="partners",
            most=1_000_000,
        ),
    ),
)

feature_adoption = Metric(
    card=Card(
        question="Which features are adopted, and how many does a partner use?",
        words=(
            "Partners with a successful call to an endpoint of the feature, over all partners active in the period; "
            "and features per active partner. A filter narrows both sides."
        ),
        action="A feature few adopt needs an example where developers look first, or an end.",
        better="higher",
        why_no_bands="How many should use a feature depends on whom it is for.",
        audience=_API_PRODUCT,
        requirement="U10",
    ),
    main=Part(
        of=coverage.ADOPTERS,
        values={
            "share": Ratio(
                "count(distinct rows_of.entity) filter (where rows_of.uses)",
                "max(rows_of.active)",
                "nobody active",
            ),
            "users": "count(distinct rows_of.entity) filter (where rows_of.uses)",
            "active": "max(rows_of.active)",
            "per_partner": Ratio("max(rows_of.adoptions)", "max(rows_of.active)", "nobody active"),
        },
        cases="count(distinct rows_of.entity) filter (where rows_of.uses)",
    ),
    headline="share",
    unit="share",
    unit_of={"users": "count", "active": "count", "per_partner": "number"},
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=_NEEDS,
    default_by=("feature",),
    interval="share",
)

api_utilisation = Metric(
    card=Card(
        question="Do those who may use the APIs use them?",
        words=(
            "Calls of the period per partner with a subscription in it, whatever its kind, and the share of these "
            "partners that called. Calls of partners without a subscription are left out. entitlement_used is the "
            "share used by the end of the period of all contracted units and credit packs, as contract_consumption "
            "counts them."
        ),
        action="Somebody who pays and does not call is the next to leave: ask what is missing.",
        better="higher",
        why_no_bands="Compare with your own past.",
        audience=Audience("Customer success", "adoption", "mid"),
        requirement="U16",
    ),
    main=Part(
        of=coverage.ENTITLED,
        values={
            "calls_per_partner": Ratio("sum(rows_of.calls)", "count(*)", "nobody is subscribed"),
            "share": Ratio(how_many("rows_of.calls > 0"), "count(*)", "nobody is subscribed"),
            "entitled": "count(*)",
            "calls": "sum(rows_of.calls)",
        },
        cases="count(*)",
    ),
    beside=(
        Part(
            of=CONSUMED,
            values={},
            cases="count(*)",
            then=entitlement,
            then_needs=NEEDED,
            then_values=("entitlement_used",),
        ),
    ),
    headline="calls_per_partner",
    unit="number",
    unit_of={"share": "share", "entitlement_used": "share", "entitled": "count", "calls": "count"},
    dimensions=PARTNER_DIMENSIONS,
    needs=("calls", "credentials", "subscriptions"),
)
