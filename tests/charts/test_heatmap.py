"""Is what fails loud, what is usual quiet, and what is unknown hatched?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from firstcall.charts import Canvas, Caption, heatmap
from firstcall.charts.heatmap import Cell, Scale
from tests.charts.boxes import shapes, texts, tooltips

DAY = date(2026, 9, 1)
RATE = Caption("Which endpoints fail?", "5xx share", x_name="Endpoint", fmt=lambda v: f"{v:.1%}")
CANVAS = Canvas("x")


def cells(*values: float | None, cases: int = 1000, name: str = "GET /a") -> list[Cell]:
    """Return one row of consecutive days."""
    return [Cell(name, DAY + timedelta(days=n), v, cases) for n, v in enumerate(values)]


@pytest.mark.parametrize(
    ("value", "step"), [(0, 0), (0.0049, 0), (0.005, 1), (0.01, 2), (0.03, 3), (0.05, 4), (0.1, 5), (1, 5)]
)
def test_usual_noise_stays_on_the_quiet_step(value: float, step: int) -> None:
    """Bounds belong to the step they begin."""
    assert Scale().step(value) == step
    svg = heatmap.draw(RATE, cells(value, 0), CANVAS).svg
    assert shapes(svg, "rect", class_="fc-cell")[0].get("fill") == f"var(--h{step})"


def test_cells_above_the_threshold_carry_their_value() -> None:
    """Colour never stands alone: the number where it fits, a dot where it does not, and the worst of the row."""
    few = heatmap.draw(RATE, cells(0.136, 0.001), CANVAS).svg
    assert [box.text for box in texts(few)].count("13.6%") == 2
    many = heatmap.draw(RATE, cells(0.136, *[0.001] * 60), CANVAS).svg
    assert [box.text for box in texts(many)].count("13.6%") == 1
    assert len(shapes(many, "circle", fill="var(--h5-ink)")) == 1


def test_cells_below_the_floor_are_hatched_and_cannot_be_the_worst() -> None:
    """One failure of two calls is no rate of 50 %."""
    drawn = heatmap.draw(RATE, [*cells(0.5, cases=2), *cells(0.01, name="GET /b")], CANVAS, Scale(floor=50))
    assert len(shapes(drawn.svg, "rect", class_="fc-cell")) == 1
    assert drawn.description.startswith("Worst: GET /b, 1.0% on 1 Sep 2026.")
    assert drawn.table.rows[0] == ("GET /a", "2026-09-01", "50.0%", "2", "under 50 cases")
    assert "under 50 cases, or no value" in [box.text for box in texts(drawn.svg)]


def test_a_missing_rate_is_hatched_with_its_reason() -> None:
    """In the tooltip and in the table."""
    rows = [*cells(0.01), Cell("GET /a", DAY + timedelta(days=1), None, 0, "no calls")]
    drawn = heatmap.draw(RATE, rows, CANVAS)
    assert "GET /a, 2 Sep 2026: – of 0 (no calls)" in tooltips(drawn.svg)
    assert drawn.table.rows[1] == ("GET /a", "2026-09-02", "–", "0", "no calls")


def test_every_cell_leads_to_its_calls() -> None:
    """By pointer from the cell, by keyboard from the table."""
    cell = Cell("GET /a", DAY, 0.2, 10, href="/calls?endpoint=GET+%2Fa&day=2026-09-01")
    drawn = heatmap.draw(RATE, [cell], CANVAS)
    (anchor,) = shapes(drawn.svg, "a")
    assert (anchor.get("href"), anchor.get("tabindex")) == (cell.href, "-1")
    assert drawn.table.links == (cell.href,)


def test_days_stand_in_their_columns_even_when_some_are_missing() -> None:
    """1 and 3 September: the second column stays empty."""
    rows = [Cell("GET /a", DAY, 0.0), Cell("GET /a", DAY + timedelta(days=2), 0.0)]
    first, last = (
        float(node.get("x", 0))
        for node in shapes(heatmap.draw(RATE, rows, CANVAS).svg, "rect", class_="fc-cell")
    )
    width = float(shapes(heatmap.draw(RATE, rows, CANVAS).svg, "rect", class_="fc-cell")[0].get("width", 0))
    assert last - first == pytest.approx(2 * (width + 1.5), abs=0.05)


def test_the_legend_names_the_bounds() -> None:
    """Five bounds between six swatches."""
    said = {box.text for box in texts(heatmap.draw(RATE, cells(0.0), CANVAS).svg)}
    assert {"0.5%", "1.0%", "2.0%", "5.0%", "10.0%"} <= said


def test_when_every_day_is_below_the_floor_that_is_said() -> None:
    """Instead of a grid of hatches."""
    drawn = heatmap.draw(RATE, cells(0.5, cases=3), CANVAS, Scale(floor=50))
    assert drawn.description == "Nothing to draw: no day has 50 cases or more."
