"""What broke, how soon was it noticed and repaired, and what was learned?

Readings:
- An incident belongs to the local day of its start. Maintenance is none; one without severity is "unrated".
- `products` are separated by commas; one without products belongs to none. In a split it counts for each
  of its products, otherwise once.
- What was detected or resolved after an explicit as-of is not known.
- Times are exact, medians of type 7 and of five or more; a time that would be negative is
  left out. The median of the pages is of the same incidents as the mean.
- The five lines of the checklist are narrative, timeline, cause, reproducible test, actions (at least one).
  Actions done and in time are of all actions agreed, over resolved incidents.
- An incident with a commitment is overdue when it is open and its time was over before as-of; without calls
  and journey as-of is the end of the last day an incident began on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.reference.asks import Ask
from tests.reference.calendar import local_day
from tests.reference.onboarding.activation import seconds
from tests.reference.question import Number, Point, Question, Row, World
from tests.reference.reliability.performance import moment_of_judgement
from tests.reference.scope import Measure, inside, points, sees
from tests.reference.survival import percentile

Values = dict[str, Number | None]
SEVERITIES = ("critical", "major", "partial", "degraded", "unrated")


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as one of its products has it, with what is known of it."""

    day: date
    dims: Mapping[str, str | None]
    row: Row
    started: datetime
    detected: datetime | None
    resolved: datetime | None

    @property
    def name(self) -> str:
        """Its id."""
        return str(self.row["incident_id"])


def products_of(row: Row) -> set[str | None]:
    """Return the products an incident hit."""
    return {name.strip() or None for name in (row.get("products") or "").split(",")}


def happened(world: World, question: Question) -> list[Incident]:
    """Return every incident in sight, once for each of its products."""

    def known(moment: datetime | None) -> datetime | None:
        return moment if moment is not None and sees(moment, question) else None

    return [
        Incident(
            local_day(row["started_at"], question.zone),
            {"product": product, "severity": row.get("severity") or "unrated"},
            row,
            row["started_at"],
            known(row.get("detected_at")),
            known(row.get("resolved_at")),
        )
        for row in world.get("incidents", ())
        if row.get("severity") != "maintenance" and sees(row["started_at"], question)
        for product in products_of(row)
    ]


def once(group: Sequence[Incident]) -> list[Incident]:
    """Return each incident once."""
    return list({incident.name: incident for incident in group}.values())


def told(world: World, question: Question, measure: Callable[[list[Incident]], Measure]) -> list[Point]:
    """Return the points of a metric over incidents."""
    return points(
        world, question, happened(world, question), lambda bucket, group: measure(once(inside(bucket, group)))
    )


def part(some: int, whole: int) -> float | None:
    """Return a share; None of nothing."""
    return float(Fraction(some, whole)) if whole else None


def incidents(world: World, question: Question) -> list[Point]:
    """Incidents by severity, and who noticed."""

    def measure(here: list[Incident]) -> Measure:
        noticed = [each.row["detected_by"] for each in here if each.row.get("detected_by")]
        values: Values = {name: sum(each.dims["severity"] == name for each in here) for name in SEVERITIES}
        values["incidents"] = len(here)
        values["open"] = sum(each.resolved is None for each in here)
        values["customer_reported"] = part(noticed.count("customer"), len(noticed))
        return Measure(len(here), len(here), values)

    return told(world, question, measure)


def span(start: datetime | None, end: datetime | None) -> Fraction | None:
    """Return the seconds from start to end; None when one is missing or they are in the wrong order."""
    return None if start is None or end is None or end < start else seconds(end - start)


def middle(times: Sequence[Fraction]) -> float | None:
    """Return the median of five or more."""
    return float(percentile(times, Fraction(1, 2))) if len(times) >= 5 else None


def averages(times: Sequence[Fraction]) -> Values:
    """Return mean and median."""
    mean = float(sum(times) / len(times)) if times else None
    return {"mean": mean, "median": middle(times)}


def time_to_detect(world: World, question: Question) -> list[Point]:
    """From start to detection."""

    def measure(here: list[Incident]) -> Measure:
        times = [time for each in here if (time := span(each.started, each.detected)) is not None]
        values = averages(times)
        values |= {"detected": len(times), "undetected": sum(each.detected is None for each in here)}
        return Measure(values["mean"], len(times), values, None if times else "no incident says when")

    return told(world, question, measure)


