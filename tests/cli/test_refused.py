"""Can what was refused be seen and taken out?"""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.cli.command import PARTNERS, Run


def test_refused_rows_are_shown_with_reason_file_and_line(filled: Run) -> None:
    """And counted by source and reason."""
    ran = filled("refused")
    assert ran.code == 0
    assert ["calls", "bad", "time", "in", "time", "1"] in [line.split() for line in ran.out.splitlines()]
    assert 'found "soon"' in ran.out
    [row] = json.loads(filled("refused", "--source", "calls", "--json").out)
    assert (row["file"], row["line"], row["reason"]) == ("calls.csv", 6, "bad time in time")


def test_refused_rows_are_exported_as_a_table_or_as_they_were(filled: Run) -> None:
    """A table for reading, the rows themselves for mending."""
    assert filled("refused", "--export", "refused.csv").code == 0
    with Path("refused.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert row["reason"] == "bad time in time"
    assert filled("refused", "--export", "again.rows").code == 2
    assert filled("refused", "--source", "calls", "--export", "again.rows").code == 0
    assert '"soon"' in Path("again.rows").read_text(encoding="utf-8")


def test_an_unknown_source_of_refused_rows_names_the_known(filled: Run) -> None:
    """Only what was imported can have refused rows."""
    ran = filled("refused", "--source", "call")
    assert ran.code == 2
    assert "calls" in ran.err


def test_nothing_refused_is_said(run: Run) -> None:
    """An empty table would leave one guessing."""
    Path("partners.csv").write_text(PARTNERS, encoding="utf-8")
    run("import", "partners", "partners.csv")
    assert run("refused").out == "No row was refused.\n"
