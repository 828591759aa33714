"""Who pays after a trial, who moves from free to paid and from plan to plan, and who is on which plan?"""

from __future__ import annotations

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import how_many, share, still_open
from firstcall.metrics.metric import Metric, Part, Variant
from firstcall.metrics.relations import conversion

_API_PRODUCT = Audience("API product", "business", "mid")
_MATURE = "rows_of.mature"
_YOUNG = "no mature trials"

trial_conversion = Metric(
    card=Card(
        question="How many trials become paid?",
        words=(
            "Trials by the day they started; with a paid subscription of the same partner to the same product from "
            "the trial's start to seven days after its actual end, over the trials for which those days are over. "
            "later_rate: paid within 90 days of the start, over trials that old."
        ),
        action="High: the value is seen. Low: look into docs, support and what the product does; see trial_usage.",
        better="higher",
        why_no_bands="It depends on the price and on who is let into a trial.",
        audience=_API_PRODUCT,
        requirement="B17",
    ),
    main=Part(
        of=conversion.TRIALS,
        values={
            "rate": share("rows_of.converted", _MATURE, _YOUNG),
            "later_rate": share("rows_of.converted_later", "rows_of.old", "no trial is 90 days old"),
            "converted": how_many("rows_of.mature and rows_of.converted"),
            "trials": "count(*)",
            "open": how_many("not rows_of.mature"),
        },
        cases=how_many(_MATURE),
        open=how_many("not rows_of.mature"),
        notes=(still_open(),),
    ),
    headline="rate",
    unit="share",
    unit_of={"converted": "count", "trials": "count", "open": "count"},
    dimensions=tuple(conversion.OFFERS),
    needs=("subscriptions",),
    environment="any",
    interval="rate",
)

trial_outcomes = Metric(
    card=Card(
        question="What becomes of trials?",
        words=(
            "Trials whose end lies 30 days back: paid up to seven days after the end; else on a free plan then, "
            "active with an external call within 30 days of the end, or silent; else left. Each over all of them."
        ),
        action="Talk to those who fell to free and stayed active: they have the use and lack the reason.",
        better="higher",
        why_no_bands="See trial_conversion.",
        audience=_API_PRODUCT,
        requirement="B17",
    ),
    main=Part(
        of=conversion.USED_TRIALS,
        values={
            name: share(f"rows_of.outcome = '{name}'", "rows_of.settled", _YOUNG)
            for name in ("paid", "free_active", "free_silent", "left")
        },
        cases=how_many("rows_of.settled"),
        open=how_many("not rows_of.settled"),
        notes=(still_open("not rows_of.settled"),),
    ),
    headline="paid",
    unit="share",
    dimensions=tuple(conversion.OFFERS),
    needs=("subscriptions", "calls", "credentials"),
    environment="any",
    interval="paid",
)

trial_usage = Metric(
    card=Card(
        question="Do those who call in their trial pay?",
        words=(
            "Mature trials with external calls to the product in the trial that were paid, over all of those; the "
            "same for trials without a call; and the median calls of trials that were paid and of the others."
        ),
        action="Where silent trials are many, the bottleneck is onboarding, not the price.",
        better="higher",
        why_no_bands="It compares two groups.",
        audience=_API_PRODUCT,
        requirement="B17",
    ),
    main=Part(
        of=conversion.USED_TRIALS,
        values={
            "rate_of_users": share(
                "rows_of.converted", "rows_of.mature and rows_of.calls > 0", "no mature trials with calls"
            ),
            "rate_of_silent": share(
                "rows_of.converted", "rows_of.mature and rows_of.calls = 0", "no mature trials without calls"
            ),
            "median_converted": "quantile_cont(case when rows_of.mature and rows_of.converted "
            "then cast(rows_of.calls as double) end, 0.5)",
            "median_others": "quantile_cont(case when rows_of.mature and not rows_of.converted "
            "then cast(rows_of.calls as double) end, 0.5)",
        },
        cases=how_many("rows_of.mature and rows_of.calls > 0"),
        open=how_many("not rows_of.mature"),
        notes=(still_open(),),
        floors={
            "median_converted": (how_many("rows_of.mature and rows_of.converted"), 5),
            "median_others": (how_many("rows_of.mature and not rows_of.converted"), 5),
        },
    ),
    headline="rate_of_users",
    unit="share",
    unit_of={"median_converted": "calls", "median_others": "calls"},
    dimensions=tuple(conversion.OFFERS),
    needs=("subscriptions", "calls", "credentials"),
    environment="any",
    interval="rate_of_users",
)

plan_conversion = Metric(
    card=Card(
        question="Who moves from free to paid, and from plan to plan?",
        words=(
            "Subscriptions by the day they started, older than the window ({window}). Free ones followed by a paid "
            "one of the same partner and product within it, over all free ones; paid ones followed by a paid one to "
            "another plan, with a higher or lower fee by month in the same currency, over all paid ones. Trials are "
            "left out."
        ),
        action="Put the next plan's limit where use already is, and say so before it is met.",
        better="higher",
        why_no_bands="It depends on what the free plan gives away.",
        audience=_API_PRODUCT,
        requirement="B16",
    ),
    main=Part(
        of=conversion.MOVES,
        values={
            "free_to_paid": share(
                "rows_of.next_plan is not null",
                "rows_of.mature and rows_of.subscription_kind = 'free'",
                "no mature free subscriptions",
            ),
            **{
                name: share(
                    condition,
                    "rows_of.mature and rows_of.subscription_kind = 'paid'",
                    "no mature paid subscriptions",
                )
                for name, condition in (
                    ("upgraded", "coalesce(rows_of.direction = 'up', false)"),
                    ("downgraded", "coalesce(rows_of.direction = 'down', false)"),
                    ("moved", "rows_of.next_plan is not null"),
                )
            },
        },
        cases=how_many(_MATURE),
        open=how_many("not rows_of.mature"),
        notes=(still_open(),),
    ),
    headline="free_to_paid",
    unit="share",
    dimensions=tuple(conversion.OFFERS),
    needs=("subscriptions", "plans"),
    environment="any",
    default_by=("plan",),
    interval="free_to_paid",
    variants=(
        Variant(
            "window_days", "How long after its start a move still counts.", (), "90", unit="days", most=3659
        ),
    ),
)

plan_mix = Metric(
    card=Card(
        question="Which plans are taken up?",
        words=(
            "Partners with a subscription in force at the last instant of the period, by plan; test partners left "
            "out."
        ),
        action="A plan that nobody takes is a price that nobody understands: merge it or explain it.",
        better="neither",
        why_no_bands="It compares plans.",
        audience=_API_PRODUCT,
        requirement="B16",
    ),
    main=Part(
        of=conversion.ON_PLANS,
        values={"partners": "count(distinct rows_of.entity)", "subscriptions": "count(*)"},
        cases="count(*)",
    ),
    headline="partners",
    unit="count",
    dimensions=tuple(conversion.OFFERS),
    needs=("subscriptions",),
    environment="any",
    grains=("month", "quarter", "year", "all"),
    default_by=("plan",),
    ranked=True,
)
