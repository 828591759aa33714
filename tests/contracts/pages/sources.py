"""Which formats can be imported, and what does each need and fill?"""

from __future__ import annotations

from collections.abc import Iterator

from firstcall import registry
from firstcall.sources.source import Source
from tests.contracts.pages import markdown


def card(source: Source) -> Iterator[str]:
    """Yield what the page says of one source."""
    yield f"## {source.name}"
    tables = ", ".join(f"[`{name}`](tables.md#{name})" for name in (source.fills, *source.also))
    yield f"{source.title}. Fills {tables}."
    call = f"\n- What names one call: {source.call_id}" if source.call_id else ""
    yield f"- Needs: {source.needs}\n- Who called: {source.identity}{call}\n- Certainty: {source.certainty}"
    if source.pull is not None:
        where = source.pull.base or f"--url {source.pull.address}"
        rights = f" The token needs: {source.pull.rights}." if source.pull.rights else ""
        blanks = "".join(f" `{blank.name}`: {blank.doc}." for blank in source.pull.blanks)
        yield f"[Pulled](pulling.md) from `{where}` by `firstcall pull {source.name}`.{rights}{blanks}"
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


def summary(source: Source) -> tuple[str, ...]:
    """Return a source's line in the table of all."""
    return (
        f"[{source.name}](#{source.name})",
        f"[`{source.fills}`](tables.md#{source.fills})",
        ", ".join(f"`{variant.name}`" for variant in source.variants),
        source.identity,
        source.certainty,
        source.samples,
        ", ".join(f"`{option.name}`" for option in source.options),
    )


def page() -> str:
    """Return docs/sources.md."""
    head = markdown.opening(
        "Sources",
        "`firstcall import SOURCE FILE…`, or `firstcall import auto FILE…`, which tells the source by the first lines. "
        "Every [table](tables.md) is a source in its own shape too.",
        "*Certainty* says how well the mapping is known, *samples* where the tests have the text from: built from "
        "what the vendor publishes, or written by the system itself, started by the tests.",
    )
    found = registry.sources().values()
    heads = ("source", "fills", "shapes", "who called", "certainty", "samples", "options")
    everything = markdown.table(heads, map(summary, found))
    return markdown.page([head, everything, *(part for source in found for part in card(source))])
