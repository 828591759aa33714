"""Where do newcomers stop? Funnels over calls and journey, with those still under way apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import OPEN_WINDOW, how_many, share
from firstcall.metrics.metric import Metric, Part, Variant
from firstcall.metrics.relations.funnel import Funnel, relation

if TYPE_CHECKING:
    from firstcall.periods import Scope

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
            "converted": share(done, "rows_of.mature", when_zero=OPEN_WINDOW),
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


Make = Callable[[str, Funnel], Part]
"""What makes the part of a metric, of a preset's name and its funnel."""


def of_presets(make: Make) -> Mapping[tuple[str, bool], Part]:
    """Return the part of each preset, with the usual milestone and with the program's own."""
    return {
        (name, own): make(name, Funnel(steps, own_milestone=own))
        for name, steps in PRESETS.items()
        for own in (False, True)
    }


def by_preset(make: Make, parts: Mapping[tuple[str, bool], Part]) -> Callable[[Scope], Part]:
    """Return what makes a scope's part: of a preset, or of a funnel of the program's own."""

    def chosen(scope: Scope) -> Part:
        own = scope.variant("milestone") == "nth"
        preset, mode = scope.variant("preset", "program"), scope.variant("mode", scope.mode)
        if scope.steps or mode != "ordered":
            return make(preset, Funnel(scope.steps or PRESETS[preset], mode, own))
        return parts[preset, own]

    return chosen


_BY_PRESET = of_presets(_converted)
NEEDS = ("partners", "calls", "credentials")
PRESET = Variant(
    "preset",
    "Which steps: program, developer, journey, trial, or one of the settings' own [funnels.NAME].",
    tuple(PRESETS),
    "program",
    {"developer": "developer"},
)
SCALING = Variant(
    "scaling_calls",
    "Successful production calls that mean scaling.",
    (),
    "1000",
    unit="calls",
    most=10**12,
)
WINDOW = Variant("window_days", "Days from the first step to the last.", (), "90", unit="days", most=3659)
MODE = Variant(
    "mode",
    "How steps follow each other; a funnel of the settings has its own. ordered: others may lie between; strict: none "
    "may; any: in any order; implied: whoever reached a later step counts in those before it.",
    ("ordered", "strict", "any", "implied"),
    "ordered",
)
GRACE = Variant(
    "grace_seconds",
    "Seconds a step may be stamped before the one it follows; the settings' definitions have the default.",
    (),
    "2",
    unit="seconds",
    most=3600,
)
MILESTONE = Variant(
    "milestone", "The call that counts as activation, in words.", (), "first successful production call"
)

onboarding_funnel = Metric(
    card=Card(
        question="Where do newcomers stop on the way to production?",
        words=(
            "Newcomers of the period, and how many of them reached each step in order within the window ({window}): "
            "registered, active in the sandbox, first successful call, production. Steps count those whose window is "
            "closed; the others are open. Scaling is met on the day the 1,000th successful production call is. "
            "Dropped are those whose window closed before the last step. A funnel of the settings is dated by its "
            "first step: the account, the first such call ever, or the first such event of the scope; paid is the "
            "first invoice line above zero. A step stamped up to {grace} before the one it follows still follows "
            "it. strict: no other row of the journey between two steps; any: the steps after the first in any order; "
            "implied: whoever reached a later step counts in those before it, at the same time."
        ),
        action="Take the step that loses most, ask those stuck there, and shorten it.",
        better="higher",
        why_no_bands="No published line; compare with your own past.",
        audience=Audience("Developer experience", "onboarding", "short"),
        requirement="A13",
    ),
    main=_BY_PRESET["program", False],
    main_for=by_preset(_converted, _BY_PRESET),
    headline="converted",
    unit="share",
    unit_of=dict.fromkeys(
        (*{step for steps in PRESETS.values() for step in steps}, "open", "dropped"), "count"
    ),
    dimensions=("partner", "developer", "app", "segment", "country", "channel", "manager"),
    needs=NEEDS,
    environment="any",
    interval="converted",
    variants=(PRESET, MODE, SCALING, WINDOW, GRACE, MILESTONE),
)
