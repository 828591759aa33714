"""Is the stack the total, and does it say when it is an average?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from firstcall.charts import Canvas, Caption, Point, Series, stacked_area
from tests.charts.boxes import shapes, texts, tooltips

FIRST = date(2026, 6, 1)
CALLS = Caption(
    "Which endpoints carry the traffic?", "calls a day", "By endpoint", x_name="Day", fmt=lambda v: f"{v:g}"
)
CANVAS = Canvas("x")


def daily(name: str, *values: float | None, partial: bool = False) -> Series:
    """Return a series of consecutive days."""
    last = len(values) - 1
    points = (
        Point(FIRST + timedelta(days=n), v, partial=partial and n == last) for n, v in enumerate(values)
    )
    return Series(name, tuple(points))


def heights(svg: str) -> list[float]:
    """Return the height of each layer at the first day, lowest layer first."""
    paths = [node.get("d", "") for node in shapes(svg, "path", fill_opacity="0.86")]
    sides = [data.removesuffix("Z").split("L") for data in paths]
    return [float(points[-1].split()[1]) - float(points[0].split()[1]) for points in sides]


def test_layers_are_as_high_as_their_share() -> None:
    """60, 30 and 10 of 100, the largest lowest."""
    svg = stacked_area.draw(CALLS, [daily("b", 30, 30), daily("a", 60, 60), daily("c", 10, 10)], CANVAS).svg
    a, b, c = heights(svg)
    assert a / b == pytest.approx(2, abs=0.02)
    assert a / c == pytest.approx(6, abs=0.1)


def test_the_eleventh_and_twelfth_are_summed_as_other_so_that_the_stack_is_the_total() -> None:
    """Twelve series of 12, 11, … 1: ten stay, 2 + 1 become Other (2), and the total is 78."""
    drawn = stacked_area.draw(CALLS, [daily(f"s{n}", n, n) for n in range(1, 13)], CANVAS)
    assert drawn.table.header[1:] == (*(f"s{n}" for n in range(12, 2, -1)), "Other (2)", "Total", "Note")
    assert drawn.table.rows[0] == ("2026-06-01", *map(str, range(12, 2, -1)), "3", "78", "")
    assert len(heights(drawn.svg)) == 11


def test_up_to_45_days_are_drawn_as_they_are() -> None:
    """And the subtitle says nothing of averages."""
    drawn = stacked_area.draw(CALLS, [daily("a", *range(1, 46))], CANVAS)
    assert drawn.subtitle == "By endpoint"
    assert len(shapes(drawn.svg, "g", class_="fc-x")) == 45


def test_more_days_are_averaged_over_seven_and_say_so() -> None:
    """46 days leave 40 averages; the first is that of 1…7, which is 4; the table keeps the days."""
    drawn = stacked_area.draw(CALLS, [daily("a", *range(1, 47))], CANVAS)
    assert drawn.subtitle == "By endpoint · 7-day average"
    assert len(shapes(drawn.svg, "g", class_="fc-x")) == 40
    assert tooltips(drawn.svg)[1].startswith("7 Jun 2026: 4\n")
    assert [row[1] for row in drawn.table.rows[:3]] == ["1", "2", "3"]


def test_a_partial_last_day_does_not_pull_the_average_down() -> None:
    """It is left out, and the subtitle says which."""
    drawn = stacked_area.draw(CALLS, [daily("a", *([7] * 46), 1, partial=True)], CANVAS)
    assert drawn.subtitle == "By endpoint · 7-day average; 17 Jul 2026, so far, left out"
    assert len(shapes(drawn.svg, "g", class_="fc-x")) == 40
    assert drawn.table.rows[-1] == ("2026-07-17", "1", "1", "partial")


def test_a_day_nobody_knows_is_a_hatched_gap() -> None:
    """The area has two pieces; a missing log is no day without calls."""
    svg = stacked_area.draw(CALLS, [daily("a", 5, 5, None, 5, 5)], CANVAS).svg
    (area,) = shapes(svg, "path", fill_opacity="0.86")
    assert area.get("d", "").count("Z") == 2
    assert len(shapes(svg, "rect", fill="url(#x-hatch)")) == 1


def test_an_endpoint_without_a_row_on_a_day_had_no_calls() -> None:
    """An absent point counts as zero, and the day is not marked."""
    drawn = stacked_area.draw(CALLS, [daily("a", 5, 5), daily("b", 3)], CANVAS)
    assert drawn.table.rows[1] == ("2026-06-02", "5", "0", "5", "")
    assert shapes(drawn.svg, "rect", fill="url(#x-hatch)") == []


def test_a_single_day_fills_its_width() -> None:
    """An area needs two sides."""
    (area,) = shapes(stacked_area.draw(CALLS, [daily("a", 5)], CANVAS).svg, "path", fill_opacity="0.86")
    assert len({point.split()[0] for point in area.get("d", "")[1:-1].split("L")}) == 2


def test_all_layers_are_named_wide_and_narrow() -> None:
    """Beside their ends, or below the drawing with a swatch each."""
    parts = [daily(f"GET /v1/{n}", n, n) for n in range(1, 6)]
    for width in (640, 336):
        said = {box.text for box in texts(stacked_area.draw(CALLS, parts, Canvas("x", width)).svg)}
        assert {one.name for one in parts} <= said


def test_shares_are_described() -> None:
    """60 and 40 of 100, on two days."""
    drawn = stacked_area.draw(CALLS, [daily("a", 60, 60), daily("b", 40, 40)], CANVAS)
    assert drawn.description == (
        "Total: 100 on 1 Jun 2026, 100 on 2 Jun 2026; 200 altogether. Shares: a 60%, b 40%."
    )
