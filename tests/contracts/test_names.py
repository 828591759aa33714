"""Do files and rooms have names that say what they are?"""

from __future__ import annotations

import ast
import re

import pytest

from firstcall.errors import FirstcallError
from tests.contracts.house import ROOT, everything, product
from tests.contracts.pages.errors import family

NAMELESS = {"utils", "util", "helpers", "helper", "common", "core", "base", "manager", "misc", "tools"}


def test_no_module_is_called_by_a_word_that_means_nothing() -> None:
    """What has no name has no home yet."""
    wrong = [m.where for m in everything() if NAMELESS & {*m.path.with_suffix("").parts, m.path.parent.name}]
    assert wrong == []


def test_every_module_says_which_question_it_answers() -> None:
    """The docstring's first line is one sentence, ended."""
    wrong = [
        module.where
        for module in everything()
        if module.tree.body
        and not re.search(r"[.?!:]$", (ast.get_docstring(module.tree) or "").split("\n\n")[0])
    ]
    assert wrong == []


def test_every_module_with_code_postpones_its_annotations() -> None:
    """`from __future__ import annotations` stands first, so that types cost nothing at run time."""
    wrong = [
        module.where
        for module in everything()
        if len(module.tree.body) > 1 and "\nfrom __future__ import annotations\n" not in module.text
    ]
    assert wrong == []


def test_the_architecture_page_names_every_room_and_no_other() -> None:
    """The tree on the page is the tree on disk."""
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    tree = re.search(r"```text\nsrc/firstcall/\n(.*?)```", page, flags=re.DOTALL)
    assert tree is not None
    drawn = set(re.findall(r"^  (\w+)/? ", tree[1], flags=re.MULTILINE))
    assert drawn == {module.room for module in product() if module.room not in {"", "__main__"}}


def test_the_error_tree_stands_in_one_file() -> None:
    """Who catches errors finds all of them drawn in one docstring."""
    tree = {error.__name__ for error, _ in family(FirstcallError)}
    elsewhere = [
        f"{module.where}: {node.name}"
        for module in product()
        for node in ast.walk(module.tree)
        if module.room != "errors"
        and isinstance(node, ast.ClassDef)
        and tree & {*map(ast.unparse, node.bases)}
    ]
    assert elsewhere == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "TENETS.md"])
def test_the_pages_a_visitor_looks_for_are_there(page: str) -> None:
    """Each opens with its title."""
    assert (ROOT / page).read_text(encoding="utf-8").startswith("# ")
