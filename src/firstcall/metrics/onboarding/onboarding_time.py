"""How long does onboarding take, and how does it go? Attempts, the first success, production, the milestone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import CALLED_BEFORE, PARTNER_DIMENSIONS, PARTY_DIMENSIONS, STILL_WAITING, waits
from firstcall.metrics.metric import Metric, Part, Variant
from firstcall.metrics.onboarding import onboarding_time_relations as stages

if TYPE_CHECKING:
    from firstcall.metrics.metric import Relation
    from firstcall.periods import Scope

_DEVELOPER_EXPERIENCE = Audience("Developer experience", "onboarding", "short")
_DEVELOPER_RELATIONS = Audience("Developer relations", "onboarding", "short")
_STAGES = ("to_credential", "credential_to_attempt", "attempt_to_success")

time_to_first_attempt = Metric(
    card=Card(
        question="How long do newcomers wait before they try a call, and where?",
        words=(
            "Median and 90th percentile (type 7) of the time from sign-up to the first external call of any answer, "
            "over those who made one, and by Kaplan–Meier with the others counted as waiting. Beside it the medians "
            "of its parts: sign-up to credential (the journey's, else the first one valid after sign-up), credential "
            "to first call, first call to first success."
        ),
        action="Shorten the longest part: keys by hand, unclear products, approvals that take days.",
        better="lower",
        why_no_bands="The bands are those of the first success; see time_to_first_call.",
        audience=_DEVELOPER_EXPERIENCE,
        requirement="A2",
    ),
    main=waits(
        stages.ATTEMPTED,
        CALLED_BEFORE,
        (STILL_WAITING, "{n} have not made a call yet"),
        medians=_STAGES,
    ),
    headline="median",
    unit="seconds",
    dimensions=PARTY_DIMENSIONS,
    needs=("calls", "credentials", "developers"),
    entity="developer",
    environment="any",
    default_grain="week",
)


def _until(scope: Scope) -> Relation:
    return stages.SUCCEEDED if scope.variant("until") == "first_call" else stages.LIVE


onboarding_time = Metric(
    card=Card(
        question="How long does onboarding take?",
        words=(
            "Median and 90th percentile (type 7) of the time from registration to the first successful production "
            "call, over those that made one, and by Kaplan–Meier with the others counted as waiting. With "
            "until=first_call, to the first successful call in any environment. The rows give the moment of each "
            "stage."
        ),
        action="Take the last five partners and ask each what it waited for.",
        better="lower",
        why_no_bands="It depends on contracts and approvals; compare with your own past.",
        audience=Audience("API product", "onboarding", "mid"),
        requirement="A4",
    ),
    main=waits(_until, CALLED_BEFORE, (STILL_WAITING, "{n} are not there yet")),
    headline="median",
    unit="seconds",
    dimensions=PARTY_DIMENSIONS,
    needs=("calls", "credentials", "partners"),
    environment="any",
    default_grain="quarter",
    variants=(Variant("until", "Where onboarding ends.", ("production", "first_call"), "production"),),
)


def _milestone(scope: Scope) -> Relation:
    return stages.MEANINGFUL_NTH if scope.variant("milestone") == "nth" else stages.MEANINGFUL


time_to_meaningful_use = Metric(
    card=Card(
        question="How long until newcomers do something that matters?",
        words=(
            "Median and 90th percentile (type 7) of the time from sign-up to the program's milestone, at first the "
            "first successful production call, over those who reached it; and by Kaplan–Meier with the others "
            "counted as waiting."
        ),
        action="Compare with the time to the first call: what lies between is integration, not access.",
        better="lower",
        why_no_bands="It depends on the milestone chosen.",
        audience=_DEVELOPER_EXPERIENCE,
        requirement="A20",
    ),
    main=waits(_milestone, CALLED_BEFORE, (STILL_WAITING, "{n} have not reached the milestone yet")),
    headline="median",
    unit="seconds",
    dimensions=PARTY_DIMENSIONS,
    needs=("calls", "credentials", "developers"),
    entity="developer",
    variants=(
        Variant("milestone", "The call that counts, in words.", (), "first successful production call"),
    ),
)

activation_speed = Metric(
    card=Card(
        question="Which partners went live faster or slower than usual?",
        words=(
            "The median time from registration to the first successful production call of the partners that went "
            "live in the 365 days before the end of the period (or before as-of, when that is earlier), less the "
            "partner's own time: above zero is faster. Partners by the day they went live; those that had called "
            "before they registered are left out, here and in the median."
        ),
        action="Learn from the fastest, and call the slowest before they go silent.",
        better="higher",
        why_no_bands="Zero is as usual.",
        audience=_DEVELOPER_RELATIONS,
        requirement="A3",
    ),
    main=Part(
        of=stages.SPEEDS,
        values={
            "faster_by": "max(rows_of.median) - quantile_cont(rows_of.waited, 0.5)",
            "own": "quantile_cont(rows_of.waited, 0.5)",
            "usual": "max(rows_of.median)",
            "compared": "max(rows_of.compared)",
        },
        cases="max(rows_of.compared)",
        floors={"faster_by": ("max(rows_of.compared)", 5), "usual": ("max(rows_of.compared)", 5)},
    ),
    headline="faster_by",
    unit="seconds",
    unit_of={"compared": "count"},
    dimensions=PARTNER_DIMENSIONS,
    needs=("calls", "credentials", "partners"),
    default_by=("partner",),
    default_grain="quarter",
    ranked=True,
)

never_came_back = Metric(
    card=Card(
        question="Who signed up and never came back?",
        words=(
            "Partners of the period that registered more than 14 days ago and never made an external call, in any "
            "environment; dated by registration. Beside the count, the days since the earliest of them registered: "
            "of one partner, its own. Those whose 14 days are not over are waiting. The rows name its manager and "
            "the last step it took."
        ),
        action="Ask each of them what stood in the way; start with the last step they took.",
        better="lower",
        why_no_bands="It is a list to work through.",
        audience=_DEVELOPER_RELATIONS,
        requirement="A15",
    ),
    main=Part(
        of=stages.SILENT,
        values={"partners": "count(*)", "days": "max(rows_of.days)"},
        cases="count(*)",
    ),
    beside=(Part(of=stages.TOO_EARLY, values={"waiting": "count(*)"}, cases="count(*)", open="count(*)"),),
    headline="partners",
    unit="count",
    unit_of={"days": "days", "waiting": "count"},
    dimensions=PARTY_DIMENSIONS,
    needs=("calls", "credentials", "partners"),
    environment="any",
    variants=(
        Variant("silent_days", "Days since registration that mean gone.", (), "14", unit="days", most=3659),
    ),
    additive=True,
)
