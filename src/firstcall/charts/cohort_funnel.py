"""Do newer newcomers get further: one bar per cohort, filled as far as its members came?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from firstcall.charts.chart import Canvas, Caption, Chart, Table
from firstcall.charts.drawing import series_labels
from firstcall.charts.drawing.axes import BandAxis, ValueAxis, draw_days, draw_unit, draw_values, value_axis
from firstcall.charts.drawing.frame import Box, finish, hatch, placeholder, reason, words
from firstcall.charts.drawing.labels import fit, spread, text_width
from firstcall.charts.drawing.strokes import strip
from firstcall.charts.drawing.ticks import long_day
from firstcall.charts.svg import Markup, element, join, number, title

HEIGHT, UNIT_ROW, DAYS_ROW, LINE = 280, 26.0, 24.0, 30.0
MOST = 4
"""Steps that have a colour of their own."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those who started in one week (or month) and how many of them reached each step; None where unknown.

    `open_from` is the first step whose window has not closed for all of them; it and later ones are greyed.
    """

    start: date
    counts: tuple[int | None, ...]
    open_from: int | None = None
    absent: str | None = None

    def closed(self, step: int) -> bool:
        """Whether the step's count can no longer rise."""
        return self.open_from is None or step < self.open_from


def draw(caption: Caption, steps: Sequence[str], cohorts: Sequence[Cohort], canvas: Canvas) -> Chart:
    """Draw up to four nested steps per cohort, in time order, pale for the first and accent for the last.

    Beside the bars stands each step's share of the first, over the cohorts whose window for it has closed.
    """
    steps, rows = list(steps)[:MOST], sorted(cohorts, key=lambda c: c.start)
    table, height = _table(caption, steps, rows), canvas.height or HEIGHT
    counts = [float(c) for row in rows for c in row.counts[: len(steps)] if c is not None]
    if not counts or max(counts) <= 0:
        why = reason([*(row.absent for row in rows), "nobody signed up in this period" if counts else ""])
        return placeholder(caption, canvas, why, table, height)
    shares = [_share(rows, n) for n in range(len(steps))]
    named = [_named(n, step, share) for n, (step, share) in enumerate(zip(steps, shares, strict=True))]
    axis = value_axis(counts, caption.fmt, height - 60)
    flat = [" ".join(pair) for pair in named]
    widest = max(text_width(text, bold=True) for pair in named for text in pair)
    side = 4.0 if canvas.narrow else min(widest + 32, 0.32 * canvas.width)
    box = Box(axis.gutter(canvas.width), UNIT_ROW, canvas.width - side, height - DAYS_ROW)
    time = BandAxis(tuple(row.start for row in rows), box.left, box.right)
    tones = [f"f{n + 1 + MOST - len(steps)}" for n in range(len(steps))]
    body = [
        draw_unit(caption.unit, canvas.theme, canvas.width),
        draw_values(axis, box, canvas.theme),
        draw_days(time, box.bottom, canvas.theme, low=0, high=canvas.width),
    ]
    body += [_bar(row, tones, axis, time, box, canvas) for row in rows]
    body += [_hit(row, steps, edges, box, canvas) for row, edges in zip(rows, time.cells(), strict=True)]
    below = series_labels.height(flat, canvas) if canvas.narrow else 0.0
    if canvas.narrow:
        body.append(series_labels.draw_below(list(zip(flat, tones, strict=True)), canvas, height + 6))
    else:
        body.append(_names(named, tones, rows, axis, box, canvas))
    waiting = sum(row.open_from is not None for row in rows)
    notes = f"hatched: window still open ({waiting} of {len(rows)} cohorts)" if waiting else ""
    return finish(
        caption, canvas, height + below, join(body), _facts(steps, shares, rows), table, notes=notes
    )


def _share(rows: Sequence[Cohort], step: int) -> tuple[int, int] | None:
    closed = [row.counts for row in rows if row.closed(step) and len(row.counts) > step]
    pairs = [(counts[step], counts[0]) for counts in closed]
    known = [(reached, first) for reached, first in pairs if reached is not None and first]
    return (sum(r for r, _ in known), sum(f for _, f in known)) if known else None


def _named(n: int, step: str, share: tuple[int, int] | None) -> tuple[str, str]:
    if share is None:
        return step, "still open"
    return step, f"{share[0] / share[1]:.0%}" if n else f"{share[1]:,} in all"


