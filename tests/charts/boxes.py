"""Where does each text of a drawing stand, and do two of them touch?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree as ET

from firstcall.charts.drawing.labels import SIZE, text_width

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True, slots=True)
class TextBox:
    """A text and the rectangle it covers, in pixels."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def parsed(svg: str) -> ET.Element:
    """Return the root of a drawing; raises ParseError when it is not well-formed."""
    return ET.fromstring(svg)  # noqa: S314  # our own output, and parsing it is the point


def texts(svg: str) -> list[TextBox]:
    """Return every text that is drawn (not titles and descriptions)."""
    out: list[TextBox] = []
    for node in parsed(svg).iter(f"{SVG}text"):
        said, size = node.text or "", float(node.get("font-size", SIZE))
        width = text_width(said, size, bold=node.get("font-weight") == "600")
        shift = {"end": width, "middle": width / 2}.get(node.get("text-anchor", ""), 0.0)
        left, base = float(node.get("x", 0)) - shift, float(node.get("y", 0))
        out.append(TextBox(said, left, base - 0.76 * size, left + width, base + 0.2 * size))
    return out


def touching(svg: str) -> list[tuple[str, str]]:
    """Return the pairs of texts that cover each other by more than half a pixel."""
    return [
        (a.text, b.text)
        for a, b in combinations(texts(svg), 2)
        if min(a.right, b.right) - max(a.left, b.left) > 0.5
        and min(a.bottom, b.bottom) - max(a.top, b.top) > 0.5
    ]


def clipped(svg: str) -> list[str]:
    """Return the texts that leave the picture by more than half a pixel."""
    left, top, width, height = map(float, parsed(svg).get("viewBox", "").split())
    return [
        box.text
        for box in texts(svg)
        if box.left < left - 0.5
        or box.top < top - 0.5
        or box.right > left + width + 0.5
        or box.bottom > top + height + 0.5
    ]


def shapes(svg: str, tag: str, **attributes: str) -> list[ET.Element]:
    """Return the elements of a tag that carry all these attributes (`class_`, `stroke_width`, …)."""
    wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    return [
        node
        for node in parsed(svg).iter(f"{SVG}{tag}")
        if all(node.get(key) == value for key, value in wanted.items())
    ]


def tooltips(svg: str) -> list[str]:
    """Return the text of every tooltip, without the drawing's own title."""
    return [node.text or "" for node in parsed(svg).iter(f"{SVG}title")][1:]
