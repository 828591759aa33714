"""How does one begin: with which settings file, and what next?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from firstcall.cli.options import Common
from firstcall.cli.terminal import Terminal
from firstcall.errors import FirstcallError
from firstcall.settings import FILE_NAME, template


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
