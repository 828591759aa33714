"""Which charts can be asked for: every kind, from values that hypothesis makes up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import strategies as st

from firstcall.charts import (
    Canvas,
    Caption,
    Chart,
    Milestone,
    Point,
    Series,
    bars,
    cohort_funnel,
    funnel,
    heatmap,
    line,
    sparkline,
    stacked_area,
    two_panels,
)

Drawing = Callable[[Canvas], Chart]

START = date(2026, 1, 5)

NASTY = st.sampled_from(
    [
        "<script>alert(1)</script>",
        '"><svg onload=alert(1)>',
        "' onmouseover='x",
        "]]>&amp;<!--",
        "\x00\x0b\ud800\uffff",
        "\u202egnp.exe",
        "日本語の取引先の名前",
        "",
    ]
)
NAMES = NASTY | st.text(max_size=40)
WORDS = st.none() | NAMES
NUMBERS = st.none() | st.floats() | st.integers(-5, 5).map(float) | st.floats(-1e6, 1e6)
COUNTS = st.none() | st.integers(0, 10**6)
TONES = st.sampled_from(["c1", "c4", "c10", "other"])
STEPS = st.sampled_from([1, 7, 31])


def compact(value: float) -> str:
    """Print at most three significant digits."""
    return f"{value:.3g}"


CAPTIONS = st.builds(Caption, NAMES, NAMES, NAMES, NAMES, NAMES, st.just(compact))


@st.composite
def points(draw: st.DrawFn, step: int, most: int = 20) -> tuple[Point, ...]:
    """Draw up to `most` points, `step` days apart, some days left out."""
    days = sorted(draw(st.sets(st.integers(0, 60), max_size=most)))
    return tuple(
        Point(
            START + timedelta(days=n * step),
            draw(NUMBERS),
            draw(COUNTS),
            draw(st.booleans()),
            draw(WORDS),
            draw(NUMBERS),
            draw(NUMBERS),
        )
        for n in days
    )


@st.composite
def series(draw: st.DrawFn, most: int) -> list[Series]:
    """Draw up to `most` series over days of one rhythm."""
    step = draw(STEPS)
    return [
        Series(draw(NAMES), draw(points(step)), draw(TONES), draw(st.sampled_from(["", "6 4"])))
        for _ in range(draw(st.integers(0, most)))
    ]


@st.composite
def lines(draw: st.DrawFn) -> Drawing:
    """Draw a line chart with goal and milestones."""
    caption, many = draw(CAPTIONS), draw(series(3))
    goal = draw(st.none() | st.builds(line.Goal, st.floats() | st.floats(-1e6, 1e6), NAMES))
    day = st.integers(-5, 90).map(lambda n: START + timedelta(days=n))
    events = draw(st.lists(st.builds(Milestone, day, NAMES, WORDS), max_size=6))
    log, zero = draw(st.booleans()), draw(st.booleans())
    return lambda canvas: line.draw(caption, many, canvas, log=log, goal=goal, milestones=events, zero=zero)


@st.composite
def areas(draw: st.DrawFn) -> Drawing:
    """Draw a stack of more series than have colours."""
    caption, many = draw(CAPTIONS), draw(series(13))
    return lambda canvas: stacked_area.draw(caption, many, canvas)


@st.composite
def heatmaps(draw: st.DrawFn) -> Drawing:
    """Draw a heatmap with cells in any order."""
    caption = draw(CAPTIONS)
    day = st.integers(0, 45).map(lambda n: START + timedelta(days=n))
    rate = st.none() | st.floats(0, 1) | st.floats()
    cell = st.builds(heatmap.Cell, NAMES, day, rate, COUNTS, WORDS, st.booleans(), WORDS)
    cells, floor = draw(st.lists(cell, max_size=25)), draw(st.sampled_from([0, 50]))
    return lambda canvas: heatmap.draw(caption, cells, canvas, heatmap.Scale(floor=floor))


@st.composite
def funnels(draw: st.DrawFn) -> Drawing:
    """Draw a funnel whose steps may grow or be unknown."""
    caption = draw(CAPTIONS)
    steps = draw(st.lists(st.builds(funnel.Step, NAMES, COUNTS, st.integers(0, 10**6), WORDS), max_size=7))
    return lambda canvas: funnel.draw(caption, steps, canvas)


@st.composite
def cohorts(draw: st.DrawFn) -> Drawing:
    """Draw cohorts with more or fewer counts than steps."""
    caption, steps = draw(CAPTIONS), draw(st.lists(NAMES, min_size=1, max_size=5))
    counts = st.lists(COUNTS, min_size=1, max_size=5).map(tuple)
    rows = [
        cohort_funnel.Cohort(START + timedelta(days=7 * n), draw(counts), draw(st.none() | st.integers(0, 4)))
        for n in range(draw(st.integers(0, 20)))
    ]
    return lambda canvas: cohort_funnel.draw(caption, steps, rows, canvas)


@st.composite
def panels(draw: st.DrawFn) -> Drawing:
    """Draw two panels over months."""
    caption, many = draw(CAPTIONS), draw(series(3))
    below = two_panels.Bars(Series(draw(NAMES), draw(points(31))), draw(NAMES), compact)
    level = draw(st.none() | st.builds(two_panels.Reference, st.floats() | st.floats(-10, 10), NAMES))
    return lambda canvas: two_panels.draw(caption, many, below, canvas, level)


@st.composite
def ranked(draw: st.DrawFn) -> Drawing:
    """Draw ranked bars."""
    caption = draw(CAPTIONS)
    bar = st.builds(bars.Bar, NAMES, NUMBERS, COUNTS, WORDS, st.booleans(), TONES, WORDS)
    rows = draw(st.lists(bar, max_size=12))
    return lambda canvas: bars.draw(caption, rows, canvas)


@st.composite
def sparks(draw: st.DrawFn) -> Drawing:
    """Draw a sparkline."""
    caption, one = draw(CAPTIONS), Series(draw(NAMES), draw(points(7)))
    return lambda canvas: sparkline.draw(caption, one, canvas)


KINDS: dict[str, st.SearchStrategy[Drawing]] = {
    "line": lines(),
    "stacked_area": areas(),
    "heatmap": heatmaps(),
    "funnel": funnels(),
    "cohort_funnel": cohorts(),
    "two_panels": panels(),
    "bars": ranked(),
    "sparkline": sparks(),
}