def _bar(
    row: Cohort, tones: Sequence[str], axis: ValueAxis, time: BandAxis, box: Box, canvas: Canvas
) -> Markup:
    wide = max(1.0, min(time.room * 0.72, 44.0))
    x, base = time.x(row.start) - wide / 2, axis.y(0.0, box)
    out: list[Markup] = []
    for n, (tone, count) in enumerate(zip(tones, row.counts, strict=False)):
        if not count or count < 0:
            continue
        top = axis.y(count, box)
        rect = {"x": x, "y": top, "width": wide, "height": base - top, "rx": min(2.5, wide / 4)}
        closed = row.closed(n)
        out.append(element("rect", fill=canvas.theme(tone if closed else f"g{tone[1]}"), **rect))
        if not closed:
            out.append(element("rect", fill=hatch(canvas), **rect))
    if all(count is None for count in row.counts):
        why = f"{long_day(row.start)}: {row.absent or 'no value'}"
        out.append(
            element("rect", title(why), x=x, y=box.top, width=wide, height=box.height, fill=hatch(canvas))
        )
    return join(out)


def _hit(row: Cohort, steps: Sequence[str], edges: tuple[float, float], box: Box, canvas: Canvas) -> Markup:
    said = [f"Started {long_day(row.start)}"]
    for n, (step, count) in enumerate(zip(steps, row.counts, strict=False)):
        text = f"{step}: {row.absent or 'no value'}" if count is None else f"{step}: {count:,}{_of(row, n)}"
        said.append(text if row.closed(n) else f"{text}, still open")
    left, right = edges
    data = f"M{number(left)} {number(box.bottom)}H{number(right)}"
    return strip(
        "\n".join(said),
        edges,
        box,
        row.start,
        element("path", d=data, stroke=canvas.theme("fg"), stroke_width=2),
    )


def _of(row: Cohort, step: int) -> str:
    first, count = row.counts[0], row.counts[step]
    return f" ({count / first:.0%})" if step and first and count is not None else ""


def _names(
    named: Sequence[tuple[str, str]], tones: Sequence[str], rows: Sequence[Cohort], axis: ValueAxis, box: Box,
    canvas: Canvas,
) -> Markup:  # fmt: skip
    last = rows[-1].counts
    levels = [axis.y(float((last[n] if n < len(last) else 0) or 0), box) for n in range(len(named))]
    middles = spread(levels, [LINE] * len(named), box.top, box.bottom + 8)
    out: list[Markup] = []
    for (name, share), tone, middle in zip(named, tones, middles, strict=True):
        x = box.right + 14
        room = canvas.width - x - 14
        out.append(element("rect", x=x, y=middle - 10, width=8, height=20, rx=2, fill=canvas.theme(tone)))
        out.append(words(x + 14, middle - 2, fit(name, room), canvas.theme("mute")))
        out.append(
            words(x + 14, middle + 11, fit(share, room, bold=True), canvas.theme("fg"), font_weight="600")
        )
    return join(out)


def _table(caption: Caption, steps: Sequence[str], rows: Sequence[Cohort]) -> Table:
    header = (
        caption.x_name,
        *(h for n, s in enumerate(steps) for h in ([s, f"{s}, share"] if n else [s])),
        "Note",
    )
    lines: list[tuple[str, ...]] = []
    for row in rows:
        cells: list[str] = []
        for n in range(len(steps)):
            count = row.counts[n] if n < len(row.counts) else None
            cells.append("–" if count is None else f"{count:,}")
            if n:
                cells.append(_of(row, n).strip(" ()") or "–" if n < len(row.counts) else "–")
        unknown = all(count is None for count in row.counts)
        waiting = row.open_from is not None and row.open_from < len(steps)
        note = f"still open from {steps[row.open_from or 0]} on" if waiting else ""
        lines.append((row.start.isoformat(), *cells, (row.absent or "no value") if unknown else note))
    return Table(header, tuple(lines))


def _facts(steps: Sequence[str], shares: Sequence[tuple[int, int] | None], rows: Sequence[Cohort]) -> str:
    said = [
        f"{step}: {share[0]:,} of {share[1]:,} ({share[0] / share[1]:.0%})"
        if share
        else f"{step}: still open"
        for step, share in zip(steps, shares, strict=True)
    ]
    waiting = sum(row.open_from is not None for row in rows)
    return f"Over {len(rows)} cohorts, closed windows only. {'; '.join(said)}. {waiting} cohorts still open."
