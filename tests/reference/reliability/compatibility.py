"""Do contracts keep what they promise?

Readings: a release is a version of a product within a bucket (with the filters); one that took several days
counts in each bucket it touched. A change that does not say whether it came behind a new version did not.
The median of the days of notice is of breaking changes that say it, type 7, of five or more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from tests.reference.asks import Ask
from tests.reference.calendar import local_day
from tests.reference.question import Number, Point, Question, World
from tests.reference.reliability.performance import Dated
from tests.reference.scope import Bucket, Measure, inside, points, sees
from tests.reference.survival import percentile

Values = dict[str, Number | None]


def changed(world: World, question: Question) -> list[Dated]:
    """Return the changes in sight on the days of their releases."""
    return [
        Dated(
            local_day(row["released_at"], question.zone),
            row,
            {name: row[name] for name in ("product", "version", "kind")},
        )
        for row in world.get("contract_changes", ())
        if sees(row["released_at"], question)
    ]


def breaking_changes(world: World, question: Question) -> list[Point]:
    """Breaking changes, behind a new version or not, with their notice."""

    def measure(bucket: Bucket, group: Sequence[Dated]) -> Measure:
        here = [fact.row for fact in inside(bucket, group)]
        broken = [row for row in here if row["kind"] == "breaking"]
        behind = [row["behind_new_version"] for row in broken if row["behind_new_version"] is not None]
        notice = [Fraction(row["notice_days"]) for row in broken if row["notice_days"] is not None]
        releases = len({(row["product"], row["version"]) for row in here})
        values: Values = {"breaking": len(broken), "releases": releases, "changes": len(here)}
        values["breaking_share"] = len(broken) / len(here) if here else None
        values["behind_new_version"] = sum(behind) / len(behind) if behind else None
        values["notice_days"] = float(percentile(notice, Fraction(1, 2))) if len(notice) >= 5 else None
        values["per_release"] = len(broken) / releases if releases else None
        return Measure(len(broken), len(here), values)

    return points(world, question, changed(world, question), measure)


def compatible_release_rate(world: World, question: Question) -> list[Point]:
    """Releases without a change that breaks callers of the old contract."""

    def measure(bucket: Bucket, group: Sequence[Dated]) -> Measure:
        here = [fact.row for fact in inside(bucket, group)]
        releases = {(row["product"], row["version"]) for row in here}
        broke = {
            (row["product"], row["version"])
            for row in here
            if row["kind"] == "breaking" and not row["behind_new_version"]
        }
        fine = len(releases) - len(broke)
        values: Values = {"compatible": fine, "releases": len(releases)}
        rate = fine / len(releases) if releases else None
        return Measure(rate, len(releases), values, None if releases else "no releases")

    return points(world, question, changed(world, question), measure)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric for metric in (breaking_changes, compatible_release_rate)
}
TOLD = {"product": ("payments", "messages"), "version": ("v1", "2.1.0"), "kind": ("breaking", "fix")}
ASKS: Mapping[str, Ask] = dict.fromkeys(
    METRICS, Ask(tuple(TOLD), tuple(TOLD), extra=("contract",), values=TOLD)
)
