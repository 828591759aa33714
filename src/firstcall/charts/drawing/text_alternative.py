"""What does a chart over time say in words and as a table, for those who cannot see it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from firstcall.charts.chart import Caption, Formatter, Milestone, Point, Series, Table
from firstcall.charts.drawing.ticks import long_day

NO_FORMATS: Mapping[int, Formatter] = MappingProxyType({})

NONE = "–"
"""What a cell says when there is no value; the note says why."""


def cell(point: Point | None, fmt: Formatter) -> str:
    """Print a point's value for a table."""
    return NONE if point is None or point.y is None else fmt(point.y)


def _columns(one: Series) -> list[str]:
    columns = [one.name]
    if any(point.interval for point in one.points):
        columns += [f"{one.name}, low", f"{one.name}, high"]
    if any(point.cases is not None for point in one.points):
        columns.append(f"{one.name}, cases")
    return columns


def _cells(one: Series, point: Point | None, fmt: Formatter) -> list[str]:
    cells = [cell(point, fmt)]
    if any(p.interval for p in one.points):
        bounds = point.interval if point else None
        cells += [fmt(bound) for bound in bounds] if bounds else [NONE, NONE]
    if any(p.cases is not None for p in one.points):
        cells.append(NONE if point is None or point.cases is None else f"{point.cases:,}")
    return cells


def note(here: Sequence[tuple[str, Point]], events: Sequence[str] = ()) -> str:
    """Return what qualifies a row: partial, why values are missing, what happened."""
    said = ["partial"] if any(point.partial for _, point in here) else []
    said += [f"{name}: {point.absent or 'no value'}" for name, point in here if point.y is None]
    return "; ".join([*said, *events])


def time_table(
    caption: Caption,
    series: Sequence[Series],
    milestones: Sequence[Milestone] = (),
    formats: Mapping[int, Formatter] = NO_FORMATS,
) -> Table:
    """Return one row per day: every series' value, interval and cases, and a note.

    `formats` replaces the caption's formatter for series by their number.
    """
    days = sorted({point.x for one in series for point in one.points})
    found = [{point.x: point for point in one.points} for one in series]
    header = (caption.x_name, *(name for one in series for name in _columns(one)), "Note")
    rows: list[tuple[str, ...]] = []
    for day, until in zip(days, [*days[1:], None], strict=False):
        cells = [
            text
            for n, (one, points) in enumerate(zip(series, found, strict=True))
            for text in _cells(one, points.get(day), formats.get(n, caption.fmt))
        ]
        here = [(one.name, points[day]) for one, points in zip(series, found, strict=True) if day in points]
        rows.append((day.isoformat(), *cells, note(here, _events(milestones, day, until))))
    return Table(header, tuple(rows))


def _events(milestones: Sequence[Milestone], day: date, until: date | None) -> list[str]:
    inside = [m for m in milestones if day <= m.x and (until is None or m.x < until)]
    return [f"{m.label} ({m.x.isoformat()})" for m in sorted(inside, key=lambda m: (m.x, m.label))]


def facts(series: Sequence[Series], fmt: Formatter) -> str:
    """Return one sentence per series: first and last value, lowest and highest, what is missing or partial."""
    return " ".join(_fact(one, fmt) for one in series)


def _fact(one: Series, fmt: Formatter) -> str:
    known = [(point.x, point.y, point) for point in one.points if point.y is not None]
    if not known:
        return f"{one.name}: no values."
    (first, start, _), (last, end, final) = known[0], known[-1]
    said = f"{one.name}: {fmt(end)} on {long_day(last)}{', so far' if final.partial else ''}"
    if len(known) > 1:
        lowest, highest = min(value for _, value, _ in known), max(value for _, value, _ in known)
        said += f", from {fmt(start)} on {long_day(first)}; between {fmt(lowest)} and {fmt(highest)}"
    missing = len(one.points) - len(known)
    return f"{said}; {missing} without a value." if missing else f"{said}."
