"""Does a shell learn every verb?"""

from __future__ import annotations

import pytest

from tests.cli.command import Run


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_knows_every_verb(run: Run, shell: str) -> None:
    """The script is generated from the commands themselves."""
    ran = run("completion", shell)
    assert ran.code == 0
    assert all(verb in ran.out for verb in ("explain", "refused", "sources"))
