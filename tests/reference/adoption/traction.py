"""Which products gain traction, what stands out of the usual, and what does load do to latency?

Readings:
- `product_traction` lists the products of the table, from their launch until they are retired, and those ever called by
  then with use that belongs to somebody or nobody. Growth compares with the bucket before, complete buckets only. Dead
  weight: no active partner in the last 90 days seen, or three falls in a row over the last four stretches of 30 days.
- `usage_anomalies` holds a day against the same weekday of the eight weeks before, as far back as the first call of
  the combination; at least four of them, the day over. Score = |calls − median| / (1.4826 MAD); where the MAD is 0 the
  root of the median (at least 1) takes its place. Anomalous from 3.5 and watched from 2.5, if the move is at least
  half of the median and the median at least 20. Direction is that of the move.
- `performance_under_load`: days of the bucket with completed calls that have a latency, timeouts left out; busy ones
  have at least as many as the 90th percentile (type 7) of days, typical ones lie between the 40th and 60th. A day may
  be both. P95 as `latency` tells it, by histogram.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from statistics import median, quantiles

from tests.reference.adoption.partners import before
from tests.reference.adoption.trailing import last_days, seen_until, within
from tests.reference.adoption.usage import asked_calls
from tests.reference.asks import CALL, PARTNER, Ask
from tests.reference.calendar import DAY, local_day, midnight
from tests.reference.identity import Call, uses
from tests.reference.question import Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, as_of, inside, points


@dataclass(frozen=True, slots=True)
class Product:
    """A product while it is on the market."""

    day: date
    dims: Mapping[str, str | None]
    launched: datetime | None
    retired: datetime | None
    first_call: date | None


def products(world: World, question: Question, found: Sequence[Call]) -> list[Product]:
    """Return the products of the table and those called."""
    firsts = {call.dims["product"]: call.day for call in reversed(found) if call.dims["product"] is not None}
    listed = {row["product"]: row for row in world.get("products", ())}
    now = as_of(world, question)
    today = local_day(now, question.zone) if now else date.max
    return [
        Product(
            firsts.get(name, today),
            {"product": name},
            listed.get(name, {}).get("launched_at"),
            listed.get(name, {}).get("retired_at"),
            firsts.get(name),
        )
        for name in sorted({*listed, *(name for name in firsts if name)}, key=str)
        if name is not None
    ]


def dead(world: World, question: Question, bucket: Bucket, name: str, calls: Sequence[Call]) -> bool:
    """Whether a product is dead weight at the end of a bucket."""
    mine = [call for call in calls if call.dims["product"] == name]
    recent = within(last_days(world, question, bucket, 90), mine)
    days = last_days(world, question, bucket, 30)
    if days is None or not {call.partner for call in recent if not call.refused} - {None}:
        return True
    stretches = [len(within((days[0] - DAY * 30 * k, days[1] - DAY * 30 * k), mine)) for k in range(4)]
    return stretches[0] < stretches[1] < stretches[2] < stretches[3]


def product_traction(world: World, question: Question) -> list[Point]:
    """Calls, growth and active partners of each product, and whether it is dead weight."""
    question = replace(question, by=question.by or ("product",))
    found = uses(world, question, question.environment or "production")
    listed = {row["product"] for row in world.get("products", ())}

    def there(bucket: Bucket, each: Product) -> bool:
        until = seen_until(world, question, bucket)
        if until is None:
            return False
        gone = each.retired is not None and each.retired < until
        if each.dims["product"] in listed:
            return not gone and (each.launched is None or each.launched < until)
        return each.first_call is not None and midnight(each.first_call, question.zone) < until

    def measure(bucket: Bucket, group: Sequence[Product]) -> Measure:
        names = {each.dims["product"] for each in group if there(bucket, each)}
        calls = [call for call in found if call.dims["product"] in names]
        start, end = before(bucket, question)
        now, then = len(inside(bucket, calls)), sum(start <= call.day < end for call in calls)
        partners = {call.partner for call in inside(bucket, calls) if not call.refused} - {None}
        growth = Fraction(now - then, then) if then and not bucket.partial else None
        values: dict[str, Number | None] = {
            "calls": now,
            "growth": None if growth is None else float(growth),
            "partners": len(partners),
            "dead_weight": sum(dead(world, question, bucket, str(name), calls) for name in names),
        }
        return Measure(now, len(names), values)

    def present(bucket: Bucket, group: Sequence[Product]) -> bool:
        return any(there(bucket, each) for each in group)

    facts = products(world, question, found)
    return points(world, question, facts, measure, present=present, counted=[call.day for call in found])


def usage_anomalies(world: World, question: Question) -> list[Point]:
    """How far a day is from the same weekday of the weeks before."""
    facts = asked_calls(world, question)

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        counted = Counter(call.day for call in group)
        first = min(counted, default=bucket.first)
        back = [bucket.first - DAY * 7 * week for week in range(1, 9)]
        usual = [counted[day] for day in back if day >= first]
        calls = counted[bucket.first]
        values: dict[str, Number | None] = {"score": None, "calls": calls, "usual": None}
        values |= {"direction": None, "anomalous": None, "watched": None}
        if bucket.partial or len(usual) < 4 or bucket.first < first:
            return Measure(None, calls, values, "nothing to compare")
        middle = median(usual)
        spread = median(abs(count - middle) for count in usual)
        scale = 1.4826 * spread if spread else math.sqrt(max(middle, 1))
        score = abs(calls - middle) / scale
        marked = 2 * abs(calls - middle) >= middle >= 20
        values |= {"score": score, "usual": float(middle), "direction": (calls > middle) - (calls < middle)}
        values |= {"anomalous": int(marked and score >= 3.5), "watched": int(marked and 2.5 <= score < 3.5)}
        return Measure(score, calls, values)

    def present(bucket: Bucket, group: Sequence[Call]) -> bool:
        return any(call.day <= bucket.first for call in group)

    return points(world, question, facts, measure, present=present)


def percentile(values: Sequence[int], tenth: int) -> float:
    """Return a decile of type 7."""
    return quantiles(values, n=10, method="inclusive")[tenth - 1] if len(values) > 1 else float(values[0])


def p95(calls: Sequence[Call]) -> float | None:
    """Return the 95th percentile of the histogram; None under ten calls."""
    if len(calls) < 10:
        return None
    buckets = sorted(math.ceil(math.log(max(call.latency or 0, 1)) / math.log(1.02)) for call in calls)
    place = math.floor(Fraction(95, 100) * (len(buckets) - 1))
    return float(2 * 1.02 ** buckets[place] / 2.02)


def performance_under_load(world: World, question: Question) -> list[Point]:
    """P95 of busy days over P95 of typical days."""
    found = asked_calls(world, question)
    facts = [call for call in found if call.latency is not None and not call.timeout]

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here = inside(bucket, group)
        counts = Counter(call.day for call in here)
        values: dict[str, Number | None] = {"ratio": None, "busy": None, "typical": None}
        if here:
            volumes = sorted(counts.values())
            low, high, top = (percentile(volumes, tenth) for tenth in (4, 6, 9))
            values["busy"] = p95([call for call in here if counts[call.day] >= top])
            values["typical"] = p95([call for call in here if low <= counts[call.day] <= high])
        if values["busy"] and values["typical"]:
            values["ratio"] = float(values["busy"]) / float(values["typical"])
        absent = None if values["ratio"] is not None else "fewer than 10 cases"
        return Measure(values["ratio"], len(here), values, absent)

    return points(world, question, facts, measure)


METRICS = {
    "product_traction": product_traction,
    "usage_anomalies": usage_anomalies,
    "performance_under_load": performance_under_load,
}
ASKS: Mapping[str, Ask] = {
    "product_traction": Ask(
        (),
        ("product",),
        ("day", "week", "month", "month", "quarter", "year"),
        environments=True,
        whole=True,
        always_by=("product",),
        extra=("traction",),
    ),
    "usage_anomalies": Ask(
        ("product", "endpoint", "partner"),
        ("product", *PARTNER),
        ("day",),
        environments=True,
        extra=("traction",),
    ),
    "performance_under_load": Ask(CALL, (*CALL, *PARTNER), environments=True),
}
