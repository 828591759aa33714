"""Are the APIs there, and what is left of what they may fail?

Readings:
- A probe belongs to the product its target names. Probes and incidents have no environment; the environment
  asked for narrows the calls (default production).
- By minutes: known minutes are those with `minute_calls` (10) calls or more of what is counted; a minute is
  UTC's. They are told when asked for.
- By incidents: time runs from the bucket's start to its end or as-of; an open incident lasts to as-of. At each
  moment the heaviest incident counts. It is known where incidents (maintenance apart) are recorded for the
  combination at all, whenever they were; a combination without any has no such uptime.
- Cases are those of the method in force; by incidents the seconds that have passed.
- Allowed downtime is of the bucket as far as the scope (and as-of asked for) reaches; known where there are
  probes or calls. The scope nobody bounded begins with the first call, probe or incident.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from tests.reference.adoption.usage import asked_calls
from tests.reference.asks import CALL, OWNED, Ask
from tests.reference.calendar import local_day, midnight
from tests.reference.identity import Call
from tests.reference.onboarding.activation import seconds
from tests.reference.question import Number, Point, Question, World
from tests.reference.reliability.incidents import Incident, happened
from tests.reference.reliability.performance import down, moment_of_judgement
from tests.reference.scope import Bucket, Measure, inside, points, sees

OBJECTIVE = 0.9995
WEIGHTS = {"critical": 1.0, "major": 1.0, "partial": 0.3}
Values = dict[str, Number | None]


@dataclass(frozen=True, slots=True)
class Sign:
    """A probe, a call or an incident, on its local day."""

    day: date
    dims: Mapping[str, str | None]
    what: str
    call: Call | None = None
    incident: Incident | None = None


def calls_of(world: World, question: Question) -> list[Call]:
    """Return the calls of all traffic, in production unless another environment is asked for."""
    found = asked_calls(world, question)
    return [call for call in found if call.within(question.environment or "production")]


def signs(world: World, question: Question) -> list[Sign]:
    """Return everything that tells whether the APIs were there."""
    found = [
        Sign(
            local_day(row["time"], question.zone),
            {"product": row["target"], "target": row["target"], "region": row.get("region")},
            row["result"],
        )
        for row in world.get("probes", ())
        if sees(row["time"], question)
    ]
    nowhere: dict[str, str | None] = {"target": None, "region": None}
    found += [
        Sign(call.day, {**nowhere, "product": call.dims["product"]}, "call", call=call)
        for call in calls_of(world, question)
    ]
    found += [
        Sign(each.day, {**nowhere, "product": each.dims["product"]}, "incident", incident=each)
        for each in happened(world, question)
    ]
    return found


def downtime(incidents: Sequence[Incident], start: datetime, end: datetime, now: datetime) -> float:
    """Return the weighted seconds of outage between start and end."""
    spans = [
        (
            max(each.started, start),
            min(each.resolved or now, now, end),
            WEIGHTS.get(str(each.row.get("severity")), 0.0),
        )
        for each in incidents
    ]
    spans = [(since, until, weight) for since, until, weight in spans if since < until and weight]
    edges = sorted({edge for since, until, _ in spans for edge in (since, until)})
    total = 0.0
    for since, until in pairwise(edges):
        heaviest = max((w for s, u, w in spans if s <= since and until <= u), default=0.0)
        total += heaviest * float(seconds(until - since))
    return total


def ratio(good: float, whole: float) -> float | None:
    """Return good ÷ whole; None of nothing."""
    return good / whole if whole else None


def by_minutes(calls: Sequence[Call], question: Question) -> tuple[int, int]:
    """Return good minutes and known minutes."""
    least, percent = (
        int(question.set.get(name, str(n))) for name, n in (("minute_calls", 10), ("bad_percent", 5))
    )
    all_of, bad_of = Counter[datetime](), Counter[datetime]()
    for call in calls:
        minute = call.time.replace(second=0, microsecond=0)
        all_of[minute] += 1
        bad_of[minute] += down(call)
    known = [minute for minute, count in all_of.items() if count >= least]
    bad = sum(100 * bad_of[minute] > percent * all_of[minute] for minute in known)
    return len(known) - bad, len(known)


def uptime(world: World, question: Question) -> list[Point]:
    """Uptime by the method in force, and by the others."""
    method = question.set.get("method", "auto")
    zone = question.zone
    tables = {"calls": "time", "probes": "time", "incidents": "started_at"}
    days = [local_day(row[when], zone) for name, when in tables.items() for row in world.get(name, ())]
    now = moment_of_judgement(world, question, days)

    def measure(bucket: Bucket, group: Sequence[Sign]) -> Measure:
        here = inside(bucket, group)
        seen = Counter(sign.what for sign in here)
        calls = [sign.call for sign in here if sign.call is not None]
        broken = [sign.incident for sign in group if sign.incident is not None]
        start, end = midnight(bucket.start, zone), midnight(bucket.end, zone)
        last = min(end, question.as_of) if question.as_of else end
        passed = 0.0 if now is None or not broken else max(float(seconds(min(last, now) - start)), 0.0)
        lost = downtime(broken, start, end, now) if now else 0.0
        minutes = by_minutes(calls, question) if method == "minutes" else (0, 0)
        parts: dict[str, tuple[float, float]] = {
            "probes": (seen["up"], seen["up"] + seen["down"]),
            "calls": (len(calls) - sum(map(down, calls)), len(calls)),
            "minutes": minutes,
            "incidents": (passed - lost, passed),
        }
        values: Values = {name: ratio(*each) for name, each in parts.items()}
        probes = seen["up"] + seen["down"] + seen["unknown"]
        values["unknown"] = ratio(seen["unknown"], probes)
        told = bool(probes or calls)
        values["allowed_downtime"] = (1 - OBJECTIVE) * float(seconds(last - start)) if told else None
        chosen = method if method != "auto" else "probes" if parts["probes"][1] else "calls"
        value = values[chosen]
        return Measure(value, int(parts[chosen][1]), values, None if value is not None else "nothing known")

    def present(bucket: Bucket, group: Sequence[Sign]) -> bool:
        begun = now is not None and midnight(bucket.start, zone) < now
        recorded = begun and any(sign.incident is not None for sign in group)
        return recorded or any(bucket.holds(sign.day) and sign.incident is None for sign in group)

    return points(world, question, signs(world, question), measure, present=present, counted=days)


PLACES = {"product": ("payments", "messages"), "target": ("payments", "messages"), "region": ("eu", "us")}
EVERYTHING = (*CALL, *OWNED)

METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (uptime,)
}
ASKS: Mapping[str, Ask] = {
    "uptime": Ask(
        ("product", "target", "region"),
        ("product", "target", "region"),
        extra=("outage",),
        environments=True,
        values=PLACES,
        of_calls=True,
        variants=tuple(("method", name) for name in ("probes", "calls", "minutes", "minutes", "incidents")),
    ),
}
