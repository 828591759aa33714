"""Does pyproject.toml name what the package imports, and nothing that it does not?"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.contracts.house import ROOT, Module, product

NEVER_IMPORTED = {
    "tzdata": "its files are read, as data: they are the one source of time zones",
}

PART_OF = {"pydantic-core": "pydantic", "sqlglotc": "sqlglot"}
"""Distributions that another brings along as a part of itself, to the version."""

LATER = {"compression"}
"""Modules of a later standard library than this one's, imported where they are there."""


def normal(name: str) -> str:
    """Return a distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> set[str]:
    """Return the names of the dependencies that everyone installs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {normal(re.split(r"[^\w.-]", each)[0]) for each in project["dependencies"]}


def imported(module: Module) -> set[str]:
    """Return the top-level names that a module imports from outside."""
    found: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    tops = {name if name.startswith("backports.") else name.split(".")[0] for name in found}
    return {top for top in tops if top not in {*sys.stdlib_module_names, *LATER, "firstcall"}}


def used() -> set[str]:
    """Return the distributions that the package imports from."""
    homes = packages_distributions()
    tops = {top for module in product() for top in imported(module)}
    found = {normal(home) for top in tops for home in ([top] if "." in top else homes.get(top, [top]))}
    return {PART_OF.get(name, name) for name in found}


def test_what_is_imported_is_declared() -> None:
    """No import works only because something else brought it along."""
    assert sorted(used() - declared()) == []


def test_what_is_declared_is_imported() -> None:
    """A dependency that nothing imports goes, or stands here with its reason."""
    assert sorted(declared() - used() - NEVER_IMPORTED.keys()) == []
