"""Does the dashboard come up, say where it is, and give the store back?"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

from firstcall.cli import serve as command
from firstcall.web import server
from tests.cli.command import Run

COMMAND = (sys.executable, "-c", "import sys; from firstcall.cli import main; sys.exit(main())")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_the_dashboard_says_where_it_is_and_ends_quietly(filled: Run, tmp_path: Path) -> None:
    """Others are told to ask it there; Ctrl-C ends it with 0, and the store is free again."""
    port = free_port()
    where = f"http://127.0.0.1:{port}"
    serving = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    assert serving.stdout is not None
    try:
        assert where in serving.stdout.readline()
        with urlopen(f"{where}/healthz", timeout=10) as reply:  # noqa: S310  an address of our own
            assert reply.read() == b"ok\n"
        with urlopen(where, timeout=30) as page:
            assert b"Small" in page.read()
        busy = filled("ask", "call_volume")
        assert busy.code == 1
        assert f"Ask it at {where}" in busy.err
        taken = filled("serve", "--port", str(port))
        assert taken.code == 2
        assert "Choose one with --port" in taken.err
    finally:
        serving.send_signal(signal.SIGINT)
        _, err = serving.communicate(timeout=30)
    assert (serving.returncode, err) == (0, "")
    assert filled("ask", "call_volume").code == 0


def test_an_address_others_can_reach_is_refused(filled: Run) -> None:
    """There is no authentication yet."""
    ran = filled("serve", "--host", "0.0.0.0")  # noqa: S104  this is what is refused
    assert ran.code == 2
    assert "other machines" in ran.err


def test_without_a_store_there_is_nothing_to_serve(run: Run) -> None:
    """And one is told how to make one."""
    ran = run("serve", "--port", str(free_port()))
    assert ran.code == 1
    assert "firstcall demo" in ran.err


def test_the_help_names_the_servers_own_defaults() -> None:
    """They are written twice so that help need not load the server."""
    assert (command.HOST, command.PORT) == (server.HOST, server.PORT)
