"""Does the demo make, import and report a whole program through the ordinary ways?"""

from __future__ import annotations

from pathlib import Path

import pytest

from firstcall import registry
from tests.cli.command import Run


@pytest.mark.slow
def test_the_demo_prints_its_page_and_leaves_a_program_to_ask(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every metric can be computed from its files, and nothing of them is refused."""
    ran = run("demo", "sample", "--no-serve", "--scale", "0.01")
    assert ran.code == 0, ran.err
    assert "Northwind APIs" in ran.out
    assert "Cost per partner onboarded" in ran.out
    assert "firstcall ask" in ran.err
    monkeypatch.chdir("sample")
    found = run("status", "--json").data
    assert found["refused"] == []
    assert {name for name, each in found["metrics"].items() if each["ready"]} == set(registry.metrics())


def test_a_folder_that_cannot_be_made_is_said(run: Run) -> None:
    """Before any work, in one line."""
    Path("file").write_text("", encoding="utf-8")
    ran = run("demo", "file", "--no-serve")
    assert ran.code == 2
    assert "file is a file" in ran.err
    assert run("demo", "sample", "--no-serve", "--scale", "0").code == 2
