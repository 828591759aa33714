"""How is a table of a generated page written?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

GENERATED = "<!-- Written by `make docs` from the code; a change here is lost. -->"


def opening(title: str, *paragraphs: str) -> str:
    """Return the head of a page."""
    return "\n\n".join([f"# {title}", GENERATED, *paragraphs])


def cell(value: object) -> str:
    """Return a value as it may stand between two bars."""
    return str(value).replace("|", "\\|").replace("\n", " ")


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell(value) for value in line)} |" for line in lines)


def page(parts: Iterable[str]) -> str:
    """Return the parts as one file, a blank line between them."""
    return "\n\n".join(parts).strip() + "\n"
