"""How do rows become points? Fills the buckets of the scope, divides, applies floors, says why a value is absent."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import TYPE_CHECKING

from firstcall.answers import CONFIDENCES, Point, Value
from firstcall.literals import split_values
from firstcall.metrics.idioms import OPEN_WINDOW
from firstcall.metrics.metric import Ratio
from firstcall.periods import as_date, shift_months
from firstcall.query.compile import floor_counts
from firstcall.query.filters import split_parts
from firstcall.statistics.intervals import wilson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from firstcall.metrics.metric import Metric, Part, Relation
    from firstcall.periods import Period, Scope

Key = tuple[date, str]
Row = dict[str, object]
MICRO = Decimal("0.000001")
_COUNTS = {"count"}
NOBODY = "nobody entered in this period"
"""Why a cohort has no value whose windows are all closed."""


@dataclass
class Cell:
    """What is known of one period and split while its point is being put together."""

    values: dict[str, Value] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    cases: int = 0
    low: Value = None
    high: Value = None
    open: bool = False


def unit_of(metric: Metric, name: str) -> str:
    """Return the unit of one of the metric's named values."""
    return metric.unit_of.get(name, metric.unit)


def assemble_points(
    metric: Metric,
    scope: Scope,
    answered: Sequence[tuple[Part, Relation, Sequence[Row], Mapping[Key, Mapping[str, Value]]]],
    *,
    trim: bool = False,
) -> tuple[Point, ...]:
    """Return the points of a metric from the rows of its parts, in order of period and split.

    The main part comes first: of a split, it alone says which combinations there are. Each part comes with the rows
    of `measured` and, by period and split, what its `then` computed; `low` and `high` among it are the interval.
    `trim` leaves out the buckets before the first row, when nobody said where the scope starts.
    """
    cells: dict[Key, Cell] = defaultdict(Cell)
    led = {as_date(row["period"]) for _, _, rows, _ in answered[:1] for row in rows if _float(row["_cases"])}
    for number, (part, relation, rows, computed) in enumerate(answered):
        for row in rows:
            key = (as_date(row["period"]), _in_order(str(row["split"]), relation, scope))
            if number and scope.by and key not in cells:
                continue
            _read(cells[key], metric, part, row, scope, main=number == 0)
            told = computed.get((as_date(row["period"]), str(row["split"])), {})
            for name, value in told.items():
                _keep(cells[key], name, value, "not reached")
            if "low" in told:
                cells[key].low, cells[key].high = told["low"], told["high"]
            _floor(cells[key], part, row)
    buckets = {period.first: period for period in scope.periods}
    wanted = _wanted(cells, buckets, scope, first=min(led, default=None) if trim else None)
    nothing = {name: _nothing(metric, name) for name in metric.names}
    points = [_point(metric, scope, key, cells.get(key), nothing, buckets[key[0]]) for key in wanted]
    if metric.ranked and scope.by:
        points.sort(key=lambda point: (point.period, -float(point.value or 0)))
    return tuple(points)


def _wanted(
    cells: Mapping[Key, Cell], buckets: Mapping[date, Period], scope: Scope, *, first: date | None
) -> Iterable[Key]:
    """Return the keys of the points in order: of a split those found, else every bucket, from `first` on."""
    if scope.by:
        return sorted((key for key in cells if key[0] in buckets), key=lambda key: (key[0], key[1]))
    return [(bucket, "") for bucket in buckets if first is None or bucket >= first]


def _in_order(split: str, relation: Relation, scope: Scope) -> str:
    """Return the split with its values in the order asked; a relation may supply people's dimensions first."""
    mine, others = split_parts(relation, scope)
    if (*mine, *others) == scope.by:
        return split
    values = dict(zip((*mine, *others), split.split("\x1f"), strict=True))
    return "\x1f".join(values[name] for name in scope.by)


def _read(cell: Cell, metric: Metric, part: Part, row: Row, scope: Scope, *, main: bool) -> None:
    for name, value in part.values.items():
        unit = unit_of(metric, name)
        if isinstance(value, Ratio):
            number = quotient(row[f"{name}__part"], row[f"{name}__over"], value, unit, scope)
            reason = NOBODY if _nobody(part, value) and not _float(row["_open"]) else value.when_zero
            if value.root is not None and not begun(as_date(row["period"]), scope):
                number, reason = None, "the quarter's last month has not begun"
            _keep(cell, name, number, reason)
            if name == metric.interval and number is not None and not value.minus_one:
                cell.low, cell.high = wilson(_float(row[f"{name}__part"]), _float(row[f"{name}__over"]))
        else:
            _keep(cell, name, plain(row[name], unit), "no cases")
    if main:
        cell.cases = int(_float(row["_cases"]))
    if part.open and _float(row["_open"]) > 0:
        cell.open = True


