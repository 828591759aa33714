"""Which products gain traction, and which are dead weight?

Readings:
- `product_traction` lists the products of the table, from their launch until they are retired, and those ever called by
  then with use that belongs to somebody or nobody. Growth compares with the bucket before, complete buckets only. Dead
  weight: no active partner in the last 90 days seen, or three falls in a row over the last four stretches of 30 days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from tests.reference.adoption.partners import before
from tests.reference.adoption.trailing import last_days, seen_until, within
from tests.reference.asks import Ask
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


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (product_traction,)
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
}
