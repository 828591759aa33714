"""Do newcomers arrive, make a first call, get going and stay? The metrics of adoption, onboarding and growth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.bands import below
from firstcall.metrics import relations_of_people as people
from firstcall.metrics import relations_of_use as use
from firstcall.metrics.facts import USAGE_DIMENSIONS
from firstcall.metrics.idioms import DAY, HOUR, MINUTE, how_many, share, survival_of
from firstcall.metrics.metric import Metric, Part, Ratio, Variant

if TYPE_CHECKING:
    from firstcall.metrics.metric import Relation
    from firstcall.periods import Scope

_PARTY = ("partner", "developer", "app", "segment", "country", "channel", "manager")
_CALLER = tuple(USAGE_DIMENSIONS)
_CALLS_AND_CREDENTIALS = (
    ("calls", "firstcall import nginx access.log"),
    ("credentials", "firstcall import credentials keys.csv"),
)
_NEEDS_PARTNERS = ("partners", "firstcall import partners partners.csv")
_NEEDS_DEVELOPERS = ("developers", "firstcall import developers developers.csv")
_ACTIVE_RULE = Variant(
    "active",
    "Which calls make someone active: any but 401 and 403 alone, or successful ones.",
    ("any", "success"),
    "any",
)

time_to_first_call = Metric(
    question="How long does a newcomer wait for the first successful call?",
    words=(
        "Median and 90th percentile (type 7) of the time from sign-up to the first 2xx, over those who made one; "
        "and the same by Kaplan–Meier with those still waiting counted as waiting. Dated by sign-up."
    ),
    main=Part(
        of=people.NEWCOMERS,
        values={
            "median": "quantile_cont(rows_of.waited, 0.5)",
            "p90": "quantile_cont(rows_of.waited, 0.9)",
        },
        cases="count(rows_of.waited)",
        floors={
            "median": ("count(rows_of.waited)", 5),
            "p90": ("count(rows_of.waited)", 10),
            "km_median": (how_many("rows_of.counted"), 5),
            "km_p90": (how_many("rows_of.counted"), 5),
        },
        then=survival_of("waited", "watched", "counted"),
        then_needs=("waited", "watched", "counted"),
        then_values=("km_median", "km_p90"),
        notes=(
            (how_many("rows_of.called_before"), "{n} called before they signed up; left out"),
            (
                how_many("rows_of.counted and rows_of.waited is null"),
                "{n} have not made a successful call yet",
            ),
        ),
    ),
    headline="median",
    unit="seconds",
    better="lower",
    dimensions=(*_PARTY, "product", "source"),
    horizon="short",
    category="onboarding",
    owner="Developer experience",
    row="A1",
    action="Simplify auth, improve the quickstart, add code examples.",
    needs=(*_CALLS_AND_CREDENTIALS, _NEEDS_DEVELOPERS),
    entity="developer",
    environment="any",
    default_grain="week",
    bands=below(excellent=15 * MINUTE, good=HOUR, needs_work=DAY),
)

active_partners = Metric(
    question="How many partners really use the APIs?",
    words=(
        "Partners with at least one external call in the period that was not answered 401 or 403; "
        "those who got nothing else are attempting, shown apart."
    ),
    main=Part(
        of=use.ACTIVES,
        values={"active": how_many("rows_of.active"), "attempting": how_many("not rows_of.active")},
        cases=how_many("rows_of.active"),
    ),
    beside=(
        Part(
            of=use.ATTRIBUTION,
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
    better="higher",
    dimensions=_CALLER,
    horizon="short",
    category="adoption",
    owner="API product",
    row="A7",
    action="Look at who left and who is attempting; the first list is churn, the second is a broken door.",
    needs=_CALLS_AND_CREDENTIALS,
    variants=(_ACTIVE_RULE,),
    why_no_bands="How many partners are enough depends on the program; watch its growth.",
)

registered_partners = Metric(
    question="How many partners have registered?",
    words="Partners pending, approved or suspended at the end of the period; test and duplicate accounts left out.",
    main=Part(of=people.REGISTERED, values={"registered": "count(*)"}, cases="count(*)"),
    headline="registered",
    unit="count",
    better="higher",
    dimensions=("partner", "segment", "country", "channel", "manager"),
    horizon="long",
    category="adoption",
    owner="API product",
    row="A5",
    action="Read it beside active partners: alone it flatters.",
    needs=(_NEEDS_PARTNERS,),
    environment="any",
    why_no_bands="A stock of registrations says nothing about use.",
)

sandbox_activation = Metric(
    question="How many of the registered have tried the sandbox?",
    words=(
        "Registered partners that had ever made a sandbox call (not only 401 or 403) by the end of the period, over "
        "all registered; beside it the gap, and how many called the sandbox within the period."
    ),
    main=Part(
        of=people.REGISTERED_AND_TRIED,
        values={
            "share": share("rows_of.tried", when_zero="no registered partners"),
            "ever": how_many("rows_of.tried"),
            "registered": "count(*)",
            "gap": how_many("not rows_of.tried"),
            "in_period": how_many("rows_of.called"),
        },
        cases="count(*)",
    ),
    headline="share",
    unit="share",
    unit_of=dict.fromkeys(("ever", "registered", "gap", "in_period"), "count"),
    better="higher",
    dimensions=("partner", "segment", "country", "channel", "manager"),
    horizon="short",
    category="onboarding",
    owner="Developer experience",
    row="A6",
    action="A wide gap is friction before testing: shorten the way to a key.",
    needs=(*_CALLS_AND_CREDENTIALS, _NEEDS_PARTNERS),
    environment="sandbox",
    interval="share",
    why_no_bands="No published line; compare with your own past.",
)

partner_growth_rate = Metric(
    question="Are we growing, month over month?",
    words=(
        "Active partners less those of the period before, over those of the period before; of a quarter the "
        "last month counts, as a monthly rate (geometric mean)."
    ),
    main=Part(
        of=use.PRESENCE_AT_END,
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
    better="higher",
    dimensions=_CALLER,
    horizon="mid",
    category="adoption",
    owner="API product",
    row="A8",
    action="When growth stalls, look one step earlier: sign-ups, then activation.",
    needs=_CALLS_AND_CREDENTIALS,
    grains=("day", "week", "month", "quarter", "year"),
    variants=(_ACTIVE_RULE,),
    why_no_bands="A rate depends on the size of the base; watch its direction.",
)

growth_accounting = Metric(
    question="Where does growth come from: newcomers, returns, or fewer losses?",
    words=(
        "Active = new + retained + resurrected; churned are those active the period before and not now; quick ratio = "
        "(new + resurrected) / churned."
    ),
    main=Part(
        of=use.PRESENCE,
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
    better="higher",
    dimensions=_CALLER,
    horizon="mid",
    category="adoption",
    owner="API product",
    row="A8",
    action="A quick ratio under 1 is a leak: mend retention before buying growth.",
    needs=_CALLS_AND_CREDENTIALS,
    grains=("day", "week", "month", "quarter", "year"),
    variants=(_ACTIVE_RULE,),
    why_no_bands="The parts are read against each other.",
)

new_signups = Metric(
    question="Do new partners keep signing up?",
    words="Partners by the local day they registered; rejected, test and duplicate ones left out, deleted ones kept.",
    main=Part(of=people.SIGNUPS, values={"signups": "count(*)"}, cases="count(*)"),
    headline="signups",
    unit="count",
    better="higher",
    dimensions=_PARTY,
    horizon="short",
    category="adoption",
    owner="Developer relations",
    row="A9",
    action="A flat line asks for top-of-funnel work: search, partnerships, outbound.",
    needs=(_NEEDS_PARTNERS,),
    environment="any",
    additive=True,
    why_no_bands="Growing, flat or shrinking is what counts.",
)


def _cohort(scope: Scope) -> Relation:
    return people.COHORT_NTH if scope.variant("milestone") == "nth" else people.COHORT


def _to_date(scope: Scope) -> Relation:
    return people.TO_DATE_NTH if scope.variant("milestone") == "nth" else people.TO_DATE


_MILESTONE_PARTS = (
    Part(
        of=_cohort,
        values={
            "cohort": share("rows_of.in_time", "rows_of.mature", when_zero="window not closed"),
            "reached": how_many("rows_of.in_time"),
            "newcomers": "count(*)",
            "open": how_many("not rows_of.mature and not rows_of.in_time"),
        },
        cases=how_many("rows_of.mature"),
        open=how_many("not rows_of.mature"),
        notes=((how_many("not rows_of.mature"), "{n} are still inside their window and not counted yet"),),
    ),
    Part(
        of=_to_date,
        values={"to_date": share("rows_of.reached", when_zero="nobody registered")},
        cases="count(*)",
    ),
)

activation_rate = Metric(
    question="How many newcomers reach a meaningful milestone?",
    words=(
        "Cohort: newcomers of the period who reached the milestone within the window, over those whose window is "
        "closed. To date: all registered by the end of the period who had ever reached it. "
        "The milestone is the program's own; at first, the first successful production call."
    ),
    main=_MILESTONE_PARTS[0],
    beside=_MILESTONE_PARTS[1:],
    headline="cohort",
    unit="share",
    unit_of={"reached": "count", "newcomers": "count", "open": "count"},
    better="higher",
    dimensions=_PARTY,
    horizon="mid",
    category="onboarding",
    owner="Developer experience",
    row="A10",
    action="Find the step where they stop and shorten it.",
    needs=(*_CALLS_AND_CREDENTIALS, _NEEDS_DEVELOPERS),
    entity="developer",
    interval="cohort",
    variants=(
        Variant("milestone", "The call that counts, in words.", (), "first successful production call"),
    ),
    why_no_bands="It depends on the milestone chosen.",
)

production_activation_rate = Metric(
    question="How many registered partners make it to production?",
    words=(
        "Cohort: partners registered in the period with a successful production call within 90 days, over those whose "
        "90 days are over. To date: all registered by the end of the period that had ever made one."
    ),
    main=Part(
        people.COHORT,
        _MILESTONE_PARTS[0].values,
        _MILESTONE_PARTS[0].cases,
        _MILESTONE_PARTS[0].open,
        notes=_MILESTONE_PARTS[0].notes,
    ),
    beside=(Part(people.TO_DATE, _MILESTONE_PARTS[1].values, _MILESTONE_PARTS[1].cases),),
    headline="cohort",
    unit="share",
    unit_of={"reached": "count", "newcomers": "count", "open": "count"},
    better="higher",
    dimensions=_PARTY,
    horizon="mid",
    category="onboarding",
    owner="API product",
    row="A10",
    action="Most stall between sandbox and production: look at approvals and contracts.",
    needs=(*_CALLS_AND_CREDENTIALS, _NEEDS_PARTNERS),
    interval="cohort",
    why_no_bands="It depends on who may register.",
)

developer_churn_rate = Metric(
    question="How many of those who called have fallen silent?",
    words=(
        "Those whose 30th full local day without a call lies in the period, over all who had called before it "
        "began and were not churned by then. A return ends the state; past periods stay as they were."
    ),
    main=Part(
        of=use.AT_RISK,
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
    better="lower",
    dimensions=_CALLER,
    horizon="mid",
    category="business",
    owner="Developer relations",
    row="B8",
    action="Those who never went deep have an onboarding problem, those who did a product problem.",
    needs=_CALLS_AND_CREDENTIALS,
    entity="developer",
    interval="rate",
    variants=(Variant("churn_days", "Days without a call that mean gone.", (), "30"),),
    why_no_bands="Compare with your own past.",
)
