"""What do the tests of the command line start from?"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from tests.cli.command import Run, fill, runner


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("FIRSTCALL_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run command lines in a folder where nothing is yet."""
    monkeypatch.chdir(tmp_path)
    return runner(capfd)


@pytest.fixture(scope="session")
def small_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the folder of the small program once; tests get copies."""
    folder = tmp_path_factory.mktemp("small")
    fill(folder)
    return folder


@pytest.fixture
def filled(small_program: Path, tmp_path: Path, run: Run) -> Run:
    """Run command lines in a folder with a small program."""
    copytree(small_program, tmp_path, dirs_exist_ok=True)
    return run


@pytest.fixture
def _heard() -> Iterator[None]:
    """Let processes hear Ctrl-C although these tests may run in the background of a script.

    What a shell starts there ignores Ctrl-C, and so does all that it starts in turn; a handler is not handed down.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
