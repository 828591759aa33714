"""How deep is an integration, in which tier is everybody, and who moved?

Readings:
- `integration_depth` is of those active in the last 30 days seen of a bucket (see coverage): volume against the 95th
  percentile (type 7) of all of them that the filters keep, whatever the split. Medians are of five or more, as those
  of coverage. A part without anything available is 0.
- Tiers: experimenting below the first cut, building below the second, scaling from there. The first score decides
  plainly; after that a cut is passed upwards at cut + hysteresis, downwards below cut − hysteresis, bucket by bucket.
- Members are those registered by the end of what is seen (as `registered_partners`). Who is not active is silent after
  a call of any kind by then, and never_called before one.
- A move is from the state of the bucket before; who was no member then is new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import log
from statistics import median, quantiles

from tests.reference.adoption.coverage import Reach, enough, reaches
from tests.reference.adoption.partners import filtered, registered, silent_from
from tests.reference.adoption.trailing import seen_until
from tests.reference.asks import PARTNER, Ask
from tests.reference.calendar import DAY, bucket_after, bucket_of, midnight
from tests.reference.identity import Call, Member, calls, uses
from tests.reference.question import Grain, Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, as_of, buckets, combination, inside, points, wanted

WEIGHTS = (0.5, 0.25, 0.25)
CUTS = (33.0, 66.0)
TIERS = ("experimenting", "building", "scaling")
STATES = (*TIERS, "silent", "never_called")
Parts = tuple[float, float, float]


def p95(volumes: Sequence[int]) -> float:
    """Return the 95th percentile of type 7."""
    return quantiles(volumes, n=100, method="inclusive")[94] if len(volumes) > 1 else float(volumes[0])


def parts_of(each: Reach, top: float) -> Parts:
    """Return volume, coverage and features, each between 0 and 1."""
    volume = min(1.0, log(1 + each.calls) / log(1 + top))
    features = each.features / each.features_available if each.features_available else 0.0
    return volume, float(each.share or 0), features


def score(parts: Parts) -> float:
    """Return the weighted sum, of 100."""
    return 100 * sum(weight * part for weight, part in zip(WEIGHTS, parts, strict=True))


def depths(world: World, question: Question, bucket: Bucket, group: Sequence[Call]) -> dict[str, Parts]:
    """Return the parts of each caller active in the last 30 days of a bucket."""
    found = reaches(world, question, bucket, group)
    if not found:
        return {}
    top = p95([each.calls for each in found.values()])
    return {name: parts_of(each, top) for name, each in found.items()}


def integration_depth(world: World, question: Question) -> list[Point]:
    """The median score of those active."""
    facts = uses(world, question, question.environment or "production")
    everything = filtered(facts, question)

    def of_group(bucket: Bucket, group: Sequence[Call]) -> list[Parts]:
        found = reaches(world, question, bucket, group)
        keys = {combination(call.dims, question.by) for call in group}
        tops = volumes(bucket) if keys else []
        return [parts_of(each, p95(tops)) for each in found.values()]

    def volumes(bucket: Bucket) -> list[int]:
        groups: dict[object, list[Call]] = {}
        for call in everything:
            groups.setdefault(combination(call.dims, question.by), []).append(call)
        return [
            each.calls
            for group in groups.values()
            for each in reaches(world, question, bucket, group).values()
        ]

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        found = of_group(bucket, group)
        names = ("volume", "coverage", "features")
        shown = enough(len(found), question)
        values: dict[str, Number | None] = {
            "score": median([score(each) for each in found]) if shown else None
        }
        for place, name in enumerate(names):
            values[name] = median([each[place] for each in found]) if shown else None
        return Measure(values["score"], len(found), values, None if shown else "fewer than 5 cases")

    def present(bucket: Bucket, group: Sequence[Call]) -> bool:
        return bool(reaches(world, question, bucket, group))

    return points(world, question, facts, measure, present=present)


def passed(scores: Sequence[float], cut: float, slack: float) -> bool:
    """Return whether somebody is above a cut after these scores, oldest first."""
    above = scores[0] >= cut
    for each in scores[1:]:
        if each >= cut + slack:
            above = True
        elif each < cut - slack:
            above = False
    return above


def tier(scores: Sequence[float], slack: float) -> str:
    """Return the tier after these scores, oldest first."""
    low, high = (passed(scores, cut, slack) for cut in CUTS)
    return "scaling" if high else "building" if low else "experimenting"


def until(question: Question, last: Bucket, facts: Sequence[Call]) -> list[Bucket]:
    """Return whole buckets from that of the first call up to this one."""
    if question.grain == "all" or not facts:
        return [last]
    first, found = bucket_of(min(call.day for call in facts), question), []
    while first < last.first:
        after = bucket_after(first, question)
        found.append(Bucket(first, first, after, partial=False))
        first = after
    return [*found, last]


class Tiers:
    """Everybody's state at the end of each bucket."""

    def __init__(self, world: World, question: Question) -> None:
        self._world, self._question = world, question
        self._facts = filtered(uses(world, question, question.environment or "production"), question)
        self._slack = float(question.set.get("hysteresis", "2"))
        entity = question.entity or "developer"
        firsts = [(call.of(entity), call.time) for call in calls(world, question)]
        self._first = dict(reversed(firsts))
        self._scored: dict[date, dict[str, float]] = {}

    def scores(self, bucket: Bucket) -> dict[str, float]:
        """Return the score of each active one."""
        if bucket.first not in self._scored:
            found = depths(self._world, self._question, bucket, self._facts)
            self._scored[bucket.first] = {name: score(parts) for name, parts in found.items()}
        return self._scored[bucket.first]

    def tier(self, name: str, bucket: Bucket) -> str | None:
        """Return the tier of somebody active in the last days of the bucket."""
        history = [self.scores(each) for each in until(self._question, bucket, self._facts)]
        if name not in history[-1]:
            return None
        return tier([scores[name] for scores in history if name in scores], self._slack)

    def state(self, member: Member, bucket: Bucket) -> str | None:
        """Return the state of a member; None before it is one."""
        end = seen_until(self._world, self._question, bucket)
        if end is None or member.entered >= end:
            return None
        first = self._first.get(member.name)
        called = first is not None and first < end
        return self.tier(member.name, bucket) or ("silent" if called else "never_called")


