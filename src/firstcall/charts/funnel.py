"""Where do they drop off: the steps of a journey, what each one loses, and who may still come?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from firstcall.charts.chart import Canvas, Caption, Chart, Table
from firstcall.charts.drawing.frame import finish, hatch, placeholder, reason, words
from firstcall.charts.drawing.labels import fit, text_width
from firstcall.charts.svg import NOTHING, Markup, element, join, number, title

BAR, FLOW, TOP = 26.0, 14.0, 20.0
NAME_ROW = 17.0
"""Height of the line with name and numbers above each bar of a narrow drawing."""

COLUMNS = ((58.0, "count"), (64.0, "of first"), (72.0, "lost"))
"""Width and heading of the columns right of the bars."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step and how many reached it; `open` of those who did not may still do so within their window.

    A step that cannot be computed has no count, and `absent` says why.
    """

    name: str
    count: int | None
    open: int = 0
    absent: str | None = None


def draw(caption: Caption, steps: Sequence[Step], canvas: Canvas) -> Chart:
    """Draw the steps from top to bottom: solid for those who arrived, hatched for those who may still come.

    Beside each bar: the count, its share of the first step, and the loss against the step before, which counts
    open ones as not yet lost. The largest loss is set in bold.
    """
    table, first = _table(caption, steps), next((s.count for s in steps if s.count), None)
    if first is None:
        zero = "nobody reached a step in this period" if any(s.count == 0 for s in steps) else ""
        why = reason([*(s.absent for s in steps), zero])
        return placeholder(caption, canvas, why, table, canvas.height or 200)
    name_row = NAME_ROW if canvas.narrow else 0.0
    pitch = BAR + FLOW + name_row
    height = max(canvas.height, TOP + pitch * len(steps) - FLOW + 4)
    longest = max(text_width(step.name) for step in steps)
    left = 0.0 if canvas.narrow else min(longest, 0.3 * canvas.width) + 14
    right = canvas.width - (0.0 if canvas.narrow else sum(width for width, _ in COLUMNS))
    widest = max(first, *((s.count or 0) + max(0, s.open) for s in steps))
    lane = _Lane(left, right, (right - left) / widest, pitch, TOP + name_row)
    worst = max(_losses(steps), default=0.0)
    parts = [_headings(right, canvas)]
    parts += [_flow(a, b, n, lane, canvas) for n, (a, b) in enumerate(pairwise(steps))]
    previous: Step | None = None
    for n, step in enumerate(steps):
        loss = _loss(previous, step)
        parts.append(_step(_Row(step, n, first, loss, worst=loss == worst and worst > 0), lane, canvas))
        previous = step
    return finish(caption, canvas, height, join(parts), _facts(steps, first), table)


@dataclass(frozen=True, slots=True)
class _Lane:
    left: float
    right: float
    scale: float
    pitch: float
    top: float

    def y(self, n: int) -> float:
        return self.top + self.pitch * n


@dataclass(frozen=True, slots=True)
class _Row:
    step: Step
    n: int
    first: int
    loss: float | None
    worst: bool


def _loss(previous: Step | None, step: Step) -> float | None:
    """Return the share of the previous step's count that is lost for good: neither here nor open."""
    if previous is None or not previous.count or step.count is None:
        return None
    return (previous.count - step.count - max(0, step.open)) / previous.count


def _losses(steps: Sequence[Step]) -> list[float]:
    return [loss for a, b in pairwise(steps) if (loss := _loss(a, b)) is not None]


def _headings(right: float, canvas: Canvas) -> Markup:
    if canvas.narrow:
        return words(canvas.width, 11, "count · of first · lost", canvas.theme("mute"), text_anchor="end")
    out, x = list[Markup](), right
    for width, heading in COLUMNS:
        x += width
        out.append(words(x, 11, heading, canvas.theme("mute"), text_anchor="end"))
    return join(out)


def _flow(a: Step, b: Step, n: int, lane: _Lane, canvas: Canvas) -> Markup:
    if not a.count or b.count is None or canvas.narrow:
        return NOTHING
    x0, x1 = lane.left + a.count * lane.scale, lane.left + b.count * lane.scale
    top, bottom = lane.y(n) + BAR, lane.y(n + 1)
    data = (
        f"M{number(lane.left)} {number(top)}H{number(x0)}L{number(x1)} {number(bottom)}H{number(lane.left)}Z"
    )
    return element("path", d=data, fill=canvas.theme("accent"), fill_opacity=0.1)


