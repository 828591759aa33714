"""How long does onboarding take, and how does it go? Attempts, the first success, production, the milestone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics.idioms import CALLED_BEFORE, OF_PARTNERS, PARTY, STILL_WAITING, waits
from firstcall.metrics.metric import Metric, Part, Variant
from firstcall.metrics.relations import onboarding as way

if TYPE_CHECKING:
    from firstcall.metrics.metric import Relation
    from firstcall.periods import Scope

_STAGES = ("to_credential", "credential_to_attempt", "attempt_to_success")

time_to_first_attempt = Metric(
    question="How long do newcomers wait before they try a call, and where?",
    words=(
        "Median and 90th percentile (type 7) of the time from sign-up to the first external call of any answer, over "
        "those who made one, and by Kaplan–Meier with the others counted as waiting. Beside it the medians of its "
        "parts: sign-up to credential (the journey's, else the first one valid after sign-up), credential to first "
        "call, first call to first success."
    ),
    main=waits(
        way.ATTEMPTED,
        CALLED_BEFORE,
        (STILL_WAITING, "{n} have not made a call yet"),
        medians=_STAGES,
    ),
    headline="median",
    unit="seconds",
    better="lower",
    dimensions=PARTY,
    horizon="short",
    category="onboarding",
    owner="Developer experience",
    row="A2",
    action="Shorten the longest part: keys by hand, unclear products, approvals that take days.",
    needs=("calls", "credentials", "developers"),
    entity="developer",
    environment="any",
    default_grain="week",
    why_no_bands="The bands are those of the first success; see time_to_first_call.",
)


def _until(scope: Scope) -> Relation:
    return way.SUCCEEDED if scope.variant("until") == "first_call" else way.LIVE


onboarding_time = Metric(
    question="How long does onboarding take?",
    words=(
        "Median and 90th percentile (type 7) of the time from registration to the first successful production call, "
        "over those that made one, and by Kaplan–Meier with the others counted as waiting. With until=first_call, to "
        "the first successful call in any environment. The rows give the moment of each stage."
    ),
    main=waits(_until, CALLED_BEFORE, (STILL_WAITING, "{n} are not there yet")),
    headline="median",
    unit="seconds",
    better="lower",
    dimensions=PARTY,
    horizon="mid",
    category="onboarding",
    owner="API product",
    row="A4",
    action="Take the last five partners and ask each what it waited for.",
    needs=("calls", "credentials", "partners"),
    environment="any",
    default_grain="quarter",
    variants=(Variant("until", "Where onboarding ends.", ("production", "first_call"), "production"),),
    why_no_bands="It depends on contracts and approvals; compare with your own past.",
)


def _milestone(scope: Scope) -> Relation:
    return way.MEANINGFUL_NTH if scope.variant("milestone") == "nth" else way.MEANINGFUL


time_to_meaningful_use = Metric(
    question="How long until newcomers do something that matters?",
    words=(
        "Median and 90th percentile (type 7) of the time from sign-up to the program's milestone, at first the first "
        "successful production call, over those who reached it; and by Kaplan–Meier with the others counted as waiting."
    ),
    main=waits(_milestone, CALLED_BEFORE, (STILL_WAITING, "{n} have not reached the milestone yet")),
    headline="median",
    unit="seconds",
    better="lower",
    dimensions=PARTY,
    horizon="short",
    category="onboarding",
    owner="Developer experience",
    row="A20",
    action="Compare with the time to the first call: what lies between is integration, not access.",
    needs=("calls", "credentials", "developers"),
    entity="developer",
    variants=(
        Variant("milestone", "The call that counts, in words.", (), "first successful production call"),
    ),
    why_no_bands="It depends on the milestone chosen.",
)

activation_speed = Metric(
    question="Which partners went live faster or slower than usual?",
    words=(
        "The median time from registration to the first successful production call of the partners that went live "
        "in the 365 days before the end of the period (or before as-of, when that is earlier), less the partner's own "
        "time: above zero is faster. Partners by the day they went live; those that had called before they registered "
        "are left out, here and in the median."
    ),
    main=Part(
        of=way.SPEEDS,
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
    better="higher",
    dimensions=OF_PARTNERS,
    horizon="short",
    category="onboarding",
    owner="Developer relations",
    row="A3",
    action="Learn from the fastest, and call the slowest before they go silent.",
    needs=("calls", "credentials", "partners"),
    default_by=("partner",),
    default_grain="quarter",
    ranked=True,
    why_no_bands="Zero is as usual.",
)

never_came_back = Metric(
    question="Who signed up and never came back?",
    words=(
        "Partners of the period that registered more than 14 days ago and never made an external call, in any "
        "environment; dated by registration. Beside the count, the days since the earliest of them registered: of one "
        "partner, its own. Those whose 14 days are not over are waiting. "
        "The rows name its manager and the last step it took."
    ),
    main=Part(
        of=way.SILENT,
        values={"partners": "count(*)", "days": "max(rows_of.days)"},
        cases="count(*)",
    ),
    beside=(Part(of=way.TOO_EARLY, values={"waiting": "count(*)"}, cases="count(*)", open="count(*)"),),
    headline="partners",
    unit="count",
    unit_of={"days": "days", "waiting": "count"},
    better="lower",
    dimensions=PARTY,
    horizon="short",
    category="onboarding",
    owner="Developer relations",
    row="A15",
    action="Ask each of them what stood in the way; start with the last step they took.",
    needs=("calls", "credentials", "partners"),
    environment="any",
    variants=(
        Variant("silent_days", "Days since registration that mean gone.", (), "14", unit="days", most=3659),
    ),
    additive=True,
    why_no_bands="It is a list to work through.",
)
