"""How fast are answers, by class, by grade, as the developer saw them, as probes did, and as webhooks arrive?

Readings:
- The class of an endpoint is that of its rows in `endpoints` (the first in the alphabet when versions
  differ), else its product's. `latency_target_attainment` judges endpoints (product, method, route) with
  10 completed calls or more; an endpoint of class webhook has no target here. Percentiles come from the
  histogram; "<" is strict.
- `apdex` counts calls with a latency, and server errors and timeouts without one too, unless no call of the
  bucket and combination has a latency: then there is none. Calls of endpoints
  without class (or of webhooks) have T = 500 ms. The latency is that of the histogram.
- `developer_latency` is type 7 over completed calls (no timeouts) with `client_ms`; the server's over those
  of them with a latency, upstream's over those with a time behind the gateway; coverage is of all completed calls.
- `probe_latency` counts probes that are up and have a latency.
- Latency percentiles are absent under 5 calls, P90 and above under 10. The headline is p50; `timeouts`
  counts the calls left out. `timeouts=censored` puts them behind all others (a rank among them has no
  value) and counts them as cases. `outcome=success` keeps successes only. `exact=yes` is type 7 over the
  calls.
- Calls without latency that did not time out count nowhere.
- `throughput`: seconds run from the bucket's start to its end or as-of; a local hour is told by date and
  hour, so the repeated one is one. The peak is the busiest hour's calls over 3,600, or those of the busiest second.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.reference.adoption.usage import asked_calls
from tests.reference.asks import Ask
from tests.reference.calendar import DAY, local_day, midnight
from tests.reference.identity import Call
from tests.reference.onboarding.activation import FEW, seconds
from tests.reference.question import Number, Point, Question, Row, World
from tests.reference.reliability.error_rates import TRAFFIC
from tests.reference.reliability.histogram import (
    GROWTH,
    PERCENTILES,
    from_histogram,
    latency_at,
    latency_bucket,
)
from tests.reference.scope import Bucket, Measure, as_of, inside, points, sees
from tests.reference.survival import percentile

LIMITS = {"retrieval": (100, 500), "processing": (1000, 5000)}
PATIENCE = {"retrieval": 100, "processing": 1000}
Values = dict[str, Number | None]


@dataclass(frozen=True, slots=True)
class Dated:
    """A row of a table on its local day."""

    day: date
    row: Row
    dims: Mapping[str, str | None]


def classes(world: World) -> Callable[[Call], str | None]:
    """Return what tells the class of the endpoint a call reached."""
    own: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in world.get("endpoints", ()):
        if row.get("api_class"):
            own[row["product"], f"{row['method']} {row['route']}"].add(row["api_class"])
    of_product = {row["product"]: row.get("api_class") for row in world.get("products", ())}

    def told(call: Call) -> str | None:
        product = call.dims["product"]
        if product is None:
            return None
        found = own.get((product, call.endpoint))
        return min(found) if found else of_product.get(product)

    return told


def latency_target_attainment(world: World, question: Question) -> list[Point]:
    """Endpoints that meet both targets of their class ÷ endpoints judged."""
    least = int(question.set.get("least_calls", "10"))
    told = classes(world)
    found = asked_calls(world, question)
    facts = [call for call in found if call.latency is not None and not call.timeout]

    def verdict(calls: Sequence[Call]) -> str:
        limits = LIMITS.get(told(calls[0]) or "")
        if limits is None:
            return "untargeted"
        if len(calls) < least:
            return "few"
        took = [call.latency for call in calls if call.latency is not None]
        p50, p99 = (from_histogram(took, PERCENTILES[name], len(took)) for name in ("p50", "p99"))
        return "met" if (p50 or 0) < limits[0] and (p99 or 0) < limits[1] else "missed"

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        endpoints = defaultdict(list)
        for call in inside(bucket, group):
            endpoints[call.dims["product"], call.endpoint].append(call)
        states = [verdict(calls) for calls in endpoints.values()]
        values: Values = {name: states.count(name) for name in ("met", "missed", "untargeted", "few")}
        judged = states.count("met") + states.count("missed")
        if not judged:
            return Measure(None, 0, values, "no endpoint of a known class with enough calls")
        return Measure(states.count("met") / judged, judged, values)

    return points(world, question, facts, measure)


def apdex(world: World, question: Question) -> list[Point]:
    """(Satisfied + tolerating ÷ 2) ÷ all."""
    told = classes(world)
    patience = {name: int(question.set.get(f"{name}_ms", str(limit))) for name, limit in PATIENCE.items()}
    other = int(question.set.get("unclassed_ms", "500"))
    found = asked_calls(world, question)
    facts = [call for call in found if call.latency is not None or down(call)]

    def grade(call: Call) -> str:
        if down(call) or call.latency is None:
            return "frustrated"
        took = 2 * GROWTH ** latency_bucket(call.latency) / (GROWTH + 1)
        limit = patience.get(told(call) or "", other)
        return "satisfied" if took <= limit else "tolerating" if took <= 4 * limit else "frustrated"

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here = inside(bucket, group)
        here = here if any(call.latency is not None for call in here) else []
        grades = [grade(call) for call in here]
        values: Values = {name: grades.count(name) for name in ("satisfied", "tolerating", "frustrated")}
        values["unclassed"] = sum(told(call) not in PATIENCE for call in here)
        if not here:
            return Measure(None, 0, values, "no timed calls")
        happy = Fraction(2 * grades.count("satisfied") + grades.count("tolerating"), 2 * len(here))
        return Measure(float(happy), len(here), values)

    return points(world, question, facts, measure)


def down(call: Call) -> bool:
    """Whether we failed the caller."""
    return call.outcome in ("server_error", "timeout")


def exact(values: Iterable[float | None], share: Fraction, least: int) -> float | None:
    """Return the type 7 percentile of what is there; None under the least number of cases."""
    known = [Fraction(value) for value in values if value is not None]
    return float(percentile(known, share)) if len(known) >= least else None


def three(values: Sequence[float | None], prefix: str = "") -> Values:
    """Return P50, P95 and P99."""
    return {
        f"{prefix}{name}": exact(values, share, 5 if name == "p50" else 10)
        for name, share in PERCENTILES.items()
    }


def developer_latency(world: World, question: Question) -> list[Point]:
    """Percentiles as the developer saw them, the server's of the same calls, the gap and the coverage."""
    facts = [call for call in asked_calls(world, question) if not call.timeout]

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here = inside(bucket, group)
        saw = [call for call in here if call.client is not None]
        values = {**three([call.client for call in saw]), **three([call.latency for call in saw], "server_")}
        values |= three([call.upstream for call in saw], "upstream_")
        gaps = [
            call.client - call.latency for call in saw if call.client is not None and call.latency is not None
        ]
        values["gap"] = exact(gaps, Fraction(1, 2), 5)
        values["coverage"] = len(saw) / len(here) if here else None
        return Measure(values["p50"], len(saw), values, FEW if values["p50"] is None else None)

    return points(world, question, facts, measure)


