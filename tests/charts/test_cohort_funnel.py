"""Do cohorts show how far they came, and are open ones left out of the shares?"""

from __future__ import annotations

from datetime import date

import pytest

from firstcall.charts import Canvas, Caption, cohort_funnel
from firstcall.charts.cohort_funnel import Cohort
from tests.charts.boxes import shapes, texts, tooltips

CANVAS = Canvas("x")
CAPTION = Caption(
    "Do newer ones get further?", "developers", "By week", x_name="Week", fmt=lambda v: f"{v:.0f}"
)
STEPS = ["Signup", "First call", "Activation"]
ROWS = [
    Cohort(date(2026, 4, 6), (20, 10, 5)),
    Cohort(date(2026, 4, 13), (10, 8, 1), open_from=2),
]


def test_shares_count_closed_windows_only() -> None:
    """First call 18 of 30; activation 5 of 20, for the second week is still open."""
    drawn = cohort_funnel.draw(CAPTION, STEPS, ROWS, CANVAS)
    assert {"30 in all", "60%", "25%"} <= {box.text for box in texts(drawn.svg)}
    assert "First call: 18 of 30 (60%); Activation: 5 of 20 (25%)" in drawn.description


def test_open_steps_are_grey_and_hatched_and_the_subtitle_says_so() -> None:
    """Only the third step of the second week."""
    drawn = cohort_funnel.draw(CAPTION, STEPS, ROWS, CANVAS)
    assert len(shapes(drawn.svg, "rect", fill="var(--g4)")) == 1
    assert len(shapes(drawn.svg, "rect", fill="url(#x-hatch)")) == 1
    assert drawn.subtitle == "By week · hatched: window still open (1 of 2 cohorts)"


def test_bars_are_nested_and_in_proportion() -> None:
    """20, 10 and 5 of the first week stand on one ground, each half as high as the one before."""
    svg = cohort_funnel.draw(CAPTION, STEPS, ROWS[:1], CANVAS).svg
    bars = [shapes(svg, "rect", fill=f"var(--f{n})")[0] for n in (2, 3, 4)]
    heights = [float(bar.get("height", 0)) for bar in bars]
    assert [heights[0] / h for h in heights] == pytest.approx([1, 2, 4], abs=0.01)
    assert len({round(float(bar.get("y", 0)) + float(bar.get("height", 0)), 1) for bar in bars}) == 1


def test_the_table_is_the_input() -> None:
    """Counts, shares of the first step, and what is still open."""
    table = cohort_funnel.draw(CAPTION, STEPS, ROWS, CANVAS).table
    assert table.header == (
        "Week", "Signup", "First call", "First call, share", "Activation", "Activation, share", "Note",
    )  # fmt: skip
    assert table.rows == (
        ("2026-04-06", "20", "10", "50%", "5", "25%", ""),
        ("2026-04-13", "10", "8", "80%", "1", "10%", "still open from Activation on"),
    )


def test_every_cohort_answers_to_the_pointer() -> None:
    """With counts, shares and what is open."""
    said = tooltips(cohort_funnel.draw(CAPTION, STEPS, ROWS, CANVAS).svg)
    assert "Started 13 Apr 2026\nSignup: 10\nFirst call: 8 (80%)\nActivation: 1 (10%), still open" in said


def test_a_cohort_nobody_counted_is_hatched_with_the_reason() -> None:
    """It is no cohort of zero."""
    rows = [*ROWS, Cohort(date(2026, 4, 20), (None, None, None), absent="export missing")]
    drawn = cohort_funnel.draw(CAPTION, STEPS, rows, CANVAS)
    assert "20 Apr 2026: export missing" in tooltips(drawn.svg)
    assert drawn.table.rows[2][-1] == "export missing"


@pytest.mark.parametrize("rows", [[], [Cohort(date(2026, 4, 6), (0, 0, 0))]])
def test_without_anyone_there_is_a_frame(rows: list[Cohort]) -> None:
    """And no division by zero."""
    assert cohort_funnel.draw(CAPTION, STEPS, rows, CANVAS).description.startswith("Nothing to draw: ")
