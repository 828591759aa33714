"""Does onboarding go smoothly? First attempts, success without help, what slows, adoption of what was bought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import (
    OPEN_WINDOW,
    PARTNER_DIMENSIONS,
    PARTY_DIMENSIONS,
    how_many,
    share,
    still_open,
)
from firstcall.metrics.metric import Metric, Part, Ratio, Variant
from firstcall.metrics.onboarding import onboarding_quality_relations as onboarded

if TYPE_CHECKING:
    from firstcall.metrics.metric import Relation
    from firstcall.periods import Scope

_DEVELOPER_EXPERIENCE = Audience("Developer experience", "onboarding", "short")
_PAST = "No published line; compare with your own past."

self_service_rate = Metric(
    card=Card(
        question="How many partners reach production without our help?",
        words=(
            "Partners whose first successful production call lies in the period with, before it, no support ticket, "
            "no manual step (approval_requested, approved or production_requested in the journey) and, up to its "
            "day, no logged staff hour; over all partners that went live in the period."
        ),
        action="Remove the kind of help that most partners needed.",
        better="higher",
        why_no_bands=_PAST,
        audience=Audience("API product", "onboarding", "mid"),
        requirement="A16",
    ),
    main=Part(
        of=onboarded.UNAIDED,
        values={
            "rate": share(
                "not rows_of.ticket and not rows_of.manual and not rows_of.staff", "true", "nobody went live"
            ),
            "live": "count(*)",
            "with_ticket": how_many("rows_of.ticket"),
            "with_manual_step": how_many("rows_of.manual"),
            "with_staff_hours": how_many("rows_of.staff"),
        },
        cases="count(*)",
    ),
    headline="rate",
    unit="share",
    unit_of=dict.fromkeys(("live", "with_ticket", "with_manual_step", "with_staff_hours"), "count"),
    dimensions=PARTNER_DIMENSIONS,
    needs=("calls", "credentials"),
    default_grain="quarter",
    interval="rate",
)

first_attempt_success_rate = Metric(
    card=Card(
        question="Does the first call work at once?",
        words=(
            "Developers whose first external call was answered with {success}, over those who made one; dated by that "
            "call. Beside it the median number of failed calls (4xx, 5xx, timeouts) before the first success, of "
            "those who had one."
        ),
        action="Look at the status codes of first calls: 401 is keys, 400 the example, 404 the address.",
        better="higher",
        why_no_bands=_PAST,
        audience=_DEVELOPER_EXPERIENCE,
        requirement="A21",
    ),
    main=Part(
        of=onboarded.FIRST_ATTEMPTS,
        values={
            "rate": share("rows_of.at_once", when_zero="nobody called for the first time"),
            "errors_before_success": "quantile_cont(rows_of.errors, 0.5)",
            "attempts": "count(*)",
        },
        cases="count(*)",
        floors={"errors_before_success": ("count(rows_of.errors)", 5)},
    ),
    headline="rate",
    unit="share",
    unit_of={"errors_before_success": "number", "attempts": "count"},
    dimensions=PARTY_DIMENSIONS,
    needs=("calls", "credentials", "developers"),
    entity="developer",
    environment="any",
    interval="rate",
)


def _judged(scope: Scope) -> Part:
    """Return the share that fulfils the predicate chosen."""
    nth = scope.variant("milestone") == "nth"
    return _JUDGED[nth, scope.variant("predicate", "milestone_without_ticket")]


def _success(*, nth: bool, predicate: str) -> Part:
    done = "rows_of.in_time and not rows_of.helped" if predicate != "milestone" else "rows_of.in_time"
    return Part(
        of=onboarded.JUDGED_NTH if nth else onboarded.JUDGED,
        values={
            "rate": share(done, "rows_of.mature", OPEN_WINDOW),
            "succeeded": how_many(f"rows_of.mature and {done}"),
            "with_help": how_many("rows_of.mature and rows_of.in_time and rows_of.helped"),
        },
        cases=how_many("rows_of.mature"),
        open=how_many("not rows_of.mature"),
        notes=(still_open(),),
    )


_JUDGED = {
    (nth, predicate): _success(nth=nth, predicate=predicate)
    for nth in (False, True)
    for predicate in ("milestone_without_ticket", "milestone")
}

onboarding_success_rate = Metric(
    card=Card(
        question="How many onboardings succeed, as we define success?",
        words=(
            "Partners of the period that reached the milestone within the window ({window}) and opened no support "
            "ticket before it, over those whose window is closed; with predicate=milestone, whether or not they "
            "needed help. This is definition 1 of onboarding success; a change of it raises the version of this "
            "metric."
        ),
        action="Read the tickets of those who got there with help, and those who did not get there at all.",
        better="higher",
        why_no_bands="It depends on the definition chosen.",
        audience=Audience("Developer relations", "onboarding", "mid"),
        requirement="A22",
    ),
    main=_JUDGED[False, "milestone_without_ticket"],
    main_for=_judged,
    headline="rate",
    unit="share",
    unit_of={"succeeded": "count", "with_help": "count"},
    dimensions=PARTY_DIMENSIONS,
    needs=("calls", "credentials", "partners"),
    interval="rate",
    variants=(
        Variant(
            "predicate",
            "What counts as success.",
            ("milestone_without_ticket", "milestone"),
            "milestone_without_ticket",
        ),
        Variant("milestone", "The call that counts, in words.", (), "first successful production call"),
    ),
)


def _entitled(scope: Scope) -> Relation:
    asked = (*scope.by, *(name for name, _ in scope.where))
    return onboarded.ENTITLED_FEATURES if "feature" in asked else onboarded.ENTITLED


product_adoption_rate = Metric(
    card=Card(
        question="Do partners use what they subscribed to?",
        words=(
            "Partners with a production call in the period (not only 401 or 403) to a product, over those with a "
            "subscription of any kind to a plan of that product on some moment of the period. By feature, the "
            "features that the catalogue has for the product are what is used or not."
        ),
        action="Call those who pay and do not use: they will not renew.",
        better="higher",
        why_no_bands=_PAST,
        audience=Audience("API product", "adoption", "mid"),
        requirement="A24",
    ),
    main=Part(
        of=_entitled,
        values={
            "rate": share("rows_of.adopted", when_zero="nobody is entitled"),
            "using": how_many("rows_of.adopted"),
            "entitled": "count(*)",
        },
        cases="count(*)",
    ),
    headline="rate",
    unit="share",
    unit_of={"using": "count", "entitled": "count"},
    dimensions=("product", "feature", *PARTNER_DIMENSIONS),
    needs=("subscriptions", "plans", "calls", "credentials"),
    default_by=("product",),
    interval="rate",
)


def _mean(side: str) -> Ratio:
    return Ratio(
        f"sum(rows_of.amount) filter (where {side})",
        f"count(rows_of.amount) filter (where {side})",
        "nobody to compare with",
    )


def _quotient(side: str) -> str:
    ratio = _mean(side)
    return f"{ratio.part} / ({ratio.over})"


_COMPARED = ("max(rows_of.compared)", 10)

first_call_drivers = Metric(
    card=Card(
        question="What do those who wait long for the first call have in common?",
        words=(
            "Developers of the period whose time to the first success is above its 90th percentile against the "
            "others: the mean of each driver. key_wait: seconds from sign-up to the credential; "
            "auth_errors_before_success: calls answered 401 or 403 before the first success; docs_rereads: pages "
            "seen again before it; webhook_setup and first_error: the share that configured a webhook before it, or "
            "whose first call failed."
        ),
        action="Mend the driver in which the slow differ most: keys, authentication, documentation, webhooks.",
        better="lower",
        why_no_bands="Slow and fast are read side by side.",
        audience=_DEVELOPER_EXPERIENCE,
        requirement="A25",
    ),
    main=Part(
        of=onboarded.DRIVEN,
        values={
            "difference": f"{_quotient('rows_of.slow')} - {_quotient('not rows_of.slow')}",
            "slow": _mean("rows_of.slow"),
            "fast": _mean("not rows_of.slow"),
            "slow_cases": "count(rows_of.amount) filter (where rows_of.slow)",
        },
        cases="count(rows_of.amount)",
        floors=dict.fromkeys(("difference", "slow", "fast"), _COMPARED),
    ),
    headline="difference",
    unit="number",
    unit_of={"slow_cases": "count"},
    dimensions=("kind", *PARTNER_DIMENSIONS),
    needs=("calls", "credentials", "developers"),
    entity="developer",
    environment="any",
    default_by=("kind",),
    default_grain="quarter",
)
