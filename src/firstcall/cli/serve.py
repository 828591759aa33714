"""How does the dashboard come up, and where?"""

from __future__ import annotations

from firstcall.cli.options import Common
from firstcall.cli.session import opened, settings_of
from firstcall.cli.terminal import Terminal
from firstcall.settings import Settings

HOST, PORT = "127.0.0.1", 8765


def serve(*, host: str = HOST, port: int = PORT, common: Common | None = None) -> int:
    """Serve the dashboard until it is stopped.

    Parameters
    ----------
    host
        Address to listen on; only this machine's own, as long as nobody has to say who they are.
    port
        Port to listen on.
    """
    return serve_program(Terminal(common), settings_of(common), host=host, port=port)


def check_address(host: str, port: int) -> str:
    """Return the address that would be served; UsageError when it must not or cannot be."""
    # granian and starlette load with it
    from firstcall.web.server import address

    return address(host, port)


def serve_program(terminal: Terminal, settings: Settings, *, host: str, port: int) -> int:
    """Open the store, serve it until Ctrl-C, and give it back."""
    # granian and starlette load with it
    from firstcall.web.server import serve as run

    def say(where: str) -> None:
        terminal.words(f"Dashboard: {where}  (Ctrl-C stops it)")
        terminal.out.file.flush()

    with opened(settings, serving=check_address(host, port)) as program:
        _ = program.metrics  # a target that cannot be used is said now, not to the first visitor
        run(program, host, port, say=say)
    return 0
