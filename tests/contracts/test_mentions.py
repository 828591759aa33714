"""Does everything that pages, docstrings and comments name exist: modules, functions, files, decisions?"""

from __future__ import annotations

import ast
import importlib
import re
import sys
from collections.abc import Iterator
from functools import cache

from firstcall.schema import TABLES
from firstcall.schema.tables import KEPT_TABLES, stored
from firstcall.settings import keys
from tests.contracts.house import ROOT, SOURCE, Module, everything, product, texts
from tests.contracts.test_clean import comments

DOTTED = re.compile(r"`([A-Za-z_]\w+(?:\.[A-Za-z_]\w*)+)(?:\([^`]*\))?`")
CLASS = re.compile(r"`((?:[A-Z][a-z]+){2,})(?:\([^`]*\))?`")
PLACE = re.compile(r"(?<![\w./<…-])((?:src|tests|docs|benchmarks)/[\w./-]*\w)")
FILE = re.compile(r"(?<![\w./<…-])((?:[\w.-]+/)+[\w.-]+\.(?:py|md|toml|sh|sql|html|css|js|txt))\b")
DECISION = re.compile(r"\b(?:decision|ADR)s? (\d+)", re.IGNORECASE)
PATHS = frozenset({"docs/mapping.md", "docs/settings.md", "docs/sources.md"})
"""Pages whose dotted names are paths in other systems' records, or parts of keys under a heading."""

THEIRS = frozenset({"LogFormat", "ZoneInfo"})
"""What others call something of theirs, written as a class is: Apache, the standard library."""


def said(module: Module) -> Iterator[str]:
    """Yield the docstrings and comments of a file, and the texts below its constants."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield str(node.value.value)
    yield from comments(module.text)


@cache
def mentions() -> tuple[tuple[str, str], ...]:
    """Return (where, text) of every page, docstring and comment."""
    inside = ((module.where, text) for module in everything() for text in said(module))
    return (*inside, *((where, text) for where, text in texts() if where.endswith(".md")))


@cache
def names() -> dict[str, frozenset[str]]:
    """Return what each Python file names in its code: variables, functions, parameters, attributes."""
    return {
        module.where: frozenset(
            name
            for node in ast.walk(module.tree)
            for name in (getattr(node, "id", None), getattr(node, "arg", None), getattr(node, "attr", None))
            if isinstance(name, str)
        )
        for module in everything()
    }


@cache
def known() -> frozenset[str]:
    """Return the dotted names that are no module's: columns of tables, and keys of settings."""
    columns = {f"{table}.{each.name}" for table in (*TABLES, *KEPT_TABLES) for each in stored(table)}
    settings = {key.name.replace("[]", "") for key in keys()}
    return frozenset(columns | settings | {"firstcall.toml", "store.duckdb"})


@cache
def classes() -> dict[str, str]:
    """Return the module of each class of ours, by the class's name."""
    return {
        node.name: module.name
        for module in reversed(everything())  # the package comes first, so that its classes stay
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    }


def holds(module: str, parts: list[str]) -> bool:
    """Whether a module has an attribute that has an attribute, and so on."""
    found: object = importlib.import_module(module)
    for part in parts:
        found = getattr(found, part, None)
    return found is not None


def is_there(name: str) -> bool:
    """Whether a dotted name is of a module, or of what a module or class holds, whatever package is left out."""
    parts = name.split(".")
    if parts[0] in classes():
        parts = [*classes()[parts[0]].split("."), *parts]
    if parts[0] in sys.stdlib_module_names:
        return holds(parts[0], parts[1:])
    return any(
        f".{module.name}".endswith(f".{'.'.join(parts[:cut])}") and holds(module.name, parts[cut:])
        for cut in range(len(parts), 0, -1)
        for module in product()
    )


def is_file(name: str, where: str) -> bool:
    """Whether a path is one from the root, from the package, or from where it is named."""
    return any((start / name).exists() for start in (ROOT, SOURCE, SOURCE.parent, (ROOT / where).parent))


def test_dotted_names_are_those_of_modules_columns_settings_or_of_the_file_itself() -> None:
    """A module that was renamed is renamed wherever somebody is sent to it."""
    files = {path.name for folder in ("src", "tests") for path in (ROOT / folder).rglob("*.*")}
    files |= {path.name for path in ROOT.iterdir()}
    lost = sorted(
        f"{where}: {name}"
        for where, text in mentions()
        if where not in PATHS
        for name in DOTTED.findall(text)
        if not (name in known() or name in files or is_there(name))
        if name.split(".")[0] not in names().get(where, ())
    )
    assert lost == []


def test_files_that_are_named_are_there() -> None:
    """From the root, from the package, or beside the one that names it."""
    lost = sorted(
        f"{where}: {name}"
        for where, text in mentions()
        for name in FILE.findall(re.sub(r"https?://\S+", "", text))
        if not is_file(name, where)
    )
    assert lost == []


def test_folders_that_are_named_are_there() -> None:
    """Those of the project, from its root."""
    named = {(where, name) for where, text in mentions() for name in PLACE.findall(text)}
    assert len(named) > 20
    assert sorted(f"{where}: {name}" for where, name in named if not (ROOT / name).exists()) == []


def test_classes_that_are_named_are_there() -> None:
    """Ours, or one that the file itself uses."""
    lost = {
        f"{where}: {name}"
        for where, text in mentions()
        if where not in PATHS
        for name in CLASS.findall(text)
        if name not in THEIRS and name not in classes() and name not in names().get(where, ())
    }
    assert sorted(lost) == []


def test_decisions_that_are_cited_are_written_down() -> None:
    """By their number, as `docs/adr/` has it."""
    written = {path.name[:4] for path in (ROOT / "docs" / "adr").glob("*.md")}
    cited = [(where, number) for where, text in mentions() for number in DECISION.findall(text)]
    assert [found for found in cited if found[1].zfill(4) not in written] == []
