"""Can one begin with a settings file?"""

from __future__ import annotations

from pathlib import Path

from firstcall.settings import template
from tests.cli.command import Run


def test_init_writes_the_template_and_says_what_comes_next(run: Run) -> None:
    """Into a folder that it makes."""
    ran = run("init", "acme/api")
    assert (ran.code, ran.out) == (0, "Wrote acme/api/firstcall.toml.\n")
    assert "firstcall sources" in ran.err
    assert Path("acme/api/firstcall.toml").read_text(encoding="utf-8") == template()


def test_init_never_overwrites(run: Run) -> None:
    """What somebody wrote stays."""
    Path("firstcall.toml").write_text("# mine\n", encoding="utf-8")
    ran = run("init")
    assert ran.code == 1
    assert "is there already" in ran.err
    assert Path("firstcall.toml").read_text(encoding="utf-8") == "# mine\n"


def test_init_says_when_the_folder_is_a_file(run: Run) -> None:
    """One line, no traceback."""
    Path("file").write_text("", encoding="utf-8")
    ran = run("init", "file")
    assert ran.code == 1
    assert "file is no folder" in ran.err
