"""Is a report printed or written whole, in the format asked or the one its file's name stands for?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Run


def test_a_report_is_printed_as_text(filled: Run) -> None:
    """For the quarter in which there is data."""
    ran = filled("report", "cfo", "--period", "2026Q3")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Small: ")
    assert "Q3 2026" in ran.out


@pytest.mark.parametrize(
    ("file", "beginning"),
    [("cfo.md", "# "), ("cfo.html", "<!doctype html>"), ("cfo.json", "{"), ("cfo.txt", "Small")],
)
def test_a_file_is_written_in_the_format_of_its_suffix(filled: Run, file: str, beginning: str) -> None:
    """And stdout stays empty."""
    ran = filled("report", "cfo", "--period", "2026Q3", "-o", file)
    assert (ran.code, ran.out, ran.err) == (0, "", f"Wrote {file}.\n")
    assert Path(file).read_text(encoding="utf-8").lower().startswith(beginning.lower())


def test_a_dash_means_stdout_and_format_what_comes_out(filled: Run) -> None:
    """JSON by either option is the same."""
    ran = filled("report", "cfo", "--period", "2026Q3", "--format", "json", "-o", "-")
    assert ran.data["report"] == "cfo"
    assert filled("report", "cfo", "--period", "2026Q3", "--json").data == ran.data


def test_the_readers_own_paragraph_is_printed(filled: Run) -> None:
    """In place of the draft."""
    ran = filled("report", "cfo", "--period", "2026Q3", "--text", "We need two people.")
    assert "We need two people." in ran.out
    assert "draft" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["cof"], "Did you mean cfo?"),
        (["cfo", "--period", "2026Q5"], "is no quarter"),
        (["cfo", "--format", "doc"], "There is no format"),
        (["cfo", "-o", "cfo.doc"], "use .txt, .md, .json, .html"),
        (["cfo", "--as-of", "noon"], "is no moment"),
    ],
)
def test_what_cannot_be_reported_ends_with_2(filled: Run, arguments: list[str], said: str) -> None:
    """And nothing is written."""
    ran = filled("report", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert not Path("cfo.doc").exists()


def test_a_folder_that_is_not_there_is_said(filled: Run) -> None:
    """In one line, with code 1."""
    ran = filled("report", "cfo", "--period", "2026Q3", "-o", "nowhere/cfo.html")
    assert ran.code == 1
    assert "nowhere/cfo.html cannot be written" in ran.err
