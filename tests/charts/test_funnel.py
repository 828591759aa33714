"""Does a funnel show numbers, shares, losses, and those who may still come?"""

from __future__ import annotations

import pytest

from firstcall.charts import Canvas, Caption, funnel
from firstcall.charts.funnel import Step
from tests.charts.boxes import shapes, texts, tooltips

PARTNERS = Caption("Where do partners drop off?", "partners", x_name="Step")
CANVAS = Canvas("x")
STEPS = [
    Step("Registered", 200),
    Step("Sandbox", 150),
    Step("First call", 60, open=30),
    Step("Production", 30),
]


def widths(svg: str, fill: str) -> list[float]:
    """Return the widths of the bars with a fill."""
    return [float(node.get("width", 0)) for node in shapes(svg, "rect", fill=fill)]


def test_bars_are_as_long_as_their_counts() -> None:
    """200, 150, 60 and 30 of 200."""
    first, *others = widths(funnel.draw(PARTNERS, STEPS, CANVAS).svg, "var(--accent)")
    assert [round(width / first, 3) for width in others] == [0.75, 0.3, 0.15]


def test_open_ones_extend_the_bar_hatched_and_are_not_lost() -> None:
    """60 arrived and 30 may still: the hatched bar reaches 90 of 200; 60 of 150 are lost, 40 %."""
    drawn = funnel.draw(PARTNERS, STEPS, CANVAS)
    (hatched,) = widths(drawn.svg, "url(#x-hatch)")
    assert hatched / widths(drawn.svg, "var(--accent)")[0] == pytest.approx(90 / 200, abs=0.001)
    assert drawn.table.rows[2] == ("First call", "60", "30%", "−40%", "30", "some still open")
    assert "30 still open" in [box.text for box in texts(drawn.svg)]


def test_each_step_says_number_share_and_loss() -> None:
    """In the drawing, in the tooltip and in the table."""
    drawn = funnel.draw(PARTNERS, STEPS, CANVAS)
    assert {"150", "75%", "−25%"} <= {box.text for box in texts(drawn.svg)}
    assert "Sandbox: 150, 75% of the first step, −25% against the step before" in tooltips(drawn.svg)
    assert drawn.table.rows[:2] == (
        ("Registered", "200", "100%", "–", "0", ""),
        ("Sandbox", "150", "75%", "−25%", "0", ""),
    )


def test_the_largest_loss_is_bold() -> None:
    """Half of those with a first call do not reach production."""
    bold = {node.text for node in shapes(funnel.draw(PARTNERS, STEPS, CANVAS).svg, "text", font_weight="600")}
    assert "−50%" in bold
    assert "−25%" not in bold


def test_a_step_that_cannot_be_computed_says_why() -> None:
    """It is no zero."""
    drawn = funnel.draw(
        PARTNERS, [Step("Registered", 20), Step("Paid", None, absent="needs invoices")], CANVAS
    )
    assert "needs invoices" in [box.text for box in texts(drawn.svg)]
    assert drawn.table.rows[1] == ("Paid", "–", "–", "–", "0", "needs invoices")


def test_a_growing_step_is_no_loss() -> None:
    """Those who skip a step make the next one larger."""
    drawn = funnel.draw(PARTNERS, [Step("A", 10), Step("B", 12)], CANVAS)
    assert drawn.table.rows[1][3] == "+20%"


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ([], "no values in this period"),
        ([Step("A", 0)], "nobody reached a step in this period"),
        ([Step("A", None, absent="needs sign-ups")], "needs sign-ups"),
    ],
)
def test_an_empty_funnel_says_why(steps: list[Step], why: str) -> None:
    """Instead of dividing by zero."""
    assert funnel.draw(PARTNERS, steps, CANVAS).description == f"Nothing to draw: {why}."
