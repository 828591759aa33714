"""Where do newcomers stop? Funnels over calls and journey, with those still under way apart, and who is stuck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import how_many, share, survival_of
from firstcall.metrics.metric import Metric, Part, Variant
from firstcall.metrics.onboarding.funnel_relations import FOR_EVER, Funnel, relation, stalled, stays

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from firstcall.periods import Scope

_DEVELOPER_EXPERIENCE = Audience("Developer experience", "onboarding", "short")
PRESETS: Mapping[str, tuple[str, ...]] = {
    "program": ("registered", "sandbox_active", "first_success", "production"),
    "developer": ("signup", "first_call", "activation", "scaling"),
    "journey": ("registered", "docs_viewed", "credentials_requested", "first_success", "production"),
    "trial": ("trial_started", "first_success", "paid"),
}
"""The first step of each is the entry: the account itself, or the first such event of the scope."""


_EARLY = (
    "sum(rows_of.early) filter (where rows_of.mature)",
    "{n} steps were stamped shortly before the one they follow and count (grace_seconds)",
)


def _converted(name: str, funnel: Funnel) -> Part:
    """Return the share that came to the end and how many reached each step."""
    wanted = funnel.steps if funnel.mode == "any" else funnel.steps[-1:]
    done = " and ".join(f"rows_of.{step}_at is not null" for step in wanted)
    return Part(
        of=relation(name, funnel),
        values={
            "converted": share(done, "rows_of.mature", when_zero="window not closed"),
            **{step: how_many(f"rows_of.mature and rows_of.{step}_at is not null") for step in funnel.steps},
            "open": how_many("not rows_of.mature"),
            "dropped": how_many(f"rows_of.mature and not ({done})"),
        },
        cases=how_many("rows_of.mature"),
        open=how_many("not rows_of.mature"),
        notes=(
            (how_many("not rows_of.mature"), "{n} are still inside their window; steps count the others"),
            (
                "sum(rows_of.skipped) filter (where rows_of.mature)",
                "{n} times a step was skipped and counts, as a later one was reached",
            ),
            *(() if funnel.mode == "any" else (_EARLY,)),
        ),
    )


def _step_times(name: str, funnel: Funnel) -> Part:
    """Return how many each step keeps, and how long those who move on stay in it."""
    lost = "rows_of.mature and not rows_of.moved and not rows_of.last"
    return Part(
        of=stays(name, funnel),
        values={
            "lost_share": share(
                "not rows_of.moved and not rows_of.last", "rows_of.mature", "window not closed"
            ),
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


_PARTS: dict[tuple[Callable[[str, Funnel], Part], str, bool], Part] = {
    (make, name, own): make(name, Funnel(steps, own_milestone=own))
    for make in (_converted, _step_times, _stuck)
    for name, steps in PRESETS.items()
    for own in (False, True)
}


def _by_preset(make: Callable[[str, Funnel], Part]) -> Callable[[Scope], Part]:
    """Return what makes a scope's part: of a preset, or of a funnel of the program's own."""

    def chosen(scope: Scope) -> Part:
        own = scope.variant("milestone") == "nth"
        preset, mode = scope.variant("preset", "program"), scope.variant("mode", scope.mode)
        if scope.steps or mode != "ordered":
            return make(preset, Funnel(scope.steps or PRESETS[preset], mode, own))
        return _PARTS[make, preset, own]

    return chosen


_NEEDS = ("partners", "calls", "credentials")
_PRESET = Variant(
    "preset",
    "Which steps: program, developer, journey, trial, or one of the settings' own [funnels.NAME].",
    tuple(PRESETS),
    "program",
    {"developer": "developer"},
)
_SCALING = Variant(
    "scaling_calls",
    "Successful production calls that mean scaling.",
    (),
    "1000",
    unit="calls",
    most=10**12,
)
_WINDOW = Variant("window_days", "Days from the first step to the last.", (), "90", unit="days", most=3659)
_MODE = Variant(
    "mode",
    "How steps follow each other; a funnel of the settings has its own. ordered: others may lie between; strict: none "
    "may; any: in any order; implied: whoever reached a later step counts in those before it.",
    ("ordered", "strict", "any", "implied"),
    "ordered",
)
_GRACE = Variant(
    "grace_seconds",
    "Seconds a step may be stamped before the one it follows; the settings' definitions have the default.",
    (),
    "2",
    unit="seconds",
    most=3600,
)
_MILESTONE = Variant(
    "milestone", "The call that counts as activation, in words.", (), "first successful production call"
)

onboarding_funnel = Metric(
    card=Card(
        question="Where do newcomers stop on the way to production?",
        words=(
            "Newcomers of the period, and how many of them reached each step in order within the window (90 days): "
            "registered, active in the sandbox, first successful call, production. Steps count those whose window is "
            "closed; the others are open. Scaling is met on the day the 1,000th successful production call is. "
            "Dropped are those whose window closed before the last step. A funnel of the settings is dated by its "
            "first step: the account, the first such call ever, or the first such event of the scope; paid is the "
            "first invoice line above zero. A step stamped up to 2 seconds before the one it follows still follows "
            "it. strict: no other row of the journey between two steps; any: the steps after the first in any order; "
            "implied: whoever reached a later step counts in those before it, at the same time."
        ),
        action="Take the step that loses most, ask those stuck there, and shorten it.",
        better="higher",
        why_no_bands="No published line; compare with your own past.",
        audience=_DEVELOPER_EXPERIENCE,
        requirement="A13",
    ),
    main=_PARTS[_converted, "program", False],
    main_for=_by_preset(_converted),
    headline="converted",
    unit="share",
    unit_of=dict.fromkeys(
        (*{step for steps in PRESETS.values() for step in steps}, "open", "dropped"), "count"
    ),
    dimensions=("partner", "developer", "app", "segment", "country", "channel", "manager"),
    needs=_NEEDS,
    environment="any",
    interval="converted",
    variants=(_PRESET, _MODE, _SCALING, _WINDOW, _GRACE, _MILESTONE),
)

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
        audience=_DEVELOPER_EXPERIENCE,
        requirement="A14",
    ),
    main=_PARTS[_step_times, "program", False],
    main_for=_by_preset(_step_times),
    headline="lost_share",
    unit="share",
    unit_of={
        **dict.fromkeys(("reached", "lost", "place"), "count"),
        **dict.fromkeys(("median", "p90", "km_median", "km_p90"), "seconds"),
    },
    dimensions=_OF_STEPS,
    needs=_NEEDS,
    environment="any",
    default_by=("step",),
    default_grain="all",
    interval="lost_share",
    variants=(_PRESET, _MODE, _SCALING, _WINDOW, _GRACE, _MILESTONE),
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
    main=_PARTS[_stuck, "program", False],
    main_for=_by_preset(_stuck),
    headline="waited",
    unit="seconds",
    unit_of={"stuck": "count"},
    dimensions=_OF_STEPS,
    needs=_NEEDS,
    environment="any",
    default_by=("partner", "step", "manager"),
    default_grain="all",
    ranked=True,
    variants=(
        _PRESET,
        _MODE,
        _SCALING,
        _GRACE,
        _MILESTONE,
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
