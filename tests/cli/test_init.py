"""Can one begin: a settings file, a completion script, the versions?"""

from __future__ import annotations

from pathlib import Path

import pytest

from firstcall import __version__
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


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_knows_every_verb(run: Run, shell: str) -> None:
    """The script is generated from the commands themselves."""
    ran = run("completion", shell)
    assert ran.code == 0
    assert all(verb in ran.out for verb in ("explain", "refused", "sources"))


def test_the_version_is_shown(run: Run) -> None:
    """In short by flag, with what it stands on by verb."""
    assert run("--version").out == f"{__version__}\n"
    assert run("version").out.splitlines()[0] == f"firstcall {__version__}"
    assert run("version", "--json").data["firstcall"] == __version__
