"""Do partners integrate by adapters, and do others bring some?

Readings:
- `standard_adapter_share`: marketplace, adapter and sample are standard, custom is not; integrations of nobody are out.
- `open_source_adapters`: adapters and sample apps from outside, by when they were accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from tests.reference.asks import PARTNER, Ask
from tests.reference.ecosystem.integrations import OF, ends, fresh, installs, integrations, live, snapshot
from tests.reference.question import Number, Point, Question, World
from tests.reference.satisfaction.developer_requests import contributions
from tests.reference.satisfaction.support import (
    EXTRA,
    Said,
    share,
)
from tests.reference.scope import Bucket, Measure, points


def standard_adapter_share(world: World, question: Question) -> list[Point]:
    """Partners with a standard integration ÷ partners with any."""
    named = [fact for fact in integrations(world, question) if fact.partner is not None]

    def measure(there: list[Said], _: Bucket) -> Measure:
        custom = {fact.partner for fact in there if fact.row["type"] == "custom"}
        standard = {fact.partner for fact in there if fact.row["type"] != "custom"}
        every = custom | standard
        rate = share(len(standard), len(every))
        values: dict[str, Number | None] = {"share": rate, "partners": len(every)}
        values |= {"standard_only": len(standard - custom), "both": len(standard & custom)}
        values |= {"custom_only": len(custom - standard)}
        return Measure(rate, len(every), values, None if every else "no live integrations")

    return snapshot(world, question, named, measure)


def open_source_adapters(world: World, question: Question) -> list[Point]:
    """Adapters and sample apps from outside accepted by the end, and installs of theirs."""
    given = [
        fact
        for fact in contributions(world, question)
        if fact.row["external"] and fact.row["kind"] in ("adapter", "sample_app")
    ]
    own = {"adapter": "adapter", "sample": "sample_app"}
    built = [
        replace(fact, dims={**fact.dims, "kind": own[fact.row["type"]]})
        for fact in integrations(world, question)
        if fact.row["type"] in own
    ]

    def accepted(group: Sequence[Said], bucket: Bucket) -> list[Said]:
        end = ends(bucket, question)
        return [fact for fact in group if fact.row.get("accepted_at") and fact.row["accepted_at"] < end]

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        taken = accepted(group, bucket)
        used = installs(live(group, ends(bucket, question)))
        values = {"adapters": len(taken), "new": fresh(taken, bucket, question, "accepted_at"), **used}
        del values["active_share"]
        return Measure(len(taken), len(taken), values)

    return points(
        world,
        question,
        [*given, *built],
        measure,
        present=lambda bucket, group: bool(accepted(group, bucket)),
    )


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (standard_adapter_share, open_source_adapters)
}
ASKS: Mapping[str, Ask] = {
    "standard_adapter_share": Ask((*PARTNER, "target"), (*PARTNER, "target"), extra=EXTRA, values=OF),
    "open_source_adapters": Ask(
        ("kind",), ("kind",), extra=EXTRA, values={"kind": ("adapter", "sample_app")}
    ),
}
