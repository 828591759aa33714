"""How is an answer printed for people: no number without its cases, no gap without its reason?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from firstcall.cli.terminal import Head, Terminal
from firstcall.units import NONE, show

if TYPE_CHECKING:
    from firstcall.answers import Answer, Point
    from firstcall.metrics.metric import Metric

MOST_COLUMNS = 6
"""Parts of a split that stand side by side; more of them stand below each other."""

MARK = "*"
"""Follows a value whose period is not whole."""


@dataclass(frozen=True, slots=True)
class Grid:
    """An answer as a table: heads and cells."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]


def print_answer(terminal: Terminal, answer: Answer, metric: Metric, *, fiscal_year_starts: int = 1) -> None:
    """Print the scope, the definition, the table, its legend, the verdict, the notes and the freshness."""
    terminal.words(headline(answer), "bold")
    terminal.words(metric.question)
    terminal.words(metric.words, "dim")
    terminal.words()
    if answer.points:
        drawn = grid(answer, fiscal_year_starts)
        terminal.table(drawn.heads, drawn.rows)
    else:
        terminal.words("No rows in this scope.")
    terminal.words()
    for line in legend(answer, metric):
        terminal.words(line)


def headline(answer: Answer) -> str:
    """Return the metric with everything that narrows it."""
    scope = answer.scope
    parts = [
        answer.metric,
        f"{scope['from']} to {scope['to']}",
        f"by {', '.join([scope['grain'], *scope['by']])}",
    ]
    kept: Mapping[str, object] = scope["where"]
    parts += [f"{name} = {_listed(value)}" for name, value in kept.items()]
    environment = scope["environment"]
    parts += ["any environment" if environment == "any" else str(environment)]
    parts += [f"{traffic} traffic"] if (traffic := scope.get("traffic")) else []
    parts += [f"per {scope['entity']}", scope["timezone"]]
    return " · ".join(parts)


def legend(answer: Answer, metric: Metric) -> list[str]:
    """Return what has to stand below the table: marks, reasons, verdict, notes, freshness."""
    lines = []
    if any(point.partial for point in answer.points):
        lines.append(f"{MARK} the period is cut by the scope, or not over yet")
    lines += [f"{NONE} {reason}" for reason in dict.fromkeys(p.absent for p in answer.points) if reason]
    if answer.verdict:
        bands = f": {metric.bands.words(answer.unit)}" if metric.bands else ""
        lines.append(f"Verdict: {answer.verdict}{bands}")
    lines += [f"Note: {note}" for note in answer.notes]
    seen = ", ".join(f"{source} {until}" for source, until in answer.watermark.items()) or "nothing yet"
    if answer.as_of is not None:
        lines.append(f"As of {answer.as_of:%Y-%m-%d %H:%M:%S} UTC; data until: {seen}")
    lines.append(f"Confidence: {answer.confidence}; method: {answer.method}")
    return lines


def grid(answer: Answer, fiscal_year_starts: int = 1) -> Grid:
    """Return the points as a table: a split side by side where it fits, else a row for each part."""
    names = answer.points[0].values if answer.points else {}
    splits = list(dict.fromkeys(tuple(point.by.values()) for point in answer.points))
    if len(answer.scope["by"]) == 1 and len(names) < 2 and 1 < len(splits) <= MOST_COLUMNS:
        return _side_by_side(answer, splits, fiscal_year_starts)
    return _one_below_the_other(answer, fiscal_year_starts)


def _side_by_side(answer: Answer, splits: list[tuple[str | None, ...]], fiscal_year_starts: int) -> Grid:
    cells: dict[date, dict[tuple[str | None, ...], str]] = {}
    cases: dict[date, int] = {}
    for point in answer.points:
        cells.setdefault(point.period, {})[tuple(point.by.values())] = _value(answer, point, answer.headline)
        cases[point.period] = cases.get(point.period, 0) + point.cases
    heads = [
        Head(answer.scope["grain"]),
        *(Head(label(part[0], answer.unit), right=True, whole=False) for part in splits),
        Head("cases", right=True),
    ]
    rows = [
        (
            period_name(period, answer.scope, fiscal_year_starts),
            *(row.get(part, "") for part in splits),
            show(cases[period], "count"),
        )
        for period, row in cells.items()
    ]
    return Grid(tuple(heads), tuple(rows))


def _one_below_the_other(answer: Answer, fiscal_year_starts: int) -> Grid:
    names = _names(answer)
    ranged = any(point.low is not None or point.high is not None for point in answer.points)
    heads = [Head(answer.scope["grain"]), *(Head(dimension, whole=False) for dimension in answer.scope["by"])]
    heads += [Head(name.replace("_", " "), right=True, whole=False) for name in names]
    heads += [Head("95 % interval", right=True)] * ranged + [Head("cases", right=True)]
    rows = []
    for point in answer.points:
        row = [period_name(point.period, answer.scope, fiscal_year_starts)]
        row += [label(part, answer.unit) for part in point.by.values()]
        row += [_value(answer, point, name) for name in names]
        row += [_interval(answer, point)] * ranged + [show(point.cases, "count")]
        rows.append(tuple(row))
    return Grid(tuple(heads), tuple(rows))


def _names(answer: Answer) -> tuple[str, ...]:
    """Return the named values in order, the headline first; a metric of one number has no other name for it."""
    named = list(dict.fromkeys(name for point in answer.points for name in point.values))
    if len(named) < 2:
        return (answer.headline,)
    return tuple(sorted(named, key=lambda name: name != answer.headline))


def _value(answer: Answer, point: Point, name: str) -> str:
    value = point.value if name == answer.headline else point.values.get(name)
    unit = answer.value_units.get(name, answer.unit)
    text = show(value, unit, currency=answer.currency)
    return f"{text}{MARK}" if point.partial and value is not None else text


def _interval(answer: Answer, point: Point) -> str:
    if point.low is None and point.high is None:
        return ""
    low, high = (show(value, answer.unit, currency=answer.currency) for value in (point.low, point.high))
    return f"{low} to {high}"


def label(part: str | None, unit: str) -> str:
    """Return the name of a part of a split; what belongs to nobody is called so."""
    if part is None:
        return "unallocated" if unit == "money" else "unattributed"
    return part


def period_name(first: date, scope: Mapping[str, object], fiscal_year_starts: int = 1) -> str:
    """Return how people call a period: 2026-07-01, 2026-07, 2026 Q3, 2026, or the whole scope."""
    grain = scope["grain"]
    if grain == "all":
        return f"{scope['from']} to {scope['to']}"
    if grain == "month":
        return f"{first:%Y-%m}"
    if grain in {"quarter", "year"} and fiscal_year_starts == 1:
        return f"{first.year} Q{(first.month + 2) // 3}" if grain == "quarter" else f"{first.year}"
    return first.isoformat()


def _listed(value: object) -> str:
    return " or ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
