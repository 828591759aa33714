"""How is a question narrowed? Filters, splits, local days, as-of and knowledge time, each written in one place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlglot import exp

from firstcall.errors import ScopeError
from firstcall.literals import NOBODY, SEPARATOR, quoted
from firstcall.metrics.dimensions import PARTY
from firstcall.query.nodes import day_node, moment_node, number
from firstcall.query.template import parsed
from firstcall.zones import offset_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from firstcall.metrics.metric import Relation, Traffic
    from firstcall.periods import Scope


@dataclass(frozen=True, slots=True)
class PlanContext:
    """What the facts need besides the scope: the program's money and whether credentials change hands mid-day.

    `straddles` says that some rollup row spans the moment a credential changed hands; those rows are then read
    from the calls. `months_straddle` says the same of the monthly rollup, which is then not read at all.
    `rolled_up` says that the rollups are in the scope's zone and may be used.
    """

    currency: str = "EUR"
    traffic: Traffic = "all"
    straddles: bool = True
    months_straddle: bool = True
    rolled_up: bool = True


def known(alias: str, scope: Scope, happened: str | None = None) -> str:
    """Return the condition that hides replaced versions, and with as-of what had not happened yet."""
    if scope.known_at is None:
        condition = f"{alias}.known_to is null"
    else:
        condition = (
            f"{alias}.known_from <= $known_at and ({alias}.known_to is null or {alias}.known_to > $known_at)"
        )
    if scope.cut and happened is not None:
        condition += f" and {alias}.{happened} < $as_of"
    return condition


@dataclass(frozen=True, slots=True)
class LocalTime:
    """Makes a UTC moment the local wall-clock time (or day): the zone's offset changes of the years, written out.

    `changes` are offsets in seconds, each with the UTC moment it ends.
    """

    changes: tuple[tuple[datetime | None, int], ...]
    as_day: bool = True

    def __call__(self, moment: exp.Expr) -> exp.Expr:
        """Return the node; `moment` is copied."""
        offset: exp.Expr = number(self.changes[-1][1])
        if len(self.changes) > 1:
            case = exp.Case(ifs=[], default=offset)
            for until, seconds in self.changes[:-1]:
                if until is not None:
                    before = exp.LT(this=moment.copy(), expression=moment_node(until))
                    case.append("ifs", exp.If(this=before, true=number(seconds)))
            offset = case
        local = exp.Anonymous(this="add_seconds", expressions=[moment.copy(), offset])
        return exp.cast(local, "date") if self.as_day else local


def local_day(scope: Scope) -> LocalTime:
    """Return what makes moments local days, with the offsets of the years around the scope."""
    zone = scope.calendar.zone
    first = min(scope.earliest or scope.start, scope.start) - timedelta(days=400)
    last = max(scope.end, scope.as_of.date()) + timedelta(days=400)
    return LocalTime(offset_changes(zone, first, last))


def local_time(scope: Scope) -> LocalTime:
    """Return what makes moments local wall-clock times."""
    return replace(local_day(scope), as_day=False)


@dataclass(frozen=True, slots=True)
class PeriodOf:
    """Makes a local day the first day of the bucket that holds it; `all` holds the days of the scope alone."""

    grain: str
    weeks: int
    months: int
    bounds: tuple[date, date] | None = None

    def __call__(self, day: exp.Expr) -> exp.Expr:
        """Return the node; `day` is copied."""
        day = day.copy()
        if self.bounds is not None:
            first, end = (day_node(each) for each in self.bounds)
            inside = exp.and_(exp.GTE(this=day, expression=first), exp.LT(this=day.copy(), expression=end))
            return exp.Case(ifs=[exp.If(this=inside, true=first.copy())])
        if self.grain == "day":
            return day
        unit = exp.Literal.string(self.grain)
        if self.grain == "week" and self.weeks:
            return _added("days", _first_day(unit, _added("days", day, self.weeks)), -self.weeks)
        if self.grain in {"quarter", "year"} and self.months:
            return _added("months", _first_day(unit, _added("months", day, -self.months)), self.months)
        return _first_day(unit, day)


def period_of(scope: Scope) -> PeriodOf:
    """Return what makes local days the buckets of the scope."""
    bounds = (scope.start, scope.end) if scope.grain == "all" else None
    return PeriodOf(scope.grain, scope.calendar.week_shift, scope.calendar.month_shift, bounds)


def _first_day(unit: exp.Expr, day: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="first_day", expressions=[unit, day])


def _added(unit: str, day: exp.Expr, count: int) -> exp.Expr:
    return exp.Anonymous(this=f"add_{unit}", expressions=[day, number(count)])


@dataclass(frozen=True, slots=True)
class AsSeen:
    """Makes a moment null as long as an explicit as-of cannot know it."""

    as_of: datetime | None

    def __call__(self, moment: exp.Expr) -> exp.Expr:
        """Return the node; `moment` is copied."""
        if self.as_of is None:
            return moment.copy()
        before = exp.LT(this=moment.copy(), expression=moment_node(self.as_of))
        return exp.Case(ifs=[exp.If(this=before, true=moment.copy())])


def as_seen(scope: Scope) -> AsSeen:
    """Return what hides moments after an explicit as-of."""
    return AsSeen(scope.as_of if scope.cut else None)


@dataclass(frozen=True, slots=True)
class WalkerOf:
    """Names the column of a row of the journey that says whom the scope counts."""

    column: str

    def __call__(self, alias: exp.Expr) -> exp.Expr:
        """Return the column of the row called `alias`."""
        return exp.column(self.column, table=alias.name)


def walker_of(scope: Scope) -> WalkerOf:
    """Return what names the developer, or of everybody else the partner, who made a step."""
    return WalkerOf("developer" if scope.entity == "developer" else "partner")


MACROS_OF_SCOPE: Mapping[str, Callable[[Scope], Callable[..., exp.Expr]]] = {
    "period_of": period_of,
    "local_day": local_day,
    "as_seen": as_seen,
    "walker_of": walker_of,
}
"""What the scope makes of an expression; each is a value, so that what it wrote once can be told again."""


def split_of(expressions: Iterable[str]) -> str:
    """Return the SQL of one text that holds every split value; what belongs to nobody has a mark of its own."""
    parts = [f"coalesce({expression}, {quoted(NOBODY)})" for expression in expressions]
    return f" || {quoted(SEPARATOR)} || ".join(parts) if parts else "''"


def split_parts(relation: Relation, scope: Scope) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which split dimensions people supply and which the other facts of the relation do."""
    if relation.splits_by == "both":
        mine = tuple(name for name in scope.by if name in people_offers(scope))
        return mine, tuple(name for name in scope.by if name not in mine)
    if relation.splits_by == "people":
        return scope.by, ()
    return (), scope.by


