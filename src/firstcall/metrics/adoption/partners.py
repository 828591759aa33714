"""Do partners arrive, call, and stay? Registration, activity, growth and churn."""

from __future__ import annotations

from firstcall.metrics.adoption.depth import HYSTERESIS
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.dimensions import USAGE_DIMENSIONS
from firstcall.metrics.idioms import PARTNER_DIMENSIONS, PARTY_DIMENSIONS, how_many, share
from firstcall.metrics.metric import Metric, Part, Ratio, Variant
from firstcall.metrics.relations import people, usage
from firstcall.metrics.relations.depth import at_risk

_API_PRODUCT = Audience("API product", "adoption", "mid")
_CALLER = tuple(USAGE_DIMENSIONS)
_ACTIVE_RULE = Variant(
    "active",
    "Which calls make someone active: any but 401 and 403 alone, or successful ones.",
    ("any", "success"),
    "any",
)


active_partners = Metric(
    card=Card(
        question="How many partners really use the APIs?",
        words=(
            "Partners with at least {least_calls} in the period, not all answered 401 or 403; "
            "those who got nothing else are attempting, shown apart."
        ),
        action="Look at who left and who is attempting; the first list is churn, the second is a broken door.",
        better="higher",
        why_no_bands="How many partners are enough depends on the program; watch its growth.",
        audience=Audience("API product", "adoption", "short"),
        requirement="A7",
    ),
    main=Part(
        of=usage.ACTIVES,
        values={"active": how_many("rows_of.active"), "attempting": how_many("not rows_of.let_in")},
        cases=how_many("rows_of.active"),
    ),
    beside=(
        Part(
            of=usage.ATTRIBUTION,
            values={
                "attributed": Ratio(
                    "sum(rows_of.calls) filter (where rows_of.entity is not null)",
                    "sum(rows_of.calls)",
                    "no calls",
                )
            },
            cases="sum(rows_of.calls)",
        ),
    ),
    headline="active",
    unit="count",
    unit_of={"attributed": "share"},
    dimensions=_CALLER,
    needs=("calls", "credentials"),
    variants=(_ACTIVE_RULE,),
)

registered_partners = Metric(
    card=Card(
        question="How many partners have registered?",
        words=(
            "Partners pending, approved or suspended at the end of the period; test and duplicate accounts left out."
        ),
        action="Read it beside active partners: alone it flatters.",
        better="higher",
        why_no_bands="A stock of registrations says nothing about use.",
        audience=Audience("API product", "adoption", "long"),
        requirement="A5",
    ),
    main=Part(of=people.REGISTERED, values={"registered": "count(*)"}, cases="count(*)"),
    headline="registered",
    unit="count",
    dimensions=PARTNER_DIMENSIONS,
    needs=("partners",),
    environment="any",
)


partner_growth_rate = Metric(
    card=Card(
        question="Are we growing, month over month?",
        words=(
            "Active partners less those of the period before, over those of the period before; of a quarter the "
            "last month counts, as a monthly rate (geometric mean)."
        ),
        action="When growth stalls, look one step earlier: sign-ups, then activation.",
        better="higher",
        why_no_bands="A rate depends on the size of the base; watch its direction.",
        audience=_API_PRODUCT,
        requirement="A8",
    ),
    main=Part(
        of=usage.PRESENCE_AT_END,
        values={
            "growth": Ratio(
                how_many("rows_of.active"),
                how_many("rows_of.state in ('retained', 'churned')"),
                "no prior-period actives",
                minus_one=True,
                root="monthly",
            ),
            "active": how_many("rows_of.active"),
            "before": how_many("rows_of.state in ('retained', 'churned')"),
        },
        cases=how_many("rows_of.state in ('retained', 'churned')"),
    ),
    headline="growth",
    unit="share",
    unit_of={"active": "count", "before": "count"},
    dimensions=_CALLER,
    looks_back=("growth", "before"),
    needs=("calls", "credentials"),
    grains=("day", "week", "month", "quarter", "year"),
    variants=(_ACTIVE_RULE,),
)

growth_accounting = Metric(
    card=Card(
        question="Where does growth come from: newcomers, returns, or fewer losses?",
        words=(
            "Active = new + retained + resurrected; churned are those active the period before and not now; quick "
            "ratio = (new + resurrected) / churned."
        ),
        action="A quick ratio under 1 is a leak: mend retention before buying growth.",
        better="higher",
        why_no_bands="The parts are read against each other.",
        audience=_API_PRODUCT,
        requirement="A8",
    ),
    main=Part(
        of=usage.PRESENCE,
        values={
            "active": how_many("rows_of.active"),
            "new": how_many("rows_of.state = 'new'"),
            "retained": how_many("rows_of.state = 'retained'"),
            "resurrected": how_many("rows_of.state = 'resurrected'"),
            "churned": how_many("rows_of.state = 'churned'"),
            "quick_ratio": Ratio(
                how_many("rows_of.state in ('new', 'resurrected')"),
                how_many("rows_of.state = 'churned'"),
                "nobody churned",
            ),
        },
        cases=how_many("rows_of.active"),
    ),
    headline="active",
    unit="count",
    unit_of={"quick_ratio": "ratio"},
    dimensions=_CALLER,
    looks_back=("new", "retained", "resurrected", "churned", "quick_ratio"),
    needs=("calls", "credentials"),
    grains=("day", "week", "month", "quarter", "year"),
    variants=(_ACTIVE_RULE,),
)

new_signups = Metric(
    card=Card(
        question="Do new partners keep signing up?",
        words=(
            "Partners by the local day they registered; rejected, test and duplicate ones left out, deleted ones "
            "kept."
        ),
        action="A flat line asks for top-of-funnel work: search, partnerships, outbound.",
        better="higher",
        why_no_bands="Growing, flat or shrinking is what counts.",
        audience=Audience("Developer relations", "adoption", "short"),
        requirement="A9",
    ),
    main=Part(of=people.SIGNUPS, values={"signups": "count(*)"}, cases="count(*)"),
    headline="signups",
    unit="count",
    dimensions=PARTY_DIMENSIONS,
    needs=("partners",),
    environment="any",
    additive=True,
)


developer_churn_rate = Metric(
    card=Card(
        question="How many of those who called have fallen silent?",
        words=(
            "Those whose {churn_nth} full local day without a call lies in the period, over all who had "
            "called before it "
            "began and were not churned by then. A return ends the state; past periods stay as they were. Split by "
            "tier: that of integration_depth in the last full period before the silence, experimenting without one."
        ),
        action="Those who never went deep have an onboarding problem, those who did a product problem.",
        better="lower",
        why_no_bands="Compare with your own past.",
        audience=Audience("Developer relations", "business", "mid"),
        requirement="B8",
    ),
    main=Part(
        of=at_risk,
        values={
            "rate": share("rows_of.churned", when_zero="nobody at risk"),
            "churned": how_many("rows_of.churned"),
            "at_risk": "count(*)",
        },
        cases="count(*)",
    ),
    headline="rate",
    unit="share",
    unit_of={"churned": "count", "at_risk": "count"},
    dimensions=(*_CALLER, "tier"),
    needs=("calls", "credentials"),
    entity="developer",
    interval="rate",
    variants=(
        Variant("churn_days", "Days without a call that mean gone.", (), "30", unit="days", most=3659),
        HYSTERESIS,
    ),
)
