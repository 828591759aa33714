"""Can nothing that is data become markup, and are paths what they should be?"""

from __future__ import annotations

import pytest

from firstcall.charts.svg import NOTHING, curve, element, escape, link, number, polyline, ribbon, title


def test_the_five_characters_of_markup_are_escaped() -> None:
    """In text as in attributes."""
    assert escape("<a href=\"x\" b='y'>&") == "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;"
    assert element("g", data_x='"><script>') == '<g data-x="&quot;&gt;&lt;script&gt;"/>'
    assert title("<b>") == "<title>&lt;b&gt;</title>"


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\x7f", "\ud800", "\ufffe", "\u202e", "\u2066"])
def test_what_xml_cannot_hold_or_turns_the_text_is_replaced(bad: str) -> None:
    """U+FFFD shows that something was there."""
    assert escape(f"a{bad}b") == "a\ufffdb"


@pytest.mark.parametrize(
    ("value", "text"), [(12.0, "12"), (0.126, "0.13"), (-0.001, "0"), (100, "100"), (-2.5, "-2.5")]
)
def test_numbers_are_short(value: float, text: str) -> None:
    """Two decimals, no zeros at the end, no minus before zero."""
    assert number(value) == text


def test_attributes_that_are_none_are_left_out() -> None:
    """So that a call can say "only if"."""
    assert element("path", d="M0 0", stroke_dasharray=None, class_="x") == '<path d="M0 0" class="x"/>'


@pytest.mark.parametrize("href", ["/partners/1?x=1&y=2", "?day=2026-01-01", "#top", "https://example.com/a"])
def test_addresses_of_this_site_and_of_the_web_are_linked(href: str) -> None:
    """And escaped."""
    assert link(href, NOTHING) == f'<a href="{escape(href)}"/>'


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "JavaScript:alert(1)", " javascript:x", "data:text/html,x", "//evil.example",
     "/\\evil.example", "vbscript:x", "\tjavascript:x", "https:///x", "a b", ""],
)  # fmt: skip
def test_other_addresses_are_not_linked(href: str) -> None:
    """The child stays, the link does not."""
    assert link(href, title("x")) == "<title>x</title>"


def test_a_straight_path_is_written_point_by_point() -> None:
    """Coordinates to a tenth of a pixel."""
    assert polyline([(0, 10), (5, 12.345)]) == "M0 10L5 12.3"
    assert polyline([]) == ""


def test_a_curve_through_a_line_is_the_line() -> None:
    """Control points lie at the thirds."""
    assert curve([(0, 0), (3, 3), (6, 6)]) == "M0 0C1 1 2 2 3 3C4 4 5 5 6 6"


def test_a_curve_is_flat_at_a_peak() -> None:
    """At (3, 3) the slope is 0, so both control points beside it have its height: nothing overshoots."""
    assert curve([(0, 0), (3, 3), (6, 0)]) == "M0 0C1 1 2 3 3 3C4 3 5 1 6 0"


def test_a_ribbon_goes_there_and_back() -> None:
    """Up on the upper points, back on the lower ones, closed."""
    assert ribbon([(0, 1), (2, 1)], [(0, 5), (2, 6)]) == "M0 1L2 1L2 6L0 5Z"
