"""What do the browser tests start from: a served small program, and a Chromium?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from firstcall.program import Program
from firstcall.settings import Settings
from firstcall.settings.model import Store
from tests.web.client import EVERYTHING, fill
from tests.web.test_server import SERVE, free_port

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the small program, served by a process of its own."""
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    store = folder / "store"
    with Program.open(Settings(store=Store(path=store))) as program:
        fill(program, Path(folder), EVERYTHING)
    command = [sys.executable, "-c", SERVE, str(store), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium, by CHROMIUM or from the path; playwright's own when there is neither.

    It ends with its module: while it runs, a loop runs in this thread, and no other test may start one.
    """
    arguments = ["--no-sandbox", "--disable-quic", "--disable-gpu"]
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield found
        found.close()
