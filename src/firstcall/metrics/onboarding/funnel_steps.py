"""Which step of a funnel loses most, how long do newcomers stay in it, and who is stuck?"""

from __future__ import annotations

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import OPEN_WINDOW, how_many, share, survival_of
from firstcall.metrics.metric import Metric, Part, Variant
from firstcall.metrics.onboarding.funnel import (
    GRACE,
    MILESTONE,
    MODE,
    NEEDS,
    PRESET,
    SCALING,
    WINDOW,
    by_preset,
    of_presets,
)
from firstcall.metrics.relations.funnel import FOR_EVER, Funnel, stalled, stays


def _step_times(name: str, funnel: Funnel) -> Part:
    """Return how many each step keeps, and how long those who move on stay in it."""
    lost = "rows_of.mature and not rows_of.moved and not rows_of.last"
    return Part(
        of=stays(name, funnel),
        values={
            "lost_share": share("not rows_of.moved and not rows_of.last", "rows_of.mature", OPEN_WINDOW),
            "reached": how_many("rows_of.mature"),
            "lost": how_many(lost),
            "median": "quantile_cont(rows_of.lasted, 0.5)",
            "p90": "quantile_cont(rows_of.lasted, 0.9)",
            "place": "min(rows_of.place)",
        },
        cases=how_many("rows_of.mature"),
        open=how_many("not rows_of.mature"),
        floors={
            "median": ("count(rows_of.lasted)", 5),
            "p90": ("count(rows_of.lasted)", 10),
            **dict.fromkeys(("km_median", "km_p90"), (how_many("rows_of.timed"), 5)),
        },
        then=survival_of("lasted", "watched", "timed"),
        then_needs=("lasted", "watched", "timed"),
        then_values=("km_median", "km_p90"),
    )


def _stuck(name: str, funnel: Funnel) -> Part:
    """Return how long they have been stuck, and what would be usual."""
    endless = Funnel(funnel.steps, funnel.mode, funnel.own_milestone, FOR_EVER)
    return Part(
        of=stalled(name, endless),
        values={
            "waited": "max(rows_of.waited)",
            "allowed": "max(rows_of.allowed)",
            "stuck": "count(*)",
        },
        cases="count(*)",
    )


_TIMES = of_presets(_step_times)
_STUCK = of_presets(_stuck)
_OF_STEPS = ("step", "partner", "segment", "country", "channel", "manager")

funnel_step_times = Metric(
    card=Card(
        question="Which step loses most newcomers, and how long do they stay in each?",
        words=(
            "Of the newcomers whose window is closed, dated by the first step: those who reached a step and not the "
            "one after it, over those who reached it. Beside it the median and 90th percentile (type 7) of the time "
            "from the step to the one after it, of all who moved on, and by Kaplan–Meier with those still there "
            "counted as waiting until as-of or the end of their window; a step stamped early counts as at once, one "
            "that was skipped not at all."
        ),
        action="Take the step that loses most; if it also takes longest, shorten it, else explain it.",
        better="lower",
        why_no_bands="Steps are read against each other.",
        audience=Audience("Developer experience", "onboarding", "short"),
        requirement="A14",
    ),
    main=_TIMES["program", False],
    main_for=by_preset(_step_times, _TIMES),
    headline="lost_share",
    unit="share",
    unit_of={
        **dict.fromkeys(("reached", "lost", "place"), "count"),
        **dict.fromkeys(("median", "p90", "km_median", "km_p90"), "seconds"),
    },
    dimensions=_OF_STEPS,
    needs=NEEDS,
    environment="any",
    default_by=("step",),
    default_grain="all",
    interval="lost_share",
    variants=(PRESET, MODE, SCALING, WINDOW, GRACE, MILESTONE),
)

stuck_partners = Metric(
    card=Card(
        question="Who is stuck, where, and for how long?",
        words=(
            "Time since the last step reached, of partners that have not reached the one after it for longer than "
            "the 90th percentile of those who moved on from it, or than 14 days where fewer than 10 did. Those who "
            "moved on are the question's own; no window closes. Deleted partners are left out."
        ),
        action="Ask the manager of each to call; the longest first.",
        better="lower",
        why_no_bands="It is a list to work through.",
        audience=Audience("Developer relations", "onboarding", "short"),
        requirement="A14",
    ),
    main=_STUCK["program", False],
    main_for=by_preset(_stuck, _STUCK),
    headline="waited",
    unit="seconds",
    unit_of={"stuck": "count"},
    dimensions=_OF_STEPS,
    needs=NEEDS,
    environment="any",
    default_by=("partner", "step", "manager"),
    default_grain="all",
    ranked=True,
    variants=(
        PRESET,
        MODE,
        SCALING,
        GRACE,
        MILESTONE,
        Variant(
            "stalled_days",
            "Days in a step that mean stalled, where too few moved on to tell.",
            (),
            "14",
            unit="days",
            most=3659,
        ),
    ),
)
