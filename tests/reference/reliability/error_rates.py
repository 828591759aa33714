"""How often do calls fail, and how long do they take?

Readings:
- The four rates come from the status as the seeds have it and overlap: client errors are 400–499 (408 and
  499 included), server errors 500–599 (504 included), errors both; a timeout is 408, 499, 504, 0 or
  `timed_out`. A status 0 or a timed-out 200 is no error, only a timeout.
- Latency percentiles are absent under 5 calls, P90 and above under 10. The headline is p50; `timeouts`
  counts the calls left out. `timeouts=censored` puts them behind all others (a rank among them has no
  value) and counts them as cases. `outcome=success` keeps successes only. `exact=yes` is type 7 over the
  calls.
- Calls without latency that did not time out count nowhere.
- `error_hotspots`: the rate of all calls that the filters keep in the bucket is the global one. Without a
  target in the pages it is 1 %. Important: an endpoint of the combination is tagged (in any version), or it
  has a tenth of the calls.
- `trial_reliability`: a partner is on trial at a call when a subscription of kind trial or reverse_trial,
  of whatever plan, had begun and had not reached its actual end (`ended_at`, else `trial_ends_at`, else
  never). An end after as-of is not known yet. Calls of nobody are among the others.
- `throughput`: seconds run from the bucket's start to its end or as-of; a local hour is told by date and
  hour, so the repeated one is one. The peak is the busiest hour's calls over 3,600, or those of the busiest second.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.reference.adoption.partners import filtered
from tests.reference.adoption.usage import asked_calls
from tests.reference.asks import CALL, OWNED, Ask
from tests.reference.calendar import local_day, midnight
from tests.reference.identity import Call, followed
from tests.reference.onboarding.activation import FEW, seconds
from tests.reference.question import Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, as_of, inside, points, sees
from tests.reference.survival import percentile

GROWTH = 1.02
PERCENTILES = {"p50": Fraction(1, 2), "p95": Fraction(95, 100), "p99": Fraction(99, 100)}


def share_of(world: World, question: Question, bad: Callable[[Call], bool]) -> list[Point]:
    """Bad calls ÷ all calls."""

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here = inside(bucket, group)
        if not here:
            return Measure(None, 0, absent="no calls")
        return Measure(float(Fraction(sum(bad(call) for call in here), len(here))), len(here))

    return points(world, question, asked_calls(world, question), measure)


def error_rate(world: World, question: Question) -> list[Point]:
    """Calls with status 400–599 ÷ all calls."""
    return share_of(world, question, lambda call: 400 <= call.status <= 599)


def client_error_rate(world: World, question: Question) -> list[Point]:
    """Calls with status 400–499 ÷ all calls."""
    return share_of(world, question, lambda call: 400 <= call.status <= 499)


def server_error_rate(world: World, question: Question) -> list[Point]:
    """Calls with status 500–599 ÷ all calls."""
    return share_of(world, question, lambda call: 500 <= call.status <= 599)


def timeout_rate(world: World, question: Question) -> list[Point]:
    """Calls that never completed ÷ all calls."""
    return share_of(world, question, lambda call: call.timeout)


def latency_bucket(milliseconds: float) -> int:
    """Return the histogram bucket of a latency."""
    return math.ceil(math.log(max(milliseconds, 1)) / math.log(GROWTH))


def from_histogram(latencies: Sequence[float], share: Fraction, total: int) -> float | None:
    """Return the middle of the bucket at rank 1 + floor(share · (total − 1)); None when it is beyond all."""
    counts = Counter(latency_bucket(value) for value in latencies)
    rank = 1 + math.floor(share * (total - 1))
    seen = 0
    for bucket in sorted(counts):
        seen += counts[bucket]
        if seen >= rank:
            return 2 * GROWTH**bucket / (GROWTH + 1)
    return None


def latency_at(latencies: Sequence[float], share: Fraction, total: int, *, exact: bool) -> float | None:
    """Return one percentile, or None under the least number of cases."""
    if total < (10 if share >= Fraction(9, 10) else 5):
        return None
    if not exact:
        return from_histogram(latencies, share, total)
    reach = math.ceil(share * (total - 1))
    if reach >= len(latencies):
        return None
    rest = [Fraction(max(latencies))] * (total - len(latencies))
    return float(percentile([*map(Fraction, latencies), *rest], share))


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


OUTCOMES = ("success", "redirect", "client_error", "server_error", "timeout")


def outcome_breakdown(world: World, question: Question) -> list[Point]:
    """Share of each outcome; they exclude each other."""

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here = inside(bucket, group)
        if not here:
            return Measure(None, 0, {"calls": 0}, "no calls")
        counts = Counter(call.outcome for call in here)
        values: dict[str, Number | None] = {name: counts[name] / len(here) for name in OUTCOMES}
        return Measure(values["success"], len(here), {**values, "calls": len(here)})

    return points(world, question, asked_calls(world, question), measure)


def failed(call: Call) -> bool:
    """Whether the status is an error."""
    return 400 <= call.status <= 599


def lower_bound(hits: int, tries: int) -> float:
    """Return the lower end of the Wilson 95 % interval."""
    z, share = 1.959963984540054, hits / tries
    middle = share + z * z / (2 * tries)
    spread = z * math.sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries))
    return (middle - spread) / (1 + z * z / tries)


def error_hotspots(world: World, question: Question) -> list[Point]:
    """Error rate of each endpoint, and whether the overall rate hides it."""
    question = replace(question, by=question.by or ("endpoint",))
    target = int(question.set.get("target", "1"))
    least = int(question.set.get("least_calls", "100"))
    tagged = {
        (row["product"], f"{row['method']} {row['route']}")
        for row in world.get("endpoints", ())
        if row.get("important")
    }
    everything = filtered(asked_calls(world, question), question)

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here, all_calls = inside(bucket, group), inside(bucket, everything)
        wrong, all_wrong = sum(map(failed, here)), sum(map(failed, all_calls))
        fine = Fraction(all_wrong, len(all_calls)) < Fraction(target, 100)
        hidden = len(here) >= least and fine and lower_bound(wrong, len(here)) > target / 100
        heavy = 10 * len(here) >= len(all_calls)
        important = heavy or any((call.dims["product"], call.endpoint) in tagged for call in here)
        values: dict[str, Number | None] = {"rate": wrong / len(here), "calls": len(here), "errors": wrong}
        values["share_of_errors"] = wrong / all_wrong if all_wrong else None
        values |= {"hidden": int(hidden), "important": int(important)}
        return Measure(wrong / len(here), len(here), values)

    return points(world, question, everything, measure)


def on_trial(world: World, question: Question, call: Call) -> bool:
    """Whether the call's partner was on trial when it called."""
    for row in world.get("subscriptions", ()):
        if row.get("kind") not in ("trial", "reverse_trial"):
            continue
        ended = row.get("ended_at")
        end = ended if ended is not None and sees(ended, question) else row.get("trial_ends_at")
        begun = row["started_at"] <= call.time and sees(row["started_at"], question)
        mine = call.partner is not None and followed(row["partner_id"], world) == call.partner
        if mine and begun and (end is None or call.time < end):
            return True
    return False


