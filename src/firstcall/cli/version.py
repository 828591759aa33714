"""Which version is this, and what does it stand on?"""

from __future__ import annotations

import platform
from importlib.metadata import version as version_of

from firstcall import __version__
from firstcall.cli.options import Common, Json
from firstcall.cli.terminal import Terminal

PARTS = ("duckdb", "sqlglot", "scipy", "starlette", "tzdata")


def version(*, as_json: Json = False, common: Common | None = None) -> int:
    """Show the versions of firstcall and of what it stands on."""
    terminal = Terminal(common, as_json=as_json)
    versions = {"firstcall": __version__, "python": platform.python_version()}
    versions |= {part: version_of(part) for part in PARTS}
    if as_json:
        terminal.json(versions)
    for name, number in versions.items():
        terminal.words(f"{name} {number}")
    return 0
