"""Can one see what was imported, and take it back?"""

from __future__ import annotations

import json

from tests.cli.command import Run


def test_imports_are_listed_the_latest_first(filled: Run) -> None:
    """With what became of their rows."""
    listed = filled("imports").out.splitlines()
    assert [line.split()[0] for line in listed[2:]] == ["3", "2", "1"]
    files = [each["file"] for each in json.loads(filled("imports", "--json").out)]
    assert files == ["calls.csv", "credentials.csv", "partners.csv"]


def test_an_import_is_taken_back(filled: Run) -> None:
    """A dry run says so beforehand; a number that nobody knows lists those that are known."""
    assert filled("undo", "3", "--dry-run").out.startswith(
        "Would take back calls.csv, read as calls: 4 rows."
    )
    assert len(json.loads(filled("imports", "--json").out)) == 3
    assert filled("undo", "3").out.startswith("Took back calls.csv, read as calls: 4 rows.")
    assert filled("undo", "2", "--json").data["removed"] == 2
    gone = filled("undo", "3")
    assert (gone.code, "There is no import named '3'" in gone.err) == (2, True)
    assert filled("refused").out == "No row was refused.\n"


def test_nothing_imported_is_said(filled: Run) -> None:
    """Of a store from which all was taken back."""
    for number in ("3", "2", "1"):
        filled("undo", number)
    assert filled("imports").out == "Nothing was imported yet.\n"
