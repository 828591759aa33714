"""Does every kind of chart keep its promises, whatever it is given?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firstcall import charts
from firstcall.charts import DARK, LIGHT, PAGE, Canvas, Chart
from tests.charts.boxes import SVG, clipped, parsed, touching
from tests.charts.kinds import KINDS

EACH = pytest.mark.parametrize("kind", sorted(KINDS))
SETTINGS = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
WIDTHS = st.sampled_from([320, 336, 480, 640, 900])
FORBIDDEN_TAGS = {"script", "style", "image", "foreignObject", "use", "iframe", "animate", "set"}


def chart(data: st.DataObject, kind: str, canvas: Canvas) -> Chart:
    """Draw a chart of a kind from made-up values."""
    return data.draw(KINDS[kind])(canvas)


def test_every_kind_of_chart_is_among_the_kinds_tested() -> None:
    """A module with a `draw` has its strategy here."""
    folder = Path(charts.__file__).parent
    drawing = {path.stem for path in folder.glob("*.py") if "\ndef draw(" in path.read_text(encoding="utf-8")}
    assert drawing == set(KINDS)


@EACH
@SETTINGS
@given(data=st.data(), width=st.integers(60, 1200))
def test_a_chart_is_well_formed_and_carries_nothing_that_runs(
    data: st.DataObject, kind: str, width: int
) -> None:
    """Whatever partners are called: no script, style, handler, foreign address, and no attribute they made up."""
    root = parsed(chart(data, kind, Canvas("x", width)).svg)
    for node in root.iter():
        assert node.tag.removeprefix(SVG) not in FORBIDDEN_TAGS
        for key, value in node.attrib.items():
            assert not key.startswith("on")
            assert key != "style"
            assert key == "href" or not re.match(r"\s*(?:javascript|data|vbscript):", value, re.IGNORECASE)
            assert re.fullmatch(r"[A-Za-z-]+", key)
            assert key in {"aria-label", "aria-labelledby"} or not re.search(r"\b(?:nan|inf)\b", value)


@EACH
@SETTINGS
@given(data=st.data(), width=WIDTHS, theme=st.sampled_from([PAGE, LIGHT, DARK]), standalone=st.booleans())
def test_no_two_texts_touch_and_none_is_clipped(
    data: st.DataObject, kind: str, width: int, theme: charts.Theme, *, standalone: bool
) -> None:
    """Labels are placed, thinned or cut so that each can be read."""
    svg = chart(data, kind, Canvas("x", width, theme=theme, standalone=standalone)).svg
    assert touching(svg) == []
    assert clipped(svg) == []


@EACH
@SETTINGS
@given(data=st.data())
def test_a_chart_is_named_and_described_for_those_who_cannot_see_it(data: st.DataObject, kind: str) -> None:
    """The root is a picture (or a group when it holds links) named by the question and the facts."""
    drawn = chart(data, kind, Canvas("q7"))
    root = parsed(drawn.svg)
    assert root.get("role") == ("group" if next(root.iter(f"{SVG}a"), None) is not None else "img")
    assert root.get("aria-labelledby") == "q7-t q7-d"
    assert [(node.tag, node.get("id")) for node in root][:2] == [
        (f"{SVG}title", "q7-t"),
        (f"{SVG}desc", "q7-d"),
    ]
    assert drawn.description
    assert root.get("width") == "100%"


@EACH
@SETTINGS
@given(data=st.data())
def test_the_table_is_rectangular(data: st.DataObject, kind: str) -> None:
    """Every row has as many cells as the header, and every link a row."""
    table = chart(data, kind, Canvas("x")).table
    assert {len(row) for row in table.rows} <= {len(table.header)}
    assert len(table.links) in {0, len(table.rows)}


@EACH
@settings(max_examples=10)
@given(data=st.data())
def test_the_same_values_give_the_same_bytes(data: st.DataObject, kind: str) -> None:
    """A chart depends on its input alone, and all its ids begin with the prefix."""
    drawing = data.draw(KINDS[kind])
    svg = drawing(Canvas("p")).svg
    assert svg == drawing(Canvas("p")).svg
    assert {node.get("id", "p-")[:2] for node in parsed(svg).iter()} == {"p-"}


@EACH
@settings(max_examples=10)
@given(data=st.data(), theme=st.sampled_from([LIGHT, DARK]))
def test_a_resolved_theme_leaves_no_variable(data: st.DataObject, kind: str, theme: charts.Theme) -> None:
    """A file that is seen without a page has every colour in it."""
    assert "var(--" not in re.sub(r">[^<]*<", "><", chart(data, kind, Canvas("x", theme=theme)).svg)