def probe_latency(world: World, question: Question) -> list[Point]:
    """Percentiles of probes that found the target up."""
    facts = [
        Dated(
            local_day(row["time"], question.zone), row, {"target": row["target"], "region": row.get("region")}
        )
        for row in world.get("probes", ())
        if row["result"] == "up" and row.get("latency_ms") is not None and sees(row["time"], question)
    ]

    def measure(bucket: Bucket, group: Sequence[Dated]) -> Measure:
        here = [fact.row for fact in inside(bucket, group)]
        values = three([row["latency_ms"] for row in here])
        for part in ("dns", "connect", "tls"):
            values[part] = exact([row.get(f"{part}_ms") for row in here], Fraction(1, 2), 5)
        return Measure(values["p50"], len(here), values, FEW if values["p50"] is None else None)

    return points(world, question, facts, measure)


def moment_of_judgement(world: World, question: Question, days: Iterable[date]) -> datetime | None:
    """Return as-of; without calls and journey the end of the last of the days."""
    now, last = as_of(world, question), max(days, default=None)
    return now if now is not None or last is None else midnight(last + DAY, question.zone)


PLACES = {"target": ("payments", "messages"), "region": ("eu", "us")}


def latency(world: World, question: Question) -> list[Point]:
    """P50, P95 and P99 of completed calls in milliseconds, timeouts beside."""
    censored = question.set.get("timeouts") == "censored"
    only_success = question.set.get("outcome") == "success"
    exact = question.set.get("exact") == "yes"
    found = asked_calls(world, question)
    if only_success:
        found = [call for call in found if call.succeeded]
    facts = [call for call in found if call.timeout or call.latency is not None]

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here = inside(bucket, group)
        done = [call.latency for call in here if call.latency is not None and not call.timeout]
        lost = sum(call.timeout for call in here)
        total = len(done) + (lost if censored else 0)
        values: dict[str, Number | None] = {
            name: latency_at(done, share, total, exact=exact) for name, share in PERCENTILES.items()
        }
        few = "the median call timed out" if total >= 5 else FEW
        absent = few if values["p50"] is None else None
        return Measure(values["p50"], total, {**values, "timeouts": lost}, absent)

    return points(world, question, facts, measure)


def throughput(world: World, question: Question) -> list[Point]:
    """Calls per second of the bucket that has passed; the busiest local hour."""
    now = as_of(world, question)

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here = inside(bucket, group)
        if not here or now is None:
            return Measure(None, 0, {"calls": 0, "peak_hour": 0, "peak": None}, "no calls")
        zone = question.zone
        lasted = seconds(min(midnight(bucket.end, zone), now) - midnight(bucket.start, zone))
        local = [call.time.astimezone(ZoneInfo(zone)) for call in here]
        peak = max(Counter((time.date(), time.hour) for time in local).values())
        rate = len(here) / float(lasted) if lasted else None
        values = {"per_second": rate, "calls": len(here), "peak_hour": peak, "peak": peak / 3600}
        if question.set.get("peak") == "second":
            values["peak"] = float(max(Counter(call.time.replace(microsecond=0) for call in here).values()))
        return Measure(rate, len(here), values, None if lasted else "no calls")

    days = [local_day(call["time"], question.zone) for call in world.get("calls", ())]
    return points(world, question, asked_calls(world, question), measure, counted=days)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric
    for metric in (latency_target_attainment, apdex, developer_latency, probe_latency, latency, throughput)
}
ASKS: Mapping[str, Ask] = {
    "latency_target_attainment": Ask(
        TRAFFIC.by,
        TRAFFIC.where,
        environments=True,
        of_calls=True,
        extra=("endpoint",),
        variants=(("least_calls", "1"), ("least_calls", "3"), ("least_calls", "3")),
    ),
    "apdex": Ask(
        TRAFFIC.by,
        TRAFFIC.where,
        environments=True,
        of_calls=True,
        extra=("endpoint",),
        variants=(("retrieval_ms", "60"), ("processing_ms", "100"), ("unclassed_ms", "25")),
    ),
    "developer_latency": Ask(
        TRAFFIC.by, TRAFFIC.where, environments=True, of_calls=True, extra=("endpoint",)
    ),
    "probe_latency": Ask(("target", "region"), ("target", "region"), extra=("probe",), values=PLACES),
    "throughput": replace(TRAFFIC, variants=(("peak", "second"),)),
}
