"""How much room does a text take, and where do labels go so that none covers another?"""

from __future__ import annotations

from collections.abc import Sequence

from firstcall.charts.svg import clean

SIZE = 11.0
"""Font size of everything that does not say otherwise, in pixels."""

ELLIPSIS = "…"
SLACK = 0.01
"""Pixels that rounding may take from a text's own room without cutting it."""


# Widths in em, on the generous side of the common sans fonts, so that a reserved box is never too small.
_CLASSES = (
    ("ijlI|'!.,:;·", 0.34),
    (" ", 0.32),
    ('frt()[]{}/\\-"`*', 0.42),
    ("csz?_", 0.56),
    ("0123456789", 0.64),
    ("mwMW%@…—", 0.98),
    ("ABCDEFGHKLNOPQRSTUVXYZ&", 0.74),
    ("+−=<>~#€$£", 0.74),
)
_WIDTHS = {char: width for chars, width in _CLASSES for char in chars}
_OTHER, _WIDE = 0.62, 1.1


def text_width(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """Return an upper estimate of a text's width in pixels."""
    em = sum(_WIDTHS.get(char) or (_WIDE if ord(char) > 0x2E7F else _OTHER) for char in text)
    return em * size * (1.08 if bold else 1.0)


def fit(text: str, room: float, size: float = SIZE, *, bold: bool = False) -> str:
    """Return the text, or its beginning and an ellipsis, so that it fits the room (pixels); maybe empty."""
    line = " ".join(clean(text).split())
    if text_width(line, size, bold=bold) <= room + SLACK:
        return line
    scale = size * (1.08 if bold else 1.0)
    left, kept = room - text_width(ELLIPSIS, size, bold=bold), 0
    for char in line:
        left -= text_width(char, scale)
        if left < 0:
            break
        kept += 1
    return f"{line[:kept].rstrip()}{ELLIPSIS}" if kept else ""


def spread(centres: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Return centres moved as little as possible so that boxes of these sizes do not overlap within low..high.

    Boxes keep the order of their centres. When they do not fit at all, they start at `low` and run over `high`.
    """
    order = sorted(range(len(centres)), key=lambda i: (centres[i], i))
    offsets, run = {}, 0.0
    for i in order:
        offsets[i] = run + sizes[i] / 2
        run += sizes[i]
    pools: list[tuple[float, int]] = []
    for i in order:
        mean, count = centres[i] - offsets[i], 1
        while pools and pools[-1][0] > mean:
            other, weight = pools.pop()
            mean, count = (mean * count + other * weight) / (count + weight), count + weight
        pools.append((mean, count))
    starts = [max(low, min(mean, high - run)) for mean, count in pools for _ in range(count)]
    moved = {i: start + offsets[i] for i, start in zip(order, starts, strict=True)}
    return [moved[i] for i in range(len(centres))]


def rows(spans: Sequence[tuple[float, float]], most: int) -> list[int | None]:
    """Return for each horizontal span the first row in which it touches no earlier one, or None past `most`."""
    taken: list[list[tuple[float, float]]] = []
    placed: list[int | None] = []
    for start, end in spans:
        row = next(
            (r for r, used in enumerate(taken) if all(end <= a or start >= b for a, b in used)), len(taken)
        )
        if row >= most:
            placed.append(None)
            continue
        if row == len(taken):
            taken.append([])
        taken[row].append((start, end))
        placed.append(row)
    return placed


def wrap(text: str, room: float, lines: int, size: float = SIZE, *, bold: bool = False) -> list[str]:
    """Return the text in at most so many lines that fit the room; the last one may end in an ellipsis."""
    words, out = clean(text).split(), list[str]()
    while words and len(out) < lines - 1:
        count = len(words)
        while count > 1 and text_width(" ".join(words[:count]), size, bold=bold) > room:
            count -= 1
        out.append(fit(" ".join(words[:count]), room, size, bold=bold))
        words = words[count:]
    return [*out, fit(" ".join(words), room, size, bold=bold)] if words else out
