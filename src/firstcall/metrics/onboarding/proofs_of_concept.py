"""Do proofs of concept end, how soon, and do they lead to production or a paid plan?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import (
    OPEN_WINDOW,
    PARTNER_DIMENSIONS,
    STILL_WAITING,
    how_many,
    share,
    still_open,
    waits,
)
from firstcall.metrics.metric import Metric, Part, Variant
from firstcall.metrics.onboarding.proof_of_concept_relations import PROOFS, PROVEN

if TYPE_CHECKING:
    from firstcall.metrics.metric import Relation

_DEVELOPER_RELATIONS = Audience("Developer relations", "onboarding", "mid")


def _in_window(of: Relation, done: str, among: str) -> Part:
    return Part(
        of=of,
        values={
            "rate": share(f"rows_of.{done}", "rows_of.mature", OPEN_WINDOW),
            done: how_many(f"rows_of.mature and rows_of.{done}"),
            among: how_many("rows_of.mature"),
        },
        cases=how_many("rows_of.mature"),
        open=how_many("not rows_of.mature"),
        notes=(still_open(),),
    )


poc_completion_rate = Metric(
    card=Card(
        question="How many proofs of concept are brought to an end?",
        words=(
            "Proofs of concept (poc_started of a partner and subject in the journey) with a poc_completed of the same "
            "subject within the window ({window}), over those whose window is closed; dated by their start."
        ),
        action="Agree on an end before the start: one question, one date, one person.",
        better="higher",
        why_no_bands="No published line; compare with your own past.",
        audience=_DEVELOPER_RELATIONS,
        requirement="A23",
    ),
    main=_in_window(PROOFS, "completed", "started"),
    headline="rate",
    unit="share",
    unit_of={"completed": "count", "started": "count"},
    dimensions=PARTNER_DIMENSIONS,
    needs=("journey",),
    default_grain="quarter",
    interval="rate",
    variants=(
        Variant(
            "window_days", "Days from one end of the window to the other.", (), "90", unit="days", most=3659
        ),
    ),
)

poc_conversion_rate = replace(
    poc_completion_rate,
    card=replace(
        poc_completion_rate.card,
        question="How many completed proofs of concept become customers?",
        words=(
            "Completed proofs of concept whose partner began a paid subscription or made its first successful "
            "production call at or after the completion and within the window ({window}), over those whose window is "
            "closed; dated by completion."
        ),
        action="Ask those that stopped what production would have needed.",
        audience=replace(poc_completion_rate.card.audience, owner="API product"),
    ),
    main=_in_window(PROVEN, "converted", "completed"),
    unit_of={"converted": "count", "completed": "count"},
)

poc_completion_time = Metric(
    card=Card(
        question="How long does a proof of concept take?",
        words=(
            "Median and 90th percentile (type 7) of the time from poc_started to poc_completed, over those "
            "completed, and by Kaplan–Meier with the open ones counted as still running; dated by their start."
        ),
        action="Long ones lack data or a decision: look at what the slowest waited for.",
        better="lower",
        why_no_bands="No published line; compare with your own past.",
        audience=_DEVELOPER_RELATIONS,
        requirement="A23",
    ),
    main=waits(PROOFS, (STILL_WAITING, "{n} are not completed yet")),
    headline="median",
    unit="seconds",
    dimensions=PARTNER_DIMENSIONS,
    needs=("journey",),
    default_grain="quarter",
)
