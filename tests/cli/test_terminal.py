"""Does output suit its reader: colour on a terminal that wants it, plain text elsewhere, JSON alone?"""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from firstcall.cli.options import Common
from firstcall.cli.progress import progress
from firstcall.cli.terminal import Head, Terminal
from firstcall.pipeline.importing import Progress


class Screen(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def screens(monkeypatch: pytest.MonkeyPatch) -> tuple[Screen, Screen]:
    """Replace stdout and stderr by terminals."""
    out, err = Screen(), Screen()
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", err)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return out, err


def test_a_terminal_gets_styles_and_no_color_takes_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR and a dumb terminal mean not one escape byte."""
    out, _ = screens(monkeypatch)
    Terminal().words("heading", "bold")
    assert "\x1b[1m" in out.getvalue()
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        out, _ = screens(monkeypatch)
        monkeypatch.setenv(name, value)
        Terminal().words("heading", "bold")
        Terminal().table([Head("a")], [["b"]])
        assert "\x1b" not in out.getvalue()


def test_a_pipe_gets_whole_lines_without_trailing_blanks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is wrapped for a reader that has no width, nothing filled up."""
    monkeypatch.delenv("COLUMNS")
    terminal = Terminal()
    terminal.words("word " * 60)
    terminal.table([Head("name", whole=False), Head("n", right=True)], [["x" * 300, 1], [None, 2]])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "word " * 60
    assert lines[3] == f"{'x' * 300}   1"
    assert [line for line in lines[1:] if line != line.rstrip()] == []


def test_markup_and_escapes_in_cells_are_text(capsys: pytest.CaptureFixture[str]) -> None:
    """A partner may be called [red] or :smile:."""
    Terminal().table([Head("[bold]name")], [["[red]x[/red] :smile: \x1b[31m"]])
    out = capsys.readouterr().out
    assert "[bold]name" in out
    assert "[red]x[/red] :smile:" in out
    assert "\x1b" not in out


def test_json_silences_words_and_tables(capsys: pytest.CaptureFixture[str]) -> None:
    """Exact numbers are text, times are ISO 8601."""
    terminal = Terminal(as_json=True)
    terminal.words("words")
    terminal.table([Head("a")], [["b"]])
    terminal.json({"amount": Decimal("1.50"), "at": datetime(2026, 7, 1, tzinfo=UTC), "each": (1, 2)})
    assert json.loads(capsys.readouterr().out) == {
        "amount": "1.50",
        "at": "2026-07-01T00:00:00+00:00",
        "each": [1, 2],
    }


def test_remarks_go_to_stderr_and_quiet_drops_them(capsys: pytest.CaptureFixture[str]) -> None:
    """Warnings stay."""
    Terminal().remark("by the way")
    Terminal(Common(quiet=True)).remark("unheard")
    Terminal(Common(quiet=True)).warning("listen")
    assert capsys.readouterr() == ("", "by the way\nlisten\n")


def test_progress_is_drawn_for_somebody_who_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the file and what happens to it, on stderr only."""
    out, err = screens(monkeypatch)
    with progress(Terminal()) as told:
        told(Progress("logs/ac\x1b]0;x\x07cess.log", 1, 3, 0, 100, "reading"))
        told(Progress("logs/ac\x1b]0;x\x07cess.log", 1, 3, 60, 100, "reading"))
        told(Progress("logs/ac\x1b]0;x\x07cess.log", 1, 3, 100, 100, "importing"))
    assert "1/3 access.log: importing" in err.getvalue()
    assert "MB/s" in err.getvalue()
    assert "\x1b]0" not in err.getvalue()
    assert out.getvalue() == ""


def test_progress_is_silent_in_a_pipe_and_when_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Logs of a nightly run hold no bars."""
    _, err = screens(monkeypatch)
    with progress(Terminal(Common(quiet=True))) as told:
        told(Progress("a", 1, 1, 50, 100, "reading"))
    assert err.getvalue() == ""
    monkeypatch.setattr("sys.stderr", piped := io.StringIO())
    with progress(Terminal()) as told:
        told(Progress("a", 1, 1, 50, 100, "reading"))
    assert piped.getvalue() == ""
