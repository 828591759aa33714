"""Does the glossary list the words that are used, each once, and nothing else?"""

from __future__ import annotations

import ast
import re
from functools import cache

from tests.contracts.house import ROOT, SOURCE, product, texts

CONTRACTS = (
    "answers",
    "bands",
    "charts.chart",
    "engines.engine",
    "metrics.card",
    "metrics.metric",
    "periods",
    "program",
    "query.store_state",
    "reports.report",
    "schema.table",
    "sources.source",
    "web.answer_service",
    "web.response_cache",
)
"""Modules whose classes everybody meets who adds something or asks something."""

CALLED = {"cli": "command line", "demo": "sample program", "openapi": "OpenAPI document", "web": "dashboard"}
"""Folder → the words for what it holds, where its name is not one of them."""

INSIDE = {
    "Conformed": "what a source gives back, within one import",
    "Need": "a table and a command, on the way to a page",
    "Shared": "an answer on its way to several readers",
}
"""Class of a contract → why it needs no word of its own."""


@cache
def terms() -> tuple[str, ...]:
    """Return the glossary's terms in its order."""
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    return tuple(re.findall(r"^\*\*(.+?)\*\* — .+$", text, flags=re.MULTILINE))


def plain(text: str) -> str:
    """Return a text in small letters and single spaces, `StoreState` and `store_state` as two words."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).replace("_", " ")
    return re.sub(r"\s+", " ", apart).casefold()


@cache
def written() -> str:
    """Return all that is written in code, tests and pages, but for the glossary and what has been."""
    told = {"GLOSSARY.md", "CHANGELOG.md", "tests/contracts/test_glossary.py"}
    return plain("\n".join(text for where, text in texts() if where not in told))


def has_word(name: str) -> bool:
    """Whether a name, one of its words in the singular or what its doing is called stands in the glossary."""
    word, known = plain(name), {plain(term) for term in terms()}
    return bool(
        {word, word.removesuffix("s"), word.removesuffix("ing"), word.removesuffix("ies") + "y"} & known
    )


def test_each_term_stands_once_and_in_order() -> None:
    """Where one looks for it, with one meaning."""
    assert len(terms()) > 100
    assert list(terms()) == sorted(set(terms()), key=str.casefold)


def is_used(term: str) -> bool:
    """Whether a term stands in a page, a message, a docstring or a name; the plural counts."""
    return re.search(rf"(?<![a-z]){re.escape(plain(term))}(?:s|es)?(?![a-z])", written()) is not None


def test_every_term_is_used() -> None:
    """A word that nobody writes any more goes."""
    assert [term for term in terms() if not is_used(term)] == []


def test_every_room_has_its_word() -> None:
    """Folders of the package, the subjects of the catalogues among them."""
    folders = {path.parent.name for path in SOURCE.rglob("__init__.py")} - {"firstcall"}
    assert sorted(name for name in folders if not has_word(CALLED.get(name, name))) == []


def test_every_contract_has_its_words() -> None:
    """Each public class of the modules that say what an entry, a question or an answer is."""
    named = {
        node.name
        for module in product()
        if module.name.removeprefix("firstcall.") in CONTRACTS
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }
    assert sorted(name for name in named - INSIDE.keys() if not has_word(name)) == []
    assert sorted(INSIDE.keys() - named) == []
