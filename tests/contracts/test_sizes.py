"""Is every file and every function small enough to read in one go, and every folder to look through?"""

from __future__ import annotations

import ast
from collections import Counter

from tests.contracts.house import ROOT, everything

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
MOST_FILES = 30

LONGER_FILES: dict[str, str] = {}
"""Path from the root → why this file may be longer."""

LONGER_FUNCTIONS: dict[str, str] = {}
"""`path::name` → why this function may be longer."""

FULLER_FOLDERS: dict[str, str] = {}
"""Path from the root → why this folder may hold more Python files."""


def test_files_stay_under_400_lines() -> None:
    """A longer file answers two questions; an exception has its reason, and goes when it is not needed."""
    longer = {
        module.where: lines
        for module in everything()
        if (lines := len(module.text.splitlines())) >= LONGEST_FILE
    }
    assert {where: lines for where, lines in longer.items() if where not in LONGER_FILES} == {}
    assert sorted(LONGER_FILES.keys() - longer.keys()) == []


def test_functions_stay_under_40_lines() -> None:
    """From `def` to the last line, docstring included."""
    longer = {
        f"{module.where}::{node.name}": lines
        for module in everything()
        for node in ast.walk(module.tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) >= LONGEST_FUNCTION
    }
    assert {where: lines for where, lines in longer.items() if where not in LONGER_FUNCTIONS} == {}
    assert sorted(LONGER_FUNCTIONS.keys() - longer.keys()) == []


def test_no_folder_holds_more_than_thirty_files() -> None:
    """A fuller one is two rooms; an exception has its reason, and goes when it is not needed."""
    counts = Counter(module.path.parent.relative_to(ROOT).as_posix() for module in everything())
    fuller = {folder: count for folder, count in counts.items() if count > MOST_FILES}
    assert {folder: count for folder, count in fuller.items() if folder not in FULLER_FOLDERS} == {}
    assert sorted(FULLER_FOLDERS.keys() - fuller.keys()) == []
