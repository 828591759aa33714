"""How does a shell complete the verbs and options?"""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from firstcall.cli.options import Common
from firstcall.cli.terminal import Terminal


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
