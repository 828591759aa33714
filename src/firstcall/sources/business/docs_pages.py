"""Which page views are steps of the journey: of the documentation, of the quickstart, or of neither?"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from firstcall.sources.mapping.converters import CONVERTERS, Convert
from firstcall.sources.mapping.mapping import Asks, Node
from firstcall.sources.source import Option

DOCS = "*"
QUICKSTART = "*quickstart*,*quick-start*,*getting-started*"
PAGES = (
    Option(
        "docs", "patterns of the paths of documentation pages, with commas; other pages are left out", DOCS
    ),
    Option("quickstart", "patterns of the paths of the quickstart", QUICKSTART),
)


def _patterns(options: Mapping[str, str], name: str, default: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in options.get(name, default).split(",") if each.strip())


def step(options: Mapping[str, str]) -> Convert:
    """Return the reading of a page's address as a step: quickstart_viewed or docs_viewed."""
    quick = _patterns(options, "quickstart", QUICKSTART)

    def read(value: object, _currency: str) -> str | None:
        path = CONVERTERS["path"](value, "")
        if path is None:
            return None
        return "quickstart_viewed" if any(fnmatchcase(path, each) for each in quick) else "docs_viewed"

    return read


def outside(options: Mapping[str, str], *paths: str) -> Asks:
    """Return what asks whether a page belongs neither to the documentation nor to the quickstart."""
    wanted = (*_patterns(options, "docs", DOCS), *_patterns(options, "quickstart", QUICKSTART))

    def ask(node: Node) -> bool:
        found = next((value for path in paths if (value := node.find(path))), None)
        page = CONVERTERS["path"](found, "") or ""
        return not any(fnmatchcase(page, each) for each in wanted)

    return ask
