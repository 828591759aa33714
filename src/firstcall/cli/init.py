"""How does one begin: with a settings file, with completion, knowing the version?"""

from __future__ import annotations

import platform
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from firstcall import __version__
from firstcall.cli.options import Common, Json
from firstcall.cli.terminal import Terminal
from firstcall.errors import FirstcallError
from firstcall.settings import FILE_NAME, template

PARTS = ("duckdb", "sqlglot", "scipy", "starlette", "tzdata")


def init(folder: Annotated[Path, Parameter(name="DIR")] = Path(), /, *, common: Common | None = None) -> int:
    """Write a firstcall.toml with every setting explained.

    Parameters
    ----------
    folder
        Folder to write it to; it is made when it is not there.
    """
    terminal = Terminal(common)
    file = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as written:
            written.write(template())
    except FileExistsError:
        what = f"{file} is there already" if file.exists() else f"{folder} is no folder"
        raise FirstcallError(
            f"{what}; nothing was changed. Move it away, or choose another folder."
        ) from None
    except OSError as error:
        raise FirstcallError(f"{file} cannot be written: {error.strerror}.") from None
    terminal.words(f"Wrote {file}.")
    terminal.remark(
        "Next: set the name, the time zone and the currency of the program in it, then import what you have:\n"
        "  firstcall sources                        what can be imported\n"
        "  firstcall import partners partners.csv   a list of partners is a good beginning"
    )
    return 0


def completion(
    shell: Annotated[Literal["bash", "zsh", "fish", "powershell"], Parameter(name="SHELL")],
    /,
    *,
    common: Common | None = None,
) -> int:
    """Print the completion script of a shell.

    Parameters
    ----------
    shell
        Shell that will read it.
    """
    from firstcall.cli import app  # app loads this module, and with it rich, when the verb is used

    Terminal(common).out.file.write(app.generate_completion(shell=shell))
    return 0


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
