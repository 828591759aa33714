"""Does the documentation lead to a call? The quickstart's completion, and which pages precede success or giving up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import OPEN_WINDOW, how_many, share
from firstcall.metrics.metric import Metric, Part, Ratio, Variant
from firstcall.metrics.onboarding.documentation_relations import QUICKSTARTS, READINGS, UNSTITCHED
from firstcall.statistics.intervals import wilson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from firstcall.answers import Value

_DEVELOPER_EXPERIENCE = Audience("Developer experience", "onboarding", "short")
_READER = ("partner", "developer", "segment", "country", "channel", "manager")

docs_completion_rate = Metric(
    card=Card(
        question="How many who view the quickstart make a successful call within a day?",
        words=(
            "Developers whose first successful call came within {docs_hours} hours of their first view "
            "of the quickstart (the "
            "end included), over those who viewed it; dated by that view. Whoever had made any call before it is "
            "left out, and so is whoever's hours are not over. Anonymous visitors count as the developer they were "
            "identified as; others are counted apart."
        ),
        action="Low: watch somebody follow the quickstart, and close the gaps she falls into.",
        better="higher",
        why_no_bands="No published line; compare with your own past.",
        audience=_DEVELOPER_EXPERIENCE,
        requirement="A11",
    ),
    main=Part(
        of=QUICKSTARTS,
        values={
            "rate": share("rows_of.in_time", "rows_of.mature", OPEN_WINDOW),
            "completed": how_many("rows_of.mature and rows_of.in_time"),
            "viewed": how_many("rows_of.mature"),
        },
        cases=how_many("rows_of.mature"),
        open=how_many("rows_of.counted and not rows_of.mature"),
        notes=(
            (how_many("rows_of.called_before"), "{n} had called before they saw the quickstart; left out"),
            (
                how_many("rows_of.counted and not rows_of.mature"),
                "{n} are still inside their hours and not counted yet",
            ),
        ),
    ),
    beside=(
        Part(
            of=UNSTITCHED,
            values={"unidentified": "count(*)"},
            cases="count(*)",
            notes=(("count(*)", "{n} visitors of the quickstart were never identified; left out"),),
        ),
    ),
    headline="rate",
    unit="share",
    unit_of=dict.fromkeys(("completed", "viewed", "unidentified"), "count"),
    dimensions=_READER,
    needs=("journey", "calls", "credentials", "developers"),
    entity="developer",
    environment="any",
    interval="rate",
    variants=(
        Variant("docs_window_hours", "Hours from the view to the call.", (), "24", unit="hours", most=87_840),
    ),
)


def _difference(rows: Sequence[Mapping[str, object]]) -> Mapping[str, Value]:
    """Return Newcombe's 95 % interval of the difference of the two shares, where both exist."""
    tallies = []
    for state in ("succeeded", "gave up"):
        viewed = [bool(row["viewed"]) for row in rows if row["state"] == state]
        if not viewed:
            return {}
        tallies.append((sum(viewed), len(viewed)))
    (one, low_one, high_one), (two, low_two, high_two) = (
        (hits / tries, *wilson(hits, tries)) for hits, tries in tallies
    )
    return {
        "low": one - two - math.hypot(one - low_one, high_two - two),
        "high": one - two + math.hypot(high_one - one, two - low_two),
    }


def _of(state: str) -> Ratio:
    return share("rows_of.viewed", f"rows_of.state = '{state}'", f"nobody {state}")


def _quotient(state: str) -> str:
    ratio = _of(state)
    return f"{ratio.part} / ({ratio.over})"


docs_paths = Metric(
    card=Card(
        question="Which pages do people read before they succeed, and which before they give up?",
        words=(
            "Of the developers who read pages of the docs before any success, dated by the first of those views: the "
            "share that saw the page among those who succeeded at most 14 days after their last view before it, less "
            "the share among those who did not. Whoever's days are not over is in neither."
        ),
        action="Read the pages that precede giving up as a newcomer would; link to those that precede success.",
        better="neither",
        why_no_bands="Pages are read against each other.",
        audience=_DEVELOPER_EXPERIENCE,
        requirement="A12",
    ),
    main=Part(
        of=READINGS,
        values={
            "lift": f"{_quotient('succeeded')} - {_quotient('gave up')}",
            "share_before_success": _of("succeeded"),
            "share_before_abandoning": _of("gave up"),
            "succeeded": how_many("rows_of.viewed and rows_of.state = 'succeeded'"),
            "abandoned": how_many("rows_of.viewed and rows_of.state = 'gave up'"),
        },
        cases=how_many("rows_of.viewed and rows_of.state <> 'open'"),
        open=how_many("rows_of.state = 'open'"),
        then=_difference,
        then_needs=("viewed", "state"),
    ),
    headline="lift",
    unit="share",
    unit_of={"succeeded": "count", "abandoned": "count"},
    dimensions=("topic", "partner", "segment", "country", "channel", "manager"),
    needs=("journey", "calls", "credentials", "developers"),
    entity="developer",
    environment="any",
    default_by=("topic",),
    default_grain="all",
    ranked=True,
    variants=(
        Variant(
            "abandoned_days",
            "Days without success after the last view that mean giving up.",
            (),
            "14",
            unit="days",
            most=3659,
        ),
    ),
)
