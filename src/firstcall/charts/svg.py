"""How is SVG written so that nothing a partner is called can become markup?

`Markup` is text that may be pasted into SVG. Only `escape`, `element` and `join` make it, so the type checker
refuses a name that was not escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NewType

Markup = NewType("Markup", str)
XY = tuple[float, float]
Value = str | float | None

NOTHING = Markup("")

DENSE = 60
"""With more points than this, a curve and a polyline look the same and the curve takes three times the bytes."""


UNPRINTABLE = re.compile(
    # what XML 1.0 forbids, lone surrogates, and the marks that turn the direction of what follows
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u007f-\u009f\u202a-\u202e\u2066-\u2069]"
)
ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
SAFE_LINK = re.compile(r"(?:https?://[^/\\]|/(?![/\\])|\?|#)[^\s\\]*", re.IGNORECASE)


def clean(text: str) -> str:
    """Return text with U+FFFD for what XML cannot hold or what would turn the direction of the rest."""
    return UNPRINTABLE.sub("\ufffd", text)


def escape(text: str) -> Markup:
    """Return text safe inside elements and attributes, cleaned."""
    return Markup(clean(text).translate(ENTITIES))


def number(value: float) -> str:
    """Return a coordinate with at most two decimals and no minus before zero.

    >>> number(12.0), number(0.126), number(-0.001)
    ('12', '0.13', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def element(tag: str, *children: Markup, **attributes: Value) -> Markup:
    """Return one element; `stroke_width` becomes `stroke-width`, a trailing `_` goes, None leaves it out."""
    parts = [f"<{tag}"]
    for key, value in attributes.items():
        if value is not None:
            text = escape(value) if isinstance(value, str) else number(value)
            parts.append(f' {key.rstrip("_").replace("_", "-")}="{text}"')
    inside = "".join(children)
    parts.append(f">{inside}</{tag}>" if inside else "/>")
    return Markup("".join(parts))


def join(parts: Iterable[Markup]) -> Markup:
    """Return several pieces of markup as one."""
    return Markup("".join(parts))


def title(text: str) -> Markup:
    """Return the tooltip of the element around it."""
    return element("title", escape(text))


def link(href: str | None, *children: Markup, label: str = "", tabindex: int | None = None) -> Markup:
    """Wrap in a link if the address is relative to this site or http(s); else return the children unlinked.

    A `tabindex` of -1 keeps one of hundreds of links out of the keyboard's way; the table has them too.
    """
    if href is None or not SAFE_LINK.fullmatch(href):
        return join(children)
    return element("a", *children, href=href, aria_label=label or None, tabindex=tabindex)


def polyline(points: Sequence[XY]) -> str:
    """Return path data through the points in straight pieces; empty without points."""
    return "".join(f"{'L' if i else 'M'}{_place(x)} {_place(y)}" for i, (x, y) in enumerate(points))


def _place(value: float) -> str:
    """Return a tenth of a pixel, which no eye resolves, for paths have thousands of them."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _slopes(points: Sequence[XY]) -> list[float]:
    steps = [b[0] - a[0] for a, b in pairwise(points)]
    rises = [(b[1] - a[1]) / h for a, b, h in zip(points, points[1:], steps, strict=False)]
    inner = [
        0.0 if s * t <= 0 else 3 * (h + g) / ((2 * g + h) / s + (g + 2 * h) / t)
        for s, t, h, g in zip(rises, rises[1:], steps, steps[1:], strict=False)
    ]
    return [rises[0], *inner, rises[-1]]


def curve(points: Sequence[XY]) -> str:
    """Return path data of the monotone cubic through the points (Fritsch and Carlson): it never overshoots.

    Points stand in strictly rising or strictly falling order of x. More than 60 are joined by straight pieces.
    """
    if not 3 <= len(points) <= DENSE:
        return polyline(points)
    slopes = _slopes(points)
    parts = [polyline(points[:1])]
    for (x0, y0), (x1, y1), m0, m1 in zip(points, points[1:], slopes, slopes[1:], strict=False):
        third = (x1 - x0) / 3
        ends = (x0 + third, y0 + m0 * third, x1 - third, y1 - m1 * third, x1, y1)
        parts.append("C" + " ".join(_place(v) for v in ends))
    return "".join(parts)


def ribbon(upper: Sequence[XY], lower: Sequence[XY]) -> str:
    """Return path data of the closed area between two curves over the same x."""
    back = curve(list(reversed(lower))).replace("M", "L", 1)
    return f"{curve(upper)}{back}Z"
