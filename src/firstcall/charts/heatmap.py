"""Where and when does it go wrong: one row per thing, one cell per day, quiet unless something is?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from firstcall.charts.chart import Canvas, Caption, Chart, Table, drawable
from firstcall.charts.drawing import legend, ticks
from firstcall.charts.drawing.axes import TimeAxis, draw_days
from firstcall.charts.drawing.frame import Box, finish, hatch, placeholder, reason, words
from firstcall.charts.drawing.labels import fit, text_width
from firstcall.charts.svg import NOTHING, Markup, element, join, link, title

ROW, NARROW_ROW, NAME_ROW, TOP = 21.0, 16.0, 16.0, 18.0
INK = ("fg", "fg", "fg", "h3-ink", "h4-ink", "h5-ink")
"""The colour of text on each step."""

RATES = (0.005, 0.01, 0.02, 0.05, 0.10)
"""The bounds between the six steps for error rates: a service with its usual noise stays on the first."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of one row on one day, the cases behind it, and where to look closer."""

    row: str
    day: date
    value: float | None
    cases: int | None = None
    absent: str | None = None
    partial: bool = False
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """Five rising bounds between six steps; values from `mark` on are written out or dotted as well.

    Cells with fewer than `floor` cases are hatched: their rate says nothing.
    """

    bounds: tuple[float, float, float, float, float] = RATES
    mark: float = 0.05
    floor: int = 0

    def step(self, value: float) -> int:
        """Return 0 (quiet) to 5."""
        return bisect_right(self.bounds, value)

    def known(self, cell: Cell) -> bool:
        """Whether the cell has a value and enough cases to colour it."""
        return drawable(cell.value) is not None and (cell.cases is None or cell.cases >= self.floor)


ERRORS = Scale()


def draw(caption: Caption, cells: Sequence[Cell], canvas: Canvas, scale: Scale = ERRORS) -> Chart:
    """Draw the rows in the order they come in, the days from first to last, and each row's worst value.

    `caption.x_name` heads the rows' column of the table. Of several cells for one row and day the last stands.
    """
    table = _table(caption, cells, scale)
    grid = {(cell.row, cell.day): cell for cell in cells}
    if not any(scale.known(cell) for cell in cells):
        few = f"no day has {scale.floor:,} cases or more" if any(c.cases for c in cells) else ""
        return placeholder(
            caption, canvas, reason([*(c.absent for c in cells), few]), table, canvas.height or 180
        )
    rows = tuple(dict.fromkeys(cell.row for cell in cells))
    first, last = min(c.day for c in cells), max(c.day for c in cells)
    days = tuple(first + timedelta(days=n) for n in range((last - first).days + 1))
    values = [cell.value for cell in cells if cell.value is not None and scale.known(cell)]
    names = 0.0 if canvas.narrow else min(max(map(text_width, rows)), 0.3 * canvas.width) + 10
    worst = max(text_width("worst"), *(text_width(caption.fmt(value), bold=True) for value in values)) + 10
    pitch = NARROW_ROW + NAME_ROW if canvas.narrow else ROW
    bottom = TOP + pitch * len(rows)
    box = Box(names, TOP, canvas.width - (0 if canvas.narrow else min(worst, 0.25 * canvas.width)), bottom)
    room = box.width / len(days)
    time = TimeAxis(days, box.left + room / 2, box.right - room / 2)
    plot = _Plot(rows, days, grid, box, room)
    drawn = [_row(caption, plot, n, canvas, scale) for n in range(len(rows))]
    key, below = legend.steps(caption, scale.bounds, scale.floor, canvas, bottom + 36)
    head = words(canvas.width, 11, "worst", canvas.theme("mute"), text_anchor="end")
    unit = words(0, 11, fit(caption.unit, canvas.width - worst - 8), canvas.theme("mute"))
    axis = draw_days(time, bottom + 1, canvas.theme, low=0, high=canvas.width)
    body = join((unit, head, *drawn, axis, key))
    return finish(caption, canvas, bottom + 36 + below, body, _facts(caption, cells, scale), table)


@dataclass(frozen=True, slots=True)
class _Plot:
    rows: tuple[str, ...]
    days: tuple[date, ...]
    grid: dict[tuple[str, date], Cell]
    box: Box
    room: float


