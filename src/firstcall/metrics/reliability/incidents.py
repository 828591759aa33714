"""What broke, how soon was it noticed and repaired, and what was learned?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.bands import above
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import how_many, share
from firstcall.metrics.metric import Metric, Part, Ratio, Variant
from firstcall.metrics.reliability.incident_relations import OCCURRED

if TYPE_CHECKING:
    from firstcall.periods import Scope

_PLATFORM_ENGINEERING = Audience("Platform engineering", "reliability", "mid")
_OPEN = "rows_of.resolved_at is null"
_RESOLVED = "rows_of.resolved_at is not null"
_COMMITTED = "rows_of.integration and rows_of.commitment_minutes is not null"
_JUDGED = f"{_COMMITTED} and ({_RESOLVED} or rows_of.overdue)"
_SEVERITIES = ("critical", "major", "partial", "degraded", "unrated")

incidents = Metric(
    card=Card(
        question="How often does something break, and who notices first?",
        words=(
            "Incidents that began in the period, by severity, with the share that a customer noticed before we did "
            "(of those that say who noticed). Maintenance is no incident. An incident of several products counts "
            "once, and in a split once for each."
        ),
        action="What customers report first is what monitoring misses: add the alert.",
        better="lower",
        why_no_bands="How many are many depends on how much there is to break.",
        audience=_PLATFORM_ENGINEERING,
        requirement="R11",
    ),
    main=Part(
        of=OCCURRED,
        values={
            "incidents": "count(*)",
            **{name: how_many(f"rows_of.severity = '{name}'") for name in _SEVERITIES},
            "open": how_many(_OPEN),
            "customer_reported": share(
                "rows_of.detected_by = 'customer'",
                "rows_of.detected_by is not null",
                "no incident says who noticed",
            ),
        },
        cases="count(*)",
    ),
    headline="incidents",
    unit="count",
    unit_of={"customer_reported": "share"},
    dimensions=("product", "severity"),
    needs=("incidents",),
    environment="any",
    traffic="all",
)

time_to_detect = Metric(
    card=Card(
        question="How long does an incident go unnoticed?",
        words=(
            "Mean and median time from the start of an incident to its detection, over incidents that began in the "
            "period and say when they were detected; those detected before they began are left out. The median needs "
            "five."
        ),
        action="Alert on what the slowest ones would have shown first.",
        better="lower",
        why_no_bands="It depends on the severity; compare with your own past.",
        audience=_PLATFORM_ENGINEERING,
        requirement="R11",
    ),
    main=Part(
        of=OCCURRED,
        values={
            "mean": Ratio("sum(rows_of.to_detect)", "count(rows_of.to_detect)", "no incident says when"),
            "median": "quantile_cont(rows_of.to_detect, 0.5)",
            "detected": "count(rows_of.to_detect)",
            "undetected": how_many("rows_of.detected_at is null"),
        },
        cases="count(rows_of.to_detect)",
        floors={"median": ("count(rows_of.to_detect)", 5)},
        notes=(
            (
                how_many("rows_of.detected_at < rows_of.started_at"),
                "{n} incidents were detected before they began; left out",
            ),
        ),
    ),
    headline="mean",
    unit="seconds",
    unit_of={"detected": "count", "undetected": "count"},
    dimensions=("product", "severity"),
    needs=("incidents",),
    environment="any",
    traffic="all",
)


def _resolution(column: str, reason: str) -> Part:
    return Part(
        of=OCCURRED,
        values={
            "mean": Ratio(f"sum(rows_of.{column})", f"count(rows_of.{column})", reason),
            "median": f"quantile_cont(rows_of.{column}, 0.5)",
            "from_start": Ratio(
                "sum(rows_of.in_total)", "count(rows_of.in_total)", "no incident is resolved"
            ),
            "median_from_start": "quantile_cont(rows_of.in_total, 0.5)",
            "resolved": f"count(rows_of.{column})",
            "open": how_many(_OPEN),
        },
        cases=f"count(rows_of.{column})",
        open=how_many(_OPEN),
        floors={
            "median": (f"count(rows_of.{column})", 5),
            "median_from_start": ("count(rows_of.in_total)", 5),
        },
        notes=((how_many(_OPEN), "{n} incidents are open; left out"),),
    )


_FROM_DETECTION = _resolution("to_resolve", "no resolved incident says when it was detected")
_FROM_START = _resolution("in_total", "no incident is resolved")


def _since(scope: Scope) -> Part:
    return _FROM_START if scope.variant("from") == "started" else _FROM_DETECTION


time_to_resolve = Metric(
    card=Card(
        question="How long does it take to repair what broke?",
        words=(
            "Mean and median time from detection to resolution (from the start with --set from=started), over "
            "incidents that began in the period and are resolved; beside it both from the start. Medians need five; "
            "open ones are counted apart. On the same incidents, the mean time to detect and that to resolve add up "
            "to the one from the start."
        ),
        action="Read the slowest one's timeline: waiting for people, for access, or for a fix?",
        better="lower",
        why_no_bands="It depends on the severity; compare with your own past.",
        audience=_PLATFORM_ENGINEERING,
        requirement="R11",
    ),
    main=_FROM_DETECTION,
    main_for=_since,
    headline="mean",
    unit="seconds",
    unit_of={"resolved": "count", "open": "count"},
    variants=(Variant("from", "Where the clock starts.", ("detected", "started"), "detected"),),
    dimensions=("product", "severity"),
    needs=("incidents",),
    environment="any",
    traffic="all",
)

_CHECKLIST = {
    **{name: f"rows_of.{name}" for name in ("narrative", "timeline", "cause", "reproducible_test")},
    "actions": "coalesce(rows_of.actions_total, 0) > 0",
}
_TICKED = " + ".join(how_many(f"{_RESOLVED} and {ticked}") for ticked in _CHECKLIST.values())

postmortem_quality = Metric(
    card=Card(
        question="Do incidents leave lessons that last?",
        words=(
            "Share of a checklist of five that the postmortems of resolved incidents fulfil: a narrative, a "
            "timeline, a cause, a reproducible test, actions agreed. Beside it each line of the list, the share of "
            "agreed actions that are done and that were done in time, and the share of incidents that repeat an "
            "earlier one."
        ),
        action="Close what is missing while the incident is fresh; a test that shows it keeps it from coming back.",
        better="higher",
        bands=above(good=0.8, needs_work=0.5),
        audience=_PLATFORM_ENGINEERING,
        requirement="R11",
    ),
    main=Part(
        of=OCCURRED,
        values={
            "score": Ratio(_TICKED, f"{len(_CHECKLIST)} * {how_many(_RESOLVED)}", "no resolved incident"),
            **{name: share(ticked, _RESOLVED, "no resolved incident") for name, ticked in _CHECKLIST.items()},
            **{
                f"actions_{how}": Ratio(
                    f"sum(rows_of.actions_{how}) filter (where {_RESOLVED})",
                    f"sum(rows_of.actions_total) filter (where {_RESOLVED})",
                    "no actions agreed",
                )
                for how in ("done", "on_time")
            },
            "recurrence": share("rows_of.recurrence_of is not null", _RESOLVED, "no resolved incident"),
        },
        cases=how_many(_RESOLVED),
    ),
    headline="score",
    unit="share",
    dimensions=("product", "severity"),
    needs=("incidents",),
    environment="any",
    traffic="all",
)

incident_narratives = Metric(
    card=Card(
        question="Which incidents are told and can be shown again?",
        words=(
            "Resolved incidents with a narrative and a reproducible test over resolved incidents; those with either "
            "beside it."
        ),
        action="Publish the story: developers forgive what they can understand.",
        better="higher",
        bands=above(good=0.8, needs_work=0.5),
        audience=_PLATFORM_ENGINEERING,
        requirement="R16",
    ),
    main=Part(
        of=OCCURRED,
        values={
            "share": share(
                "rows_of.narrative and rows_of.reproducible_test", _RESOLVED, "no resolved incident"
            ),
            "narrative": how_many(f"{_RESOLVED} and rows_of.narrative"),
            "reproducible_test": how_many(f"{_RESOLVED} and rows_of.reproducible_test"),
            "resolved": how_many(_RESOLVED),
        },
        cases=how_many(_RESOLVED),
    ),
    headline="share",
    unit="share",
    unit_of=dict.fromkeys(("narrative", "reproducible_test", "resolved"), "count"),
    interval="share",
    dimensions=("product", "severity"),
    needs=("incidents",),
    environment="any",
    traffic="all",
)

integration_incidents_within_commitment = Metric(
    card=Card(
        question="Are integrations repaired within the time we promised?",
        words=(
            "Incidents that hit integrations and were resolved within their commitment, counted from the start, over "
            "those resolved or overdue at the as-of moment. Those still within their commitment are open; those "
            "without a commitment are counted apart."
        ),
        action="Call the partners behind the late ones before they call.",
        better="higher",
        bands=above(good=0.95, needs_work=0.8),
        audience=_PLATFORM_ENGINEERING,
        requirement="R14",
    ),
    main=Part(
        of=OCCURRED,
        values={
            "share": share("rows_of.in_time", _JUDGED, "no integration incident is resolved or overdue"),
            "within": how_many(f"{_JUDGED} and rows_of.in_time"),
            "overdue": how_many(f"{_COMMITTED} and rows_of.overdue"),
            "without_commitment": how_many("rows_of.integration and rows_of.commitment_minutes is null"),
        },
        cases=how_many(_JUDGED),
        open=how_many(f"{_COMMITTED} and {_OPEN} and not rows_of.overdue"),
        notes=(
            (
                how_many(f"{_COMMITTED} and {_OPEN} and not rows_of.overdue"),
                "{n} are open and within their commitment; not counted yet",
            ),
        ),
    ),
    headline="share",
    unit="share",
    unit_of=dict.fromkeys(("within", "overdue", "without_commitment"), "count"),
    interval="share",
    dimensions=("product", "severity"),
    needs=("incidents",),
    environment="any",
    traffic="all",
)