def time_to_resolve(world: World, question: Question) -> list[Point]:
    """From detection (or start) to resolution."""
    whole = question.set.get("from") == "started"

    def measure(here: list[Incident]) -> Measure:
        spans = [span(each.started if whole else each.detected, each.resolved) for each in here]
        times = [time for time in spans if time is not None]
        unresolved = sum(each.resolved is None for each in here)
        values: Values = {**averages(times), "resolved": len(times), "open": unresolved}
        ends = [time for each in here if (time := span(each.started, each.resolved)) is not None]
        total = averages(ends)
        values |= {"from_start": total["mean"], "median_from_start": total["median"]}
        return Measure(values["mean"], len(times), values, None if times else "none", open=unresolved > 0)

    return told(world, question, measure)


def ticks(each: Incident) -> dict[str, bool]:
    """Return which lines of the checklist an incident's postmortem fulfils."""
    row = each.row
    lines = {"narrative": "narrative_url", "timeline": "timeline", "cause": "cause"}
    lines["reproducible_test"] = "reproducible_test"
    found = {name: row.get(column) is not None for name, column in lines.items()}
    return {**found, "actions": (row.get("actions_total") or 0) > 0}


def postmortem_quality(world: World, question: Question) -> list[Point]:
    """Share of the checklist fulfilled."""

    def measure(here: list[Incident]) -> Measure:
        done = [each for each in here if each.resolved is not None]
        lists = [ticks(each) for each in done]
        names = ("narrative", "timeline", "cause", "reproducible_test", "actions")
        values: Values = {name: part(sum(ticked[name] for ticked in lists), len(lists)) for name in names}
        agreed = sum(each.row.get("actions_total") or 0 for each in done)
        for how in ("actions_done", "actions_on_time"):
            values[how] = part(sum(each.row.get(how) or 0 for each in done), agreed)
        values["recurrence"] = part(
            sum(each.row.get("recurrence_of") is not None for each in done), len(done)
        )
        values["score"] = part(sum(sum(ticked.values()) for ticked in lists), 5 * len(lists))
        return Measure(values["score"], len(done), values, None if done else "no resolved incident")

    return told(world, question, measure)


def incident_narratives(world: World, question: Question) -> list[Point]:
    """Resolved incidents with narrative and reproducible test."""

    def measure(here: list[Incident]) -> Measure:
        lists = [ticks(each) for each in here if each.resolved is not None]
        both = part(sum(each["narrative"] and each["reproducible_test"] for each in lists), len(lists))
        values: Values = {
            name: sum(each[name] for each in lists) for name in ("narrative", "reproducible_test")
        }
        values["resolved"] = len(lists)
        return Measure(both, len(lists), values, None if lists else "no resolved incident")

    return told(world, question, measure)


def integration_incidents_within_commitment(world: World, question: Question) -> list[Point]:
    """Resolved in time ÷ resolved or overdue."""
    days = [local_day(row["started_at"], question.zone) for row in world.get("incidents", ())]
    now = moment_of_judgement(world, question, days)

    def due(each: Incident) -> datetime:
        return each.started + timedelta(minutes=each.row["commitment_minutes"])

    def measure(here: list[Incident]) -> Measure:
        hit = [each for each in here if each.row.get("integration_related")]
        promised = [each for each in hit if each.row.get("commitment_minutes") is not None]
        resolved = [each for each in promised if each.resolved is not None]
        within = sum(each.resolved is not None and each.resolved <= due(each) for each in resolved)
        waiting = [each for each in promised if each.resolved is None]
        overdue = sum(now is not None and due(each) < now for each in waiting)
        judged = len(resolved) + overdue
        values: Values = {
            "within": within,
            "overdue": overdue,
            "without_commitment": len(hit) - len(promised),
        }
        absent = None if judged else "no integration incident is resolved or overdue"
        return Measure(part(within, judged), judged, values, absent, open=overdue < len(waiting))

    return told(world, question, measure)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric
    for metric in (
        incidents,
        time_to_detect,
        time_to_resolve,
        postmortem_quality,
        incident_narratives,
        integration_incidents_within_commitment,
    )
}
HIT = {"product": ("payments", "messages"), "severity": ("major", "partial", "unrated")}
BROKEN = Ask(("product", "severity"), ("product", "severity"), extra=("incident",), values=HIT)
ASKS: Mapping[str, Ask] = {
    **dict.fromkeys(METRICS, BROKEN),
    "time_to_resolve": Ask(
        BROKEN.by, BROKEN.where, extra=BROKEN.extra, values=HIT, variants=(("from", "started"),)
    ),
}
