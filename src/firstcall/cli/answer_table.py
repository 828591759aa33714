"""How is an answer printed for people: no number without its cases, no gap without its reason?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from rich.cells import cell_len

from firstcall.cli.split_cut import Cut, cut
from firstcall.cli.terminal import Head, Terminal
from firstcall.units import NONE, show

if TYPE_CHECKING:
    from firstcall.answers import Answer, Point, Value
    from firstcall.metrics.metric import Metric

MOST_COLUMNS = 6
"""Parts of a split that stand side by side; more of them stand below each other."""

MARK = "*"
"""Follows a period that is not whole."""


@dataclass(frozen=True, slots=True)
class Grid:
    """An answer as a table: heads, cells, and the named values that found no room."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """Columns of the terminal that the table takes, three between two of its own."""
        lines = [tuple(head.title for head in self.heads), *self.rows]
        return sum(max(map(cell_len, column)) + 3 for column in zip(*lines, strict=True)) - 3


def print_answer(
    terminal: Terminal, answer: Answer, metric: Metric, asked: Cut, *, fiscal_year_starts: int = 1
) -> None:
    """Print the scope, the definition, the table, its legend, the verdict, the notes and the freshness."""
    answer, more = cut(answer, asked)
    terminal.words(headline(answer), "bold")
    terminal.words(metric.card.question)
    terminal.words(metric.card.words, "dim")
    terminal.words()
    if answer.points:
        drawn = grid(answer, fiscal_year_starts, width=terminal.out.width)
        terminal.table(drawn.heads, drawn.rows)
        if drawn.left_out:
            names = ", ".join(name.replace("_", " ") for name in drawn.left_out)
            terminal.words(f"No room here for {names}; a wider terminal or --json shows them.", "dim")
        if more:
            terminal.words(f"and {show(more, 'count')} more; --all prints them, --csv gives every row")
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
    parts += [f"{name} = {_listed(answer, name, value)}" for name, value in kept.items()]
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
    if any(None in point.values.values() for point in answer.points if point.absent is None):
        lines.append(f"{NONE} beside a value: not reached, or too few cases for this one")
    if answer.verdict:
        lines.append(f"Verdict: {answer.verdict}: {metric.card.goals(answer.unit, answer.currency)}")
    lines += [f"Note: {note}" for note in answer.notes]
    if answer.as_of is not None:
        seen = ", ".join(f"{source} {_moment(until)}" for source, until in answer.watermark.items())
        lines.append(f"As of {answer.as_of:%Y-%m-%d %H:%M:%S} UTC; data until: {seen or 'nothing yet'}")
    lines.append(f"Confidence: {answer.confidence}; method: {answer.method}")
    return lines


def _moment(text: str) -> str:
    """Return 2026-08-15T12:00:00.123Z to the second, as people write it."""
    return text.partition(".")[0].removesuffix("Z").replace("T", " ")


def grid(answer: Answer, fiscal_year_starts: int = 1, *, width: int = 1_000) -> Grid:
    """Return the points as a table: a split side by side where it fits, else a row for each part.

    Named values that do not fit the width are left out from the last, and said.
    """
    names = _names(answer)
    splits = list(dict.fromkeys(tuple(point.by.values()) for point in answer.points))
    if len(answer.scope["by"]) == 1 and len(names) == 1 and 1 < len(splits) <= MOST_COLUMNS:
        drawn = _side_by_side(answer, splits, fiscal_year_starts)
        if drawn.width <= width:
            return drawn
    drawn = _one_below_the_other(answer, names, fiscal_year_starts)
    for kept in range(len(names) - 1, 0, -1):
        if drawn.width <= width:
            break
        drawn = _one_below_the_other(answer, names[:kept], fiscal_year_starts)
        drawn = replace(drawn, left_out=names[kept:])
    return drawn


def _side_by_side(answer: Answer, splits: list[tuple[str | None, ...]], fiscal_year_starts: int) -> Grid:
    cells: dict[str, dict[tuple[str | None, ...], str]] = {}
    cases: dict[str, int] = {}
    for point in answer.points:
        period = _period(answer, point, fiscal_year_starts)
        cells.setdefault(period, {})[tuple(point.by.values())] = _value(answer, point, answer.headline)
        cases[period] = cases.get(period, 0) + point.cases
    money = f", {answer.currency}" if answer.unit == "money" else ""
    heads = [
        Head(f"{answer.scope['grain']}{money}"),
        *(Head(answer.called(answer.scope["by"][0], part[0]), right=True) for part in splits),
        Head("cases", right=True),
    ]
    rows = [
        (period, *(row.get(part, "") for part in splits), show(cases[period], "count"))
        for period, row in cells.items()
    ]
    return Grid(tuple(heads), tuple(rows))


def _one_below_the_other(answer: Answer, names: tuple[str, ...], fiscal_year_starts: int) -> Grid:
    ranged = any(point.low is not None or point.high is not None for point in answer.points)
    heads = [Head(answer.scope["grain"]), *(Head(dimension, whole=False) for dimension in answer.scope["by"])]
    heads += [Head(_title(answer, name), right=True) for name in names]
    heads += [Head("95 % interval", right=True)] * ranged + [Head("cases", right=True)]
    rows = []
    for point in answer.points:
        row = [_period(answer, point, fiscal_year_starts)]
        row += [answer.called(dimension, part) for dimension, part in point.by.items()]
        row += [_value(answer, point, name) for name in names]
        row += [_interval(answer, point)] * ranged + [show(point.cases, "count")]
        rows.append(tuple(row))
    return Grid(tuple(heads), tuple(rows))


def _title(answer: Answer, name: str) -> str:
    words = name.replace("_", " ")
    return f"{words}, {answer.currency}" if answer.value_units.get(name, answer.unit) == "money" else words


def _period(answer: Answer, point: Point, fiscal_year_starts: int) -> str:
    return period_name(point.period, answer.scope, fiscal_year_starts) + MARK * point.partial


def _names(answer: Answer) -> tuple[str, ...]:
    """Return the named values in order, the headline first; a metric of one number has no other name for it."""
    named = list(dict.fromkeys(name for point in answer.points for name in point.values))
    if len(named) < 2:
        return (answer.headline,)
    return tuple(sorted(named, key=lambda name: name != answer.headline))


def _value(answer: Answer, point: Point, name: str) -> str:
    value = point.value if name == answer.headline else point.values.get(name)
    return _shown(answer, value, answer.value_units.get(name, answer.unit))


def _shown(answer: Answer, value: Value, unit: str) -> str:
    """Return a value as it stands in a cell; the currency stands in the head."""
    return show(value, unit, currency=answer.currency).removeprefix(f"{answer.currency} ")


def _interval(answer: Answer, point: Point) -> str:
    if point.low is None and point.high is None:
        return ""
    return f"{_shown(answer, point.low, answer.unit)} to {_shown(answer, point.high, answer.unit)}"


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


def _listed(answer: Answer, dimension: str, values: object) -> str:
    several = values if isinstance(values, list | tuple) else [values]
    return " or ".join(
        str(each) if each == "null" else answer.called(dimension, str(each)) for each in several
    )