def begun(period: date, scope: Scope) -> bool:
    """Whether the month that speaks for a quarter has begun by the as-of moment and inside the scope."""
    if scope.grain != "quarter":
        return True
    last = shift_months(scope.calendar.period(period, "quarter").end, -1)
    return last < scope.end and scope.calendar.starts(last) < scope.as_of


def _keep(cell: Cell, name: str, value: Value, reason: str) -> None:
    cell.values[name] = value
    if value is None:
        cell.reasons[name] = reason


def _floor(cell: Cell, part: Part, row: Row) -> None:
    """Take away values that rest on fewer cases than their floor."""
    columns = {count: f"_floor_{number}" for number, count in enumerate(floor_counts(part))}
    for name, (count, least) in part.floors.items():
        if _float(row[columns[count]]) < least and name in cell.values:
            _keep(cell, name, None, f"fewer than {least} cases")


def _float(value: object) -> float:
    return 0.0 if value is None else float(str(value))


def plain(value: object, unit: str) -> Value:
    """Return a column as a value of its unit: counts are whole, money exact, the rest floats; None stays absent."""
    if unit == "count":
        return int(_float(value))
    if unit == "money":
        return Decimal(int(str(value))) * MICRO if value is not None else Decimal(0)
    if value is None:
        return None
    number = float(str(value))
    return number if math.isfinite(number) else None


def quotient(part: object, over: object, ratio: Ratio, unit: str, scope: Scope) -> Value:
    """Return part over whole, or None when the whole is zero or nothing."""
    whole = Decimal(str(over)) if over is not None else Decimal(0)
    share = Decimal(str(part)) if part is not None else Decimal(0)
    if not whole or (isinstance(over, float) and math.isnan(over)):
        return None
    if unit == "money":
        with localcontext(prec=50):
            return (share * MICRO / whole).quantize(MICRO, ROUND_HALF_EVEN)
    value = float(share) / float(whole)
    if ratio.root == "monthly" and scope.grain == "quarter":
        value = value ** (1 / 3)
    return value - 1 if ratio.minus_one else value


def _point(
    metric: Metric, scope: Scope, key: Key, cell: Cell | None, nothing: Mapping[str, Value], bucket: Period
) -> Point:
    """Return the point of a cell; `nothing` says what each value of the metric is where there is no row."""
    by = dict(zip(scope.by, split_values(key[1], len(scope.by)), strict=True))
    if (reason := scope.unknown(bucket)) is not None:
        return Point(key[0], by, None, 0, dict.fromkeys(metric.names), partial=True, absent=reason)
    found = cell or Cell()
    values = {name: found.values.get(name, empty) for name, empty in nothing.items()}
    partial = found.open or scope.is_partial(bucket)
    if metric.looks_back and scope.known is not None:
        before = scope.before(bucket)
        if before.end <= scope.known.first:
            values |= dict.fromkeys(metric.looks_back)
            found.reasons |= dict.fromkeys(metric.looks_back, scope.known.since)
        partial = partial or before.first < scope.known.first
    headline = values[metric.headline]
    if headline is None:
        reason = found.reasons.get(metric.headline) or _reason(metric)
    return Point(
        period=key[0],
        by=by,
        value=headline,
        cases=found.cases,
        values=values,
        low=None if headline is None else found.low,
        high=None if headline is None else found.high,
        partial=partial,
        absent=reason,
    )


def _nothing(metric: Metric, name: str) -> Value:
    """Return what an empty bucket holds: 0 for counts and money, nothing for ratios and times."""
    for part in metric.parts:
        if isinstance(part.values.get(name), Ratio) or name in part.then_values:
            return None
    unit = unit_of(metric, name)
    if unit in _COUNTS:
        return 0
    return Decimal(0) if unit == "money" else None


def _reason(metric: Metric) -> str:
    for part in metric.parts:
        value = part.values.get(metric.headline)
        if isinstance(value, Ratio):
            return NOBODY if _nobody(part, value) else value.when_zero
    return "no cases"


def _nobody(part: Part, value: Ratio) -> bool:
    """Whether a ratio that has no case because of open windows would have none after they close, either."""
    return part.open is not None and value.when_zero == OPEN_WINDOW


def weakest(ranks: Iterable[object]) -> str:
    """Return the weakest confidence among ranks 0 (measured) to 2 (assumed); None counts as measured."""
    return CONFIDENCES[max((int(_float(rank)) for rank in ranks), default=0)]