def people(world: World, question: Question) -> list[Member]:
    """Return those who can be members."""
    return registered(world, replace(question, entity=question.entity or "developer"))


def depth_tiers(world: World, question: Question) -> list[Point]:
    """How many are in which tier."""
    tiers = Tiers(world, question)

    def measure(bucket: Bucket, group: Sequence[Member]) -> Measure:
        found = [state for member in group if (state := tiers.state(member, bucket))]
        values: dict[str, Number | None] = {name: found.count(name) for name in STATES}
        active = sum(found.count(name) for name in TIERS)
        values["scaling_share"] = found.count("scaling") / active if active else None
        return Measure(found.count("scaling"), len(found), values)

    def present(bucket: Bucket, group: Sequence[Member]) -> bool:
        return any(tiers.state(member, bucket) for member in group)

    return points(world, question, people(world, question), measure, present=present)


@dataclass(frozen=True, slots=True)
class Move:
    """Where a member was and is."""

    day: date
    dims: Mapping[str, str | None]


def moved(world: World, question: Question, bucket: Bucket, tiers: Tiers) -> list[Move]:
    """Return the moves into a bucket."""
    first = bucket_after(bucket.first, question, -1)
    earlier = Bucket(first, first, bucket.first, partial=False)
    found = []
    for member in people(world, question):
        if (now := tiers.state(member, bucket)) is not None:
            before = tiers.state(member, earlier) or "new"
            found.append(Move(bucket.start, {"tier": before, "kind": now}))
    return found


def depth_movements(world: World, question: Question) -> list[Point]:
    """How many moved from which state to which."""
    question = replace(question, by=question.by or ("tier", "kind"))
    plain = replace(question, by=(), where={})
    tiers = Tiers(world, plain)
    days = [member.day for member in people(world, plain)]
    facts = [move for bucket in buckets(world, plain, days) for move in moved(world, plain, bucket, tiers)]

    def measure(bucket: Bucket, group: Sequence[Move]) -> Measure:
        count = len(inside(bucket, group))
        return Measure(count, count)

    kept = [fact for fact in facts if wanted(fact.dims, question)]
    return points(world, question, kept, measure, counted=days)


def churn_by_tier(world: World, question: Question) -> dict[tuple[date, str], tuple[int, int]]:
    """Return (churned, at risk) of `developer_churn_rate` by bucket and tier before the silence.

    The tier is that of the last full bucket before the silence began, or before this bucket for those who still called;
    without one it is experimenting. Only whole buckets, no other split.
    """
    entity = question.entity or "developer"
    question = replace(question, entity=entity, by=(), where={})
    tiers = Tiers(world, question)
    facts = [call for call in uses(world, question, question.environment or "production") if call.of(entity)]
    now, window = as_of(world, question), question.churn_days
    found: dict[tuple[date, str], tuple[int, int]] = {}
    for bucket in buckets(world, question, [call.day for call in facts]):
        for name in sorted({str(call.of(entity)) for call in facts}):
            days = sorted({call.day for call in facts if call.of(entity) == name})
            gone = [
                day for day in silent_from(days, window) if now and midnight(day + DAY, question.zone) <= now
            ]
            earlier = [day for day in days if day < bucket.start]
            if not earlier or earlier[-1] + DAY * window in [day for day in gone if day < bucket.start]:
                continue
            spans = [day - DAY * window for day in silent_from(days, window)]
            last = next(day for day in spans if day >= earlier[-1])
            running = bucket_of(min(last + DAY, bucket.start), question)
            first = bucket_after(running, question, -1)
            state = tiers.tier(name, Bucket(first, first, running, partial=False)) or "experimenting"
            churned, at_risk = found.get((bucket.first, state), (0, 0))
            found[bucket.first, state] = (churned + any(bucket.holds(day) for day in gone), at_risk + 1)
    return found


METRICS = {
    "integration_depth": integration_depth,
    "depth_tiers": depth_tiers,
    "depth_movements": depth_movements,
}
_GRAINS: tuple[Grain, ...] = ("week", "month", "month", "quarter", "year")
_ENTITIES = ("partner", "developer")
_HYSTERESIS = (("hysteresis", "1"), ("hysteresis", "10"))
ASKS: Mapping[str, Ask] = {
    "integration_depth": Ask(
        (*PARTNER, "developer"),
        (*PARTNER, "developer"),
        _GRAINS,
        _ENTITIES,
        environments=True,
        extra=("depth",),
    ),
    "depth_tiers": Ask(
        PARTNER,
        PARTNER,
        _GRAINS,
        _ENTITIES,
        environments=True,
        variants=_HYSTERESIS,
        whole=True,
        extra=("depth",),
    ),
    "depth_movements": Ask(
        (),
        ("tier", "kind"),
        _GRAINS,
        _ENTITIES,
        environments=True,
        variants=_HYSTERESIS,
        whole=True,
        always_by=("tier", "kind"),
        extra=("depth",),
        values={"tier": (*STATES, "new"), "kind": STATES},
    ),
}
