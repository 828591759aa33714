"""Has each panel its own axis, over the same months?"""

from __future__ import annotations

from datetime import date

import pytest

from firstcall.charts import Canvas, Caption, Point, Series, two_panels
from firstcall.charts.two_panels import Bars, Reference
from tests.charts.boxes import shapes, texts, tooltips

CANVAS = Canvas("x")
RETENTION = Caption(
    "Do those who stay pay more?", "net revenue retention", x_name="Month", fmt=lambda v: f"{v:.0%}"
)
MONTHS = [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]
NRR = Series("NRR", tuple(Point(m, v, 40) for m, v in zip(MONTHS, [1.0, 1.05, 1.1], strict=True)))


def churn(*values: float | None, partial: bool = False) -> Bars:
    """Return churn of the three months."""
    points = (Point(m, v, partial=partial and m == MONTHS[-1]) for m, v in zip(MONTHS, values, strict=True))
    return Bars(Series("Churn", tuple(points), "c8"), "developers lost", lambda v: f"{v:.1%}")


def test_bars_begin_at_zero_on_their_own_axis() -> None:
    """4 % is twice as high as 2 %, whatever the retention above is."""
    svg = two_panels.draw(RETENTION, [NRR], churn(0.04, 0.02, 0.01), CANVAS).svg
    heights = [float(node.get("height", 0)) for node in shapes(svg, "rect", fill="var(--c8)")]
    assert [heights[0] / h for h in heights] == pytest.approx([1, 2, 4], abs=0.02)


def test_the_line_and_the_bars_never_share_a_height() -> None:
    """The upper panel ends above where the lower one begins."""
    svg = two_panels.draw(RETENTION, [NRR], churn(0.04, 0.02, 0.01), CANVAS, Reference(1.0, "no change")).svg
    dots = [float(node.get("cy", 0)) for node in shapes(svg, "circle")]
    tops = [float(node.get("y", 0)) for node in shapes(svg, "rect", fill="var(--c8)")]
    assert max(dots) + 30 < min(tops)


def test_both_units_the_reference_and_the_values_are_named() -> None:
    """Two axes need two units."""
    svg = two_panels.draw(RETENTION, [NRR], churn(0.04, 0.02, 0.01), CANVAS, Reference(1.0, "no change")).svg
    said = {box.text for box in texts(svg)}
    assert {
        "net revenue retention",
        "developers lost",
        "no change",
        "NRR",
        "110%",
        "4.0%",
        "2.0%",
        "1.0%",
    } <= said


def test_months_are_named_once_with_their_years() -> None:
    """The year stands below the first month of each."""
    said = [box.text for box in texts(two_panels.draw(RETENTION, [NRR], churn(0.1, 0.1, 0.1), CANVAS).svg)]
    assert [text for text in said if text in {"Nov", "Dec", "Jan", "2025", "2026"}] == [
        "Nov", "2025", "Dec", "Jan", "2026",
    ]  # fmt: skip


def test_the_table_prints_each_series_its_own_way() -> None:
    """Retention in whole percent, churn with a decimal; cases beside retention."""
    table = two_panels.draw(RETENTION, [NRR], churn(0.04, None, 0.01, partial=True), CANVAS).table
    assert table.header == ("Month", "NRR", "NRR, cases", "Churn", "Note")
    assert table.rows[1:] == (
        ("2025-12-01", "105%", "40", "–", "Churn: no value"),
        ("2026-01-01", "110%", "40", "1.0%", "partial"),
    )


def test_missing_and_partial_months_are_marked() -> None:
    """Hatched for no value; hatched in a dashed outline for a month that is not over."""
    svg = two_panels.draw(RETENTION, [NRR], churn(0.04, None, 0.01, partial=True), CANVAS).svg
    assert len(shapes(svg, "rect", fill="url(#x-hatch)")) == 2
    assert len(shapes(svg, "rect", stroke="var(--c8)", stroke_dasharray="3 3")) == 1
    assert "1 Dec 2025: no Churn: no value" in tooltips(svg)


def test_without_values_there_is_a_frame() -> None:
    """Both panels empty."""
    drawn = two_panels.draw(RETENTION, [], churn(None, None, None), CANVAS)
    assert drawn.description == "Nothing to draw: no values in this period."
