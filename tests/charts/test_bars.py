"""Are bars ranked, in proportion, and labelled with their values?"""

from __future__ import annotations

import pytest

from firstcall.charts import Canvas, Caption, bars
from firstcall.charts.bars import Bar
from tests.charts.boxes import shapes, texts, tooltips

CANVAS = Canvas("x")
EUROS = Caption("Who brings the revenue?", "EUR a month", x_name="Partner", fmt=lambda v: f"€{v:g}")


def test_bars_are_ranked_and_those_without_a_value_come_last() -> None:
    """The table has the order of the drawing."""
    drawn = bars.draw(EUROS, [Bar("b", 5), Bar("none", None, absent="no invoice"), Bar("a", 10, 3)], CANVAS)
    assert drawn.table.header == ("Partner", "EUR a month", "Cases", "Note")
    assert drawn.table.rows == (("a", "€10", "3", ""), ("b", "€5", "–", ""), ("none", "–", "–", "no invoice"))
    assert "– no invoice" in [box.text for box in texts(drawn.svg)]


def test_the_order_given_can_be_kept() -> None:
    """For steps and ranges, which have one of their own."""
    drawn = bars.draw(EUROS, [Bar("b", 5), Bar("a", 10)], CANVAS, ranked=False)
    assert [row[0] for row in drawn.table.rows] == ["b", "a"]


def test_lengths_are_in_proportion() -> None:
    """10, 5 and 2.5."""
    svg = bars.draw(EUROS, [Bar("a", 10), Bar("b", 5), Bar("c", 2.5)], CANVAS).svg
    widths = [float(node.get("width", 0)) for node in shapes(svg, "rect", fill="var(--c1)")]
    assert [widths[0] / w for w in widths] == pytest.approx([1, 2, 4], abs=0.01)


def test_values_below_zero_run_left_of_the_zero_line() -> None:
    """Both begin at the same place."""
    svg = bars.draw(EUROS, [Bar("up", 10), Bar("down", -5)], CANVAS).svg
    up, down = shapes(svg, "rect", fill="var(--c1)")
    end = float(down.get("x", 0)) + float(down.get("width", 0))
    assert end == pytest.approx(float(up.get("x", 0)), abs=0.05)


def test_a_partial_bar_is_hatched_and_says_so() -> None:
    """In tooltip and table."""
    drawn = bars.draw(EUROS, [Bar("a", 10, 1, partial=True)], CANVAS)
    assert len(shapes(drawn.svg, "rect", fill="url(#x-hatch)")) == 1
    assert "a: €10, 1 case, so far" in tooltips(drawn.svg)
    assert drawn.table.rows[0][-1] == "partial"


def test_rows_link_to_their_pages_and_only_there() -> None:
    """A name cannot smuggle a script in."""
    drawn = bars.draw(
        EUROS, [Bar("a", 2, href="/partners/a"), Bar("b", 1, href="javascript:alert(1)")], CANVAS
    )
    assert [node.get("href") for node in shapes(drawn.svg, "a")] == ["/partners/a"]


def test_bars_of_zero_are_still_there() -> None:
    """All zero is a fact, not an empty chart."""
    svg = bars.draw(EUROS, [Bar("a", 0), Bar("b", 0)], CANVAS).svg
    assert [box.text for box in texts(svg)].count("€0") == 2


def test_no_rows_are_a_frame() -> None:
    """That says so."""
    assert bars.draw(EUROS, [], CANVAS).description == "Nothing to draw: no values in this period."
