"""How is a question narrowed? Filters, splits, local days, as-of and knowledge time, each written in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from firstcall.errors import ScopeError
from firstcall.literals import NOBODY, SEPARATOR, day_literal, moment_literal, quoted
from firstcall.metrics.dimensions import PARTY
from firstcall.zones import offset_changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
        moment = moment_literal(scope.known_at)
        condition = (
            f"{alias}.known_from <= {moment} and ({alias}.known_to is null or {alias}.known_to > {moment})"
        )
    if scope.cut and happened is not None:
        condition += f" and {alias}.{happened} < {moment_literal(scope.as_of)}"
    return condition


def local_day(moment: str, scope: Scope) -> str:
    """Return the SQL of a UTC moment's local day: the zone's offset changes, written out."""
    return f"cast({local_time(moment, scope)} as date)"


def local_time(moment: str, scope: Scope) -> str:
    """Return the SQL of a UTC moment's local wall-clock time, from the zone's offsets in the scope's years."""
    zone = scope.calendar.zone
    first = min(scope.earliest or scope.start, scope.start) - timedelta(days=400)
    last = max(scope.end, scope.as_of.date()) + timedelta(days=400)
    changes = offset_changes(zone, first, last)
    offset = str(changes[-1][1])
    if len(changes) > 1:
        cases = " ".join(
            f"when {moment} < {moment_literal(until)} then {seconds}"
            for until, seconds in changes[:-1]
            if until is not None
        )
        offset = f"case {cases} else {offset} end"
    return f"add_seconds({moment}, {offset})"


def period_of(day: str, scope: Scope) -> str:
    """Return the SQL of the first day of the bucket that holds a local day."""
    weeks, months = scope.calendar.week_shift, scope.calendar.month_shift
    if scope.grain == "all":
        first = day_literal(scope.start)
        return f"case when {day} >= {first} and {day} < {day_literal(scope.end)} then {first} end"
    if scope.grain == "day":
        return day
    if scope.grain == "week" and weeks:
        return f"add_days(first_day('week', add_days({day}, {weeks})), -{weeks})"
    if scope.grain in {"quarter", "year"} and months:
        return f"add_months(first_day('{scope.grain}', add_months({day}, -{months})), {months})"
    return f"first_day('{scope.grain}', {day})"


def split_of(expressions: Iterable[str]) -> str:
    """Return the SQL of one text that holds every split value; what belongs to nobody has a mark of its own."""
    parts = [f"coalesce({expression}, {quoted(NOBODY)})" for expression in expressions]
    return f" || {quoted(SEPARATOR)} || ".join(parts) if parts else "''"


def seen(moment: str, scope: Scope) -> str:
    """Return the SQL of a moment that is null as long as an explicit as-of cannot know it."""
    return f"case when {moment} < {moment_literal(scope.as_of)} then {moment} end" if scope.cut else moment


def party(partner: str) -> str:
    """Return the joins that bring the partner a row names as `p`: the one it was merged into at last."""
    return (
        f"left join parties as named on named.partner_id = {partner} "
        f"left join parties as p on p.partner_id = coalesce(named.root, {partner})"
    )


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


def conditions(scope: Scope, offers: Mapping[str, str]) -> list[str]:
    """Return the filters of the scope that a fact offering these dimensions can apply."""
    found = []
    for name, values in scope.where:
        if name not in offers:
            continue
        named = [quoted(value) for value in values if value != "null"]
        choices = [f"{offers[name]} in ({', '.join(named)})"] if named else []
        if "null" in values:
            choices.append(f"{offers[name]} is null")
        found.append(f"({' or '.join(choices)})")
    return found


def unknown_filters(scope: Scope, allowed: Iterable[str], metric: str) -> None:
    """Refuse a split or filter that the metric cannot apply, naming those it can."""
    offered = tuple(allowed)
    for name in (*scope.by, *(key for key, _ in scope.where)):
        if name not in offered:
            raise ScopeError(
                f"{metric} cannot be split or filtered by {name}: its rows do not have it. "
                f"It can by {', '.join(offered)}."
            )