def side(calls: Sequence[Call]) -> dict[str, Number | None]:
    """Return error rate, P95, uptime and calls of one side of the comparison."""
    done = [call.latency for call in calls if call.latency is not None and not call.timeout]
    down = sum(call.outcome in ("server_error", "timeout") for call in calls)
    return {
        "error_rate": sum(map(failed, calls)) / len(calls) if calls else None,
        "p95": latency_at(done, PERCENTILES["p95"], len(done), exact=False),
        "uptime": float(1 - Fraction(down, len(calls))) if calls else None,
        "calls": len(calls),
    }


def trial_reliability(world: World, question: Question) -> list[Point]:
    """Error rate, P95 and uptime of those on trial beside everybody else's."""
    facts = asked_calls(world, question)
    trying = {id(call) for call in facts if on_trial(world, question, call)}

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here = inside(bucket, group)
        trial = side([call for call in here if id(call) in trying])
        rest = side([call for call in here if id(call) not in trying])
        values = {**trial, **{f"others_{name}": value for name, value in rest.items()}}
        absent = None if trial["calls"] else "no calls of partners on trial"
        return Measure(trial["error_rate"], int(trial["calls"] or 0), values, absent)

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
    metric.__name__: metric for metric in (outcome_breakdown, error_hotspots, trial_reliability, throughput)
}
TRAFFIC = Ask((*CALL, *OWNED), (*CALL, *OWNED), environments=True, of_calls=True)
ASKS: Mapping[str, Ask] = {
    "outcome_breakdown": TRAFFIC,
    "error_hotspots": Ask(
        TRAFFIC.by,
        TRAFFIC.where,
        environments=True,
        always_by=("endpoint",),
        extra=("endpoint",),
        of_calls=True,
        variants=(("least_calls", "1"), ("least_calls", "3"), ("target", "40")),
    ),
    "trial_reliability": Ask(TRAFFIC.by, TRAFFIC.where, environments=True, extra=("trial", "endpoint")),
    "throughput": replace(TRAFFIC, variants=(("peak", "second"),)),
}
