"""Is the version said, short and long?"""

from __future__ import annotations

from firstcall import __version__
from tests.cli.command import Run


def test_the_version_is_shown(run: Run) -> None:
    """In short by flag, with what it stands on by verb."""
    assert run("--version").out == f"{__version__}\n"
    assert run("version").out.splitlines()[0] == f"firstcall {__version__}"
    assert run("version", "--json").data["firstcall"] == __version__
