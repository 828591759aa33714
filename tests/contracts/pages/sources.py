"""Which formats can be imported, and what does each need and fill?"""

from __future__ import annotations

from collections.abc import Iterator

from firstcall import registry
from firstcall.sources.source import Source
from tests.contracts.pages import markdown


def card(source: Source) -> Iterator[str]:
    """Yield what the page says of one source."""
    yield f"## {source.name}"
    yield f"{source.title}. Fills [`{source.fills}`](tables.md#{source.fills})."
    yield f"- Needs: {source.needs}\n- Who called: {source.identity}\n- Certainty: {source.certainty}"
    if source.variants:
        yield markdown.table(("shape", "what it is"), ((f"`{v.name}`", v.doc) for v in source.variants))
    if source.options:
        yield markdown.table(
            ("`--option`", "what it sets", "default"),
            (
                (f"`{o.name}`", o.doc, f"`{o.default}`" if o.default is not None else "")
                for o in source.options
            ),
        )


def page() -> str:
    """Return docs/sources.md."""
    head = markdown.opening(
        "Sources",
        "`firstcall import SOURCE FILE…`. Every [table](tables.md) is a source in its own shape too.",
    )
    return markdown.page([head, *(part for source in registry.sources().values() for part in card(source))])
