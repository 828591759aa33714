"""How is a question answered? Resolve its scope, run each part's query, put the points together, say what to know."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from firstcall.answers import Answer, Point
from firstcall.metrics.metric import Part
from firstcall.periods import as_date
from firstcall.query.commands import command
from firstcall.query.compile import OF_ROW, Composition, Query, compose, measured, missing_rates
from firstcall.query.known_span import written
from firstcall.query.points import assemble_points, unit_of, weakest
from firstcall.query.targets import verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from firstcall.answers import Value
    from firstcall.metrics.metric import Metric, Relation
    from firstcall.periods import Scope
    from firstcall.query.filters import PlanContext
    from firstcall.query.nodes import Operand
    from firstcall.query.points import Key, Row

    Run = Callable[[Query], tuple[str, Sequence[Row]]]
    """Takes a composed query; returns the SQL that ran and its rows by column name."""


@dataclass(frozen=True, slots=True)
class ResolvedQuestion:
    """A metric and scope with everything needed to compose its queries.

    `values` are the definitions as the relations' texts name them, `relations` the catalogue by name.
    """

    name: str
    metric: Metric
    scope: Scope
    context: PlanContext
    relations: Mapping[str, Relation]
    values: Mapping[str, Operand]

    def parts(self) -> tuple[Part, ...]:
        """Return the parts of the metric; with `exact` the one that reads single calls."""
        if self.scope.exact and self.metric.exact is not None:
            return (self.metric.exact, *self.metric.beside)
        return self.metric.parts

    def composition(self, part: Part) -> Composition:
        """Return the part's relation over the scope."""
        return compose(part.relation(self.scope), self.scope, self.context, self.relations, self.values)


@dataclass
class Found:
    """What the queries of a metric brought back, before it becomes an answer."""

    points: tuple[Point, ...] = ()
    notes: list[str] = field(default_factory=list)
    ranks: list[object] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)


def find(resolved: ResolvedQuestion, run: Run, *, trim: bool) -> Found:
    """Run the metric's queries and return its points, notes, confidence ranks, and the SQL that ran."""
    found = Found()
    answered = []
    for part in resolved.parts():
        composition = resolved.composition(part)
        sql, rows = run(measured(part, composition))
        found.queries.append(sql)
        rows, computed = _afterwards(part, rows)
        found.ranks += [row["_confidence"] for row in rows if "_confidence" in row]
        _note(found, part, rows)
        if any(row.get("_gaps") for row in rows):
            _, gaps = run(missing_rates(composition))
            found.notes += [
                f"no exchange rate for {gap['missing_rate']} (or the 7 days before); lines left out"
                for gap in gaps
            ]
            found.ranks += [1 for _ in gaps]
        answered.append((part, composition.relation, rows, computed))
        if "calls_since" in composition.asked:
            found.notes += _left_out(resolved, run)
    scope = resolved.scope
    found.points = assemble_points(resolved.metric, scope, answered, trim=trim)
    if scope.by:  # what a split has no point for, a note says
        found.notes += [reason for period in scope.periods if (reason := scope.unknown(period)) is not None]
    return found


def unseen(resolved: ResolvedQuestion) -> Composition:
    """Return those who registered before calls are known; their clocks did not start in our sight."""
    scope = replace(resolved.scope, by=())
    relation = resolved.relations["unseen"]
    return compose(relation, scope, resolved.context, resolved.relations, resolved.values)


def _left_out(resolved: ResolvedQuestion, run: Run) -> list[str]:
    _, rows = run(unseen(resolved).query("select count(*) as accounts from rows_of"))
    count, since = int(str(rows[0]["accounts"])), resolved.scope.calls_since
    if not count or since is None:
        return []
    return [f"{count} registered before calls are known ({written(since)}); left out"]


def _note(found: Found, part: Part, rows: Sequence[Row]) -> None:
    for number, (_, words) in enumerate(part.notes):
        count = sum(int(str(row[f"_note_{number}"] or 0)) for row in rows)
        if count:
            found.notes.append(words.format(n=count))


def _afterwards(part: Part, rows: Sequence[Row]) -> tuple[Sequence[Row], Mapping[Key, Mapping[str, Value]]]:
    """Return one row per period and split, and what SQL cannot say, computed from the rows behind each."""
    if part.then is None:
        return rows, {}
    groups: dict[tuple[object, object], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["period"], row["split"]].append(row)
    names = {f"{OF_ROW}{name}": name for name in part.then_needs}
    computed = {
        (as_date(period), str(split)): part.then(
            [{name: row[column] for column, name in names.items()} for row in group]
        )
        for (period, split), group in groups.items()
    }
    return [group[0] for group in groups.values()], computed


def missing_tables(metric: Metric, scope: Scope, counts: Mapping[str, int]) -> tuple[tuple[str, str], ...]:
    """Return the tables that the metric needs and the store has no rows of, each with the command that fills it."""
    wanted = [_for_entity(tables, scope) for tables in metric.needs]
    return tuple(
        (tables[0], command(tables[0], metric))
        for tables in wanted
        if not any(counts.get(table, 0) for table in tables)
    )


def _for_entity(tables: str, scope: Scope) -> tuple[str, ...]:
    people = {"partner": ("partners",), "developer": ("developers",), "app": ("credentials",)}
    return people[scope.entity] if tables in {"partners", "developers"} else tuple(tables.split("|"))


def without(resolved: ResolvedQuestion, reason: str) -> tuple[Point, ...]:
    """Return a point for every bucket that says why there is no number."""
    return tuple(
        Point(period.first, {}, None, 0, partial=resolved.scope.is_partial(period), absent=reason)
        for period in (resolved.scope.periods if not resolved.scope.by else resolved.scope.periods[-1:])
    )


def answer(
    resolved: ResolvedQuestion,
    found: Found,
    *,
    watermark: Mapping[str, str],
    currency: str,
    verdict_cases: int,
    labels: Mapping[str, Mapping[str, str]],
) -> Answer:
    """Return the answer object of what was found; with fewer than `verdict_cases` cases it is seldom judged."""
    metric, scope = resolved.metric, resolved.scope
    exact = scope.exact or metric.method == "exact"
    made = Answer(
        metric=resolved.name,
        version=metric.version,
        unit=metric.unit,
        better=metric.card.better,
        scope=scope_json(resolved),
        as_of=scope.as_of,
        watermark=watermark,
        confidence=weakest(found.ranks),
        method="exact" if exact else metric.method,
        points=found.points,
        headline=metric.headline,
        currency=currency,
        value_units={name: unit_of(metric, name) for name in metric.names},
        notes=tuple(dict.fromkeys(found.notes)),
        labels=labels,
    )
    return replace(made, verdict=verdict(metric, made, verdict_cases))


def scope_json(resolved: ResolvedQuestion) -> dict[str, Any]:
    """Return the scope as the answer object shows it."""
    scope = resolved.scope
    shown: dict[str, Any] = {
        "from": scope.start.isoformat(),
        "to": scope.end.isoformat(),
        "grain": scope.grain,
        "by": list(scope.by),
        "where": {name: list(values) for name, values in scope.where},
        "environment": scope.environment,
        "entity": scope.entity,
        "traffic": resolved.context.traffic,
        "timezone": scope.calendar.timezone,
    }
    if scope.known_at is not None:
        shown["known_at"] = f"{scope.known_at.isoformat()}Z"
    if scope.variants:
        shown["set"] = dict(scope.variants)
    return shown
