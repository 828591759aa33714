"""Do newcomers get going? Time to the first call, the sandbox, the milestone, production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.bands import below
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import (
    CALLED_BEFORE,
    DAY,
    EXACT_FLOORS,
    EXACT_WAITS,
    HOUR,
    MINUTE,
    OPEN_WINDOW,
    PARTNER_DIMENSIONS,
    PARTY_DIMENSIONS,
    STILL_WAITING,
    WAITED,
    how_many,
    share,
    still_open,
    waits,
)
from firstcall.metrics.metric import Metric, Part, Variant
from firstcall.metrics.relations import people

if TYPE_CHECKING:
    from collections.abc import Callable

    from firstcall.metrics.metric import Relation
    from firstcall.periods import Scope

    _Rows = Relation | Callable[[Scope], Relation]

_DEVELOPER_EXPERIENCE = Audience("Developer experience", "onboarding", "short")


def _since_signup(of: Relation) -> Part:
    return waits(of, CALLED_BEFORE, (STILL_WAITING, "{n} have not made a successful call yet"))


def _by_call(of: Relation) -> Part:
    absent = "cast(null as double)"
    return Part(
        of=of,
        values={**EXACT_WAITS, "km_median": absent, "km_p90": absent},
        cases=WAITED,
        floors=EXACT_FLOORS,
        notes=(
            CALLED_BEFORE,
            (
                WAITED,
                "{n} are dated by their first call; those who wait have none, so Kaplan–Meier cannot be told",
            ),
        ),
    )


_FIRST_CALLS = {
    ("signup", "no"): _since_signup(people.NEWCOMERS),
    ("signup", "yes"): _since_signup(people.net_of_approval(people.NEWCOMERS)),
    ("first_call", "no"): _by_call(people.NEWCOMERS_BY_CALL),
    ("first_call", "yes"): _by_call(people.net_of_approval(people.NEWCOMERS_BY_CALL)),
}


def _first_calls(scope: Scope) -> Part:
    return _FIRST_CALLS[scope.variant("cohort", "signup"), scope.variant("net_of_approval", "no")]


time_to_first_call = Metric(
    card=Card(
        question="How long does a newcomer wait for the first successful call?",
        words=(
            "Median and 90th percentile (type 7) of the time from sign-up to the first {success}, over "
            "those who made one; "
            "and the same by Kaplan–Meier with those still waiting counted as waiting. Dated by sign-up, with "
            "cohort=first_call by the first success. With net_of_approval=yes, less the time between each "
            "approval_requested and the next approved of the journey."
        ),
        action="Simplify auth, improve the quickstart, add code examples.",
        better="lower",
        bands=below(excellent=15 * MINUTE, good=HOUR, needs_work=DAY),
        audience=_DEVELOPER_EXPERIENCE,
        requirement="A1",
    ),
    main=_FIRST_CALLS["signup", "no"],
    main_for=_first_calls,
    headline="median",
    unit="seconds",
    dimensions=(*PARTY_DIMENSIONS, "product", "source"),
    needs=("calls", "credentials", "developers"),
    entity="developer",
    environment="any",
    default_grain="week",
    variants=(
        Variant("net_of_approval", "Whether waiting for an approval counts.", ("no", "yes"), "no"),
        Variant("cohort", "What newcomers are dated by.", ("signup", "first_call"), "signup"),
    ),
)

sandbox_activation = Metric(
    card=Card(
        question="How many of the registered have tried the sandbox?",
        words=(
            "Registered partners that had ever made a sandbox call (not only 401 or 403) by the end of the period, "
            "over all registered; beside it the gap, and how many called the sandbox within the period."
        ),
        action="A wide gap is friction before testing: shorten the way to a key.",
        better="higher",
        why_no_bands="No published line; compare with your own past.",
        audience=_DEVELOPER_EXPERIENCE,
        requirement="A6",
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
    dimensions=PARTNER_DIMENSIONS,
    needs=("calls", "credentials", "partners"),
    environment="sandbox",
    interval="share",
)


def _cohort(scope: Scope) -> Relation:
    return people.COHORT_NTH if scope.variant("milestone") == "nth" else people.COHORT


def _to_date(scope: Scope) -> Relation:
    return people.TO_DATE_NTH if scope.variant("milestone") == "nth" else people.TO_DATE


def _in_window(of: _Rows) -> Part:
    return Part(
        of=of,
        values={
            "cohort": share("rows_of.in_time", "rows_of.mature", when_zero=OPEN_WINDOW),
            "reached": how_many("rows_of.in_time"),
            "newcomers": "count(*)",
            "open": how_many("not rows_of.mature and not rows_of.in_time"),
        },
        cases=how_many("rows_of.mature"),
        open=how_many("not rows_of.mature"),
        notes=(still_open(),),
    )


def _ever(of: _Rows) -> Part:
    reached = share("rows_of.reached", when_zero="nobody registered")
    return Part(of=of, values={"to_date": reached}, cases="count(*)")


activation_rate = Metric(
    card=Card(
        question="How many newcomers reach a meaningful milestone?",
        words=(
            "Cohort: newcomers of the period who reached the milestone within the window, over those whose window is "
            "closed. To date: all registered by the end of the period who had ever reached it. "
            "The milestone is the program's own; at first, the first successful production call."
        ),
        action="Find the step where they stop and shorten it.",
        better="higher",
        why_no_bands="It depends on the milestone chosen.",
        audience=Audience("Developer experience", "onboarding", "mid"),
        requirement="A10",
    ),
    main=_in_window(_cohort),
    beside=(_ever(_to_date),),
    headline="cohort",
    unit="share",
    unit_of={"reached": "count", "newcomers": "count", "open": "count"},
    dimensions=PARTY_DIMENSIONS,
    needs=("calls", "credentials", "developers"),
    entity="developer",
    interval="cohort",
    variants=(
        Variant("milestone", "The call that counts, in words.", (), "first successful production call"),
    ),
)

production_activation_rate = Metric(
    card=Card(
        question="How many registered partners make it to production?",
        words=(
            "Cohort: partners registered in the period with a successful production call within {window}, over those "
            "whose {window} are over. To date: all registered by the end of the period that had ever made one."
        ),
        action="Most stall between sandbox and production: look at approvals and contracts.",
        better="higher",
        why_no_bands="It depends on who may register.",
        audience=Audience("API product", "onboarding", "mid"),
        requirement="A10",
    ),
    main=_in_window(people.COHORT),
    beside=(_ever(people.TO_DATE),),
    headline="cohort",
    unit="share",
    unit_of={"reached": "count", "newcomers": "count", "open": "count"},
    dimensions=PARTY_DIMENSIONS,
    needs=("calls", "credentials", "partners"),
    interval="cohort",
)
