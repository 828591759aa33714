"""Does the page for newcomers say what the commands say, when they are typed as it says?"""

from __future__ import annotations

import re
import shlex
import time
from pathlib import Path

import pytest

from tests.cli.command import Run
from tests.contracts.house import ROOT
from tests.pipeline.workbook import workbook

PAGE = ROOT / "docs" / "start.md"
FENCE = re.compile(r"```text (\S+)\n(.*?)```", re.DOTALL)
TYPED = re.compile(r"```console\n\$ (.+?)\n(.*?)```", re.DOTALL)
MOST_COMMANDS, MOST_SECONDS = 5, 180


def put_files(page: str) -> None:
    """Write the files of the page: a workbook of its rows, a sheet in Windows' encoding, a log."""
    for name, text in FENCE.findall(page):
        if name.endswith(".xlsx"):
            Path(name).write_bytes(workbook({"Partners": [line.split(";") for line in text.splitlines()]}))
        else:
            Path(name).write_text(text, encoding="cp1252" if name.endswith(".csv") else "utf-8")


def fits(shown: str, said: str) -> bool:
    """Whether a text is as shown, line by line; an ellipsis stands for lines that are left out."""
    lines = (re.escape(line) + r"\n" for line in shown.rstrip("\n").split("\n"))
    pattern = "".join("(?:.*\\n)*?" if line == r"…\n" else line for line in lines)
    plain = "".join(f"{line.rstrip()}\n" for line in said.rstrip("\n").split("\n"))
    return re.fullmatch(pattern, plain) is not None


def test_a_newcomer_has_the_first_answer_in_five_commands(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings, nothing deleted; the page shows what the commands say."""
    monkeypatch.setenv("COLUMNS", "110")
    page = PAGE.read_text(encoding="utf-8")
    put_files(page)
    began = time.monotonic()
    transcript = TYPED.findall(page)
    assert 0 < len(transcript) <= MOST_COMMANDS
    for typed, shown in transcript:
        program, *arguments = shlex.split(typed)
        ran = run(*arguments)
        assert (program, ran.code) == ("firstcall", 0), ran.err
        assert fits(shown, ran.out), f"{typed}\n{ran.out}"
    assert time.monotonic() - began < MOST_SECONDS
    assert sorted(path.name for path in Path().glob("*.toml")) == [
        "invoices.mapping.toml",
        "partners.mapping.toml",
    ]


def test_a_transcript_that_says_something_else_does_not_fit() -> None:
    """Neither another line, nor one more, nor one less, but for an ellipsis."""
    assert fits("a\n…\nd\n", "a\nb\nc\nd\n")
    assert fits("a\n…\n", "a\n")
    assert not fits("a\n…\nd\n", "a\nb\nd\ne\n")
    assert not fits("a\n", "a\nb\n")
