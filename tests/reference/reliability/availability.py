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
- Error budget: objective 99.95 %. Under 100 calls of the combination in the window it is not said. The
  rolling window is the 30 local days that end with the bucket or with the day of as-of (an as-of at midnight
  ends with the day before it), and is told for buckets that have begun. A question without start and end is
  asked for it unless it says otherwise.
- Burn rates: windows (T − w, T], T as-of, or the scope's end when that is earlier (calls at the end are not
  the scope's). A scope that begins after as-of has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from tests.reference.adoption.usage import asked_calls
from tests.reference.asks import CALL, OWNED, Ask
from tests.reference.calendar import DAY, INSTANT, local_day, midnight
from tests.reference.identity import Call
from tests.reference.onboarding.activation import seconds
from tests.reference.question import Number, Point, Question, World
from tests.reference.reliability.incidents import Incident, happened
from tests.reference.reliability.performance import down, moment_of_judgement
from tests.reference.scope import Bucket, Measure, as_of, inside, points, sees

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


def budget(calls: Sequence[Call], least: int) -> Measure:
    """Return what is left of the error budget of these calls."""
    failed, allowed = sum(map(down, calls)), len(calls) * (1 - OBJECTIVE)
    values: Values = {"failed": failed, "allowed": allowed if calls else None}
    if len(calls) < max(least, 1):
        values |= dict.fromkeys(("remaining", "consumed", "burn_rate"))
        return Measure(None, len(calls), values, "too few calls")
    values |= {"remaining": 1 - failed / allowed, "consumed": failed / allowed, "burn_rate": failed / allowed}
    return Measure(values["remaining"], len(calls), values)


def error_budget(world: World, question: Question) -> list[Point]:
    """1 − (bad ÷ valid) ÷ (1 − objective)."""
    least = int(question.set.get("least_calls", "100"))
    unbounded = question.start is None and question.end is None
    rolling = question.set.get("window", "rolling" if unbounded else "period") == "rolling"
    now = as_of(world, question)

    def window(bucket: Bucket) -> tuple[date, date]:
        if not rolling or now is None:
            return bucket.start, bucket.end
        last = now - INSTANT if question.as_of else now
        end = min(bucket.end, local_day(last, question.zone) + DAY)
        return end - 30 * DAY, end

    def within(bucket: Bucket, group: Sequence[Call]) -> list[Call]:
        if rolling and (now is None or midnight(bucket.start, question.zone) > now):
            return []
        start, end = window(bucket)
        return [call for call in group if start <= call.day < end]

    return points(
        world,
        question,
        calls_of(world, question),
        lambda bucket, group: budget(within(bucket, group), least),
        present=lambda bucket, group: bool(within(bucket, group)),
    )


BURNS = (
    ("page_fast", 2, 60, 5),
    ("page_slow", 5, 360, 30),
    ("ticket_fast", 10, 1440, 120),
    ("ticket_slow", 10, 4320, 360),
)
"""Alert, percent of the budget, long and short window in minutes."""


def burn_rates(world: World, question: Question) -> list[Point]:
    """Burn rate of the long windows, and which alerts fire."""
    least = int(question.set.get("least_calls", "100"))
    days = int(question.set.get("budget_days", "30"))
    now = as_of(world, question)
    if now is not None and question.start is not None and local_day(now, question.zone) < question.start:
        now = None

    def lately(bucket: Bucket, group: Sequence[Call], minutes: int) -> list[Call]:
        end = midnight(bucket.end, question.zone)
        last = min(now, end) if now else end
        since = last - timedelta(minutes=minutes)
        return [call for call in group if now and since < call.time <= now and call.time < end]

    def burn(calls: Sequence[Call]) -> float | None:
        return sum(map(down, calls)) / len(calls) / (1 - OBJECTIVE) if calls else None

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        values: Values = {}
        for name, percent, long, short in BURNS:
            slow, fast = lately(bucket, group, long), lately(bucket, group, short)
            factor = Fraction(percent, 100) * days * 1440 / long
            both = all((burn(calls) or 0.0) > factor for calls in (slow, fast))
            values[name] = burn(slow)
            values[f"{name}_fires"] = int(both and len(slow) >= least and sum(map(down, slow)) >= 2)
        cases = len(lately(bucket, group, 4320))
        return Measure(
            values["page_fast"], cases, values, None if values["page_fast"] is not None else "no calls"
        )

    def present(bucket: Bucket, group: Sequence[Call]) -> bool:
        return bool(lately(bucket, group, 4320))

    everything = [local_day(call["time"], question.zone) for call in world.get("calls", ())]
    return points(world, question, calls_of(world, question), measure, present=present, counted=everything)


def availability_objective(world: World, question: Question) -> list[Point]:
    """The objective of what was called, and whether it was met."""

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here = inside(bucket, group)
        if not here:
            return Measure(None, 0, {"calls": 0}, "no calls")
        actual = 1 - sum(map(down, here)) / len(here)
        values: Values = {"objective": OBJECTIVE, "actual": actual, "met": int(actual >= OBJECTIVE)}
        return Measure(OBJECTIVE, len(here), {**values, "calls": len(here)})

    question = replace(question, by=question.by or ("product",))
    return points(world, question, calls_of(world, question), measure)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (uptime, error_budget, burn_rates, availability_objective)
}
PLACES = {"product": ("payments", "messages"), "target": ("payments", "messages"), "region": ("eu", "us")}
EVERYTHING = (*CALL, *OWNED)
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
    "error_budget": Ask(
        EVERYTHING,
        EVERYTHING,
        extra=("outage",),
        environments=True,
        of_calls=True,
        variants=(("window", "rolling"), ("window", "period"), ("least_calls", "1")),
    ),
    "burn_rates": Ask(
        EVERYTHING,
        EVERYTHING,
        ("all",),
        extra=("outage",),
        environments=True,
        variants=(("least_calls", "1"), ("budget_days", "365")),
    ),
    "availability_objective": Ask(EVERYTHING, EVERYTHING, environments=True, always_by=("product",)),
}