def _row(caption: Caption, plot: _Plot, n: int, canvas: Canvas, scale: Scale) -> Markup:
    name, theme, box = plot.rows[n], canvas.theme, plot.box
    found = [(i, plot.grid[name, day]) for i, day in enumerate(plot.days) if (name, day) in plot.grid]
    values = [cell.value for _, cell in found if cell.value is not None and scale.known(cell)]
    peak = max(values, default=None)
    said = "–" if peak is None else caption.fmt(peak)
    loud = peak is not None and peak >= scale.mark
    top = box.top + (NARROW_ROW + NAME_ROW if canvas.narrow else ROW) * n
    base = top + (12 if canvas.narrow else ROW / 2 + 4)
    taken = text_width(said, bold=loud)
    label_x = 0.0 if canvas.narrow else box.left - 10
    room = canvas.width - taken - 12 if canvas.narrow else box.left - 10
    label = words(
        label_x,
        base,
        fit(name, room),
        theme("fg" if loud else "mute"),
        text_anchor=None if canvas.narrow else "end",
    )
    value = words(
        canvas.width, base, fit(said, canvas.width - box.right - 6 if not canvas.narrow else taken, bold=loud),
        theme("fg" if loud else "mute"), text_anchor="end", font_weight="600" if loud else None,
    )  # fmt: skip
    strip = top + (NAME_ROW if canvas.narrow else 0.0), (NARROW_ROW if canvas.narrow else ROW) - 2
    drawn = [
        _cell(caption, cell, box.left + plot.room * i, plot.room, strip, canvas, scale) for i, cell in found
    ]
    return join((label, *drawn, value))


def _cell(
    caption: Caption,
    cell: Cell,
    x: float,
    room: float,
    strip: tuple[float, float],
    canvas: Canvas,
    scale: Scale,
) -> Markup:
    top, height = strip
    gap = min(1.5, room / 5)
    box = {"x": x + gap / 2, "y": top, "width": room - gap, "height": height, "rx": min(2.5, room / 4)}
    said = title(_say(caption, cell, scale))
    value = drawable(cell.value)
    if value is None or not scale.known(cell):
        back = element("rect", fill=canvas.theme("surface"), stroke=canvas.theme("grid"), **box)
        return link(
            cell.href, element("g", said, back, element("rect", fill=hatch(canvas), **box)), tabindex=-1
        )
    step = scale.step(value)
    rect = element("rect", said, fill=canvas.theme(f"h{step}"), class_="fc-cell", **box)
    ink = (
        _ink(caption.fmt(value), x + room / 2, room, strip, canvas.theme(INK[step]))
        if value >= scale.mark
        else NOTHING
    )
    return link(cell.href, rect, ink, tabindex=-1)


def _ink(text: str, middle: float, room: float, strip: tuple[float, float], colour: str) -> Markup:
    """Return the value inside its cell, or a dot where it does not fit: the colour never stands alone."""
    top, height = strip
    if text_width(text, 9.5) <= room - 3:
        return words(
            middle,
            top + height / 2 + 3.4,
            text,
            colour,
            font_size=9.5,
            text_anchor="middle",
            pointer_events="none",
        )
    return element(
        "circle", cx=middle, cy=top + height / 2, r=min(2.0, room / 4), fill=colour, pointer_events="none"
    )


def _note(cell: Cell, scale: Scale) -> str:
    said = ["partial"] if cell.partial else []
    if drawable(cell.value) is None:
        said.append(cell.absent or "no value")
    elif not scale.known(cell):
        said.append(f"under {scale.floor:,} cases")
    return "; ".join(said)


def _say(caption: Caption, cell: Cell, scale: Scale) -> str:
    value = drawable(cell.value)
    said = f"{cell.row}, {ticks.long_day(cell.day)}: {'–' if value is None else caption.fmt(value)}"
    if cell.cases is not None:
        said += f" of {cell.cases:,}"
    note = _note(cell, scale)
    return f"{said} ({note})" if note else said


def _table(caption: Caption, cells: Sequence[Cell], scale: Scale) -> Table:
    rows = [
        (
            cell.row,
            cell.day.isoformat(),
            "–" if (value := drawable(cell.value)) is None else caption.fmt(value),
            "–" if cell.cases is None else f"{cell.cases:,}",
            _note(cell, scale),
        )
        for cell in cells
    ]
    header = (caption.x_name, "Day", caption.unit[:1].upper() + caption.unit[1:], "Cases", "Note")
    return Table(header, tuple(rows), tuple(cell.href for cell in cells))


def _facts(caption: Caption, cells: Sequence[Cell], scale: Scale) -> str:
    known = [(cell.value, cell) for cell in cells if cell.value is not None and scale.known(cell)]
    loud = [cell for value, cell in known if value >= scale.mark]
    value, worst = max(known, key=lambda pair: pair[0])
    said = f"Worst: {worst.row}, {caption.fmt(value)} on {ticks.long_day(worst.day)}."
    hidden = len(cells) - len(known)
    said += f" {len(loud)} of {len(known)} cells at {caption.fmt(scale.mark)} or more."
    return f"{said} {hidden} cells without a rate." if hidden else said
