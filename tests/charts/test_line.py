"""Does a line chart show every value, gap, goal and event, and nothing that is not there?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from firstcall.charts import Canvas, Caption, Milestone, Point, Series, line
from firstcall.charts.drawing import ticks
from tests.charts.boxes import shapes, texts, tooltips

MONDAY = date(2026, 4, 6)
CANVAS = Canvas("x")
MINUTES = Caption("How long do they wait?", "minutes", "Weekly", x_name="Week", fmt=lambda v: f"{v:g} min")


def weekly(*values: float | None, **marks: object) -> tuple[Point, ...]:
    """Return points a week apart; the last one is partial if asked."""
    last = len(values) - 1
    return tuple(
        Point(
            MONDAY + timedelta(weeks=n),
            value,
            cases=10 + n,
            partial=bool(marks.get("partial")) and n == last,
            absent="nobody signed up" if value is None else None,
        )
        for n, value in enumerate(values)
    )


def test_the_table_is_the_input() -> None:
    """One row per week with value, cases, and what qualifies them."""
    drawn = line.draw(MINUTES, [Series("Median", weekly(54, None, 12, partial=True))], CANVAS)
    assert drawn.table.header == ("Week", "Median", "Median, cases", "Note")
    assert drawn.table.rows == (
        ("2026-04-06", "54 min", "10", ""),
        ("2026-04-13", "–", "11", "Median: nobody signed up"),
        ("2026-04-20", "12 min", "12", "partial"),
    )


def test_intervals_have_columns_and_a_band() -> None:
    """Low and high are in the table and behind the line."""
    points = (Point(MONDAY, 5, low=4, high=7), Point(MONDAY + timedelta(days=7), 6, low=5, high=8))
    drawn = line.draw(MINUTES, [Series("Median", points)], CANVAS)
    assert drawn.table.rows[0] == ("2026-04-06", "5 min", "4 min", "7 min", "")
    assert len(shapes(drawn.svg, "path", fill_opacity="0.13")) == 1


def test_a_line_ends_where_its_values_are() -> None:
    """0 to 100 fills the plot: it begins on the lowest grid line and ends on the highest."""
    svg = line.draw(MINUTES, [Series("Wait", weekly(0, 100))], CANVAS).svg
    grid = [
        float(node.get("d", "").split()[1].split("H")[0])
        for node in shapes(svg, "path", stroke="var(--grid)")
    ]
    stroke = shapes(svg, "path", stroke="var(--c1)")[0].get("d", "")
    (_, first), (_, second) = (place.split() for place in stroke.removeprefix("M").split("L"))
    assert (float(first), float(second)) == pytest.approx((max(grid), min(grid)), abs=0.1)


def test_a_line_breaks_where_a_value_is_missing() -> None:
    """Two pieces, a hatched strip over the week between, and the reason in its tooltip."""
    svg = line.draw(MINUTES, [Series("Wait", weekly(5, 6, None, 7, 8))], CANVAS).svg
    assert len(shapes(svg, "path", stroke="var(--c1)", stroke_width="2.2")) == 2
    assert len(shapes(svg, "rect", fill="url(#x-hatch)")) == 1
    assert "20 Apr 2026: nobody signed up" in tooltips(svg)


def test_one_missing_series_of_two_is_crossed_in_its_tone() -> None:
    """The other one is known, so the week is not hatched."""
    both = [Series("Median", weekly(5, 6, 7)), Series("P90", weekly(9, None, 9), tone="c3")]
    svg = line.draw(MINUTES, both, CANVAS).svg
    assert shapes(svg, "rect", fill="url(#x-hatch)") == []
    assert len(shapes(svg, "path", stroke="var(--c3)", stroke_width="1.3")) == 1
    assert "13 Apr 2026: no P90: nobody signed up" in tooltips(svg)


def test_a_partial_week_is_hollow_and_dashed_and_says_so() -> None:
    """The last dot is filled with the surface; its label says "so far"."""
    drawn = line.draw(MINUTES, [Series("Wait", weekly(9, 8, 3, partial=True))], CANVAS)
    dots = shapes(drawn.svg, "circle", r="3.2")
    assert [dot.get("fill") for dot in dots] == ["var(--surface)"]
    assert len(shapes(drawn.svg, "path", stroke="var(--c1)", stroke_dasharray="2 4")) == 1
    assert "3 min so far" in [box.text for box in texts(drawn.svg)]
    assert "Wait: 3 min on 20 Apr 2026, so far, from 9 min on 6 Apr 2026" in drawn.description


def test_a_point_without_neighbours_is_a_dot() -> None:
    """A line through one point would be invisible."""
    svg = line.draw(MINUTES, [Series("Wait", weekly(5, None, 7, None, 9))], CANVAS).svg
    assert len(shapes(svg, "circle", r="3.2", fill="var(--c1)")) == 3


def test_every_week_answers_to_the_pointer_with_its_cases() -> None:
    """One strip per week: its date, value and case count."""
    svg = line.draw(MINUTES, [Series("Wait", weekly(5, 6))], CANVAS).svg
    assert [node.get("data-x") for node in shapes(svg, "g", class_="fc-x")] == ["2026-04-06", "2026-04-13"]
    assert tooltips(svg)[0] == "6 Apr 2026\nWait: 5 min, 10 cases"


def test_the_unit_is_shown_and_a_log_axis_says_so() -> None:
    """Above the value axis."""
    svg = line.draw(MINUTES, [Series("Wait", weekly(5, 500))], CANVAS, log=True).svg
    assert "minutes, log scale" in [box.text for box in texts(svg)]


def test_a_log_axis_that_cannot_be_is_linear_and_says_so() -> None:
    """Zero has no logarithm."""
    drawn = line.draw(MINUTES, [Series("Wait", weekly(0, 500))], CANVAS, log=True)
    assert drawn.subtitle == "Weekly · linear axis, because not every value is above zero"
    assert "minutes" in [box.text for box in texts(drawn.svg)]


def test_durations_have_ticks_people_know() -> None:
    """Seconds on a ladder: 10 minutes and not 500 seconds."""
    caption = Caption("Wait?", "time", fmt=lambda v: f"{v / 60:g} min")
    svg = line.draw(caption, [Series("Wait", weekly(700, 7000))], CANVAS, log=True, ladder=ticks.SECONDS).svg
    said = {box.text for box in texts(svg)}
    assert {"15 min", "30 min", "60 min"} <= said


def test_a_goal_is_within_the_axis_and_named() -> None:
    """Even when every value is far below it."""
    svg = line.draw(MINUTES, [Series("Wait", weekly(5, 6))], CANVAS, goal=line.Goal(20)).svg
    assert "goal 20 min" in [box.text for box in texts(svg)]
    assert "20 min" in [box.text for box in texts(svg)]


def test_milestones_are_drawn_linked_described_and_tabled() -> None:
    """One inside the second week with a link; one outside the axis, which is left out of the drawing."""
    events = [
        Milestone(date(2026, 4, 15), "New quickstart", "/milestones/1"),
        Milestone(date(2027, 1, 1), "Later"),
    ]
    drawn = line.draw(MINUTES, [Series("Wait", weekly(9, 8, 7))], CANVAS, milestones=events)
    assert "New quickstart" in [box.text for box in texts(drawn.svg)]
    assert [node.get("href") for node in shapes(drawn.svg, "a")] == ["/milestones/1"]
    assert "Milestones: 15 Apr 2026 New quickstart." in drawn.description
    assert drawn.table.rows[1][-1] == "New quickstart (2026-04-15)"
    assert "Later" not in [box.text for box in texts(drawn.svg)]


def test_without_values_the_reason_is_drawn() -> None:
    """A chart-shaped frame; the table still lists the weeks."""
    drawn = line.draw(MINUTES, [Series("Wait", weekly(None, None))], CANVAS)
    assert "Nobody signed up" in [box.text for box in texts(drawn.svg)]
    assert drawn.description == "Nothing to draw: nobody signed up."
    assert len(drawn.table.rows) == 2


def test_without_series_there_is_still_a_chart() -> None:
    """And it says so."""
    drawn = line.draw(MINUTES, [], CANVAS)
    assert "No values in this period" in [box.text for box in texts(drawn.svg)]
    assert drawn.table.rows == ()


def test_values_below_zero_have_a_zero_line() -> None:
    """Stronger than the other grid lines."""
    svg = line.draw(MINUTES, [Series("Net", weekly(-5, 5))], CANVAS).svg
    assert len([node for node in shapes(svg, "path", stroke="var(--faint)") if "H" in node.get("d", "")]) == 1


def test_a_narrow_chart_is_as_wide_as_asked() -> None:
    """The page shows it on small screens, where its text keeps its size."""
    drawn = line.draw(MINUTES, [Series("Wait", weekly(5, 6))], Canvas("x", 336))
    assert 'viewBox="0 0 336 270"' in drawn.svg
    assert 'class="fc-chart fc-narrow"' in drawn.svg


def test_a_standalone_file_carries_its_question() -> None:
    """And its subtitle, on a ground of its own."""
    drawn = line.draw(MINUTES, [Series("Wait", weekly(5, 6))], Canvas("x", standalone=True))
    assert {"How long do they wait?", "Weekly"} <= {box.text for box in texts(drawn.svg)}
