"""How do the tests run the command: in this process, in a folder of their own, with a small program in it?"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from firstcall.cli import main

CALLS = """\
event_id,time,source,environment,consumer,product,method,route,status,latency_ms
1,2026-07-01T10:00:00Z,kong,production,key-a,payments,GET,/v1/orders,200,12
2,2026-07-02T10:00:00Z,kong,production,key-a,payments,GET,/v1/orders,500,30
3,2026-08-03T10:00:00Z,kong,production,key-b,search,POST,/v1/find,200,80
4,2026-08-04T10:00:00Z,kong,production,,search,POST,/v1/find,200,90
5,soon,kong,production,key-b,search,POST,/v1/find,200,80
"""
PARTNERS = """\
partner_id,name,registered_at
acme,Acme,2026-06-01T00:00:00Z
=evil,"Ev\x1b]0;owned\x07il \u202e[red]x",2026-06-02T00:00:00Z
"""
CREDENTIALS = """\
consumer,partner_id
key-a,acme
key-b,=evil
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command ended with and said."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        """What it printed as JSON."""
        found: dict[str, Any] = json.loads(self.out)
        return found


Run = Callable[..., Ran]


def runner(capfd: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs one command line."""

    def run(*arguments: str) -> Ran:
        capfd.readouterr()
        code = main(arguments)
        said = capfd.readouterr()
        return Ran(code, said.out, said.err)

    return run


def fill(folder: Path) -> None:
    """Write the small program's files and import them: 4 calls, 3 of them of 2 partners, and 1 row refused."""
    settings = folder / "firstcall.toml"
    settings.write_text('[program]\nname = "Small"\n', encoding="utf-8")
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
        for name, text, code in (
            ("partners", PARTNERS, 0),
            ("credentials", CREDENTIALS, 0),
            ("calls", CALLS, 3),
        ):
            Path(f"{name}.csv").write_text(text, encoding="utf-8")
            assert main(("import", name, f"{name}.csv", "-q")) == code