def people_offers(scope: Scope) -> tuple[str, ...]:
    """Return the dimensions people have for the scope's entity."""
    own = {
        "partner": ("partner",),
        "developer": ("developer", "partner"),
        "app": ("app", "developer", "partner"),
    }
    return (*own[scope.entity], *PARTY)


def filters(scope: Scope, offers: Mapping[str, str]) -> exp.Expr | None:
    """Return the filters of the scope that a fact offering these dimensions can apply, or None without any."""
    found = [_one_of(offers[name], values) for name, values in scope.where if name in offers]
    return exp.and_(*found, copy=False) if found else None


def _one_of(text: str, values: Sequence[str]) -> exp.Expr:
    """Return whether a dimension has one of the values; "null" stands for having none."""
    named = [exp.Literal.string(value) for value in values if value != "null"]
    choices: list[exp.Expr] = [exp.In(this=parsed(text), expressions=named)] if named else []
    if "null" in values:
        choices.append(exp.Is(this=parsed(text), expression=exp.Null()))
    return exp.or_(*choices, copy=False)


def unknown_filters(scope: Scope, allowed: Iterable[str], metric: str) -> None:
    """Refuse a split or filter that the metric cannot apply, naming those it can."""
    offered = tuple(allowed)
    for name in (*scope.by, *(key for key, _ in scope.where)):
        if name not in offered:
            raise ScopeError(
                f"{metric} cannot be split or filtered by {name}: its rows do not have it. "
                f"It can by {', '.join(offered)}."
            )
