"""What holds newcomers up before they may begin? Approvals that take days, and products that are hard to choose."""

from __future__ import annotations

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import (
    CALLED_BEFORE,
    PARTY_DIMENSIONS,
    STILL_WAITING,
    how_many,
    share,
    still_open,
    waits,
)
from firstcall.metrics.metric import Metric, Part
from firstcall.metrics.onboarding.blocker_relations import APPROVED, CHOSE
from firstcall.metrics.onboarding.funnel import WINDOW

_AUDIENCE = Audience("Developer experience", "onboarding", "short")

approval_time = Metric(
    card=Card(
        question="How long do newcomers wait for our approval?",
        words=(
            "Median and 90th percentile (type 7) of the time from registration to the first approved in the journey, "
            "over those that got it, and by Kaplan–Meier with those counted as waiting that are pending or asked for "
            "an approval and have no answer. Beside it the medians of its parts: registration to approval_requested, "
            "and from there to approved. Others, of whom no row says when they were approved, are left out and "
            "counted."
        ),
        action="Approve in minutes, by rule: keep people for the few that no rule can judge.",
        better="lower",
        why_no_bands="Days are broken and minutes are possible; compare with your own past.",
        audience=_AUDIENCE,
        requirement="A28",
    ),
    main=waits(
        APPROVED,
        CALLED_BEFORE,
        (STILL_WAITING, "{n} still wait for an approval"),
        (
            how_many("rows_of.untold"),
            "{n} neither wait nor have a row that says when they were approved; left out",
        ),
        medians=("to_request", "request_to_approval"),
        counts=True,
    ),
    headline="median",
    unit="seconds",
    unit_of={"done": "count", "waiting": "count"},
    dimensions=PARTY_DIMENSIONS,
    needs=("partners", "journey"),
    environment="any",
    default_grain="quarter",
)

product_choice_changes = Metric(
    card=Card(
        question="Do newcomers know which API product they need?",
        words=(
            "Of the newcomers of the period that chose a product (product_selected in the journey) before their first "
            "call: the share that chose more than once before it. Changed are those that chose another product, "
            "repeated those that chose the same one again, or did not say which. Counted are those that called or "
            "whose window ({window}) is closed; choices after its end do not count."
        ),
        action="Say on the page of each product what it is for, and for what it is not.",
        better="lower",
        why_no_bands="Some need two products; compare with your own past.",
        audience=_AUDIENCE,
        requirement="A28",
    ),
    main=Part(
        of=CHOSE,
        values={
            "rate": share("rows_of.choices > 1", "rows_of.mature", "nobody chose"),
            "changed": how_many("rows_of.mature and rows_of.products > 1"),
            "repeated": how_many("rows_of.mature and rows_of.choices > 1 and rows_of.products <= 1"),
            "chose": how_many("rows_of.mature"),
        },
        cases=how_many("rows_of.mature"),
        open=how_many("not rows_of.mature"),
        notes=(still_open(),),
    ),
    headline="rate",
    unit="share",
    unit_of=dict.fromkeys(("changed", "repeated", "chose"), "count"),
    dimensions=PARTY_DIMENSIONS,
    needs=("partners", "journey"),
    environment="any",
    default_grain="quarter",
    interval="rate",
    variants=(WINDOW,),
)
