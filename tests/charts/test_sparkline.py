"""Does a word-sized line show direction, gaps and an unfinished end?"""

from __future__ import annotations

from datetime import date, timedelta

from firstcall.charts import Canvas, Caption, Point, Series, sparkline
from tests.charts.boxes import shapes, texts

CANVAS = Canvas("x", 120)
CALLS = Caption("How do calls go?", "calls")


def weekly(*values: float | None, partial: bool = False) -> Series:
    """Return a series a week apart."""
    last = len(values) - 1
    days = [date(2026, 1, 5) + timedelta(weeks=n) for n in range(len(values))]
    return Series(
        "Calls",
        tuple(
            Point(d, v, partial=partial and n == last)
            for n, (d, v) in enumerate(zip(days, values, strict=True))
        ),
    )


def test_it_fills_its_height_from_lowest_to_highest() -> None:
    """In 32 pixels with 5 free above and below: 0 lies at 27, 10 at 5, from 4 to 115."""
    (stroke,) = shapes(sparkline.draw(CALLS, weekly(0, 10), CANVAS).svg, "path", fill="none")
    assert stroke.get("d") == "M4 27L115 5"


def test_a_constant_runs_through_the_middle() -> None:
    """It neither rises nor falls."""
    (stroke,) = shapes(sparkline.draw(CALLS, weekly(7, 7), CANVAS).svg, "path", fill="none")
    assert stroke.get("d") == "M4 16L115 16"


def test_a_partial_end_is_hollow() -> None:
    """As in every chart over time."""
    (dot,) = shapes(sparkline.draw(CALLS, weekly(1, 2, partial=True), CANVAS).svg, "circle")
    assert dot.get("fill") == "var(--surface)"


def test_a_gap_breaks_the_line() -> None:
    """Two pieces."""
    assert len(shapes(sparkline.draw(CALLS, weekly(1, 2, None, 3, 4), CANVAS).svg, "path", fill="none")) == 2


def test_without_values_there_is_a_dashed_line_and_no_text() -> None:
    """The number beside it says why."""
    drawn = sparkline.draw(CALLS, weekly(), CANVAS)
    assert len(shapes(drawn.svg, "path", stroke_dasharray="3 4")) == 1
    assert texts(drawn.svg) == []
    assert drawn.description == "No values."


def test_it_has_a_table_like_every_chart() -> None:
    """The values it is too small to name."""
    assert sparkline.draw(CALLS, weekly(1, 2), CANVAS).table.rows == (
        ("2026-01-05", "1", ""),
        ("2026-01-12", "2", ""),
    )
