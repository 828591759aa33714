"""How does the dashboard run: which address it may take, how it starts, and how it gives the store back?"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import logging
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from firstcall.engines.duckdb import DuckDBEngine
from firstcall.errors import FirstcallError, UsageError
from firstcall.query.question import Parameters
from firstcall.web.app import make_app
from firstcall.web.deadlines import within
from firstcall.web.pages.overview import overview
from firstcall.web.security import LOOPBACK

if TYPE_CHECKING:
    from firstcall.program import Program
    from firstcall.web.answer_service import AnswerService

HOST, PORT = "127.0.0.1", 8765
HEADERS_WITHIN = 10_000
"""Milliseconds a client may take to send its headers."""

CONNECTIONS = 256
"""Connections that are worked on at a time; further ones wait."""

_log = logging.getLogger("firstcall.web")


def address(host: str = HOST, port: int = PORT) -> str:
    """Return the address to open; UsageError when this host or port must not be served.

    Ask before the store is opened, for the store remembers the address for those who find it taken.
    """
    if not is_loopback(host):
        raise UsageError(
            f"serve was asked to listen on {host}, where other machines can read. There is no authentication yet, "
            f"so that only this machine is served: use --host {HOST}, and reach it from elsewhere through an SSH "
            "tunnel or a proxy that asks who is there."
        )
    if not 1 <= port <= 65_535:
        raise UsageError(f"serve was asked to listen on port {port}; ports go from 1 to 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # the server shares its port with whoever asks likewise, so that a second one would start without a word
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise UsageError(
                    f"Port {port} on {host} is taken by another program. Choose one with --port."
                ) from error
            raise UsageError(f"serve cannot listen on {host}:{port}: {error.strerror}.") from error
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host."""
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def serve(
    program: Program, host: str = HOST, port: int = PORT, *, say: Callable[[str], None] = lambda _: None
) -> None:
    """Serve the open program until Ctrl-C or SIGTERM; `say` is told the address once it answers.

    The store's connection is locked first: no SQL can reach files or change settings. The caller closes the
    program afterwards. Raises UsageError for an address that must not be served.
    """
    where = address(host, port)
    if isinstance(program.engine, DuckDBEngine):
        program.engine.lock()
    app = make_app(program, names=(*LOOPBACK, host))
    service: AnswerService = app.state.service
    warming = Thread(target=_warm, args=(service,), name="warming", daemon=True)
    server = Server(
        app,
        "127.0.0.1" if host == "localhost" else host,
        port,
        interface=Interfaces.ASGI,
        log_enabled=False,
        websockets=False,
        backpressure=CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN),
    )

    def started() -> None:
        warming.start()
        say(where)

    try:
        asyncio.run(_run(server, started))
    finally:
        service.close()
        if warming.is_alive():
            warming.join()


async def _run(server: Server, started: Callable[[], None]) -> None:
    """Run the server until a signal asks it to stop."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    serving = asyncio.ensure_future(server.serve())
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.sleep(0.05)
    if not serving.done():
        started()
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        stopping.cancel()
        failed = serving.exception()
        raise FirstcallError(f"The server ended by itself: {failed or 'no reason given'}.") from failed
    server.stop()  # type: ignore[no-untyped-call]  # granian annotates most, not this
    await serving


def _warm(service: AnswerService) -> None:
    """Answer the overview once, so that the first visitor does not wait for libraries and first answers."""
    try:
        with within(service.seconds):
            service.generation()
            overview(service, Parameters())
    except Exception:  # noqa: BLE001  whoever opens the page is told the same; the server goes on
        _log.exception("the overview could not be prepared")
