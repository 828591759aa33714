"""How often do calls fail, and how long do they take?

Readings:
- The four rates come from the status as the seeds have it and overlap: client errors are 400–499 (408, 460
  and 499 included), server errors 500–599 (504 included), errors both; a timeout is 408, 460, 499, 504, 0 or
  `timed_out`. A status 0 or a timed-out 200 is no error, only a timeout.
- `error_hotspots`: the rate of all calls that the filters keep in the bucket is the global one. Without a
  target in the pages it is 1 %. Important: an endpoint of the combination is tagged (in any version), or it
  has a tenth of the calls.
- `trial_reliability`: a partner is on trial at a call when a subscription of kind trial or reverse_trial,
  of whatever plan, had begun and had not reached its actual end (`ended_at`, else `trial_ends_at`, else
  never). An end after as-of is not known yet. Calls of nobody are among the others.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType

from tests.reference.adoption.partners import filtered
from tests.reference.adoption.usage import asked_calls
from tests.reference.asks import CALL, OWNED, Ask
from tests.reference.identity import Call, followed
from tests.reference.question import Number, Point, Question, World
from tests.reference.reliability.histogram import PERCENTILES, latency_at
from tests.reference.scope import Bucket, Measure, inside, points, sees

CLIENT_KINDS: Mapping[str, tuple[int, ...]] = {
    "bad_request_rate": (400,),
    "unauthorised_rate": (401, 403),
    "not_found_rate": (404,),
    "conflict_rate": (409,),
    "unprocessable_rate": (422,),
    "rate_limited_rate": (429,),
}


def share_of(
    world: World,
    question: Question,
    bad: Callable[[Call], bool],
    kinds: Mapping[str, tuple[int, ...]] = MappingProxyType({}),
) -> list[Point]:
    """Bad calls ÷ all calls, and those with the statuses of each kind."""

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here = inside(bucket, group)
        if not here:
            return Measure(None, 0, absent="no calls")
        values: dict[str, Number | None] = {
            name: float(Fraction(sum(call.status in codes for call in here), len(here)))
            for name, codes in kinds.items()
        }
        return Measure(float(Fraction(sum(bad(call) for call in here), len(here))), len(here), values)

    return points(world, question, asked_calls(world, question), measure)


def error_rate(world: World, question: Question) -> list[Point]:
    """Calls with status 400–599 ÷ all calls."""
    return share_of(world, question, lambda call: 400 <= call.status <= 599)


def client_error_rate(world: World, question: Question) -> list[Point]:
    """Calls with status 400–499 ÷ all calls."""
    return share_of(world, question, lambda call: 400 <= call.status <= 499, CLIENT_KINDS)


def server_error_rate(world: World, question: Question) -> list[Point]:
    """Calls with status 500–599 ÷ all calls."""
    return share_of(world, question, lambda call: 500 <= call.status <= 599)


def timeout_rate(world: World, question: Question) -> list[Point]:
    """Calls that never completed ÷ all calls."""
    return share_of(world, question, lambda call: call.timeout)


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


TRAFFIC = Ask((*CALL, *OWNED), (*CALL, *OWNED), environments=True, of_calls=True)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric
    for metric in (
        error_rate,
        client_error_rate,
        server_error_rate,
        timeout_rate,
        outcome_breakdown,
        error_hotspots,
        trial_reliability,
    )
}
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
}