def _step(row: _Row, lane: _Lane, canvas: Canvas) -> Markup:
    step, theme, y = row.step, canvas.theme, lane.y(row.n)
    reached, waiting = (step.count or 0) * lane.scale, max(0, step.open) * lane.scale
    box = {"y": y, "height": BAR, "rx": 4}
    bars = [element("rect", x=lane.left, width=lane.right - lane.left, fill=theme("s0"), **box)]
    if step.count is not None and waiting:
        bars.append(element("rect", x=lane.left, width=reached + waiting, fill=theme("f1"), **box))
        bars.append(element("rect", x=lane.left, width=reached + waiting, fill=hatch(canvas), **box))
    if reached:
        bars.append(element("rect", x=lane.left, width=max(2.0, reached), fill=theme("accent"), **box))
    return element("g", title(_say(row)), *bars, *_texts(row, y, lane, canvas))


def _share(row: _Row) -> str:
    return "–" if row.step.count is None else f"{row.step.count / row.first:.0%}"


def _loss_text(row: _Row) -> str:
    if row.loss is None:
        return ""
    return f"−{row.loss:.0%}" if row.loss >= 0.005 else "0%" if row.loss > -0.005 else f"+{-row.loss:.0%}"


def _texts(row: _Row, y: float, lane: _Lane, canvas: Canvas) -> list[Markup]:
    theme, step = canvas.theme, row.step
    count = "–" if step.count is None else f"{step.count:,}"
    cells = [
        (count, "600", "fg"),
        (_share(row), None, "mute"),
        (_loss_text(row), "600" if row.worst else None, "fg" if row.worst else "mute"),
    ]
    waiting = (
        f"{step.open:,} still open" if step.open > 0 else step.absent or "" if step.count is None else ""
    )
    if canvas.narrow:
        said = " · ".join(text for text, _, _ in cells if text)
        room = canvas.width - text_width(said, bold=True) - 12
        return [
            words(0, y - 6, fit(step.name, room), theme("fg")),
            words(
                canvas.width,
                y - 6,
                said,
                theme("fg"),
                text_anchor="end",
                font_weight="600" if row.worst else None,
            ),
            _inside(waiting, row, y, lane, canvas),
        ]
    out, x = (
        [words(lane.left - 14, y + 17, fit(step.name, lane.left - 14), theme("fg"), text_anchor="end")],
        lane.right,
    )
    for (text, weight, tone), (width, _) in zip(cells, COLUMNS, strict=True):
        x += width
        out.append(
            words(
                x, y + 17, fit(text, width - 6, bold=True), theme(tone), text_anchor="end", font_weight=weight
            )
        )
    return [*out, _inside(waiting, row, y, lane, canvas)]


def _inside(text: str, row: _Row, y: float, lane: _Lane, canvas: Canvas) -> Markup:
    """Return a remark in the empty part of the bar's lane, if it fits there."""
    start = lane.left + ((row.step.count or 0) + max(0, row.step.open)) * lane.scale + 8
    said = fit(text, lane.right - start - 4)
    return (
        words(start, y + 17, said, canvas.theme("mute"))
        if text_width(text) <= lane.right - start - 4 or row.step.count is None
        else NOTHING
    )


def _say(row: _Row) -> str:
    step = row.step
    if step.count is None:
        return f"{step.name}: no number ({step.absent or 'not known'})"
    said = f"{step.name}: {step.count:,}, {_share(row)} of the first step"
    said += f", {_loss_text(row)} against the step before" if row.loss is not None else ""
    return f"{said}, {step.open:,} still open" if step.open > 0 else said


def _table(caption: Caption, steps: Sequence[Step]) -> Table:
    first = next((step.count for step in steps if step.count), None)
    lines: list[tuple[str, ...]] = []
    for previous, step in zip([None, *steps], steps, strict=False):
        row = _Row(step, 0, first or 1, _loss(previous, step), worst=False)
        share = _share(row) if first else "–"
        loss = _loss_text(row) or "–"
        why = (
            (step.absent or "not known") if step.count is None else "some still open" if step.open > 0 else ""
        )
        count = "–" if step.count is None else f"{step.count:,}"
        lines.append((step.name, count, share, loss, f"{max(0, step.open):,}", why))
    return Table((caption.x_name, "Count", "Share of first", "Lost", "Still open", "Note"), tuple(lines))


def _facts(steps: Sequence[Step], first: int) -> str:
    said: list[str] = []
    for previous, step in zip([None, *steps], steps, strict=False):
        said.append(_say(_Row(step, 0, first, _loss(previous, step), worst=False)))
    return "; ".join(said) + "."
